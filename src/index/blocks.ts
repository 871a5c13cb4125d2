import type { Database } from "better-sqlite3";

/**
 * Long arrays of bytes by name, kept in blocks of their own, so that a change of a few bytes writes a
 * few kilobytes. Held in the table `columns`.
 */
const BLOCK_BYTES = 1 << 15;

/** Some bytes that take the place of others in an array. */
export interface BytesChange {
  /** Where they begin, in bytes; the array grows where they end behind it, by zeros. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Stores an array, in place of what was stored under its name. */
export function storeBytes(db: Database, name: string, bytes: Uint8Array): void {
  db.prepare("delete from columns where name = ?").run(name);
  const store = db.prepare("insert into columns (name, block, data) values (?, ?, ?)");
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    store.run(name, at / BLOCK_BYTES, bytes.subarray(at, at + BLOCK_BYTES));
  }
}

/** Reads an array into memory of its own; empty where nothing is stored under the name. */
export function readBytes(db: Database, name: string): Uint8Array {
  const blocks = db
    .prepare<[string], Buffer>("select data from columns where name = ? order by block")
    .pluck()
    .all(name);
  const bytes = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}

/** Changes parts of a stored array; no change may cross the border of two blocks. */
export function patchBytes(db: Database, name: string, changes: Iterable<BytesChange>): void {
  const byBlock = new Map<number, BytesChange[]>();
  for (const change of changes) {
    const block = Math.floor(change.offset / BLOCK_BYTES);
    const others = byBlock.get(block);
    if (others === undefined) byBlock.set(block, [change]);
    else others.push(change);
  }
  if (byBlock.size === 0) return;
  const read = db
    .prepare<[string, number], Buffer>("select data from columns where name = ? and block = ?")
    .pluck();
  const store = db.prepare("insert or replace into columns (name, block, data) values (?, ?, ?)");
  fillUp(db, name, Math.max(...byBlock.keys()));
  for (const [block, changed] of byBlock) {
    const stored = read.get(name, block) ?? Buffer.alloc(0);
    const ends = changed.map(({ offset, bytes }) => (offset % BLOCK_BYTES) + bytes.length);
    const data = Buffer.alloc(Math.max(stored.length, ...ends));
    data.set(stored);
    for (const { offset, bytes } of changed) data.set(bytes, offset % BLOCK_BYTES);
    store.run(name, block, data);
  }
}

/** Makes all blocks before one whole, so that an array can grow into that one. */
function fillUp(db: Database, name: string, block: number): void {
  const last = db
    .prepare<[string], [number | null, number | null]>(
      "select max(block), length(data) from columns where name = ?",
    )
    .raw()
    .get(name);
  const [highest, length] = [last?.[0] ?? -1, last?.[1] ?? BLOCK_BYTES];
  const store = db.prepare("insert or replace into columns (name, block, data) values (?, ?, ?)");
  if (highest >= 0 && highest < block && length < BLOCK_BYTES) {
    const stored = db
      .prepare<[string, number], Buffer>("select data from columns where name = ? and block = ?")
      .pluck()
      .get(name, highest);
    store.run(name, highest, Buffer.concat([stored ?? Buffer.alloc(0)], BLOCK_BYTES));
  }
  for (let empty = highest + 1; empty < block; empty += 1) {
    store.run(name, empty, Buffer.alloc(BLOCK_BYTES));
  }
}
