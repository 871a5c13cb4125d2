import { endianness } from "node:os";
import type { Database } from "better-sqlite3";
import { DECLARATION_KINDS, declarationKind, type DeclarationKind } from "../declaration.js";
import { sequenceLengths } from "./word-sequence.js";

/**
 * What scoring and filtering need of every declaration, by its id, held in memory while an index is
 * open: some 4 MB for all of Mathlib. Ids that are no declaration have kind 0.
 */
export interface DeclarationColumns {
  /** Words over all fields. */
  readonly lengths: Uint32Array;
  /** How many declarations refer to it. */
  readonly usedBy: Uint32Array;
  /** The id of its module. */
  readonly modules: Uint32Array;
  /** The id of its package; 0 where it has none. */
  readonly packages: Uint32Array;
  /** One more than the kind's place in DECLARATION_KINDS. */
  readonly kinds: Uint8Array;
}

/** The number that stands for a kind in {@link DeclarationColumns.kinds}. */
export function kindCode(kind: DeclarationKind): number {
  return DECLARATION_KINDS.indexOf(kind) + 1;
}

/** Makes the columns from the other tables and stores them. */
export function rebuildColumns(db: Database): void {
  const size =
    1 + (db.prepare<[], number>("select ifnull(max(id), 0) from declarations").pluck().get() ?? 0);
  const columns: DeclarationColumns = {
    lengths: new Uint32Array(size),
    usedBy: new Uint32Array(size),
    modules: new Uint32Array(size),
    packages: new Uint32Array(size),
    kinds: new Uint8Array(size),
  };
  const rows = db
    .prepare<[], [number, string, number, number, number, Buffer]>(
      `select d.id, d.kind, d.module_id, ifnull(f.package_id, 0), d.used_by, s.words
       from declarations d join word_sequences s on s.id = d.id left join files f on f.id = d.file_id`,
    )
    .raw();
  for (const [id, kind, module, owner, usedBy, sequence] of rows.iterate()) {
    columns.kinds[id] = kindCode(declarationKind.parse(kind));
    columns.modules[id] = module;
    columns.packages[id] = owner;
    columns.usedBy[id] = usedBy;
    columns.lengths[id] = sequenceLengths(sequence).reduce((sum, length) => sum + length, 0);
  }
  const store = db.prepare("insert or replace into columns (name, data) values (?, ?)");
  store.run("lengths", toLittleEndian(columns.lengths));
  store.run("usedBy", toLittleEndian(columns.usedBy));
  store.run("modules", toLittleEndian(columns.modules));
  store.run("packages", toLittleEndian(columns.packages));
  store.run("kinds", Buffer.from(columns.kinds));
}

/** Reads the stored columns. */
export function readColumns(db: Database): DeclarationColumns {
  const read = db.prepare<[string], Buffer>("select data from columns where name = ?").pluck();
  const column = (name: keyof DeclarationColumns): Buffer => read.get(name) ?? Buffer.alloc(0);
  return {
    lengths: fromLittleEndian(column("lengths")),
    usedBy: fromLittleEndian(column("usedBy")),
    modules: fromLittleEndian(column("modules")),
    packages: fromLittleEndian(column("packages")),
    kinds: new Uint8Array(column("kinds")),
  };
}

function toLittleEndian(values: Uint32Array): Buffer {
  const data = Buffer.from(values.slice().buffer);
  return endianness() === "LE" ? data : data.swap32();
}

function fromLittleEndian(data: Buffer): Uint32Array {
  // A copy of its own is aligned, as a view on numbers needs.
  const copy = Buffer.from(new Uint8Array(data).buffer);
  if (endianness() === "BE") copy.swap32();
  return new Uint32Array(copy.buffer, copy.byteOffset, copy.length >> 2);
}
