import { createHash } from "node:crypto";
import type { Database, Statement } from "better-sqlite3";
import type { Declaration } from "../declaration.js";
import type { ChangeLog } from "./change-log.js";
import { CorpusFingerprint } from "./corpus-fingerprint.js";
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
  readonly #log: ChangeLog | undefined;
  readonly #searchesRules: boolean;

  /**
   * @param options.ledger the vocabulary, where it has been read already.
   * @param options.log is told what is touched.
   * @param options.searchesRules see {@link fieldWords}.
   */
  constructor(
    db: Database,
    options: {
      readonly ledger?: WordLedger;
      readonly log?: ChangeLog;
      readonly searchesRules?: boolean;
    } = {},
  ) {
    this.#db = db;
    this.#ledger = options.ledger ?? new WordLedger(db);
    this.#log = options.log;
    this.#searchesRules = options.searchesRules ?? false;
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
    const hash = contentHash(declaration, this.#searchesRules);
    const stored = this.#sql.hash.get(id);
    if (stored?.equals(hash) === true) return "unchanged";
    if (stored !== undefined) this.remove(id);
    this.#insert(id, declaration, hash);
    return stored === undefined ? "added" : "changed";
  }

  /** Removes the declarations that were not put since this writer was made. @returns how many. */
  removeUnseen(): number {
    const gone = this.#sql.ids.all().filter((id) => !this.#seen.has(id));
    for (const id of gone) this.remove(id);
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
      CorpusFingerprint.of(db).store(db);
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
    this.#log?.touch(id, undefined);
    if (this.#log !== undefined) this.#noteUses(id);
    sql.addNameKey.run(nameKey(name), id);
    sql.addTrigrams.run(id, name);
    const fields = fieldWords(declaration, this.#searchesRules);
    sql.addWords.run(id, ...FIELDS.map((field) => fields[field].join(" ")));
    sql.addSequence.run(
      id,
      encodeWordSequence(fields, (word) => this.#ledger.idOf(word)),
    );
    this.#ledger.addDocument(distinctWordsOf(fields));
    fieldLengths(fields).forEach((length, field) => this.#grow(field, length));
  }

  /** Removes a declaration; of one that is not there, nothing. */
  remove(id: number): void {
    const sql = this.#sql;
    const sequence = sql.sequence.get(id);
    this.#log?.touch(id, sequence);
    if (this.#log !== undefined) this.#noteUses(id);
    if (sequence !== undefined) {
      this.#ledger.removeDocument(distinctWords(sequence));
      const fields = decodeWordSequence(sequence, (word) => this.#ledger.wordOf(word));
      fields.forEach((words, field) => this.#grow(field, -words.length));
      sql.removeWords.run(id, ...fields.map((words) => words.join(" ")));
    }
    for (const statement of sql.removals) statement.run(id);
  }

  #noteUses(id: number): void {
    for (const used of this.#sql.uses.all(id)) this.#log?.referenced.add(used);
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

/**
 * Tells whether two readings of a declaration are the same: 16 bytes of SHA-256 over all of it, and over
 * whether its line by rules, where it has one, is searched.
 */
export function contentHash(declaration: Declaration, searchesRules: boolean): Buffer {
  const hash = createHash("sha256").update(JSON.stringify(declaration));
  if (searchesRules && declaration.informalOrigin === "rules") hash.update("searched");
  return hash.digest().subarray(0, 16);
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
    uses: db.prepare<[number], number>("select to_id from uses where from_id = ?").pluck(),
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
