import { endianness } from "node:os";
import type { Database } from "better-sqlite3";
import { DECLARATION_KINDS, declarationKind, type DeclarationKind } from "../declaration.js";
import { patchBytes, readBytes, storeBytes } from "./blocks.js";
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
  for (const row of rowsOf(db, "")) {
    columns.kinds[row.id] = row.kinds;
    for (const name of NUMBERS) columns[name][row.id] = row[name];
  }
  for (const name of NUMBERS) storeBytes(db, name, toLittleEndian(columns[name]));
  storeBytes(db, "kinds", columns.kinds);
}

/** Brings the stored columns in line with the other tables for some declarations, present or gone. */
export function patchColumns(db: Database, ids: ReadonlySet<number>): void {
  const rows = new Map<number, Row>();
  for (const id of ids) rows.set(id, { ...NOTHING, id });
  const wanted = "where d.id in (select value from json_each(?))";
  for (const row of rowsOf(db, wanted, JSON.stringify([...ids]))) rows.set(row.id, row);
  for (const name of NUMBERS) {
    const changes = [...rows.values()].map((row) => ({
      offset: row.id * Uint32Array.BYTES_PER_ELEMENT,
      bytes: toLittleEndian(Uint32Array.of(row[name])),
    }));
    patchBytes(db, name, changes);
  }
  const kinds = [...rows.values()].map(({ id, kinds: kind }) => ({
    offset: id,
    bytes: Uint8Array.of(kind),
  }));
  patchBytes(db, "kinds", kinds);
}

/** The columns that hold numbers. */
const NUMBERS = ["lengths", "usedBy", "modules", "packages"] as const;

/** One declaration's place in each column. */
type Row = { readonly id: number } & Readonly<Record<keyof DeclarationColumns, number>>;

const NOTHING = { id: 0, kinds: 0, lengths: 0, usedBy: 0, modules: 0, packages: 0 };

function* rowsOf(db: Database, where: string, ...parameters: string[]): Generator<Row> {
  const rows = db
    .prepare<string[], [number, string, number, number, number, Buffer]>(
      `select d.id, d.kind, d.module_id, ifnull(f.package_id, 0), d.used_by, s.words
       from declarations d join word_sequences s on s.id = d.id left join files f on f.id = d.file_id
       ${where}`,
    )
    .raw();
  for (const [id, kind, modules, packages, usedBy, sequence] of rows.iterate(...parameters)) {
    const lengths = sequenceLengths(sequence).reduce((sum, length) => sum + length, 0);
    const kinds = kindCode(declarationKind.parse(kind));
    yield { id, kinds, lengths, usedBy, modules, packages };
  }
}

/** Reads the stored columns. */
export function readColumns(db: Database): DeclarationColumns {
  return {
    lengths: fromLittleEndian(readBytes(db, "lengths")),
    usedBy: fromLittleEndian(readBytes(db, "usedBy")),
    modules: fromLittleEndian(readBytes(db, "modules")),
    packages: fromLittleEndian(readBytes(db, "packages")),
    kinds: readBytes(db, "kinds"),
  };
}

function toLittleEndian(values: Uint32Array): Buffer {
  const data = Buffer.from(values.slice().buffer);
  return endianness() === "LE" ? data : data.swap32();
}

/** @param data memory of its own, from its beginning on. */
function fromLittleEndian(data: Uint8Array): Uint32Array {
  if (endianness() === "BE") Buffer.from(data.buffer).swap32();
  return new Uint32Array(data.buffer, 0, data.length >> 2);
}
