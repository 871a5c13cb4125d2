import type { Database } from "better-sqlite3";
import { z } from "zod";

/** Written to SQLite's `application_id`, so that `file` and we know an index from other databases. */
export const APPLICATION_ID = 0x4c4d5343; // "LMSC"

/** Written to SQLite's `user_version`; raised whenever the tables below change. */
export const SCHEMA_VERSION = 3;

/**
 * The fields of a declaration that are searched, in the order of the full-text table's columns and
 * of the word sequences. Appending one changes the schema.
 */
export const FIELDS = ["name", "docstring", "informal", "type", "binders", "module"] as const;
export type Field = (typeof FIELDS)[number];

/**
 * Names are interned: a declaration's id is the id of its name, and a name that is only referred to
 * has an id as well, so that references need no mending when declarations come and go.
 *
 * - `words` is contentless: it holds the stemmed words of each field and nothing to show.
 * - `word_sequences` holds the same words by declaration, in order; `postings` holds their counts by word,
 *   and `columns` what scoring needs of every declaration, in blocks: both are derived when a build ends.
 * - `packages` and `files` say where declarations come from, where their source told it; otherwise
 *   `declarations.file_id` is null.
 * - `name_keys` holds `maxon.exists.iscompact`-like keys (components reversed, lower case): a suffix
 *   of a name is a prefix of its key.
 */
const TABLES = `
create table meta (key text primary key, value text not null) without rowid;
create table names (id integer primary key, name text not null unique);
create table modules (id integer primary key, name text not null unique);
create table packages (
  id integer primary key, name text not null, version text not null, is_own integer not null,
  unique (name, version, is_own)
);
create table files (
  id integer primary key, package_id integer not null references packages, path text not null,
  unique (package_id, path)
);
create table declarations (
  id integer primary key references names,
  kind text not null,
  module_id integer not null references modules,
  line integer,
  file_id integer references files,
  used_by integer not null default 0,
  is_derived integer not null,
  hash blob not null
);
create table records (
  id integer primary key references declarations,
  signature text, type text, value text, statement text, docstring text,
  informal_name text, informal_description text, informal_origin text, aliases text, topics text, derived_from text
);
create table uses (
  from_id integer not null references declarations,
  position integer not null,
  to_id integer not null references names,
  primary key (from_id, position)
) without rowid;
create table vocabulary (id integer primary key, word text not null unique, documents integer not null);
create table word_sequences (id integer primary key references declarations, words blob not null);
create table postings (word_id integer primary key references vocabulary, entries blob not null);
create table vectors (id integer primary key references declarations, bytes blob not null);
create table columns (
  name text not null, block integer not null, data blob not null, primary key (name, block)
);
create table name_keys (
  key text not null,
  id integer not null references declarations,
  primary key (key, id)
) without rowid;
create virtual table words using fts5(
  ${FIELDS.join(", ")}, content='', tokenize='ascii'
);
create virtual table name_trigrams using fts5(
  name, content='', contentless_delete=1, detail='none', tokenize='trigram'
);
`;

/** Indexes that are cheaper to make once the rows are there. */
const INDEXES = `
create index if not exists uses_by_target on uses (to_id, from_id);
create index if not exists declarations_by_module on declarations (module_id, line);
create index if not exists declarations_by_file on declarations (file_id) where file_id is not null;
`;

/** Creates the tables in an empty database. */
export function createTables(db: Database): void {
  db.transaction(() => {
    db.exec(TABLES);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  })();
}

/** Creates what queries need beside the tables, once the rows are in. */
export function createIndexes(db: Database): void {
  db.exec(INDEXES);
}

/** Keys of the `meta` table. */
export type MetaKey =
  | "state"
  | "sources"
  | "corpus_fingerprint"
  | "vocabulary_fingerprint"
  | "declarations"
  | "duplicates"
  | "skipped_lines"
  | "field_lengths"
  | "embedder"
  | "built_at"
  | "built_by";

/** A value of the `meta` table, or undefined. */
export function readMeta(db: Database, key: MetaKey): string | undefined {
  return db.prepare<[string], string>("select value from meta where key = ?").pluck().get(key);
}

/** Sets a value of the `meta` table. */
export function writeMeta(db: Database, key: MetaKey, value: string): void {
  db.prepare("insert or replace into meta (key, value) values (?, ?)").run(key, value);
}

const fieldLengths = z.array(z.number()).length(FIELDS.length);

/** How many words each field has over all declarations, in the order of {@link FIELDS}. */
export function readFieldLengths(db: Database): number[] {
  const stored = readMeta(db, "field_lengths");
  return stored === undefined ? FIELDS.map(() => 0) : fieldLengths.parse(JSON.parse(stored));
}
