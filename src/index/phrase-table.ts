import type { Database, Statement } from "better-sqlite3";
import type { ScoredId } from "./best-of.js";
import type { Filter } from "./declaration-index.js";
import type { KnownWord } from "./lexical-table.js";
import { reading } from "./open.js";
import type { PackageTable } from "./package-table.js";
import { type Field, FIELDS } from "./schema.js";

/** Two words that stand side by side. */
export type WordPair = readonly [KnownWord, KnownWord];

/**
 * How many postings the pairs of a query may touch; the pairs of the commonest words are left out
 * beyond that, which say least.
 */
const POSTINGS_BUDGET = 40_000;

const WEIGHTS: Readonly<Record<Field, number>> = {
  name: 3,
  docstring: 3,
  informal: 3,
  type: 2,
  binders: 1,
  module: 1,
};

const RANK = `bm25(${FIELDS.map((field) => WEIGHTS[field]).join(", ")})`;

/** The order of the words, which FTS5 keeps: declarations that have words side by side. */
export class PhraseTable {
  readonly #db: Database;
  readonly #plain: Statement<unknown[], ScoredId>;

  readonly #packages: PackageTable;

  constructor(db: Database, packages: PackageTable) {
    this.#db = db;
    this.#packages = packages;
    this.#plain = this.#statement("");
  }

  /**
   * The declarations in which any of the pairs stands, best first; the score is FTS5's `bm25()` with
   * pairs for words and field weights, turned so that higher is better.
   */
  candidates(pairs: readonly WordPair[], limit: number, filter?: Filter): ScoredId[] {
    const match = phraseQuery(pairs);
    if (match === "") return [];
    const { sql, values } = filterClause(filter, this.#packages);
    return reading(this.#db, () => {
      const statement = sql === "" ? this.#plain : this.#statement(sql);
      return statement.all(match, RANK, ...values, limit);
    });
  }

  #statement(filter: string): Statement<unknown[], ScoredId> {
    return this.#db.prepare(
      `select words.rowid as id, -words.rank as score from words
       ${filter === "" ? "" : "join declarations d on d.id = words.rowid"}
       where words match ? and rank match ? ${filter} order by rank limit ?`,
    );
  }
}

/** Words of the common vocabulary are letters and digits only, so quoting them is enough. */
function phraseQuery(pairs: readonly WordPair[]): string {
  const rarer = ([a, b]: WordPair): number => Math.min(a.documents, b.documents);
  let postings = 0;
  const phrases = [...pairs]
    .sort((a, b) => rarer(a) - rarer(b))
    .filter((pair) => {
      postings += pair[0].documents + pair[1].documents;
      return postings <= POSTINGS_BUDGET;
    })
    .map(([a, b]) => `"${a.word} ${b.word}"`);
  return [...new Set(phrases)].join(" OR ");
}

/** SQL that limits declarations `d` to a filter, to be appended to a `where`. */
function filterClause(
  filter: Filter | undefined,
  packages: PackageTable,
): { sql: string; values: (string | number)[] } {
  const values: (string | number)[] = [];
  let sql = "";
  if (filter !== undefined && filter.kinds.length > 0) {
    sql += ` and d.kind in (${filter.kinds.map(() => "?").join(", ")})`;
    values.push(...filter.kinds);
  }
  if (filter !== undefined && filter.module !== "") {
    // The character after "." is "/": the range holds exactly the modules below the prefix.
    sql += ` and d.module_id in (
      select id from modules where name = ? or (name > ? || '.' and name < ? || '/'))`;
    values.push(filter.module, filter.module, filter.module);
  }
  const passing = filter === undefined ? undefined : packages.passing(filter);
  if (passing !== undefined) {
    const ids = [...passing];
    sql += ` and d.file_id in (
      select id from files where package_id in (${ids.map(() => "?").join(", ")}))`;
    values.push(...ids);
  }
  return { sql, values };
}
