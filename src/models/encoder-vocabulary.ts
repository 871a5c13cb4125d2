/**
 * The words that the static encoder has vectors for.
 *
 * Format: one word a line; a word's id is its line number from 1, as 0 pads.
 */
export class EncoderVocabulary {
  readonly #ids: ReadonlyMap<string, number>;

  constructor(lines: string) {
    const words = lines.trimEnd().split("\n");
    this.#ids = new Map(words.map((word, at) => [word, at + 1]));
  }

  /** The ids of a text's first distinct words, in its order; unknown words are left out. */
  ids(text: readonly string[], longest: number): number[] {
    const ids = new Set<number>();
    for (const word of text) {
      const id = this.#ids.get(word);
      if (id !== undefined) ids.add(id);
      if (ids.size === longest) break;
    }
    return [...ids];
  }
}
