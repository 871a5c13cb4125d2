import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import SqliteDatabase, { type Database } from "better-sqlite3";
import { UserError } from "../errors.js";
import { vocabularyFingerprint } from "../text/words.js";
import { BuildLock } from "./build-lock.js";
import { registerNameKey } from "./name-key.js";
import { isDamage } from "./open.js";
import { recoverIndex } from "./recover.js";
import { APPLICATION_ID, createTables, readMeta, SCHEMA_VERSION, writeMeta } from "./schema.js";
import { describeWriteError } from "./write-errors.js";

/** What a build starts from. */
export type Start =
  /** Nothing: every declaration is new. */
  | "fresh"
  /** A copy of the finished index: only what differs is written. */
  | "update"
  /** What an interrupted build left behind. */
  | "resume";

/** Where the header of an SQLite file holds the application id (file format, section 1.3). */
const APPLICATION_ID_OFFSET = 68;

/**
 * The file in which an index is built, beside the one that it will replace: `PATH.building`. The
 * finished index stays readable and whole until {@link SideFile.replace} renames the new one over
 * it, and a killed build is resumed from here. All of it happens under the {@link BuildLock}, which
 * is given back by whichever of `replace`, `keep` and `discard` ends the build.
 */
export class SideFile {
  readonly db: Database;
  readonly start: Start;
  readonly #lock: BuildLock;
  readonly #path: string;
  readonly #target: string;

  private constructor(db: Database, start: Start, target: string, lock: BuildLock) {
    this.db = db;
    this.start = start;
    this.#target = target;
    this.#path = sidePath(target);
    this.#lock = lock;
  }

  /**
   * Opens or creates the side file of an index. Where the index is a symbolic link, the file that
   * it leads to is the one to be replaced.
   *
   * @param options.fromScratch ignores both the finished index and an interrupted build.
   * @throws UserError `io` where another process is building the same index, the folder is not
   * writable, or the path holds something that is no index.
   */
  static open(
    path: string,
    options: { readonly fromScratch?: boolean; readonly maximumBytes?: number } = {},
  ): SideFile {
    let lock: BuildLock | undefined;
    try {
      const target = existsSync(path) ? realpathSync(path) : path;
      refuseOtherThanIndex(target, options.fromScratch === true);
      mkdirSync(dirname(target), { recursive: true });
      lock = BuildLock.acquire(target);
      recoverIndex(target);
      const { db, start } = openSide(target, options.fromScratch === true);
      if (options.maximumBytes !== undefined) {
        db.pragma(`max_page_count = ${Math.ceil(options.maximumBytes / 4096)}`);
      }
      return new SideFile(db, start, target, lock);
    } catch (error) {
      lock?.release();
      throw describeWriteError(error, path);
    }
  }

