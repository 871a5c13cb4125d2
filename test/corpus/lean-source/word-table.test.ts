import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  FIRST_OWN,
  headOf,
  newRole,
  rolesOfWord,
  wordOf,
  wordTable,
} from "../../../src/corpus/lean-source/word-table.js";

/** The numbers of words in a text that holds them one after the other, and the words of that text. */
function numbered(list: readonly string[]) {
  wordTable.start(list.join(" "));
  let at = 0;
  const numbers = list.map((word) => {
    const number = wordTable.number(at, at + word.length);
    at += word.length + 1;
    return number;
  });
  return { numbers, words: wordTable.finish() };
}

describe("wordTable", () => {
  it("gives two words one number where they are the same, and only there", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", ".", "ε", "𝓝"), minLength: 1 });
    fc.assert(
      fc.property(fc.array(word), (list) => {
        const { numbers, words } = numbered(list);
        expect(numbers.map((number) => wordOf(words, number))).toEqual(list);
        expect(new Set(numbers).size).toBe(new Set(list).size);
      }),
    );
  });

  it("has room for the words of a large text, and forgets them with it", () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `word${index}`);
    const { numbers, words } = numbered(many);
    expect(new Set(numbers).size).toBe(many.length);
    expect(wordOf(words, numbers[99_999] ?? -1)).toBe("word99999");
    expect(numbered(["word7"]).numbers).toEqual([FIRST_OWN]);
    expect(wordOf(words, numbers[7] ?? -1)).toBe("word7");
  });

  it("keeps the words with roles apart from those of a text, before and after a large one", () => {
    const role = newRole(["a word with a role", "another"]);
    const other = newRole(["another"]);
    const before = numbered(["another", "another one", "a word with a role"]).numbers;
    numbered(Array.from({ length: 100_000 }, (_, index) => `word${index}`));
    const after = numbered(["another", "another one", "a word with a role"]).numbers;
    expect(after).toEqual(before);
    expect(after.map((number) => rolesOfWord(number))).toEqual([role | other, 0, role]);
  });

  it("knows what stands before the first dot", () => {
    const { numbers, words } = numbered(["h.le.trans", "h", "x"]);
    expect(numbers.map((number) => wordOf(words, headOf(words, number)))).toEqual(["h", "h", "x"]);
  });
});
