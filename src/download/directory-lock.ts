import { join } from "node:path";
import Database from "better-sqlite3";
import { errorCode, UserError } from "../errors.js";
import { writeFailure } from "./failures.js";

/** The file that stands for the lock. It stays behind, empty: removing it would race. */
export const LOCK_FILE = ".lemmascope-download.lock";

/**
 * Takes a directory for one download at a time, within this process and among processes.
 *
 * The lock is an open SQLite transaction, the one lock at hand that the operating system drops by
 * itself when its holder dies, however it dies; so there are no stale locks to guess about.
 *
 * @returns A function that gives the directory free.
 * @throws UserError `io` if another download has the directory, or it cannot be written.
 */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, LOCK_FILE);
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: 0 });
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    if (errorCode(error) === "SQLITE_BUSY") {
      throw new UserError(
        "io",
        `another download into ${directory} is going on: wait until it ends, or choose another directory`,
        { cause: error },
      );
    }
    throw writeFailure(error, path);
  }
  const held = database;
  return () => {
    held.close();
  };
}
