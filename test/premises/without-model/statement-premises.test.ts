import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { MODELS_FOLDER } from "../../../src/models/model-files.js";
import { readTheorem } from "../../../src/premises/read-theorem.js";
import { TheoremItself } from "../../../src/premises/theorem.js";
import { exportPremiseFeatures } from "../../../src/premises/without-model/export-premise-features.js";
import { PremiseEncoder } from "../../../src/premises/without-model/premise-encoder.js";
import { PREMISE_FEATURES } from "../../../src/premises/without-model/premise-features.js";
import { PremiseRanker } from "../../../src/premises/without-model/premise-ranker.js";
import { StatementPremises } from "../../../src/premises/without-model/statement-premises.js";
import { Search } from "../../../src/search/search.js";
import { openStarterIndex } from "../../search/small-index.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { theorem } from "../made-up.js";
import { openStarterWithVectors } from "./starter-with-vectors.js";

const EXTREME_VALUE = readTheorem(
  `/-- A continuous function on a nonempty compact set attains its minimum. -/
theorem IsCompact.exists_isMinOn {α β : Type*} [LinearOrder α] [TopologicalSpace α]
    [TopologicalSpace β] [ClosedIicTopology α] {s : Set β} (hs : IsCompact s) (ne_s : s.Nonempty)
    {f : β → α} (hf : ContinuousOn f s) : ∃ x ∈ s, IsMinOn f s x := by
  sorry`,
  { source: "the test" },
);

let words: Awaited<ReturnType<typeof openStarterIndex>>;
let vectors: Awaited<ReturnType<typeof openStarterWithVectors>>;
beforeAll(async () => {
  words = await openStarterIndex();
  vectors = await openStarterWithVectors();
}, 60_000);
afterAll(async () => {
  await words.close();
  await vectors.close();
});

/** A copy of the bundled models for each test. */
const folder = temporaryFolder();
beforeEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await cp(MODELS_FOLDER, folder, { recursive: true, dereference: true });
});

async function change(model: "encoder" | "ranker", from: RegExp, to: string): Promise<void> {
  const manifest = join(folder, "premises", model, "manifest.json");
  await writeFile(manifest, (await readFile(manifest, "utf8")).replace(from, to));
}

describe("the premises of a statement, by words alone", () => {
  it("fuse what the statement and its words find, without the theorem itself", async () => {
    const premises = await StatementPremises.open(words.index, new Search(words.index));
    expect(premises.models).toEqual({});
    const itself = new TheoremItself(words.index, EXTREME_VALUE);
    const found = await premises.rank(EXTREME_VALUE, itself, { limit: 20 });
    const names = found.map(({ facts }) => facts.name);
    expect(names).toHaveLength(20);
    expect(names).toContain("IsCompact");
    expect(names).not.toContain("IsCompact.exists_isMinOn");
    expect(found.map(({ score }) => score)).toEqual(
      found.map(({ score }) => score).sort((a, b) => b - a),
    );
    await premises.close();
  });

  it("are none for a theorem without a word, and 50 where nothing is said", async () => {
    const premises = await StatementPremises.open(words.index, new Search(words.index));
    const nothing = theorem({ informal: "x" });
    expect(await premises.rank(nothing, new TheoremItself(words.index, nothing))).toEqual([]);
    const short = theorem({ informal: "compact set" });
    expect(await premises.rank(short, new TheoremItself(words.index, short))).toHaveLength(50);
    await premises.close();
  });

  it("stop at the signal", async () => {
    const premises = await StatementPremises.open(words.index, new Search(words.index));
    const itself = new TheoremItself(words.index, EXTREME_VALUE);
    const signal = AbortSignal.abort();
    await expect(premises.rank(EXTREME_VALUE, itself, { signal })).rejects.toMatchObject({
      exit: "interrupted",
    });
    await premises.close();
  });
});