  /** Completes the file and puts it in the place of the finished index, in one step. */
  replace(): void {
    try {
      writeMeta(this.db, "state", "complete");
      this.db.pragma("wal_checkpoint(truncate)");
      this.db.pragma("journal_mode = delete");
      flushToDisk(this.#path);
      if (process.platform === "win32") this.db.close();
      // A journal that the finished index could not be mended with belongs to no other file.
      rmSync(`${this.#target}-journal`, { force: true });
      renameSync(this.#path, this.#target);
    } catch (error) {
      throw describeWriteError(error, this.#target);
    }
    this.keep();
  }

  /** Closes the file and leaves it for a later build to resume. */
  keep(): void {
    this.db.close();
    this.#lock.release();
  }

  /** Closes and removes the file: the finished index, if any, stays as it was. */
  discard(): void {
    this.db.close();
    removeSideFiles(this.#path);
    this.#lock.release();
  }
}

/** Opens what an interrupted build left, else a copy of the finished index, else an empty file. */
function openSide(target: string, fromScratch: boolean): { db: Database; start: Start } {
  const path = sidePath(target);
  const left = fromScratch ? undefined : openLeftBehind(path);
  if (left !== undefined) return { db: left, start: "resume" };
  removeSideFiles(path);
  try {
    const start = !fromScratch && isFinished(target) ? "update" : "fresh";
    if (start === "update") copyAside(target, path);
    const db = openForWriting(path);
    if (start === "fresh") {
      createTables(db);
      writeMeta(db, "vocabulary_fingerprint", vocabularyFingerprint());
    }
    writeMeta(db, "state", "building");
    return { db, start };
  } catch (error) {
    removeSideFiles(path);
    throw error;
  }
}

/** Guards what is no index, such as the corpus itself, against a slip in the path. */
function refuseOtherThanIndex(target: string, fromScratch: boolean): void {
  const stats = statSync(target, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (stats.isDirectory()) {
    throw new UserError("io", `The index path ${target} is a directory; name a file.`);
  }
  if (!stats.isFile()) throw new UserError("io", `The index path ${target} is not a plain file.`);
  if (fromScratch || stats.size === 0 || hasIndexHeader(target)) return;
  throw new UserError(
    "io",
    `${target} exists and is not a lemmascope index: name another file with --index, or delete this one first.`,
  );
}

function hasIndexHeader(path: string): boolean {
  const header = Buffer.alloc(APPLICATION_ID_OFFSET + 4);
  const file = openSync(path, "r");
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  return (
    header.toString("latin1", 0, 15) === "SQLite format 3" &&
    header.readUInt32BE(APPLICATION_ID_OFFSET) === APPLICATION_ID
  );
}

/** Copies a finished index so that a kill in between leaves no half of it under the side name. */
function copyAside(target: string, path: string): void {
  copyFileSync(target, copyPath(path), constants.COPYFILE_FICLONE);
  renameSync(copyPath(path), path);
}

function sidePath(target: string): string {
  return `${target}.building`;
}

function copyPath(path: string): string {
  return `${path}-copy`;
}

function removeSideFiles(path: string): void {
  // The database goes first: without its log it may be torn, and must not be found so after a kill.
  for (const ending of ["", "-wal", "-shm", "-journal"]) rmSync(path + ending, { force: true });
  rmSync(copyPath(path), { force: true });
}

/** The side file of an interrupted build; undefined where there is none that can be resumed. */
function openLeftBehind(path: string): Database | undefined {
  if (!existsSync(path)) return undefined;
  let db: Database | undefined;
  try {
    db = openForWriting(path);
    // A power cut, unlike a kill, may have torn it.
    if (isCurrent(db) && db.pragma("quick_check(1)", { simple: true }) === "ok") return db;
  } catch (error) {
    db?.close();
    if (!isDamage(error)) throw error;
  }
  db?.close();
  return undefined;
}

/** Whether there is a finished index that can serve as the start of an update. */
function isFinished(target: string): boolean {
  if (!existsSync(target) || statSync(target).size === 0) return false;
  let db: Database | undefined;
  try {
    db = new SqliteDatabase(target, { readonly: true });
    return isCurrent(db) && readMeta(db, "state") === "complete";
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

/** Whether a database was written by this version of the schema and vocabulary. */
function isCurrent(db: Database): boolean {
  return (
    db.pragma("application_id", { simple: true }) === APPLICATION_ID &&
    Number(db.pragma("user_version", { simple: true })) === SCHEMA_VERSION &&
    readMeta(db, "vocabulary_fingerprint") === vocabularyFingerprint()
  );
}

function openForWriting(path: string): Database {
  const db = new SqliteDatabase(path, { timeout: 0 });
  try {
    registerNameKey(db);
    db.pragma("locking_mode = exclusive");
    db.pragma("journal_mode = wal");
    db.pragma("wal_autocheckpoint = 4000");
    // Durable against a killed process; against a power cut the finished file is flushed once.
    db.pragma("synchronous = off");
    db.pragma("foreign_keys = off");
    db.pragma("temp_store = memory");
    db.pragma("cache_size = -64000");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function flushToDisk(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
