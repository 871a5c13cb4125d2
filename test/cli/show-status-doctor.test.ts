import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { EXIT } from "../../src/errors.js";
import { corpusLine, describeProgram, Workplace } from "./command-line.js";

let place: Workplace;

beforeAll(async () => {
  place = await Workplace.open();
  const users = Array.from({ length: 30 }, (_, number) =>
    corpusLine(`User.number_${number}`, { references: ["Base.thing"] }),
  );
  const base = corpusLine("Base.thing", {
    kind: "definition",
    module: "Mathlib.Made.Up",
    line: 12,
    statement: "def Base.thing : ℕ := 3",
    docstring: "The thing.",
    informal_name: "Thing",
    informal_description: "The thing of everything.",
    aliases: ["gadget", "item"],
    topics: ["things"],
    references: ["Other.thing", "Not.Here"],
  });
  await place.file("made.jsonl", base + corpusLine("Other.thing") + users.join(""));
  await place.run(["index", "made.jsonl"]);
});
afterAll(() => place.close());

describeProgram("show", () => {
  it.concurrent("prints the whole record, what it uses and what uses it", async () => {
    const { code, stdout, stderr } = await place.run(["show", "Base.thing"]);
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: "" });
    for (const line of [
      "Base.thing  definition",
      "Mathlib.Made.Up:12  https://leanprover-community.github.io/mathlib4_docs/Mathlib/Made/Up.html#Base.thing",
      "def Base.thing : ℕ := 3",
      "Docstring: The thing.",
      "Informal name: Thing",
      "Informal description: The thing of everything.",
      "Also known as: gadget; item",
      "Topics: things",
      "Uses (1):\n  Other.thing",
      "Used by (30):\n  User.number_0",
      "  … and 10 more (--limit)",
    ]) {
      expect(stdout).toContain(line);
    }
  });

  it.concurrent("prints JSON with the documented fields", async () => {
    const { stdout } = await place.run(["show", "Base.thing", "--json", "--limit", "3"]);
    expect(JSON.parse(stdout)).toMatchObject({
      found: true,
      name: "Base.thing",
      kind: "definition",
      module: "Mathlib.Made.Up",
      line: 12,
      references: ["Other.thing", "Not.Here"],
      lean: "def Base.thing : ℕ := 3",
      uses: ["Other.thing"],
      used_by: ["User.number_0", "User.number_1", "User.number_2"],
      used_by_count: 30,
    });
  });

  it.concurrent("takes a name's end where it is unique, and says so", async () => {
    const { code, stdout, stderr } = await place.run(["show", "number_7"]);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/^User\.number_7 {2}theorem/);
    expect(stderr).toBe("There is no number_7; this is the only name that ends so.\n");
  });

  it.concurrent("lists near names where the name is ambiguous or does not exist", async () => {
    const ambiguous = await place.run(["show", "thing"]);
    expect(ambiguous).toMatchObject({ code: EXIT.nothingFound, stdout: "" });
    expect(ambiguous.stderr).toMatch(/^There is no declaration thing in .*\. Near it are:\n/);
    expect(ambiguous.stderr).toMatch(/^ {2}Base\.thing\n {2}Other\.thing$/m);
    const misspelt = await place.run(["show", "Base.thnig", "--json"]);
    expect(misspelt.code).toBe(EXIT.nothingFound);
    expect(JSON.parse(misspelt.stdout)).toMatchObject({
      name: "Base.thnig",
      found: false,
      near: expect.arrayContaining(["Base.thing"]) as unknown,
    });
  });
});

describeProgram("status", () => {
  it.concurrent(
    "tells path, size, counts, sources and fingerprints, to people and as JSON",
    async () => {
      const { stdout } = await place.run(["status"]);
      expect(stdout).toContain(`Index               ${place.path("data", "index.sqlite")}\n`);
      expect(stdout).toMatch(/^Size {16}\d+\.\d MB$/m);
      expect(stdout).toMatch(/^Kinds {15}31 theorem, 1 definition$/m);
      expect(stdout).toMatch(/^Corpus fingerprint {2}[0-9a-f]{16}$/m);
      const json = await place.run(["status", "--json"]);
      expect(JSON.parse(json.stdout)).toMatchObject({
        path: place.path("data", "index.sqlite"),
        declarations: 32,
        sources: [place.path("made.jsonl")],
        isStarter: false,
        byKind: { theorem: 31, definition: 1 },
      });
    },
  );
});

const findings = z.array(
  z.strictObject({
    what: z.string(),
    state: z.enum(["works", "missing", "broken"]),
    detail: z.string(),
    remedy: z.string().optional(),
  }),
);

describeProgram("doctor", () => {
  it.concurrent("says what works and how to get what is missing", async () => {
    const env = { LEMMASCOPE_DATA_DIR: place.path("unused"), PATH: "" };
    const { code, stdout } = await place.run(["doctor"], { env });
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/^✓ SQLite: .* with FTS5$/m);
    expect(stdout).toMatch(/^– Index: none chosen.*\n {2}For all of Mathlib: lemmascope pull$/m);
    expect(stdout).toMatch(/^– Lean: .*\n {2}Install elan: https:/m);
  });

  it.concurrent("finds the index whole, and says all of it as JSON too", async () => {
    const { code, stdout } = await place.run(["doctor", "--json"]);
    expect(code).toBe(EXIT.ok);
    const index = findings.parse(JSON.parse(stdout)).find(({ what }) => what === "Index");
    expect(index).toMatchObject({ state: "works" });
    expect(index?.detail).toContain("32 declarations");
  });

  it.concurrent("ends with noIndex where the data folder cannot be made", async () => {
    const env = { LEMMASCOPE_DATA_DIR: place.path("made.jsonl", "data") };
    const { code, stdout } = await place.run(["doctor"], { env });
    expect(code).toBe(EXIT.noIndex);
    expect(stdout).toMatch(/^✗ Data folder: .* cannot be written .*\n {2}Set LEMMASCOPE_DATA_DIR/m);
  });
});