describe("the premises of a statement, with models", () => {
  it("name the models, rank the same way each time, and leave out the theorem itself", async () => {
    const { index, search } = vectors;
    const premises = await StatementPremises.open(index, search);
    expect(Object.keys(premises.models)).toEqual(["premise encoder", "premise ranker"]);
    const itself = new TheoremItself(index, EXTREME_VALUE);
    const found = await premises.rank(EXTREME_VALUE, itself, { limit: 30 });
    const names = found.map(({ facts }) => facts.name);
    expect(new Set(names).size).toBe(30);
    expect(names).not.toContain("IsCompact.exists_isMinOn");
    expect(names.some((name) => name.includes("Compact"))).toBe(true);
    expect(found.every(({ score }) => Number.isFinite(score))).toBe(true);
    expect(await premises.rank(EXTREME_VALUE, itself, { limit: 30 })).toEqual(found);
    await premises.close();
  });

  it.each([
    ["words only", { informal: "a continuous image of a compact set is compact" }],
    ["a conclusion only", { conclusion: "IsCompact (f '' s)", statement: ": IsCompact (f '' s)" }],
  ])("come for a theorem with %s", async (_, parts) => {
    const { index, search } = vectors;
    const premises = await StatementPremises.open(index, search);
    const some = theorem(parts);
    const found = await premises.rank(some, new TheoremItself(index, some), { limit: 10 });
    expect(found).toHaveLength(10);
    expect(found.some(({ facts }) => facts.name.includes("Compact"))).toBe(true);
    await premises.close();
  });

  it("fall back to words where the encoder is for another encoder's vectors", async () => {
    await change("encoder", /"declarations": "\w+"/, '"declarations": "0000000000000000"');
    const premises = await StatementPremises.open(vectors.index, vectors.search, {
      modelsFolder: folder,
    });
    expect(premises.models).toEqual({});
    await premises.close();
  });

  it("fall back to words where a model is missing", async () => {
    await rm(join(folder, "premises", "ranker"), { recursive: true });
    const premises = await StatementPremises.open(vectors.index, vectors.search, {
      modelsFolder: folder,
    });
    expect(premises.models).toEqual({});
    await premises.close();
  });

  it.each([
    ["other features", /"statement_place"/, '"statement_rank"'],
    ["another premise encoder", /"encoder": "\w+"/, '"encoder": "0000000000000000"'],
  ])("are refused where the ranker was trained on %s", async (_, from, to) => {
    await change("ranker", from, to);
    const opening = StatementPremises.open(vectors.index, vectors.search, { modelsFolder: folder });
    await expect(opening).rejects.toMatchObject({ exit: "badInput" });
  });
});

describe("the premise ranker", () => {
  it("scores as LightGBM did when it was trained", async () => {
    const path = fileURLToPath(
      new URL("../../fixtures/premise-ranker-scores.json", import.meta.url),
    );
    const fixture = z.object({ features: z.string(), scores: z.array(z.number()) });
    const { features, scores } = fixture.parse(JSON.parse(await readFile(path, "utf8")));
    const bytes = Buffer.from(features, "base64");
    const rows = Float32Array.from({ length: bytes.length / 4 }, (_, i) =>
      bytes.readFloatLE(4 * i),
    );
    expect(rows.length).toBe(scores.length * PREMISE_FEATURES.length);
    const indexed = vectors.index.vectors?.embedder;
    if (indexed === undefined) throw new Error("the index has no vectors");
    const encoder = await PremiseEncoder.load(indexed);
    const ranker = await PremiseRanker.load(encoder?.fingerprint ?? "");
    const computed = await ranker?.scores(rows);
    expect(computed?.length).toBe(scores.length);
    scores.forEach((score, row) => expect(computed?.[row]).toBeCloseTo(score, 4));
    await ranker?.close();
    await encoder?.close();
  });
});

describe("the export of premise features", () => {
  it("says where the premises stand, and hides what it is told to", async () => {
    const { index, search } = vectors;
    const indexed = index.vectors?.embedder;
    const encoder = indexed === undefined ? undefined : await PremiseEncoder.load(indexed);
    if (encoder === undefined) throw new Error("the bundled premise encoder is missing");
    const taught = {
      theorem: EXTREME_VALUE,
      module: "Mathlib.Topology.Order.Compact",
      premises: ["IsCompact", "IsLocalMin.deriv_eq_zero", "No.such.declaration"],
    };
    const parts = { index, search, encoder };
    const all = await exportPremiseFeatures(parts, { ...taught, hidden: new Set() });
    const bytes = Buffer.from(all.features, "base64");
    expect(bytes.length).toBe(4 * all.rows * PREMISE_FEATURES.length);
    for (let at = 0; at < bytes.length; at += 4) {
      expect(Number.isFinite(bytes.readFloatLE(at))).toBe(true);
    }
    expect(all.premises[0]).toBeGreaterThanOrEqual(0);
    expect(all.premises[1]).toBeGreaterThanOrEqual(0);
    expect(all.premises[2]).toBe(-1);
    const hidden = new Set(["IsLocalMin.deriv_eq_zero"]);
    const without = await exportPremiseFeatures(parts, { ...taught, hidden });
    expect(without.premises[0]).toBeGreaterThanOrEqual(0);
    expect(without.premises[1]).toBe(-1);
    await encoder.close();
  });
});
