import { realpathSync } from "node:fs";
import SqliteDatabase, { type Database } from "better-sqlite3";
import type { Declaration, DeclarationOrigin } from "../declaration.js";
import { errorCode, UserError } from "../errors.js";
import type { Embedder } from "../models/embedder.js";
import { VERSION } from "../package-root.js";
import { BuildLock } from "./build-lock.js";
import { ChangeLog } from "./change-log.js";
import { patchColumns } from "./columns.js";
import { CorpusFingerprint } from "./corpus-fingerprint.js";
import { embeddableDeclaration } from "./embed.js";
import { registerNameKey } from "./name-key.js";
import { openForReading } from "./open.js";
import { patchPostings } from "./postings.js";
import { readMeta, writeMeta } from "./schema.js";
import { indexedEmbedder, patchSigns, vectorWriter } from "./vector-table.js";
import { WordLedger } from "./word-ledger.js";
import { describeWriteError } from "./write-errors.js";
import { contentHash, IndexWriter } from "./writer.js";

/** A file of a project and the declarations that it has now; none where it is gone. */
export interface FileUpdate {
  /** Where it belongs; its declarations have the same origin. */
  readonly origin: DeclarationOrigin;
  readonly declarations: readonly Declaration[];
}

/** What an update changed. */
export interface UpdateReport {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly elapsedMs: number;
}

/** How long to wait for those who read the index at the moment, in ms. */
const PATIENCE_MS = 5000;

/**
 * Changes the declarations of a few files in a finished index, in place: one transaction, which touches
 * only what differs, so that it takes milliseconds where a build reads and writes everything. Readers
 * see the index before or after it, never between. What it gives is what a build would, save for the
 * ids. Others cannot build or update the index while it is open.
 */
export class IndexUpdater {
  readonly #db: Database;
  readonly #lock: BuildLock;
  #ledger: WordLedger;
  readonly #embedder: Embedder | undefined;

  private constructor(db: Database, lock: BuildLock, embedder: Embedder | undefined) {
    this.#db = db;
    this.#lock = lock;
    this.#ledger = new WordLedger(db);
    this.#embedder = embedder;
  }

  /**
   * @param embedder the one that made the index's vectors; undefined where it has none.
   * @throws UserError `noIndex` where there is no index that can be used, `io` where it cannot be
   * written or another process builds it.
   */
  static open(path: string, embedder: Embedder | undefined): IndexUpdater {
    openForReading(path).close();
    let lock: BuildLock | undefined;
    let db: Database | undefined;
    try {
      const target = realpathSync(path);
      lock = BuildLock.acquire(target);
      db = new SqliteDatabase(target, { timeout: PATIENCE_MS });
      registerNameKey(db);
      db.pragma("foreign_keys = off");
      db.pragma("cache_size = -64000");
      const fingerprint = indexedEmbedder(db)?.fingerprint;
      if (fingerprint !== embedder?.identity.fingerprint) {
        throw new RangeError("the embedder is not the one that made the index's vectors");
      }
      return new IndexUpdater(db, lock, embedder);
    } catch (error) {
      db?.close();
      lock?.release();
      throw describeWriteError(error, path);
    }
  }

  /**
   * Brings the declarations of some files in line; those of all other files stay.
   *
   * @param options.contested names that other files or sources declare as well.
   * @returns undefined, and nothing is written, where a name is to be taken out that is contested, or
   * one comes that was not and that the index has from elsewhere: which declaration counts, only a
   * build can tell.
   * @throws UserError `io` where the index cannot be written: it is as it was before; what the
   * embedder throws.
   */
  async apply(
    files: readonly FileUpdate[],
    options: { readonly contested?: ReadonlySet<string>; readonly signal?: AbortSignal } = {},
  ): Promise<UpdateReport | undefined> {
    const started = performance.now();
    const db = this.#db;
    const stored = this.#storedIn(files);
    const { differing, duplicates } = this.#differing(files, stored);
    const present = new Set(files.flatMap((file) => file.declarations.map(({ name }) => name)));
    const missing = [...stored].filter(([name]) => !present.has(name));
    const { contested = new Set(), signal } = options;
    if (duplicates.some((name) => !contested.has(name))) return undefined;
    if (missing.some(([name]) => contested.has(name))) return undefined;
    const gone = missing.map(([, id]) => id);
    const vectors = await this.#vectorsOf(differing, signal);
    let added = 0;
    if (differing.length > 0 || gone.length > 0) {
      try {
        db.transaction(() => {
          added = this.#write(differing, gone, vectors);
        }).immediate();
      } catch (error) {
        // Its counts are those of what has been taken back.
        this.#ledger = new WordLedger(db);
        throw describeUpdateError(error, db.name);
      }
    }
    const changed = differing.length - added;
    const elapsedMs = performance.now() - started;
    return { added, changed, removed: gone.length, elapsedMs };
  }

  /** Gives the index free; it cannot be updated afterwards. */
  close(): void {
    this.#db.close();
    this.#lock.release();
  }

