import type { Database, Statement } from "better-sqlite3";
import { type Bm25fParameters, inverseDocumentFrequency, lengthNorm } from "./bm25f.js";
import { type DeclarationColumns, kindCode, readColumns } from "./columns.js";
import type { DeclarationId, Filter } from "./declaration-index.js";
import { accumulatePostings, fieldWeights } from "./postings.js";
import { reading } from "./open.js";
import { PackageTable } from "./package-table.js";
import { FIELDS, readFieldLengths, readMeta } from "./schema.js";
import type { WordSequence } from "./word-sequence.js";
import { bestOf, type ScoredId } from "./best-of.js";

/** A word of a query that occurs in the index. */
export interface KnownWord {
  readonly word: string;
  readonly id: number;
  /** In how many declarations it occurs. */
  readonly documents: number;
}

/** Sizes that word weights depend on. */
export interface CollectionStatistics {
  readonly declarations: number;
  /** Mean number of words of a declaration, over all fields. */
  readonly meanLength: number;
}

/**
 * The words of all declarations: an inverted index for candidates, and word sequences for looking at
 * one declaration. BM25F over the whole collection takes a few milliseconds; FTS5's `bm25()` takes
 * five to ten times as long, with one length normalisation and saturation that cannot be set.
 */
export class LexicalTable {
  readonly statistics: CollectionStatistics;
  readonly packages: PackageTable;
  readonly #db: Database;
  readonly #columns: DeclarationColumns;
  readonly #known: Statement<[string], [string, number, number]>;
  readonly #sequences: Statement<[string], [number, Buffer]>;
  readonly #entries: Statement<[number], Buffer>;
  readonly #scores: Float32Array;
  readonly #touched: Int32Array;
  #norms: { readonly parameters: Bm25fParameters; readonly values: Float32Array } | undefined;

  constructor(db: Database) {
    this.#db = db;
    this.#known = db
      .prepare<[string], [string, number, number]>(
        `select v.word, v.id, v.documents from json_each(?) w
         join vocabulary v on v.word = w.value order by w.key`,
      )
      .raw();
    this.#sequences = db
      .prepare<[string], [number, Buffer]>(
        "select s.id, s.words from json_each(?) w join word_sequences s on s.id = w.value",
      )
      .raw();
    this.#entries = db
      .prepare<[number], Buffer>("select entries from postings where word_id = ?")
      .pluck();
    this.#columns = readColumns(db);
    this.packages = new PackageTable(db, this.#columns.packages);
    this.statistics = statistics(db);
    this.#scores = new Float32Array(this.#columns.kinds.length);
    this.#touched = new Int32Array(this.#columns.kinds.length);
  }

  /** Each declaration's kind by id, as a number; 0 where an id is no declaration. */
  get kinds(): Uint8Array {
    return this.#columns.kinds;
  }

  /** Those of the words that occur in any declaration, without repeats, in the given order. */
  knownWords(words: readonly string[]): KnownWord[] {
    const wanted = JSON.stringify([...new Set(words)]);
    const rows = reading(this.#db, () => this.#known.all(wanted));
    return rows.map(([word, id, documents]) => ({ word, id, documents }));
  }

  /** The declarations that have any of the words, best BM25F first. */
  candidates(
    words: readonly KnownWord[],
    limit: number,
    parameters: Bm25fParameters,
    filter?: Filter,
  ): ScoredId[] {
    const scores = this.#scores;
    const norms = this.#lengthNorms(parameters);
    const fields = fieldWeights(FIELDS.map((field) => parameters.weights[field]));
    let count = 0;
    for (const { id, documents } of words) {
      const entries = reading(this.#db, () => this.#entries.get(id));
      if (entries === undefined) continue;
      const weight = inverseDocumentFrequency(documents, this.statistics.declarations);
      const word = { weight, saturation: parameters.saturation };
      count = accumulatePostings(entries, word, fields, norms, scores, this.#touched, count);
    }
    const touched = this.#touched.subarray(0, count);
    const best = bestOf(touched, scores, limit, this.passing(filter));
    for (const id of touched) scores[id] = 0;
    return best;
  }

  /** The words of several declarations; unknown ids are left out. */
  sequences(ids: readonly DeclarationId[]): [DeclarationId, WordSequence][] {
    return reading(this.#db, () => this.#sequences.all(JSON.stringify(ids)));
  }

  #lengthNorms(parameters: Bm25fParameters): Float32Array {
    if (this.#norms?.parameters === parameters) return this.#norms.values;
    const { meanLength } = this.statistics;
    const values = Float32Array.from(this.#columns.lengths, (length) =>
      lengthNorm(length, meanLength, parameters),
    );
    this.#norms = { parameters, values };
    return values;
  }

  /** Whether a declaration passes a filter; undefined where all do. */
  passing(filter: Filter | undefined): ((id: DeclarationId) => boolean) | undefined {
    if (filter === undefined) return undefined;
    const wantedPackages = this.packages.passing(filter);
    if (filter.kinds.length === 0 && filter.module === "" && wantedPackages === undefined) {
      return undefined;
    }
    const { kinds, modules } = this.#columns;
    const wantedKinds = new Set(filter.kinds.map(kindCode));
    const wantedModules = filter.module === "" ? undefined : this.#modulesBelow(filter.module);
    return (id) =>
      (wantedKinds.size === 0 || wantedKinds.has(kinds[id] ?? 0)) &&
      (wantedModules === undefined || wantedModules.has(modules[id] ?? 0)) &&
      (wantedPackages === undefined || wantedPackages.has(this.packages.packageOf(id)));
  }

  #modulesBelow(prefix: string): Set<number> {
    // The character after "." is "/": the range holds exactly the modules below the prefix.
    const ids = reading(this.#db, () =>
      this.#db
        .prepare<[{ prefix: string }], number>(
          `select id from modules
           where name = @prefix or (name > @prefix || '.' and name < @prefix || '/')`,
        )
        .pluck()
        .all({ prefix }),
    );
    return new Set(ids);
  }
}

function statistics(db: Database): CollectionStatistics {
  const declarations = Number(readMeta(db, "declarations") ?? 0);
  const words = readFieldLengths(db).reduce((sum, length) => sum + length, 0);
  return { declarations, meanLength: words / Math.max(1, declarations) };
}
