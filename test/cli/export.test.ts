import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { declarationSchema } from "../../src/declaration.js";
import { EXIT } from "../../src/errors.js";
import { fieldWords } from "../../src/index/fields.js";
import { MODELS_FOLDER } from "../../src/models/model-files.js";
import { FEATURE_NAMES } from "../../src/search/features.js";
import { words } from "../../src/text/words.js";
import { corpusLine, describeProgram, expectSentence, Workplace } from "./command-line.js";

const COMPACT = {
  name: "IsCompact.image",
  kind: "theorem",
  module: "Mathlib.Topology.Compactness.Compact",
  signature: "{f : X → Y} (hs : IsCompact s) (hf : Continuous f)",
  type: "IsCompact (f '' s)",
  docstring: "The continuous image of a compact set is compact.",
  informal_name: "Image of a compact set",
  derived_from: "IsCompact.source",
  references: ["IsCompact", "Continuous"],
};

const QUERIES = {
  name: "IsCompact.image",
  informal_name: "Image of a compact set",
  informal_description: "If $f$ is continuous and $K$ compact, so is $f(K)$.",
  queries: {
    natural: "continuous maps send compact sets to compact sets",
    latex: "$f(K)$ compact",
  },
};

const queryFeatures = z.object({
  name: z.string(),
  rows: z.number(),
  gold: z.number(),
  features: z.string(),
});

let place: Workplace;

beforeAll(async () => {
  place = await Workplace.open();
  const others = ["IsCompact", "Continuous"].map((name) =>
    corpusLine(name, { kind: "definition" }),
  );
  await place.file("made.jsonl", `${JSON.stringify(COMPACT)}\n${others.join("")}`);
  await place.file("queries.jsonl", `${JSON.stringify(QUERIES)}\n\n{"name":"Other"}\n`);
  await place.run(["index", "made.jsonl"]);
});
afterAll(() => place.close());

function readRecords(file: string): unknown[] {
  const lines = readFileSync(place.path(file), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as unknown);
}

