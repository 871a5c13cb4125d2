import type { DeclarationFacts } from "../index/declaration-index.js";
import type { Purpose } from "./sketch.js";

/**
 * How a declaration came into the pool: by a query or a hypothetical statement of the sketch, by a
 * guessed name, or from the theorem's own statement.
 */
export type EvidenceChannel = "query" | "statement" | "name" | "theorem";

/** How a guessed name fits a declaration's. */
export type NameMatch = "exact" | "ending" | "other namespace" | "misspelt";

/** One reason why a declaration may be a premise. */
export interface Evidence {
  /** Which sketch asked, from 1; 0 for what the theorem itself brought. */
  readonly round: number;
  readonly channel: EvidenceChannel;
  /** The query, statement or name that was looked up; empty for the theorem itself. */
  readonly asked: string;
  readonly purpose: Purpose;
  /** The declaration's place among what was found, from 1. */
  readonly rank: number;
  /**
   * Of queries: the share of the query's words that the declaration has; of names: how alike they are.
   * 0 to 1.
   */
  readonly fit: number;
  /** Of names only. */
  readonly match?: NameMatch;
  /** Of names only: the guess's place among the sketch's guesses, from 0; the likeliest come first. */
  readonly guess?: number;
  /** Of queries that a language model looked through: whether it kept the declaration. */
  readonly kept?: boolean;
}

/** A declaration of the pool. */
export interface PooledPremise {
  readonly facts: DeclarationFacts;
  readonly evidence: readonly Evidence[];
}

/** A declaration of the final ranking. */
export interface RankedPremise extends PooledPremise {
  /** Higher is better; comparable within one run only. */
  readonly score: number;
}
