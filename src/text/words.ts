import { fold } from "./fold.js";
import { scan } from "./scan.js";
import { tokenOf } from "./vocabulary.js";

export { vocabularyFingerprint } from "./fingerprint.js";
export { identifierParts } from "./identifiers.js";

/**
 * The words of any text, in order, with repeats: English prose, docstrings, Lean code, LaTeX,
 * Unicode mathematics and declaration names all come out in one vocabulary, the same for documents
 * and queries. Each word is made of ASCII small letters and digits, at least two of them, and is
 * stemmed; stop words and single letters, which are variables, are left out.
 */
export function words(text: string): string[] {
  const found: string[] = [];
  scan(fold(text), tokenOf, (some) => {
    for (const word of some) found.push(word);
  });
  return found;
}

/** A word of a text and the piece of the text that it came from. */
export interface WordInText {
  readonly word: string;
  /** As written, but for accents: `homomorphisms`, `\sqcup`, `→ₗ[`, "if and only if". */
  readonly surface: string;
}

/** The words of a text as `words` gives them, each with what it was read from. */
export function wordsWithSurface(text: string): WordInText[] {
  const found: WordInText[] = [];
  const plain = fold(text);
  scan(plain, tokenOf, (some, start, end) => {
    const surface = plain.slice(start, end);
    for (const word of some) found.push({ word, surface });
  });
  return found;
}
