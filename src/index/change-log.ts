import type { WordSequence } from "./word-sequence.js";

/** What a writer touched, so that what is derived from it can be mended where it must be. */
export class ChangeLog {
  /** The declarations that were written or removed, with the words that they had before, if any. */
  readonly before = new Map<number, WordSequence | undefined>();
  /** The names that these referred to, before or since. */
  readonly referenced = new Set<number>();

  /** @param words of the declaration before it is first changed; undefined where it is new. */
  touch(id: number, words: WordSequence | undefined): void {
    if (!this.before.has(id)) this.before.set(id, words);
  }
}
