import type { DeclarationFacts, DeclarationId, Filter } from "../index/declaration-index.js";
import type { LexicalScore } from "./lexical-score.js";
import type { Query } from "./query.js";

/** The ways in which a declaration can become a candidate. */
export type ChannelName = "words" | "phrases" | "name" | "meaning";

/** A declaration as one channel brings it. */
export interface ChannelCandidate {
  readonly id: DeclarationId;
  /** The channel's own score, higher for better; comparable within one channel and query only. */
  readonly score: number;
  /** One phrase for people: "its name is the query". */
  readonly reason?: string;
}

/** A source of candidates: words, names, and whatever else can bring declarations to a query. */
export interface Channel {
  readonly name: ChannelName;
  /** At most `limit` declarations that pass the filter, best first. */
  candidates(query: Query, limit: number, filter: Filter): ChannelCandidate[];
}

/** That a channel brought a declaration, and how high. */
export interface ChannelEvidence {
  readonly channel: ChannelName;
  /** From 1. */
  readonly rank: number;
  readonly score: number;
  readonly reason?: string;
}

/** A declaration that at least one channel brought, with all that a ranker may look at. */
export interface Candidate {
  readonly facts: DeclarationFacts;
  readonly evidence: readonly ChannelEvidence[];
  readonly lexical: LexicalScore;
  /** The scalar product of its vector and the query's: -1 to 1, 0 where either has none. */
  readonly denseSimilarity: number;
}

/** A candidate with its final score. */
export interface RankedCandidate extends Candidate {
  /** Higher is better; comparable within one query only. */
  readonly score: number;
}

/** Orders the candidates of a query, best first. */
export interface Ranker {
  readonly name: string;
  rank(query: Query, candidates: readonly Candidate[]): Promise<RankedCandidate[]>;
}
