import SqliteDatabase from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestOf } from "../../src/index/best-of.js";
import { accumulatePostings, fieldWeights, rebuildPostings } from "../../src/index/postings.js";
import { createTables, type Field, FIELDS } from "../../src/index/schema.js";
import { encodeWordSequence } from "../../src/index/word-sequence.js";

/** Declarations as word ids by field, by declaration id. */
type Collection = ReadonlyMap<number, readonly (readonly number[])[]>;

const collections = fc
  .uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 300_000 }),
      fields: fc.array(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 40 }), {
        minLength: FIELDS.length,
        maxLength: FIELDS.length,
      }),
    }),
    { selector: ({ id }) => id, maxLength: 30 },
  )
  .map((rows) => new Map(rows.map(({ id, fields }) => [id, fields])));

function postingsOf(collection: Collection): Map<number, Buffer> {
  const db = new SqliteDatabase(":memory:");
  db.pragma("foreign_keys = off");
  createTables(db);
  const documents = new Map<number, number>();
  for (const [id, fields] of collection) {
    const words = (field: Field): string[] => (fields[FIELDS.indexOf(field)] ?? []).map(String);
    const sequence = encodeWordSequence(
      {
        name: words("name"),
        docstring: words("docstring"),
        informal: words("informal"),
        type: words("type"),
        binders: words("binders"),
        module: words("module"),
      },
      Number,
    );
    db.prepare("insert into word_sequences values (?, ?)").run(id, sequence);
    for (const word of new Set(fields.flat())) documents.set(word, (documents.get(word) ?? 0) + 1);
  }
  for (const [word, count] of documents) {
    db.prepare("insert into vocabulary values (?, ?, ?)").run(word, String(word), count);
  }
  rebuildPostings(db);
  const rows = db
    .prepare<[], [number, Buffer]>("select word_id, entries from postings")
    .raw()
    .all();
  db.close();
  return new Map(rows);
}

describe("the inverted index", () => {
  it("gives the same BM25F as counting the words of every declaration", () => {
    const weights = [3, 2, 1.5, 1, 0.5, 0.25];
    fc.assert(
      fc.property(collections, fc.integer({ min: 1, max: 6 }), (collection, word) => {
        const size = Math.max(0, ...collection.keys()) + 1;
        const scores = new Float32Array(size);
        const touched = new Int32Array(size);
        const norms = new Float32Array(size).fill(1.5);
        const entries = postingsOf(collection).get(word) ?? Buffer.alloc(0);
        const count = accumulatePostings(
          entries,
          { weight: 2, saturation: 1.2 },
          fieldWeights(weights),
          norms,
          scores,
          touched,
          0,
        );
        const expected = [...collection].flatMap(([id, fields]) => {
          const frequency = fields.reduce(
            (sum, words, field) =>
              // Counts past 31 in one field are as good as 31.
              sum + (weights[field] ?? 0) * Math.min(31, words.filter((w) => w === word).length),
            0,
          );
          return frequency === 0 ? [] : [[id, (2 * 2.2 * frequency) / (frequency + 1.5)] as const];
        });
        expect([...touched.subarray(0, count)]).toEqual(
          expected.map(([id]) => id).sort((a, b) => a - b),
        );
        for (const [id, score] of expected) expect(scores[id]).toBeCloseTo(score, 4);
      }),
      { numRuns: 60 },
    );
  });

  it("does not touch a declaration that has a word only where words do not count", () => {
    const fields = FIELDS.map((field) => (field === "module" ? [1] : []));
    const entries = postingsOf(new Map([[7, fields]])).get(1) ?? Buffer.alloc(0);
    const nameOnly = fieldWeights(FIELDS.map((field) => (field === "name" ? 1 : 0)));
    const scores = new Float32Array(8);
    const count = accumulatePostings(
      entries,
      { weight: 1, saturation: 1 },
      nameOnly,
      new Float32Array(8).fill(1),
      scores,
      new Int32Array(8),
      0,
    );
    expect(count).toBe(0);
  });
});

describe("the best of many scores", () => {
  it("is what sorting all of them gives", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        (values, limit, onlyEven) => {
          const scores = Float32Array.from(values);
          const ids = Int32Array.from(values.keys());
          const passes = onlyEven ? (id: number): boolean => id % 2 === 0 : undefined;
          const expected = [...values.keys()]
            .filter((id) => passes?.(id) ?? true)
            .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b)
            .slice(0, limit);
          expect(bestOf(ids, scores, limit, passes).map(({ id }) => id)).toEqual(expected);
        },
      ),
    );
  });
});
