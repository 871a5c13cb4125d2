import { type BigIntStats, statSync } from "node:fs";
import SqliteDatabase, { type Database } from "better-sqlite3";
import { z } from "zod";
import { errorCode, errorMessage, UserError } from "../errors.js";
import { vocabularyFingerprint } from "../text/words.js";
import { registerNameKey } from "./name-key.js";
import { recoverIndex } from "./recover.js";
import { APPLICATION_ID, readMeta, SCHEMA_VERSION } from "./schema.js";

/** How often an index is opened again that was replaced while it was being opened. */
const ATTEMPTS = 10;

export interface OpenOptions {
  /**
   * Whether the file is mapped into memory. Searches take a tenth longer without; with, every open
   * index adds up to the file's size to the process's resident memory, which matters where several
   * threads open one each.
   */
  readonly mapped?: boolean;
}

/**
 * Opens a finished index for reading. Any number of processes may do so, also while another one
 * builds its successor.
 *
 * @throws UserError `noIndex` where there is no file, where it is no index, is damaged, or was made
 * by a version with another schema or vocabulary; the sentence names the command that helps.
 */
export function openForReading(path: string, { mapped = true }: OpenOptions = {}): Database {
  for (let attempt = 1; ; attempt += 1) {
    const before = requireFile(path);
    try {
      recoverAbandoned(path);
      return openFile(path, mapped);
    } catch (error) {
      // Where a build put a new index there meanwhile, two files were taken for one.
      const isSame = identity(requireFile(path)) === identity(before);
      if (isSame || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * Runs queries on an open index. Damage can lie deep in a file and be met only then.
 *
 * @throws UserError `noIndex` where the index is damaged.
 */
export function reading<T>(db: Database, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw describeOpenError(error, db.name);
  }
}

/** Turns a failure of SQLite on an index into a sentence; anything else comes back as it was. */
export function describeOpenError(error: unknown, path: string): unknown {
  if (error instanceof UserError) return error;
  const code = errorCode(error) ?? "";
  if (code === "SQLITE_NOTADB") return notAnIndex(path);
  if (isDamage(error)) return damagedIndex(path, damageIn(error), error);
  if (code.startsWith("SQLITE_CANTOPEN") || code === "SQLITE_PERM") {
    return new UserError("noIndex", `The index ${path} cannot be opened: check its permissions.`);
  }
  if (code.startsWith("SQLITE_BUSY")) {
    return new UserError("noIndex", `The index ${path} is locked by another program: try again.`);
  }
  if (code.startsWith("SQLITE_")) {
    return new UserError("noIndex", `The index ${path} cannot be read (${errorMessage(error)}).`, {
      cause: error,
    });
  }
  return error;
}

/** Whether an error says that an index holds what no build wrote. */
export function isDamage(error: unknown): boolean {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return true;
  // Sizes that no array can have.
  if (error instanceof RangeError) return true;
  if (!(error instanceof SqliteDatabase.SqliteError)) return false;
  return !/^SQLITE_(?:BUSY|CANTOPEN|FULL|IOERR(?!_SHORT)|NOMEM|PERM|READONLY)/.test(error.code);
}

/** What a damaged index was found to hold, in a few words. */
export function damageIn(error: unknown): string {
  return error instanceof z.ZodError ? "a value is not of its kind" : errorMessage(error);
}

/** The sentence for an index that holds what no build wrote. */
export function damagedIndex(path: string, how: string, cause?: unknown): UserError {
  return new UserError(
    "noIndex",
    `The index ${path} is damaged (${how}); delete it and make it again with: ${rebuild(path)}`,
    { cause },
  );
}

function rebuild(path: string): string {
  return `lemmascope index --index ${path} SOURCE`;
}

function notAnIndex(path: string): UserError {
  return new UserError(
    "noIndex",
    `${path} is not a lemmascope index; make one under another name, or delete this file first, with: ${rebuild(path)}`,
  );
}

function openFile(path: string, mapped: boolean): Database {
  let db: Database | undefined;
  try {
    db = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
    registerNameKey(db);
    checkVersions(db, path);
    db.pragma(`mmap_size = ${mapped ? 1073741824 : 0}`);
    db.pragma("cache_size = -16000");
    return db;
  } catch (error) {
    db?.close();
    throw describeOpenError(error, path);
  }
}

/** Where the file cannot be written, opening it will say what is wrong. */
function recoverAbandoned(path: string): void {
  try {
    recoverIndex(path);
  } catch (error) {
    if (!(error instanceof SqliteDatabase.SqliteError)) throw error;
  }
}

/** Tells one version of a file from those that later took its name. */
function identity({ ino, mtimeNs, size }: BigIntStats): string {
  return `${ino} ${mtimeNs} ${size}`;
}

function requireFile(path: string): BigIntStats {
  let stats: BigIntStats;
  try {
    stats = statSync(path, { bigint: true });
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new UserError(
        "noIndex",
        `There is no index at ${path}; make one with: ${rebuild(path)}`,
      );
    }
    throw new UserError("noIndex", `The index ${path} cannot be read (${code ?? "?"}).`);
  }
  if (stats.isDirectory()) {
    throw new UserError("noIndex", `The index path ${path} is a directory; name a file.`);
  }
  if (stats.size === 0n) {
    throw new UserError("noIndex", `The index ${path} is empty; make it with: ${rebuild(path)}`);
  }
  return stats;
}

function checkVersions(db: Database, path: string): void {
  if (db.pragma("application_id", { simple: true }) !== APPLICATION_ID) throw notAnIndex(path);
  const schema = Number(db.pragma("user_version", { simple: true }));
  if (schema !== SCHEMA_VERSION) {
    const age = schema > SCHEMA_VERSION ? "a newer" : "an older";
    throw new UserError(
      "noIndex",
      `The index ${path} was made by ${age} lemmascope (schema ${schema}, this one reads ${SCHEMA_VERSION}); rebuild it with: ${rebuild(path)}`,
    );
  }
  requireWholeFile(db, path);
  if (readMeta(db, "state") !== "complete") {
    throw new UserError(
      "noIndex",
      `The index ${path} was never completed; make it with: ${rebuild(path)}`,
    );
  }
  if (readMeta(db, "vocabulary_fingerprint") !== vocabularyFingerprint()) {
    throw new UserError(
      "noIndex",
      `The index ${path} was made with another vocabulary of words (by lemmascope ${readMeta(db, "built_by") ?? "?"}); rebuild it with: ${rebuild(path)}`,
    );
  }
}

/** A file that was cut short still opens; its header tells how long it should be. */
function requireWholeFile(db: Database, path: string): void {
  const pages = Number(db.pragma("page_count", { simple: true }));
  const pageSize = Number(db.pragma("page_size", { simple: true }));
  if (statSync(path).size < pages * pageSize) throw damagedIndex(path, "it was cut short");
}

/**
 * What an outdated index was made of, one of an older schema or another vocabulary that must be made
 * again; empty for all other files.
 */
export function sourcesOfOutdated(path: string): string[] {
  let db: Database | undefined;
  try {
    db = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
    if (db.pragma("application_id", { simple: true }) !== APPLICATION_ID) return [];
    const schema = Number(db.pragma("user_version", { simple: true }));
    const isOutdated =
      schema < SCHEMA_VERSION ||
      (schema === SCHEMA_VERSION &&
        readMeta(db, "vocabulary_fingerprint") !== vocabularyFingerprint());
    if (!isOutdated) return [];
    return z.array(z.string()).parse(JSON.parse(readMeta(db, "sources") ?? "[]"));
  } catch {
    return [];
  } finally {
    db?.close();
  }
}
