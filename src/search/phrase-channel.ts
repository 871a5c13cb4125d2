import type { DeclarationIndex, Filter } from "../index/declaration-index.js";
import type { WordPair } from "../index/phrase-table.js";
import type { Channel, ChannelCandidate } from "./candidate.js";
import type { Query } from "./query.js";

/** Brings declarations that have words of the query side by side, in the query's order. */
export class PhraseChannel implements Channel {
  readonly name = "phrases";
  readonly #index: DeclarationIndex;

  constructor(index: DeclarationIndex) {
    this.#index = index;
  }

  /** Scores are shares of the best phrase match: 0 to 1. */
  candidates(query: Query, limit: number, filter: Filter): ChannelCandidate[] {
    const found = this.#index.phrases.candidates(this.#pairs(query), limit, filter);
    const best = Math.max(found[0]?.score ?? 0, Number.EPSILON);
    return found.map(({ id, score }) => ({ id, score: score / best }));
  }

  #pairs(query: Query): WordPair[] {
    const known = new Map(
      this.#index.lexical.knownWords(query.words).map((word) => [word.word, word]),
    );
    const words = query.words.flatMap((word) => known.get(word) ?? []);
    return words.flatMap((word, place): WordPair[] => {
      const next = words[place + 1];
      return next === undefined || next.id === word.id ? [] : [[word, next]];
    });
  }
}
