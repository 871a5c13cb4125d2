import { createHash } from "node:crypto";
import type { Database, Statement } from "better-sqlite3";
import type { Declaration } from "../declaration.js";
import { fieldLengths, type FieldWords, fieldWords } from "./fields.js";
import { rebuildColumns } from "./columns.js";
import { FileLedger } from "./file-ledger.js";
import { nameKey } from "./name-key.js";
import { rebuildPostings } from "./postings.js";
import { createIndexes, FIELDS, readFieldLengths, writeMeta } from "./schema.js";
import { decodeWordSequence, distinctWords, encodeWordSequence } from "./word-sequence.js";
import { rebuildSigns } from "./vector-table.js";
import { WordLedger } from "./word-ledger.js";

/** What became of a declaration that was handed to the writer. */
export type PutResult = "added" | "changed" | "unchanged" | "duplicate";

/**
 * Brings an open index database in line with a corpus, declaration by declaration. Only what
 * differs is written: a declaration whose content hash is unchanged is not touched. The caller
 * brackets calls in transactions through {@link IndexWriter.transaction}, after each of which the
 * database is consistent, so that a killed build can go on from the last one.
 */
export class IndexWriter {
  readonly #db: Database;
  readonly #ledger: WordLedger;
  readonly #files: FileLedger;
  readonly #seen = new Set<number>();
  readonly #lengths: number[];
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: Database) {
    this.#db = db;
    this.#ledger = new WordLedger(db);
    this.#files = new FileLedger(db);
    this.#lengths = readFieldLengths(db);
    this.#sql = prepare(db);
  }

  /** Runs `work` in one transaction, with the word counts that it changed. */
  transaction<T>(work: () => T): T {
    return this.#db.transaction(() => {
      const result = work();
      this.#ledger.flush();
      writeMeta(this.#db, "field_lengths", JSON.stringify(this.#lengths));
      return result;
    })();
  }

  /** Adds or updates a declaration. The first of several with one name is kept. */
  put(declaration: Declaration): PutResult {
    const id = this.#nameId(declaration.name);
    if (this.#seen.has(id)) return "duplicate";
    this.#seen.add(id);
    const hash = contentHash(declaration);
    const stored = this.#sql.hash.get(id);
    if (stored?.equals(hash) === true) return "unchanged";
    if (stored !== undefined) this.#remove(id);
    this.#insert(id, declaration, hash);
    return stored === undefined ? "added" : "changed";
  }

  /** Removes the declarations that were not put since this writer was made. @returns how many. */
  removeUnseen(): number {
    const gone = this.#sql.ids.all().filter((id) => !this.#seen.has(id));
    for (const id of gone) this.#remove(id);
    return gone.length;
  }

  /** Completes the index: used-by counts, query indexes, compact full-text tables, fingerprint. */
  finish(): void {
    const db = this.#db;
    this.transaction(() => {
      createIndexes(db);
      db.exec(`
        update declarations set used_by = counted.uses
        from (
          select d.id as id, (select count(*) from uses where to_id = d.id) as uses
          from declarations d
        ) counted
        where counted.id = declarations.id and counted.uses <> declarations.used_by;
        delete from modules where id not in (select module_id from declarations);
        delete from files where id not in (select file_id from declarations where file_id is not null);
        delete from packages where id not in (select package_id from files);
        delete from vocabulary where documents = 0;
        delete from names where id not in (select id from declarations)
          and id not in (select to_id from uses);
        insert into words(words) values ('optimize');
        insert into name_trigrams(name_trigrams) values ('optimize');
      `);
      rebuildPostings(db);
      rebuildColumns(db);
      rebuildSigns(db);
      const count = db.prepare<[], number>("select count(*) from declarations").pluck().get() ?? 0;
      writeMeta(db, "declarations", String(count));
      writeMeta(db, "corpus_fingerprint", corpusFingerprint(db));
    });
  }

  #nameId(name: string): number {
    const known = this.#sql.nameId.get(name);
    return known ?? Number(this.#sql.addName.run(name).lastInsertRowid);
  }

  #moduleId(name: string): number {
    const known = this.#sql.moduleId.get(name);
    return known ?? Number(this.#sql.addModule.run(name).lastInsertRowid);
  }

  #insert(id: number, declaration: Declaration, hash: Buffer): void {
    const sql = this.#sql;
    const { name, kind, line, references } = declaration;
    const isDerived = Number(declaration.derivedFrom !== undefined);
    const module = this.#moduleId(declaration.module);
    const file = this.#files.idOf(declaration.origin);
    sql.addDeclaration.run(id, kind, module, line ?? null, file, isDerived, hash);
    sql.addRecord.run(id, ...recordColumns(declaration));
    references.forEach((reference, position) => {
      if (reference !== name) sql.addUse.run(id, position, this.#nameId(reference));
    });
    sql.addNameKey.run(nameKey(name), id);
    sql.addTrigrams.run(id, name);
    const fields = fieldWords(declaration);
    sql.addWords.run(id, ...FIELDS.map((field) => fields[field].join(" ")));
    sql.addSequence.run(
      id,
      encodeWordSequence(fields, (word) => this.#ledger.idOf(word)),
    );
    this.#ledger.addDocument(distinctWordsOf(fields));
    fieldLengths(fields).forEach((length, field) => this.#grow(field, length));
  }

  #remove(id: number): void {
    const sql = this.#sql;
    const sequence = sql.sequence.get(id);
    if (sequence !== undefined) {
      this.#ledger.removeDocument(distinctWords(sequence));
      const fields = decodeWordSequence(sequence, (word) => this.#ledger.wordOf(word));
      fields.forEach((words, field) => this.#grow(field, -words.length));
      sql.removeWords.run(id, ...fields.map((words) => words.join(" ")));
    }
    for (const statement of sql.removals) statement.run(id);
  }

  #grow(field: number, by: number): void {
    this.#lengths[field] = (this.#lengths[field] ?? 0) + by;
  }
}

function distinctWordsOf(fields: FieldWords): Set<string> {
  const distinct = new Set<string>();
  for (const field of FIELDS) for (const word of fields[field]) distinct.add(word);
  return distinct;
}

/** Tells whether two readings of a declaration are the same: 16 bytes of SHA-256 over all of it. */
function contentHash(declaration: Declaration): Buffer {
  return createHash("sha256").update(JSON.stringify(declaration)).digest().subarray(0, 16);
}

/** A hash over all declarations, whatever the order in which they were read: 16 hex digits. */
function corpusFingerprint(db: Database): string {
  const hash = createHash("sha256");
  const rows = db
    .prepare<[], [string, Buffer]>(
      "select n.name, d.hash from declarations d join names n on n.id = d.id order by n.name",
    )
    .raw();
  for (const [name, content] of rows.iterate()) hash.update(name).update("\0").update(content);
  return hash.digest("hex").slice(0, 16);
}

function recordColumns(declaration: Declaration): (string | null)[] {
  const list = (texts: readonly string[]): string =>
    texts.length > 0 ? JSON.stringify(texts) : "";
  return [
    declaration.signature,
    declaration.type,
    declaration.value,
    declaration.statement,
    declaration.docstring,
    declaration.informalName,
    declaration.informalDescription,
    declaration.informalOrigin ?? "",
    list(declaration.aliases),
    list(declaration.topics),
    declaration.derivedFrom ?? "",
  ].map((text) => (text === "" ? null : text));
}

function prepare(db: Database) {
  const placeholders = (count: number): string => new Array(count).fill("?").join(", ");
  const removals: Statement<[number]>[] = [
    "delete from name_trigrams where rowid = ?",
    "delete from word_sequences where id = ?",
    "delete from vectors where id = ?",
    "delete from name_keys where (key, id) = (select lemmascope_key(name), id from names where id = ?)",
    "delete from uses where from_id = ?",
    "delete from records where id = ?",
    "delete from declarations where id = ?",
  ].map((sql) => db.prepare<[number]>(sql));
  return {
    nameId: db.prepare<[string], number>("select id from names where name = ?").pluck(),
    addName: db.prepare<[string]>("insert into names (name) values (?)"),
    moduleId: db.prepare<[string], number>("select id from modules where name = ?").pluck(),
    addModule: db.prepare<[string]>("insert into modules (name) values (?)"),
    hash: db.prepare<[number], Buffer>("select hash from declarations where id = ?").pluck(),
    ids: db.prepare<[], number>("select id from declarations").pluck(),
    sequence: db.prepare<[number], Buffer>("select words from word_sequences where id = ?").pluck(),
    addDeclaration: db.prepare(
      "insert into declarations (id, kind, module_id, line, file_id, is_derived, hash) values (?, ?, ?, ?, ?, ?, ?)",
    ),
    addRecord: db.prepare(`insert into records values (${placeholders(12)})`),
    addUse: db.prepare<[number, number, number]>("insert into uses values (?, ?, ?)"),
    addNameKey: db.prepare<[string, number]>("insert into name_keys values (?, ?)"),
    addTrigrams: db.prepare("insert into name_trigrams (rowid, name) values (?, ?)"),
    addWords: db.prepare(
      `insert into words (rowid, ${FIELDS.join(", ")}) values (${placeholders(FIELDS.length + 1)})`,
    ),
    // With the text that was added, FTS5 takes it out of its counts as well, on which scores rest.
    removeWords: db.prepare(
      `insert into words (words, rowid, ${FIELDS.join(", ")}) values ('delete', ${placeholders(FIELDS.length + 1)})`,
    ),
    addSequence: db.prepare("insert into word_sequences values (?, ?)"),
    removals,
  };
}
