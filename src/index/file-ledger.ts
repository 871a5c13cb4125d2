import type { Database, Statement } from "better-sqlite3";
import type { DeclarationOrigin } from "../declaration.js";

/** Gives packages and files their ids while an index is being written. */
export class FileLedger {
  readonly #packageId: Statement<[string, string, number], number>;
  readonly #addPackage: Statement<[string, string, number]>;
  readonly #fileId: Statement<[number, string], number>;
  readonly #addFile: Statement<[number, string]>;

  constructor(db: Database) {
    this.#packageId = db
      .prepare<[string, string, number], number>(
        "select id from packages where name = ? and version = ? and is_own = ?",
      )
      .pluck();
    this.#addPackage = db.prepare("insert into packages (name, version, is_own) values (?, ?, ?)");
    this.#fileId = db
      .prepare<[number, string], number>("select id from files where package_id = ? and path = ?")
      .pluck();
    this.#addFile = db.prepare("insert into files (package_id, path) values (?, ?)");
  }

  /** The id of the file that a declaration comes from, new or known; null where it is not told. */
  idOf(origin: DeclarationOrigin | undefined): number | null {
    if (origin === undefined) return null;
    const owner = [origin.package, origin.version, Number(origin.isOwn)] as const;
    const owningId =
      this.#packageId.get(...owner) ?? Number(this.#addPackage.run(...owner).lastInsertRowid);
    const known = this.#fileId.get(owningId, origin.file);
    return known ?? Number(this.#addFile.run(owningId, origin.file).lastInsertRowid);
  }
}
