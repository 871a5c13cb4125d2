import type { Bm25fParameters } from "../index/bm25f.js";
import type { DeclarationIndex, Filter } from "../index/declaration-index.js";
import type { Channel, ChannelCandidate } from "./candidate.js";
import type { Query } from "./query.js";

/** Chosen on written queries for other declarations than any benchmark's. */
export const BM25F: Bm25fParameters = {
  weights: { name: 3, docstring: 3, informal: 3, type: 2, binders: 1, module: 1 },
  saturation: 1.2,
  lengthNormalization: 0.5,
};

/** Brings declarations that share words with the query, by BM25F over the whole index. */
export class WordChannel implements Channel {
  readonly name = "words";
  readonly #index: DeclarationIndex;

  constructor(index: DeclarationIndex) {
    this.#index = index;
  }

  candidates(query: Query, limit: number, filter: Filter): ChannelCandidate[] {
    const { lexical } = this.#index;
    return lexical.candidates(lexical.knownWords(query.words), limit, BM25F, filter);
  }
}
