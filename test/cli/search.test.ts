import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { EXIT } from "../../src/errors.js";
import { describeProgram, expectSentence, type Outcome, Workplace } from "./command-line.js";

const answerSchema = z.strictObject({
  query: z.string(),
  index: z.string(),
  elapsed_ms: z.number(),
  results: z.array(
    z.strictObject({
      rank: z.number(),
      score: z.number(),
      name: z.string(),
      kind: z.string(),
      module: z.string(),
      line: z.number().nullable(),
      signature: z.string(),
      type: z.string(),
      value: z.string(),
      statement: z.string(),
      docstring: z.string(),
      informal_name: z.string(),
      informal_description: z.string(),
      aliases: z.array(z.string()),
      topics: z.array(z.string()),
      references: z.array(z.string()),
      derived_from: z.string().nullable(),
      lean: z.string(),
      doc_url: z.string().nullable(),
      explain: z
        .object({ channels: z.array(z.object({ channel: z.string(), rank: z.number() })) })
        .optional(),
    }),
  ),
});

let place: Workplace;
let first: Outcome[];

beforeAll(async () => {
  place = await Workplace.open();
  const search = ["search", "compact", "sets", "--limit", "2"];
  first = await Promise.all([place.run(search), place.run(search), place.run(search)]);
});
afterAll(() => place.close());

async function answer(...args: string[]): Promise<z.infer<typeof answerSchema>> {
  const { code, stdout } = await place.run(["search", "--json", ...args]);
  expect(code).toBe(EXIT.ok);
  return answerSchema.parse(JSON.parse(stdout));
}

describeProgram("the first search", () => {
  it("makes the starter index by itself and says so, also where several start at once", async () => {
    for (const { code, stdout, stderr } of first) {
      expect(code).toBe(EXIT.ok);
      expect(stdout).toMatch(/^ 1\. /);
      expect(stderr.match(/No index yet: making one of the starter corpus/g)).toHaveLength(1);
      expect(stderr).toContain("For all of Mathlib: lemmascope pull");
    }
    expect(first.some(({ stderr }) => stderr.includes("Indexed 1845 declarations"))).toBe(true);
    expect(new Set(first.map(({ stdout }) => stdout)).size).toBe(1);
    const left = (await readdir(place.path("data"))).filter((name) => name.includes("building"));
    expect(left).toEqual([]);
  });

  it("says in a sentence that the data folder cannot be made", async () => {
    const file = await place.file("a-file", "");
    const env = { LEMMASCOPE_DATA_DIR: `${file}/data` };
    const outcome = await place.run(["search", "compact", "--quiet"], { env });
    expectSentence(outcome, "io", /a-file.* cannot be written: choose another place/);
  });
});

describeProgram("search", () => {
  it("shows name, kind, statement, words, place and documentation to people", async () => {
    const { stdout, stderr } = await place.run(["search", "IsCompact.exists_isMinOn", "-n", "1"]);
    const [head, statement, informal, where, end] = stdout.split("\n");
    expect(head).toBe(" 1. IsCompact.exists_isMinOn  theorem");
    expect(statement).toMatch(
      /^ {4}theorem IsCompact\.exists_isMinOn .* : ∃ x ∈ s, IsMinOn f s x$/,
    );
    expect(informal).toMatch(/^ {4}extreme value theorem/);
    expect(where).toBe(
      "    Mathlib.Topology.Order.Compact  https://leanprover-community.github.io/mathlib4_docs/Mathlib/Topology/Order/Compact.html#IsCompact.exists_isMinOn",
    );
    expect(end).toBe("");
    expect(stderr).toMatch(/^Searched the starter corpus/);
  });

  it("prints one JSON object with the documented fields and nothing else", async () => {
    const { query, index, results } = await answer("heine borel", "-n", "3");
    expect(query).toBe("heine borel");
    expect(index).toMatch(/starter-[0-9a-f]{8}\.sqlite$/);
    expect(results.map(({ rank }) => rank)).toEqual([1, 2, 3]);
    expect(results[0]?.explain).toBeUndefined();
  });

  it("explains which channel and which fields brought each result", async () => {
    const { results } = await answer("Group", "--explain", "-n", "2");
    const channels = results[0]?.explain?.channels.map(({ channel }) => channel);
    expect(channels).toContain("name");
    const { stdout } = await place.run(["search", "group", "--explain", "-n", "1"]);
    expect(stdout).toMatch(/place 1 of channel name: its name is the query but for case/);
    expect(stdout).toMatch(/words found: group in name\+/);
  });

  it("takes several kinds, joined by commas or repeated, and leaves the query alone", async () => {
    const joined = await answer("--kind", "def,structure", "topological space");
    const repeated = await answer("topological space", "-k", "definition", "-k", "Structure");
    expect(joined.results.length).toBeGreaterThan(1);
    for (const { kind } of joined.results) expect(["definition", "structure"]).toContain(kind);
    expect(repeated.results).toEqual(joined.results);
  });

  it("limits to a module and those below it", async () => {
    const { results } = await answer("-m", "Mathlib.Topology", "-n", "50", "continuous");
    expect(results.length).toBeGreaterThan(10);
    for (const { module } of results) expect(module).toMatch(/^Mathlib\.Topology(\.|$)/);
    expect((await answer("-m", "Mathlib.Topology.", "-n", "50", "continuous")).results).toEqual(
      results,
    );
  });

  it("reads the query from standard input for -", async () => {
    const { code, stdout } = await place.run(["search", "-", "--json", "-n", "1"], {
      input: "Is\0Compact\n",
    });
    expect(code).toBe(EXIT.ok);
    expect(answerSchema.parse(JSON.parse(stdout)).query).toBe("Is\0Compact\n");
  });

  it("takes flags of the whole program before and after its name", async () => {
    const [built] = (await readdir(place.path("data"))).filter((name) => name.endsWith(".sqlite"));
    const path = place.path("data", built ?? "");
    const before = await place.run(["--index", path, "-q", "search", "compact", "--json"]);
    const after = await place.run(["search", "--index", path, "compact", "--json", "-q"]);
    for (const { code, stdout, stderr } of [before, after]) {
      expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: "" });
      expect(answerSchema.parse(JSON.parse(stdout)).index).toBe(path);
    }
  });

  it("ends with nothingFound where filters leave nothing", async () => {
    const { code, stdout, stderr } = await place.run(["search", "compact", "--kind", "opaque"]);
    expect({ code, stdout }).toEqual({ code: EXIT.nothingFound, stdout: "" });
    expect(stderr).toMatch(/^Nothing found/);
  });

  it("colours only where it is asked to", async () => {
    const escape = "\u001b[";
    const args = ["search", "compact", "-n", "1"];
    expect((await place.run(args)).stdout).not.toContain(escape);
    expect((await place.run(args, { env: { FORCE_COLOR: "1" } })).stdout).toContain(escape);
    const silenced = { FORCE_COLOR: "0", NO_COLOR: "1" };
    expect((await place.run(args, { env: silenced })).stdout).not.toContain(escape);
  });

  it("ends quietly when its reader goes away", async () => {
    const running = place.start(["search", "compact", "-n", "1000", "--quiet"]);
    running.stdout.destroy();
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toEqual({ exitCode: EXIT.ok, stderr: "" });
  });
});

describeProgram("search for a name", () => {
  it.concurrent.each(["`IsCompact.exists_isMinOn`", "IsCompct.exists_isMinOm"])(
    "puts the declaration first that is meant by %s",
    async (spelling) => {
      const { results } = await answer(spelling, "-n", "1");
      expect(results[0]?.name).toBe("IsCompact.exists_isMinOn");
    },
  );
});
