import type { Database, Statement } from "better-sqlite3";
import { z } from "zod";
import { bestOf, type ScoredId } from "./best-of.js";
import { type BytesChange, patchBytes, readBytes, storeBytes } from "./blocks.js";
import type { DeclarationId } from "./declaration-index.js";
import { reading } from "./open.js";
import { readMeta, writeMeta } from "./schema.js";

/**
 * Each declaration's vector is kept as one signed byte a dimension. The signs alone, one bit a
 * dimension and all of them in one piece, are held in memory while an index is open: a scan of these
 * finds what is worth scoring by the bytes. sqlite-vec was tried instead: its scan slows down with the
 * number of neighbours asked for (5 ms for 10 and 150 ms for 500 of 245,734 vectors of 256 bits).
 */
const SIGNS = "signs";

/** How many declarations are scored by their bytes for each one that is wanted. */
const OVERSAMPLING = 3;

/** Bytes run from -127 to 127 for components from -SCALE to SCALE; few components are larger. */
const SCALE = 0.4;

const identitySchema = z.strictObject({
  kind: z.enum(["static", "remote"]),
  model: z.string(),
  dimensions: z.number().int().positive(),
  fingerprint: z.string(),
});

/** The embedder whose vectors an index holds; see `EmbedderIdentity` in `src/models/embedder.ts`. */
export type IndexedEmbedder = z.infer<typeof identitySchema>;

/** The embedder that made an index's vectors; undefined where it holds none. */
export function indexedEmbedder(db: Database): IndexedEmbedder | undefined {
  const stored = readMeta(db, "embedder");
  if (stored === undefined || stored === "") return undefined;
  return identitySchema.parse(JSON.parse(stored));
}

/** Empties an index of vectors, and makes it ready for those of another embedder, or of none. */
export function resetVectors(db: Database, embedder: IndexedEmbedder | undefined): void {
  db.exec("delete from vectors");
  writeMeta(db, "embedder", embedder === undefined ? "" : JSON.stringify(embedder));
}

/** Stores a declaration's vector, which is of length 1, or zero. */
export function vectorWriter(db: Database): (id: DeclarationId, vector: Float32Array) => void {
  const insert = db.prepare<[number, Buffer]>("insert into vectors (id, bytes) values (?, ?)");
  return (id, vector) => void insert.run(id, toBytes(vector));
}

/** Declarations that have no vector yet, in ascending order. */
export function withoutVector(db: Database): DeclarationId[] {
  return db
    .prepare<[], number>(
      "select id from declarations where id not in (select id from vectors) order by id",
    )
    .pluck()
    .all();
}

/** Makes the scanned signs from the stored vectors. */
export function rebuildSigns(db: Database): void {
  const embedder = indexedEmbedder(db);
  const highest = db.prepare<[], number>("select ifnull(max(id), 0) from vectors").pluck().get();
  const stride = Math.ceil((embedder?.dimensions ?? 0) / 8);
  const signs = Buffer.alloc(embedder === undefined ? 0 : stride * ((highest ?? 0) + 1));
  const rows = db.prepare<[], [number, Buffer]>("select id, bytes from vectors").raw();
  for (const [id, bytes] of rows.iterate()) signs.set(signsOf(bytes), id * stride);
  storeBytes(db, SIGNS, signs);
}

/** Brings the scanned signs in line with the stored vectors of some declarations, present or gone. */
export function patchSigns(db: Database, ids: ReadonlySet<DeclarationId>): void {
  const embedder = indexedEmbedder(db);
  if (embedder === undefined) return;
  const stride = Math.ceil(embedder.dimensions / 8);
  const vector = db.prepare<[number], Buffer>("select bytes from vectors where id = ?").pluck();
  const changes: BytesChange[] = [];
  for (const id of ids) {
    const stored = vector.get(id);
    const signs = stored === undefined ? new Uint8Array(stride) : signsOf(stored);
    // Byte by byte, as a vector's signs may cross the border of two blocks.
    signs.forEach((_, at) => {
      changes.push({ offset: id * stride + at, bytes: signs.subarray(at, at + 1) });
    });
  }
  patchBytes(db, SIGNS, changes);
}

