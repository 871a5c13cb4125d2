import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildIndex } from "../../src/index/build.js";
import { DeclarationIndex } from "../../src/index/declaration-index.js";
import { MODELS_FOLDER } from "../../src/models/model-files.js";
import { StaticEmbedder } from "../../src/models/static-embedder.js";
import { FEATURE_NAMES, featureMatrix } from "../../src/search/features.js";
import { LearnedRanker } from "../../src/search/learned-ranker.js";
import { openSearch } from "../../src/search/open-search.js";
import { temporaryFolder } from "../temporary-folder.js";

const fixture = z.object({ features: z.string(), scores: z.array(z.number()) });

/** A folder of its own for each test. */
let folder: string;
const parent = temporaryFolder();
beforeEach(async () => {
  folder = await mkdtemp(join(parent, "test-"));
});

async function starterWithVectors(): Promise<string> {
  const path = join(folder, "starter.sqlite");
  const embedder = await StaticEmbedder.load();
  if (embedder === undefined) throw new Error("the bundled encoder is missing");
  await buildIndex({ index: path, sources: ["starter"], embedder });
  await embedder.close();
  return path;
}

const opened = (index: DeclarationIndex, modelsFolder = MODELS_FOLDER) => {
  const warnings: string[] = [];
  const options = {
    environment: {},
    modelsFolder,
    onMissingModels: (sentence: string) => void warnings.push(sentence),
  };
  return openSearch(index, options).then((search) => ({ ...search, warnings }));
};

describe("the learned ranker", () => {
  it("scores as LightGBM did when it was trained", async () => {
    const path = fileURLToPath(new URL("../fixtures/ranker-scores.json", import.meta.url));
    const { features, scores } = fixture.parse(JSON.parse(await readFile(path, "utf8")));
    const bytes = Buffer.from(features, "base64");
    const rows = Float32Array.from({ length: bytes.length / 4 }, (_, i) =>
      bytes.readFloatLE(4 * i),
    );
    expect(rows.length).toBe(scores.length * FEATURE_NAMES.length);
    const ranker = await LearnedRanker.load();
    const computed = await ranker?.scores(rows);
    expect(computed?.length).toBe(scores.length);
    scores.forEach((score, row) => expect(computed?.[row]).toBeCloseTo(score, 4));
    await ranker?.close();
  });

  it("is refused where it was trained on other features", async () => {
    await cp(MODELS_FOLDER, folder, { recursive: true });
    const manifest = join(folder, "ranker", "manifest.json");
    const text = await readFile(manifest, "utf8");
    await writeFile(manifest, text.replace('"bm25f"', '"bm26f"'));
    await expect(LearnedRanker.load(folder)).rejects.toMatchObject({ exit: "badInput" });
  });
});

describe("a search with models", () => {
  it("computes finite features, the same for the same query", async () => {
    const index = DeclarationIndex.open(await starterWithVectors());
    const { search, ...rest } = await opened(index);
    const first = await search.candidates("$\\int_a^b f'(x)\\,dx = f(b) - f(a)$");
    const matrix = featureMatrix(first.query, first.candidates);
    expect(matrix.length).toBe(first.candidates.length * FEATURE_NAMES.length);
    expect(matrix.every((value) => Number.isFinite(value))).toBe(true);
    const again = await search.candidates("$\\int_a^b f'(x)\\,dx = f(b) - f(a)$");
    expect(featureMatrix(again.query, again.candidates)).toEqual(matrix);
    await rest.close();
    index.close();
  });

  it("finds by meaning what shares few words, and says so", async () => {
    const index = DeclarationIndex.open(await starterWithVectors());
    const { search, models, ...rest } = await opened(index);
    expect(Object.keys(models)).toEqual(["static encoder", "ranker"]);
    const results = await search.search(
      "a continuous function on a compact set attains its minimum",
    );
    expect(results[0]?.facts.name).toBe("IsCompact.exists_isMinOn");
    expect(results[0]?.evidence.map(({ channel }) => channel)).toContain("meaning");
    expect(results[0]?.denseSimilarity).toBeGreaterThan(0.2);
    await rest.close();
    index.close();
  });

  it("keeps filters for what comes by meaning", async () => {
    const index = DeclarationIndex.open(await starterWithVectors());
    const { search, ...rest } = await opened(index);
    const filter = { kinds: ["class" as const], module: "Mathlib.Topology" };
    const results = await search.search("separation of points", { limit: 50, filter });
    expect(results.length).toBeGreaterThan(0);
    for (const { facts } of results) {
      expect(facts.kind).toBe("class");
      expect(facts.module).toMatch(/^Mathlib\.Topology(\.|$)/);
    }
    await rest.close();
    index.close();
  });

  it("goes by words alone, with one warning, where the models are missing", async () => {
    const index = DeclarationIndex.open(await starterWithVectors());
    const { search, models, warnings, ...rest } = await opened(index, join(folder, "none"));
    expect(models).toEqual({});
    expect(warnings).toHaveLength(1);
    const [result] = await search.search("IsCompact.exists_isMinOn");
    expect(result?.facts.name).toBe("IsCompact.exists_isMinOn");
    expect(warnings).toHaveLength(1);
    await rest.close();
    index.close();
  });

  it("refuses an index whose vectors another encoder made", async () => {
    const index = DeclarationIndex.open(await starterWithVectors());
    await cp(MODELS_FOLDER, folder, { recursive: true });
    const manifest = join(folder, "encoder", "manifest.json");
    const text = await readFile(manifest, "utf8");
    await writeFile(manifest, text.replace(/"query": \d+/, '"query": 7'));
    await expect(opened(index, folder)).rejects.toMatchObject({ exit: "noIndex" });
    index.close();
  });

  it("embeds only what is new or changed when an index is updated", async () => {
    const path = await starterWithVectors();
    const corpus = await readFile(join(MODELS_FOLDER, "..", "corpus", "starter.jsonl"), "utf8");
    const lines = corpus.trimEnd().split("\n").slice(5);
    const changed = lines.map((line, at) =>
      at === 0 ? line.replace('informal_name": "', 'informal_name": "Quite ') : line,
    );
    const source = join(folder, "changed.jsonl");
    await writeFile(source, changed.join("\n"));
    const embedder = await StaticEmbedder.load();
    if (embedder === undefined) throw new Error("the bundled encoder is missing");
    let embedded = 0;
    const counting = {
      identity: embedder.identity,
      embedDeclarations: (...args: Parameters<typeof embedder.embedDeclarations>) => {
        embedded += args[0].length;
        return embedder.embedDeclarations(...args);
      },
      embedQuery: embedder.embedQuery.bind(embedder),
      close: embedder.close.bind(embedder),
    };
    await buildIndex({ index: path, sources: [source], embedder: counting });
    expect(embedded).toBe(1);
    await embedder.close();
  });
});
