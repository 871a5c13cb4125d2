import { FIELDS } from "./schema.js";
import { visitWordSequence, type WordSequence } from "./word-sequence.js";

/**
 * A word's list in the inverted index: the declarations that have it, with its counts by field.
 *
 * Format, for each declaration in ascending order of its id: the varint difference to the id before
 * it, one byte whose low bits say in which fields the word occurs and whose bit 7 says that it occurs
 * once in each, and otherwise one byte per such field with its count, at most 255.
 */
export const ONCE_IN_EACH = 0x80;

/** Counts are kept in this many bits while lists are made, which BM25's saturation makes enough. */
const COUNT_BITS = 5;
const HIGHEST_COUNT = (1 << COUNT_BITS) - 1;

/** The counts of a word in all fields of a declaration, the first field lowest, with one more in a field. */
export function withOneMore(packed: number, field: number): number {
  const shift = COUNT_BITS * field;
  return ((packed >> shift) & HIGHEST_COUNT) === HIGHEST_COUNT ? packed : packed + (1 << shift);
}

/** The counts of each word of a declaration in all fields, packed, by word id. */
export function packedCounts(sequence: WordSequence): Map<number, number> {
  const packed = new Map<number, number>();
  visitWordSequence(sequence, {
    field: () => undefined,
    word: (id, field) => void packed.set(id, withOneMore(packed.get(id) ?? 0, field)),
  });
  return packed;
}

/**
 * Appends an entry to a list.
 *
 * @param difference of its declaration's id to the one before.
 * @param packed see {@link packedCounts}.
 */
export function pushEntry(bytes: number[], difference: number, packed: number): void {
  pushDifference(bytes, difference);
  let mask = 0;
  let isOnceInEach = true;
  for (let field = 0; field < FIELDS.length; field += 1) {
    const count = (packed >> (COUNT_BITS * field)) & HIGHEST_COUNT;
    if (count > 0) mask |= 1 << field;
    if (count > 1) isOnceInEach = false;
  }
  bytes.push(isOnceInEach ? mask | ONCE_IN_EACH : mask);
  if (isOnceInEach) return;
  for (let field = 0; field < FIELDS.length; field += 1) {
    const count = (packed >> (COUNT_BITS * field)) & HIGHEST_COUNT;
    if (count > 0) bytes.push(count);
  }
}

function pushDifference(bytes: number[], difference: number): void {
  let rest = difference;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
}

/**
 * A word's list with the entries of some declarations changed.
 *
 * @param changes by declaration id: its packed counts, or undefined where it has the word no more.
 */
export function patchedList(
  entries: Uint8Array,
  changes: ReadonlyMap<number, number | undefined>,
): Buffer {
  const pending = [...changes].sort(([a], [b]) => a - b);
  const pieces: Uint8Array[] = [];
  let previous = 0;
  let next = 0;
  const addChangesBelow = (end: number): void => {
    for (let change = pending[next]; change !== undefined && change[0] < end;) {
      const [id, packed] = change;
      if (packed !== undefined) {
        const bytes: number[] = [];
        pushEntry(bytes, id - previous, packed);
        pieces.push(Uint8Array.from(bytes));
        previous = id;
      }
      next += 1;
      change = pending[next];
    }
  };
  // Entries that stay as they are, the difference of the first included, are copied in one piece.
  let stay = -1;
  let declaration = 0;
  let at = 0;
  while (at < entries.length) {
    const start = at;
    let byte = entries[at++] ?? 0;
    let difference = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = entries[at++] ?? 0;
      difference |= (byte & 0x7f) << shift;
    }
    const before = declaration;
    declaration += difference;
    const body = at;
    const mask = entries[at++] ?? 0;
    if ((mask & ONCE_IN_EACH) === 0) at += bitsIn(mask);
    if ((pending[next]?.[0] ?? Infinity) <= declaration) {
      if (stay !== -1) pieces.push(entries.subarray(stay, start));
      stay = -1;
      addChangesBelow(declaration);
      if (pending[next]?.[0] === declaration) {
        addChangesBelow(declaration + 1);
        continue;
      }
    }
    if (stay === -1) {
      if (previous === before) stay = start;
      else {
        const bytes: number[] = [];
        pushDifference(bytes, declaration - previous);
        pieces.push(Uint8Array.from(bytes), entries.subarray(body, at));
      }
    }
    previous = declaration;
  }
  if (stay !== -1) pieces.push(entries.subarray(stay));
  addChangesBelow(Infinity);
  return Buffer.concat(pieces);
}

function bitsIn(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest >>= 1) bits += rest & 1;
  return bits;
}