/** One bit for each byte of a vector: whether it is above zero. */
function signsOf(bytes: Buffer): Uint8Array {
  const signs = new Uint8Array(Math.ceil(bytes.length / 8));
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes.readInt8(at) > 0) signs[at >> 3] = (signs[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return signs;
}

/** The vectors of an index, open for reading. */
export class VectorTable {
  readonly embedder: IndexedEmbedder;
  readonly #db: Database;
  readonly #bytes: Statement<[string], [number, Buffer]>;
  readonly #signs: Uint8Array;
  readonly #stride: number;
  readonly #scores: Float32Array;
  /** Ids of declarations, ascending. */
  readonly #ids: Int32Array;

  private constructor(db: Database, embedder: IndexedEmbedder, kinds: Uint8Array) {
    this.embedder = embedder;
    this.#db = db;
    this.#bytes = db
      .prepare<[string], [number, Buffer]>(
        "select v.id, v.bytes from json_each(?) wanted join vectors v on v.id = wanted.value",
      )
      .raw();
    this.#signs = readBytes(db, SIGNS);
    this.#stride = Math.ceil(embedder.dimensions / 8);
    this.#scores = new Float32Array(kinds.length);
    this.#ids = Int32Array.from(kinds.keys()).filter((id) => kinds[id] !== 0);
  }

  /**
   * The vectors of an index; undefined where it holds none.
   *
   * @param kinds by declaration id, 0 where there is no declaration.
   */
  static open(db: Database, kinds: Uint8Array): VectorTable | undefined {
    const embedder = indexedEmbedder(db);
    return embedder === undefined ? undefined : new VectorTable(db, embedder, kinds);
  }

  /**
   * The declarations nearest to a query's vector.
   *
   * @param passes which declarations count.
   * @returns at most `limit`, with scalar products from -1 to 1, best first.
   */
  nearest(query: Float32Array, limit: number, passes?: (id: DeclarationId) => boolean): ScoredId[] {
    if (query.every((component) => component === 0)) return [];
    this.#scan(query);
    const worthwhile = bestOf(this.#ids, this.#scores, limit * OVERSAMPLING, passes);
    return this.similarities(
      query,
      worthwhile.map(({ id }) => id),
    )
      .sort((a, b) => b.score - a.score || a.id - b.id)
      .slice(0, limit);
  }

  /** The scalar products of a query's vector with those of some declarations: -1 to 1. */
  similarities(query: Float32Array, ids: readonly DeclarationId[]): ScoredId[] {
    const rows = reading(this.#db, () => this.#bytes.all(JSON.stringify(ids)));
    return rows.map(([id, bytes]) => ({ id, score: scalarProduct(query, bytes) }));
  }

  /** Sets every declaration's score to the product of the query's vector and its signs. */
  #scan(query: Float32Array): void {
    const table = signTable(query, this.#stride);
    const signs = this.#signs;
    const stride = this.#stride;
    const scores = this.#scores;
    // All ids are scored, also those of no declaration: skipping them costs more than it saves.
    const count = Math.min(scores.length, Math.floor(signs.length / stride));
    const fours = table.length - (table.length % 1024);
    for (let id = 0, at = 0; id < count; id += 1) {
      // Four sums that do not wait for each other take a third of the time of one.
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let row = 0; row < fours; row += 1024, at += 4) {
        a += table[row + (signs[at] ?? 0)] ?? 0;
        b += table[row + 256 + (signs[at + 1] ?? 0)] ?? 0;
        c += table[row + 512 + (signs[at + 2] ?? 0)] ?? 0;
        d += table[row + 768 + (signs[at + 3] ?? 0)] ?? 0;
      }
      for (let row = fours; row < table.length; row += 256, at += 1) {
        a += table[row + (signs[at] ?? 0)] ?? 0;
      }
      scores[id] = a + b + c + d;
    }
  }
}

/**
 * For each byte of signs and each of its 256 values, the sum of the query's components with these
 * signs, so that a scalar product takes one look-up for eight dimensions.
 */
function signTable(query: Float32Array, stride: number): Float32Array {
  const table = new Float32Array(stride * 256);
  for (let byte = 0; byte < stride; byte += 1) {
    for (let value = 0; value < 256; value += 1) {
      let sum = 0;
      for (let bit = 0; bit < 8; bit += 1) {
        const component = query[byte * 8 + bit] ?? 0;
        sum += (value & (1 << bit)) === 0 ? -component : component;
      }
      table[byte * 256 + value] = sum;
    }
  }
  return table;
}

function toBytes(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(vector.length);
  vector.forEach((component, at) => {
    const scaled = Math.round((component / SCALE) * 127);
    bytes.writeInt8(Math.max(-127, Math.min(127, scaled)), at);
  });
  return bytes;
}

function scalarProduct(query: Float32Array, bytes: Buffer): number {
  const values = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += (query[i] ?? 0) * (values[i] ?? 0);
  return (sum * SCALE) / 127;
}
