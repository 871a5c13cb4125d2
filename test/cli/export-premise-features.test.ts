import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { EXIT } from "../../src/errors.js";
import { PREMISE_FEATURES } from "../../src/premises/without-model/premise-features.js";
import { corpusLine, describeProgram, expectSentence, Workplace } from "./command-line.js";

const THEOREM = {
  name: "IsCompact.image",
  module: "Mathlib.Topology.Compactness.Compact",
  statement: "(hs : IsCompact s) (hf : Continuous f) : IsCompact (f '' s)",
  conclusion: "IsCompact (f '' s)",
  informal: "The continuous image of a compact set is compact.",
  premises: ["Continuous", "IsCompact"],
};

const exportedSchema = z.object({
  name: z.string(),
  rows: z.number(),
  premises: z.array(z.number()),
  features: z.string(),
});

let place: Workplace;

beforeAll(async () => {
  place = await Workplace.open();
  const names = ["IsCompact", "Continuous", "IsCompact.image"];
  await place.file("made.jsonl", names.map((name) => corpusLine(name, {})).join(""));
  const hiding = { ...THEOREM, hidden: ["IsCompact"] };
  await place.file("theorems.jsonl", `${JSON.stringify(hiding)}\n\n${JSON.stringify(THEOREM)}\n`);
  await place.run(["index", "made.jsonl"]);
});
afterAll(() => place.close());

const run = (theorems: string, ...more: string[]) =>
  place.run(["export", "premise-features", "--theorems", theorems, "--out", "out.jsonl", ...more]);

describeProgram("export premise-features", () => {
  it("writes every candidate of each theorem but itself and what is hidden", async () => {
    const { code, stderr } = await run("theorems.jsonl");
    expect(code, stderr).toBe(EXIT.ok);
    expect(stderr).toMatch(/^Wrote the features of 2 theorems to .*out\.jsonl\.\n$/);
    const [head, ...lines] = readFileSync(place.path("out.jsonl"), "utf8").trimEnd().split("\n");
    expect(JSON.parse(head ?? "")).toEqual({ features: PREMISE_FEATURES });
    const [hiding, all] = lines.map((line) => exportedSchema.parse(JSON.parse(line)));
    expect(hiding).toMatchObject({ name: "IsCompact.image", rows: 1, premises: [0, -1] });
    expect(all?.rows).toBe(2);
    expect([...(all?.premises ?? [])].sort()).toEqual([0, 1]);
    const bytes = Buffer.from(all?.features ?? "", "base64");
    expect(bytes.length).toBe(2 * 4 * PREMISE_FEATURES.length);
  });

  it("says which line is no theorem", async () => {
    await place.file("torn.jsonl", `${JSON.stringify(THEOREM)}\n{"name":`);
    expectSentence(await run("torn.jsonl"), "badInput", /torn\.jsonl, line 2 is not JSON/);
    await place.file("short.jsonl", '{"name":"A","module":"M","premises":[]}\n');
    const outcome = await run("short.jsonl");
    expectSentence(outcome, "badInput", /short\.jsonl, line 1 is no theorem \(statement: /);
  });

  it("says so where the index has no vectors", async () => {
    const index = ["--index", place.path("words.sqlite")];
    await place.run(["index", "made.jsonl", "--embedder", "none", ...index]);
    const outcome = await run("theorems.jsonl", ...index);
    expectSentence(outcome, "usage", /There is no premise encoder for this index/);
  });
});
