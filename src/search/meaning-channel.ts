import type { DeclarationIndex, Filter } from "../index/declaration-index.js";
import type { Channel, ChannelCandidate } from "./candidate.js";
import type { Query } from "./query.js";

/** Brings declarations whose vectors are near the query's. */
export class MeaningChannel implements Channel {
  readonly name = "meaning";
  readonly #index: DeclarationIndex;

  constructor(index: DeclarationIndex) {
    this.#index = index;
  }

  /** Scores are scalar products: -1 to 1. Nothing comes where query or index have no vectors. */
  candidates(query: Query, limit: number, filter: Filter): ChannelCandidate[] {
    const { vectors, lexical } = this.#index;
    if (vectors === undefined || query.vector === undefined) return [];
    return vectors.nearest(query.vector, limit, lexical.passing(filter));
  }
}