  /** The ids of the declarations that the index has of some files, by name. */
  #storedIn(files: readonly FileUpdate[]): Map<string, number> {
    const read = this.#db
      .prepare<[string, string, number, string], [string, number]>(
        `select n.name, d.id from packages p join files f on f.package_id = p.id
         join declarations d on d.file_id = f.id join names n on n.id = d.id
         where p.name = ? and p.version = ? and p.is_own = ? and f.path = ?`,
      )
      .raw();
    const stored = new Map<string, number>();
    for (const { origin } of files) {
      const rows = read.all(origin.package, origin.version, Number(origin.isOwn), origin.file);
      for (const [name, id] of rows) stored.set(name, id);
    }
    return stored;
  }

  /** The declarations that the index does not have, or not like this. */
  #differing(
    files: readonly FileUpdate[],
    stored: ReadonlyMap<string, number>,
  ): { differing: Declaration[]; duplicates: string[] } {
    const find = this.#db
      .prepare<[string], Buffer>(
        "select d.hash from names n join declarations d on d.id = n.id where n.name = ?",
      )
      .pluck();
    const seen = new Set<string>();
    const differing: Declaration[] = [];
    const duplicates: string[] = [];
    for (const declaration of files.flatMap((file) => file.declarations)) {
      const { name } = declaration;
      const hash = find.get(name);
      if (seen.has(name) || (hash !== undefined && !stored.has(name))) duplicates.push(name);
      else if (hash?.equals(contentHash(declaration, this.#embedder === undefined)) !== true)
        differing.push(declaration);
      seen.add(name);
    }
    return { differing, duplicates };
  }

  async #vectorsOf(
    declarations: readonly Declaration[],
    signal: AbortSignal | undefined,
  ): Promise<Float32Array[]> {
    if (this.#embedder === undefined || declarations.length === 0) return [];
    return this.#embedder.embedDeclarations(declarations.map(embeddableDeclaration), signal);
  }

  /** @returns how many declarations are new. */
  #write(
    differing: readonly Declaration[],
    gone: readonly number[],
    vectors: readonly Float32Array[],
  ): number {
    const db = this.#db;
    const log = new ChangeLog();
    const writer = new IndexWriter(db, {
      ...{ ledger: this.#ledger, log },
      searchesRules: this.#embedder === undefined,
    });
    const fingerprint = CorpusFingerprint.stored(db);
    const stored = db
      .prepare<[string], [number, Buffer]>(
        "select d.id, d.hash from names n join declarations d on d.id = n.id where n.name = ?",
      )
      .raw();
    const byId = db
      .prepare<[number], [string, Buffer]>(
        "select n.name, d.hash from declarations d join names n on n.id = d.id where d.id = ?",
      )
      .raw();
    const placeOf = db
      .prepare<[number], [number, number | null]>(
        "select module_id, file_id from declarations where id = ?",
      )
      .raw();
    const left = { modules: new Set<number>(), files: new Set<number>() };
    const leave = (id: number): void => {
      const [module, file] = placeOf.get(id) ?? [];
      if (module !== undefined) left.modules.add(module);
      if (file !== undefined && file !== null) left.files.add(file);
    };
    let added = 0;
    writer.transaction(() => {
      for (const id of gone) {
        const [name, hash] = byId.get(id) ?? [];
        if (name === undefined || hash === undefined) continue;
        fingerprint.remove(name, hash);
        leave(id);
        writer.remove(id);
      }
      const write = vectorWriter(db);
      differing.forEach((declaration, at) => {
        const before = stored.get(declaration.name);
        if (before === undefined) added += 1;
        else {
          fingerprint.remove(declaration.name, before[1]);
          leave(before[0]);
        }
        writer.put(declaration);
        const [id, hash] = stored.get(declaration.name) ?? [];
        if (id === undefined || hash === undefined) return;
        fingerprint.add(declaration.name, hash);
        const vector = vectors[at];
        if (vector !== undefined) write(id, vector);
      });
    });
    this.#mend(log);
    this.#removeEmptied(left);
    const count = Number(readMeta(db, "declarations") ?? 0) + added - gone.length;
    writeMeta(db, "declarations", String(count));
    fingerprint.store(db);
    writeMeta(db, "built_at", new Date().toISOString());
    writeMeta(db, "built_by", VERSION);
    return added;
  }

  /** Mends what is derived from the declarations that were touched. */
  #mend(log: ChangeLog): void {
    const db = this.#db;
    const touched = new Set(log.before.keys());
    const counted = new Set([...touched, ...log.referenced]);
    db.prepare(
      `update declarations set used_by = (select count(*) from uses where to_id = declarations.id)
       where id in (select value from json_each(?))`,
    ).run(JSON.stringify([...counted]));
    const sequence = db
      .prepare<[number], Buffer>("select words from word_sequences where id = ?")
      .pluck();
    patchPostings(
      db,
      [...log.before].map(([id, before]) => ({ id, before, after: sequence.get(id) })),
    );
    patchColumns(db, counted);
    patchSigns(db, touched);
  }

  /** What nothing is in any more would be offered as a choice that finds nothing. */
  #removeEmptied({ modules, files }: Record<"modules" | "files", ReadonlySet<number>>): void {
    const db = this.#db;
    const module = db.prepare(
      "delete from modules where id = ? and not exists (select 1 from declarations where module_id = modules.id)",
    );
    const file = db.prepare(
      "delete from files where id = ? and not exists (select 1 from declarations where file_id = files.id)",
    );
    for (const id of modules) module.run(id);
    for (const id of files) file.run(id);
    db.exec("delete from packages where id not in (select package_id from files)");
    db.exec("delete from vocabulary where documents = 0");
  }
}

function describeUpdateError(error: unknown, path: string): unknown {
  if (errorCode(error)?.startsWith("SQLITE_BUSY") !== true) return describeWriteError(error, path);
  return new UserError(
    "io",
    `The index ${path} was not updated, as another program has been reading it for ${PATIENCE_MS / 1000} seconds on end.`,
    { cause: error },
  );
}
