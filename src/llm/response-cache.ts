import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import SqliteDatabase, { type Database } from "better-sqlite3";
import { z } from "zod";
import type { Role } from "../config/llm-settings.js";
import { errorCode, errorMessage } from "../errors.js";

/** An answer as it is kept. */
export interface KeptAnswer {
  readonly text: string;
  readonly model: string;
  readonly isCutOff: boolean;
}

/** Written to SQLite's `application_id`. */
const APPLICATION_ID = 0x4c4d4c41; // "LMLA"
/** Written to SQLite's `user_version`; raised whenever the table changes. */
const SCHEMA_VERSION = 1;
/** How long it is waited for other processes that write, in ms. */
const BUSY_TIMEOUT_MS = 10_000;

const TABLE = `
create table answers (
  key text primary key,
  role text not null,
  model text not null,
  text text not null,
  is_cut_off integer not null,
  kept_at text not null
) without rowid`;

const rowSchema = z.object({
  text: z.string(),
  model: z.string(),
  is_cut_off: z.number().transform((flag) => flag !== 0),
});

/**
 * Answers in an SQLite file that any number of processes share. It is a convenience: where the file
 * cannot be used, that is said once, and nothing is kept.
 */
export class ResponseCache {
  readonly #path: string;
  readonly #warn: (sentence: string) => void;
  #db: Database | undefined;

  private constructor(path: string, warn: (sentence: string) => void) {
    this.#path = path;
    this.#warn = warn;
    this.#db = this.#guarded(() => open(path));
  }

  /**
   * Opens the file, or makes it with its folder.
   *
   * @param warn told, in one sentence, that the file cannot be used.
   */
  static open(path: string, warn: (sentence: string) => void): ResponseCache {
    return new ResponseCache(path, warn);
  }

  get(key: string): KeptAnswer | undefined {
    return this.#guarded(() => {
      const row: unknown = this.#db
        ?.prepare("select text, model, is_cut_off from answers where key = ?")
        .get(key);
      if (row === undefined) return undefined;
      const { text, model, is_cut_off: isCutOff } = rowSchema.parse(row);
      return { text, model, isCutOff };
    });
  }

  set(key: string, role: Role, { text, model, isCutOff }: KeptAnswer): void {
    this.#guarded(() => {
      this.#db
        ?.prepare("insert or replace into answers values (?, ?, ?, ?, ?, ?)")
        .run(key, role, model, text, isCutOff ? 1 : 0, new Date().toISOString());
    });
  }

  delete(keys: readonly string[]): void {
    this.#guarded(() => {
      const statement = this.#db?.prepare("delete from answers where key = ?");
      for (const key of keys) statement?.run(key);
    });
  }

  close(): void {
    this.#db?.close();
    this.#db = undefined;
  }

  #guarded<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#db?.close();
      this.#db = undefined;
      this.#warn(
        `The cache of language model answers ${this.#path} cannot be used (${reason(error)}): answers are not kept; ${remedy(error)}.`,
      );
      return undefined;
    }
  }
}

/** A file that is something else, or of another version. */
class NotOurs extends Error {}

function open(path: string): Database {
  mkdirSync(dirname(path), { recursive: true });
  const db = new SqliteDatabase(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    // In one transaction, so that of several processes one makes the table and the others find it.
    db.transaction(() => {
      const application = db.pragma("application_id", { simple: true });
      const version = db.pragma("user_version", { simple: true });
      const tables = db.prepare("select count(*) from sqlite_schema").pluck().get();
      if (application === 0 && version === 0 && tables === 0) {
        db.exec(TABLE);
        db.pragma(`application_id = ${APPLICATION_ID}`);
        db.pragma(`user_version = ${SCHEMA_VERSION}`);
      } else if (application !== APPLICATION_ID) {
        throw new NotOurs("it is another program's");
      } else if (version !== SCHEMA_VERSION) {
        throw new NotOurs("it was made by another version of lemmascope");
      }
    }).immediate();
    db.pragma("journal_mode = wal");
    db.pragma("synchronous = normal");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function reason(error: unknown): string {
  if (error instanceof z.ZodError) return "it is damaged: a value is not of its kind";
  return isDamage(error) ? `it is damaged: ${errorMessage(error)}` : errorMessage(error);
}

function remedy(error: unknown): string {
  return error instanceof z.ZodError || error instanceof NotOurs || isDamage(error)
    ? "move or delete the file"
    : `see to its folder, or set "cache" to false in the section "llm" of the configuration file`;
}

function isDamage(error: unknown): boolean {
  return /^SQLITE_(?:CORRUPT|NOTADB|ERROR|MISMATCH|IOERR_SHORT)/.test(errorCode(error) ?? "");
}
