import { createHash } from "node:crypto";
import SqliteDatabase, { type Database } from "better-sqlite3";
import type { Bm25fParameters } from "../../src/index/bm25f.js";
import { readBytes } from "../../src/index/blocks.js";
import { readColumns } from "../../src/index/columns.js";
import { DeclarationIndex } from "../../src/index/declaration-index.js";
import { decodeWordSequence } from "../../src/index/word-sequence.js";

const PARAMETERS: Bm25fParameters = {
  weights: { name: 6, docstring: 5, informal: 4, type: 3, binders: 2, module: 1 },
  saturation: 1.2,
  lengthNormalization: 0.5,
};

/** What each table comes to, without the ids, which depend on the order of building. */
const LOGICAL_TABLES: Readonly<Record<string, string>> = {
  declarations: `select n.name, d.kind, m.name, d.line, d.used_by, hex(d.hash) from declarations d
    join names n on n.id = d.id join modules m on m.id = d.module_id order by 1`,
  files: `select p.name, p.version, p.is_own, f.path, n.name from declarations d
    join names n on n.id = d.id join files f on f.id = d.file_id
    join packages p on p.id = f.package_id order by 5`,
  records: `select n.name, signature, type, value, statement, docstring, informal_name,
    informal_description, informal_origin, aliases, topics, derived_from
    from records r join names n on n.id = r.id order by 1`,
  uses: `select a.name, u.position, b.name from uses u
    join names a on a.id = u.from_id join names b on b.id = u.to_id order by 1, 2`,
  names: "select name from names order by 1",
  modules: "select name from modules order by 1",
  name_keys: "select k.key, n.name from name_keys k join names n on n.id = k.id order by 1, 2",
  vocabulary: "select word, documents from vocabulary order by 1",
  words: `select v.term, n.name, v.col, v.offset from temp.word_instances v
    join names n on n.id = v.doc order by 1, 2, 3, 4`,
  name_trigrams: `select v.term, n.name from temp.trigram_instances v
    join names n on n.id = v.doc order by 1, 2`,
  meta: "select key, value from meta where key not in ('built_at', 'sources') order by 1",
};

/**
 * A digest of everything that an index holds and answers, table by table: equal for indexes of the
 * same corpus, however they came about.
 */
export function indexContents(path: string): Record<string, string> {
  const contents: Record<string, string> = {};
  const db = new SqliteDatabase(path, { readonly: true });
  try {
    db.exec(`
      create virtual table temp.word_instances using fts5vocab('main', 'words', 'instance');
      create virtual table temp.trigram_instances using fts5vocab('main', 'name_trigrams', 'instance');
    `);
    for (const [table, sql] of Object.entries(LOGICAL_TABLES)) {
      contents[table] = digest(db.prepare<[], unknown[]>(sql).raw().iterate());
    }
    contents["word_sequences"] = digest(wordSequences(db));
    contents["columns"] = digest(columns(db));
    contents["bm25"] = digest(fullTextScores(db));
  } finally {
    db.close();
  }
  contents["scores"] = digest(wordScores(path, commonestWords(path)));
  return contents;
}

/** What is held in memory while an index is open, by name, and the vectors with their signs. */
function* columns(db: Database): Generator<unknown[]> {
  const { kinds, lengths, usedBy, modules, packages } = readColumns(db);
  const signs = readBytes(db, "signs");
  const rows = db
    .prepare<[], [number, string, number, number, Buffer | null]>(
      `select d.id, n.name, d.module_id, ifnull(f.package_id, 0), v.bytes
       from declarations d join names n on n.id = d.id
       left join files f on f.id = d.file_id left join vectors v on v.id = d.id order by n.name`,
    )
    .raw();
  for (const [id, name, module, owner, vector] of rows.iterate()) {
    const stride = Math.ceil((vector?.length ?? 0) / 8);
    const bits = Buffer.from(signs.subarray(id * stride, (id + 1) * stride)).toString("hex");
    const isPlaced = modules[id] === module && packages[id] === owner;
    yield [name, kinds[id], lengths[id], usedBy[id], isPlaced, vector?.toString("hex"), bits];
  }
  yield [kinds.reduce((present, kind) => present + Number(kind !== 0), 0)];
}

function* wordSequences(db: Database): Generator<unknown[]> {
  const pairs = db.prepare<[], [number, string]>("select id, word from vocabulary").raw().all();
  const words = new Map(pairs);
  const rows = db
    .prepare<[], [string, Buffer]>(
      "select n.name, s.words from word_sequences s join names n on n.id = s.id order by 1",
    )
    .raw();
  for (const [name, sequence] of rows.iterate()) {
    yield [name, decodeWordSequence(sequence, (id) => words.get(id))];
  }
}

/** FTS5's own scores, which rest on its counts of documents and their lengths. */
function* fullTextScores(db: Database): Generator<unknown[]> {
  const match = db
    .prepare<[string], [string, number]>(
      `select n.name, round(bm25(words), 9) from words join names n on n.id = words.rowid
       where words match ? order by 1`,
    )
    .raw();
  for (const word of ["group", "compact", "prime"]) yield match.all(word);
}

function commonestWords(path: string): string[] {
  const db = new SqliteDatabase(path, { readonly: true });
  try {
    const commonest = "select word from vocabulary order by documents desc, word limit 40";
    return db.prepare<[], string>(commonest).pluck().all();
  } finally {
    db.close();
  }
}

/** For each word, which declarations it brings and with what score. */
function* wordScores(path: string, words: readonly string[]): Generator<unknown[]> {
  const index = DeclarationIndex.open(path);
  try {
    for (const word of words) {
      const found = index.lexical.candidates(index.lexical.knownWords([word]), 1e9, PARAMETERS);
      const facts = index.facts(found.map(({ id }) => id));
      const scored = facts.map(({ name }, i) => `${name} ${found[i]?.score.toFixed(4) ?? ""}`);
      yield [word, scored.sort()];
    }
  } finally {
    index.close();
  }
}

/** The number of rows and a hash over them, which says enough where two differ. */
function digest(rows: Iterable<unknown[]>): string {
  const hash = createHash("sha256");
  let count = 0;
  for (const row of rows) {
    hash.update(JSON.stringify(row)).update("\n");
    count += 1;
  }
  return `${count} rows, ${hash.digest("hex").slice(0, 16)}`;
}
