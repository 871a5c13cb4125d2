import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FieldWords } from "../../src/index/fields.js";
import { FIELDS } from "../../src/index/schema.js";
import {
  decodeWordSequence,
  distinctWords,
  encodeWordSequence,
  sequenceLengths,
} from "../../src/index/word-sequence.js";

const word = fc.nat({ max: 400_000 }).map((id) => `word${id}`);
const fieldWords = fc
  .tuple(...FIELDS.map(() => fc.array(word, { maxLength: 200 })))
  .map((lists): FieldWords => {
    const [name = [], docstring = [], informal = [], type = [], binders = [], module = []] = lists;
    return { name, docstring, informal, type, binders, module };
  });

const idOf = (text: string): number => Number(text.slice("word".length));
const wordOf = (id: number): string => `word${id}`;

describe("a word sequence", () => {
  it("gives back the words of each field in order, their number, and which there are", () => {
    fc.assert(
      fc.property(fieldWords, (fields) => {
        const sequence = encodeWordSequence(fields, idOf);
        const lists = FIELDS.map((field) => fields[field]);
        expect(decodeWordSequence(sequence, wordOf)).toEqual(lists);
        expect(sequenceLengths(sequence)).toEqual(lists.map((list) => list.length));
        expect(distinctWords(sequence)).toEqual(new Set(lists.flat().map(idOf)));
      }),
    );
  });

  it("that was damaged is words or a sentence", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(decodeWordSequence(bytes, wordOf)).toHaveLength(FIELDS.length);
        } catch (error) {
          expect(error).toMatchObject({ name: "UserError", exit: "noIndex" });
        }
      }),
    );
  });

  it("that ends early, counts without end or has an unknown word is told", () => {
    for (const bytes of [[], [1], [1, 0x80], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]]) {
      expect(() => distinctWords(Uint8Array.from(bytes))).toThrow(/The index is damaged/);
    }
    const oneWord = Uint8Array.from([1, 9, 0, 0, 0, 0, 0]);
    expect(() => decodeWordSequence(oneWord, () => undefined)).toThrow(/The index is damaged/);
  });
});