describeProgram("export words", () => {
  it.concurrent("writes the words of each declaration as they are indexed", async () => {
    const { code, stdout, stderr } = await place.run([
      "export",
      "words",
      "--out",
      "out/words.jsonl",
    ]);
    expect({ code, stdout }).toEqual({ code: EXIT.ok, stdout: "" });
    expect(stderr).toMatch(/^Wrote the words of 3 declarations to .*words\.jsonl\.\n$/);
    const records = readRecords("out/words.jsonl");
    const declaration = declarationSchema.parse({
      name: COMPACT.name,
      kind: COMPACT.kind,
      module: COMPACT.module,
      signature: COMPACT.signature,
      type: COMPACT.type,
      value: "",
      statement: "",
      docstring: COMPACT.docstring,
      informalName: COMPACT.informal_name,
      informalDescription: "",
      aliases: [],
      topics: [],
      references: COMPACT.references,
    });
    expect(records).toContainEqual({
      name: "IsCompact.image",
      kind: "theorem",
      used_by: 0,
      derived_from: "IsCompact.source",
      fields: fieldWords(declaration),
    });
    expect(records).toContainEqual(
      expect.objectContaining({ name: "IsCompact", kind: "definition", used_by: 1 }),
    );
  });

  it.concurrent("writes the words of written queries, style by style", async () => {
    const run = ["export", "words", "--queries", "queries.jsonl", "--out", "query-words.jsonl"];
    expect((await place.run(run)).code).toBe(EXIT.ok);
    expect(readRecords("query-words.jsonl")).toEqual([
      {
        name: "IsCompact.image",
        queries: { natural: words(QUERIES.queries.natural), latex: words(QUERIES.queries.latex) },
        informal_name: words(QUERIES.informal_name),
        informal_description: words(QUERIES.informal_description),
        aliases: [],
      },
      { name: "Other", queries: {}, informal_name: [], informal_description: [], aliases: [] },
    ]);
  });

  it.concurrent("replaces a file only by a whole one", async () => {
    mkdirSync(place.path("kept"));
    writeFileSync(place.path("kept", "words.jsonl"), "as it was\n");
    await place.file("broken.jsonl", `${JSON.stringify(QUERIES)}\n{"name":3}\n`);
    const run = ["export", "words", "--queries", "broken.jsonl", "--out", "kept/words.jsonl"];
    const outcome = await place.run(run);
    expectSentence(outcome, "badInput", /broken\.jsonl, line 2 is no record of queries \(name: /);
    expect(readFileSync(place.path("kept", "words.jsonl"), "utf8")).toBe("as it was\n");
    expect(readdirSync(place.path("kept"))).toEqual(["words.jsonl"]);
  });

  it.concurrent("says which line is not JSON", async () => {
    await place.file("torn.jsonl", '{"name":"A"}\n{"name":');
    const run = ["export", "words", "--queries", "torn.jsonl", "--out", "torn-words.jsonl"];
    expectSentence(await place.run(run), "badInput", /torn\.jsonl, line 2 is not JSON/);
  });

  it.concurrent("says so where the file cannot be written", async () => {
    await place.file("a-file", "");
    for (const out of ["a-file/words.jsonl", "."]) {
      const outcome = await place.run(["export", "words", "--out", out]);
      expectSentence(outcome, "io", /cannot be written \((ENOTDIR|EEXIST|EISDIR|EBUSY)\)/);
    }
  });

  it.concurrent("needs a file to write", async () => {
    const outcome = await place.run(["export", "words"]);
    expectSentence(outcome, "usage", /required option '--out <FILE>' not specified/i);
  });
});

describeProgram("export features", () => {
  const exported = ["export", "features", "--queries", "queries.jsonl", "--out"];

  it.concurrent(
    "writes a row of features for each candidate, and which one is wanted",
    async () => {
      expect((await place.run([...exported, "features.jsonl"])).code).toBe(EXIT.ok);
      const [head, ...queries] = readRecords("features.jsonl");
      expect(head).toEqual({ features: FEATURE_NAMES });
      expect(queries).toHaveLength(2);
      for (const query of z.array(queryFeatures).parse(queries)) {
        expect(query.name).toBe("IsCompact.image");
        expect(query.gold).toBeGreaterThanOrEqual(0);
        expect(query.gold).toBeLessThan(query.rows);
        const bytes = Buffer.from(query.features, "base64").length;
        expect(bytes).toBe(4 * query.rows * FEATURE_NAMES.length);
      }
    },
  );

  it.concurrent("uses the encoder that --models names, for index and queries alike", async () => {
    cpSync(join(MODELS_FOLDER, "encoder"), place.path("other", "encoder"), { recursive: true });
    const manifest = place.path("other", "encoder", "manifest.json");
    const text = readFileSync(manifest, "utf8");
    writeFileSync(manifest, text.replace(/"query": \d+/, '"query": 7'));
    const other = ["--index", "other.sqlite", "--models", "other"];
    expect((await place.run(["index", ...other, "made.jsonl"])).code).toBe(EXIT.ok);
    expect((await place.run([...exported, "other.jsonl", ...other])).code).toBe(EXIT.ok);
    expect(readRecords("other.jsonl")).toHaveLength(3);
    const bundled = await place.run([...exported, "no.jsonl", "--index", "other.sqlite"]);
    expectSentence(bundled, "noIndex", /encoder/);
  });

  it.concurrent("wants an encoder where --models points", async () => {
    const nothing = ["--models", "nowhere"];
    const index = await place.run(["index", "--index", "no.sqlite", ...nothing, "made.jsonl"]);
    expectSentence(index, "usage", /nowhere.*--models wants a folder with encoder\/ in it/);
    const features = await place.run([...exported, "no.jsonl", ...nothing]);
    expectSentence(features, "usage", /nowhere.*--models wants a folder with encoder\/ in it/);
  });
});
