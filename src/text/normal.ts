import { SYNONYMS } from "./synonyms.js";
import { stem } from "./stem.js";
import { STOP_WORDS } from "./stop-words.js";

/** The longest word kept, in characters; the rest of a longer word is cut off. */
export const MAX_WORD_LENGTH = 64;

const NUMERALS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

const stopWords: ReadonlySet<string> = new Set(STOP_WORDS);

/** A stem, unless it would be a stop word or a single letter: "one" stays "one", not "on". */
function safeStem(word: string): string {
  const stemmed = stem(word.slice(0, MAX_WORD_LENGTH));
  return stemmed.length === 1 || stopWords.has(stemmed) ? word : stemmed;
}

const stems = (words: string): string[] =>
  words === "" ? [] : [...new Set(words.split(" ").map((word) => safeStem(word)))];

const byWord = new Map<string, readonly string[]>([
  ...NUMERALS.map((numeral, digit) => [String(digit), [safeStem(numeral)]] as const),
  ...Object.entries(SYNONYMS).map(([word, others]) => [word, stems(others)] as const),
]);

// An entry earlier in the table wins where two words share a stem.
const byStem = new Map(
  Object.entries(SYNONYMS)
    .reverse()
    .map(([word, others]) => [safeStem(word), stems(others)] as const),
);

/**
 * What one lower-case word of ASCII letters and digits becomes in the vocabulary: its stem, the
 * stems of its synonyms, or nothing for a stop word or a single letter.
 */
export function normalForms(word: string): readonly string[] {
  const known = byWord.get(word);
  if (known !== undefined) return known;
  if (word.length <= 1 || stopWords.has(word)) return [];
  const stemmed = safeStem(word);
  return byStem.get(stemmed) ?? [stemmed];
}

/** The normal forms of words separated by single blanks, as the tables write them. */
export function normalFormsOfAll(words: string): readonly string[] {
  return words === "" ? [] : words.split(" ").flatMap((word) => normalForms(word));
}
