import { existsSync } from "node:fs";
import SqliteDatabase from "better-sqlite3";

/**
 * Completes what SQLite does for a file that a killed process was changing in place: with the journal
 * beside it, it is as it was before the change. Connections that only read cannot do that.
 *
 * @throws errors of SQLite where the file cannot be written.
 */
export function recoverIndex(path: string): void {
  if (!existsSync(`${path}-journal`) || !existsSync(path)) return;
  const db = new SqliteDatabase(path);
  try {
    db.prepare("select count(*) from sqlite_master").get();
  } finally {
    db.close();
  }
}
