import { UserError } from "../errors.js";
import type { FieldWords } from "./fields.js";
import { FIELDS } from "./schema.js";

/**
 * The words of one declaration, field by field and in order, as stored: all that scoring it exactly
 * for any query needs, without touching its texts.
 *
 * Format, for each field in the order of FIELDS: the varint (LEB128) number of its words, then the
 * varint id of each.
 */
export type WordSequence = Uint8Array;

/** What the last of five bytes counts: no number of words or id needs a sixth. */
const LARGEST_FACTOR = 128 ** 4;

/** Receives a decoded word sequence, piece by piece, without allocating. */
export interface WordSequenceVisitor {
  /** A field of so many words begins. */
  field(field: number, words: number): void;
  /** The next word of that field. */
  word(id: number, field: number): void;
}

/** Encodes the words of a declaration; `wordId` gives each word's id in the vocabulary. */
export function encodeWordSequence(
  fields: FieldWords,
  wordId: (word: string) => number,
): WordSequence {
  const bytes: number[] = [];
  for (const field of FIELDS) {
    pushVarint(bytes, fields[field].length);
    for (const word of fields[field]) pushVarint(bytes, wordId(word));
  }
  return Buffer.from(bytes);
}

/** Decodes a word sequence. @throws UserError `noIndex` where the bytes are none. */
export function visitWordSequence(sequence: WordSequence, visitor: WordSequenceVisitor): void {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = sequence[at];
      if (byte === undefined || factor > LARGEST_FACTOR) throw damagedSequence();
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  for (let field = 0; field < FIELDS.length; field += 1) {
    const words = varint();
    visitor.field(field, words);
    for (let i = 0; i < words; i += 1) visitor.word(varint(), field);
  }
}

/** The words of a declaration, field by field: what was encoded. `wordOf` gives the word of an id. */
export function decodeWordSequence(
  sequence: WordSequence,
  wordOf: (id: number) => string | undefined,
): string[][] {
  const fields: string[][] = FIELDS.map(() => []);
  visitWordSequence(sequence, {
    field: () => undefined,
    word: (id, field) => {
      const word = wordOf(id);
      if (word === undefined) throw damagedSequence();
      fields[field]?.push(word);
    },
  });
  return fields;
}

/** The ids of the distinct words of a declaration. */
export function distinctWords(sequence: WordSequence): Set<number> {
  const ids = new Set<number>();
  visitWordSequence(sequence, { field: () => undefined, word: (id) => void ids.add(id) });
  return ids;
}

/** The number of words of each field, in the order of FIELDS. */
export function sequenceLengths(sequence: WordSequence): number[] {
  const lengths: number[] = [];
  visitWordSequence(sequence, {
    field: (_field, words) => void lengths.push(words),
    word: () => undefined,
  });
  return lengths;
}

function damagedSequence(): UserError {
  return new UserError(
    "noIndex",
    "The index is damaged (the words of a declaration cannot be read): make it again from nothing with: lemmascope index --rebuild SOURCE",
  );
}

function pushVarint(bytes: number[], value: number): void {
  while (value >= 0x80) {
    bytes.push((value % 128) | 0x80);
    value = Math.floor(value / 128);
  }
  bytes.push(value);
}
