import { rmSync, statSync } from "node:fs";
import SqliteDatabase, { type Database } from "better-sqlite3";
import { errorCode, UserError } from "./errors.js";

/**
 * Keeps two users of something apart, within this process and among processes: an open exclusive
 * transaction on an empty file. It is the one lock at hand that the operating system drops by itself
 * when its holder dies, so there are no stale locks to guess about.
 */
export class FileLock {
  readonly #db: Database;
  readonly #path: string;

  private constructor(db: Database, path: string) {
    this.#db = db;
    this.#path = path;
  }

  /**
   * Takes the lock.
   *
   * @param path the lock's own file, which nobody else uses.
   * @param taken what is said where somebody else has it, in a sentence.
   * @throws UserError `io` where somebody else has it; errors of SQLite where the file cannot be written.
   */
  static acquire(path: string, taken: string): FileLock {
    for (;;) {
      const before = fileNumber(path);
      const db = lock(path, taken);
      // Only while the name still leads to the file that was locked does the lock hold others off:
      // its last holder may have removed it in between. The file just made is locked next time.
      if (before !== undefined && fileNumber(path) === before) return new FileLock(db, path);
      db.close();
    }
  }

  /** Lets others have it; further calls do nothing. */
  release(): void {
    if (!this.#db.open) return;
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // Windows removes no open file: it stays, empty, for the next one.
    }
    this.#db.close();
  }
}

function lock(path: string, taken: string): Database {
  const db = new SqliteDatabase(path, { timeout: 0 });
  try {
    db.pragma("journal_mode = memory");
    db.exec("begin exclusive");
    return db;
  } catch (error) {
    db.close();
    if (errorCode(error)?.startsWith("SQLITE_BUSY") !== true) throw error;
    throw new UserError("io", taken, { cause: error });
  }
}

function fileNumber(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
