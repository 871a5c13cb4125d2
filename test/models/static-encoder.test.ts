import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { MODELS_FOLDER } from "../../src/models/model-files.js";
import { type EncoderDocument, StaticEncoder } from "../../src/models/static-encoder.js";
import { words } from "../../src/text/words.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";

const texts = z.array(z.string());
const fixture = z
  .object({
    queries: z.array(z.object({ words: texts, vector: z.array(z.number()) })),
    documents: z.array(
      z.object({
        fields: z.object({
          name: texts,
          docstring: texts,
          informal: texts,
          type: texts,
          binders: texts,
          module: texts,
        }),
        vector: z.array(z.number()),
      }),
    ),
  })
  .parse(
    JSON.parse(readFileSync(new URL("../fixtures/encoder-vectors.json", import.meta.url), "utf8")),
  );

const folder = temporaryFolder();

function scalarProduct(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? NaN) * (b[i] ?? NaN);
  return sum;
}

function documentOf(fields: Partial<EncoderDocument>): EncoderDocument {
  return { name: [], docstring: [], informal: [], type: [], binders: [], module: [], ...fields };
}

/** A copy of the bundled model that a test may spoil. */
function copyOfModel(name: string): string {
  const copy = join(folder, name);
  cpSync(join(MODELS_FOLDER, "encoder"), copy, { recursive: true });
  return copy;
}

let encoder: StaticEncoder;

beforeAll(async () => {
  const loaded = await StaticEncoder.load();
  if (loaded === undefined) throw new Error("models/encoder is missing");
  encoder = loaded;
});

afterAll(async () => {
  await encoder.close();
});

describe("the bundled static encoder", () => {
  it("gives the vectors of queries that training computed", async () => {
    expect(fixture.queries.length).toBeGreaterThanOrEqual(10);
    for (const query of fixture.queries) {
      const vector = await encoder.encodeQuery(query.words);
      expect(vector).toHaveLength(encoder.dimensions);
      expect(scalarProduct(vector, query.vector)).toBeGreaterThan(0.999);
    }
  });

  it("gives the vectors of declarations that training computed", async () => {
    expect(fixture.documents.length).toBeGreaterThanOrEqual(10);
    const vectors = await encoder.encode(fixture.documents.map(({ fields }) => fields));
    expect(vectors).toHaveLength(fixture.documents.length);
    fixture.documents.forEach(({ vector }, at) => {
      expect(scalarProduct(vectors[at] ?? [], vector)).toBeGreaterThan(0.999);
    });
  });

  it("gives vectors of length 1", async () => {
    const vectors = await encoder.encode(fixture.documents.map(({ fields }) => fields));
    for (const vector of vectors) expect(scalarProduct(vector, vector)).toBeCloseTo(1, 5);
  });

  it("gives the same vector alone and among others of other lengths", async () => {
    const documents = Array.from({ length: 100 }, (_, at) =>
      documentOf({ name: words(`foo_${"compact_".repeat(at % 7)}continuous`), type: ["group"] }),
    );
    const together = await encoder.encode(documents);
    const again = await encoder.encode(documents);
    expect(again).toEqual(together);
    for (const at of [0, 6, 42, 99]) {
      const [alone] = await encoder.encode(documents.slice(at, at + 1));
      expect(scalarProduct(alone ?? [], together[at] ?? [])).toBeCloseTo(1, 5);
    }
  });

  it("finds a query nearer to a declaration about it than to one about something else", async () => {
    const query = await encoder.encodeQuery(words("continuous image of a compact set is compact"));
    const [near, far] = await encoder.encode([
      documentOf({ name: words("IsCompact.image"), type: words("IsCompact (f '' s)") }),
      documentOf({ name: words("Nat.Prime.two_le"), type: words("2 ≤ p") }),
    ]);
    expect(scalarProduct(query, near ?? [])).toBeGreaterThan(scalarProduct(query, far ?? []) + 0.3);
  });

  it("gives the zero vector for a text without known words", async () => {
    const zero = new Float32Array(encoder.dimensions);
    expect(await encoder.encodeQuery([])).toEqual(zero);
    expect(await encoder.encodeQuery(["qqqqzzzz"])).toEqual(zero);
    expect(await encoder.encode([documentOf({}), documentOf({ type: ["qqqqzzzz"] })])).toEqual([
      zero,
      zero,
    ]);
    expect(await encoder.encode([])).toEqual([]);
  });
});

describe("loading an encoder", () => {
  it("gives nothing where the folder does not exist", async () => {
    expect(await StaticEncoder.load(join(folder, "nowhere"))).toBeUndefined();
  });

  it("gives the same fingerprint each time, and another for other files", async () => {
    const copy = await StaticEncoder.load(copyOfModel("copy"));
    expect(copy?.fingerprint).toBe(encoder.fingerprint);
    expect(encoder.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    const other = copyOfModel("other");
    const manifest = join(other, "manifest.json");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/"module": \d+/, '"module": 3'));
    const changed = await StaticEncoder.load(other);
    expect(changed?.fingerprint).not.toBe(encoder.fingerprint);
  });

  it.each(["encoder.onnx", "vocabulary.txt"])("refuses a damaged %s", async (file) => {
    const copy = copyOfModel(`damaged-${file}`);
    const bytes = readFileSync(join(copy, file));
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    writeFileSync(join(copy, file), bytes);
    const failure = await failureOf(() => StaticEncoder.load(copy));
    expect(failure.exit).toBe("badInput");
    expect(failure.message).toContain(join(copy, file));
    expect(failure.message).toContain("checksum");
  });

  it("refuses a missing file", async () => {
    const copy = copyOfModel("incomplete");
    rmSync(join(copy, "vocabulary.txt"));
    const failure = await failureOf(() => StaticEncoder.load(copy));
    expect(failure.message).toMatch(/vocabulary\.txt is damaged \(it is missing\)/);
  });

  it.each(["", "{", "{}", '{"files":{},"settings":{}}', '{"files":{"encoder.onnx":"x"}}'])(
    "refuses the manifest %j",
    async (text) => {
      const copy = copyOfModel(`manifest-${text.length}`);
      writeFileSync(join(copy, "manifest.json"), text);
      const failure = await failureOf(() => StaticEncoder.load(copy));
      expect(failure.exit).toBe("badInput");
      expect(failure.message).toMatch(/manifest\.json is damaged/);
    },
  );
});
