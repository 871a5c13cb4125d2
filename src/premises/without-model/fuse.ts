import type { DeclarationFacts, DeclarationId } from "../../index/declaration-index.js";

/** A declaration that may be a premise. */
export interface FoundPremise {
  readonly facts: DeclarationFacts;
  /** Higher is better; comparable within one theorem only. */
  readonly score: number;
}

/** One ranking that takes part, best first, and how much it counts. */
export interface FusedRanking {
  readonly facts: readonly DeclarationFacts[];
  readonly weight: number;
}

/**
 * How slowly a place loses worth. Cormack, Clarke and Büttcher (2009) take 60 for many rankings that
 * all judge the whole; few rankings that each know a part want their first places to count for more.
 */
const DAMPING = 10;

/** Reciprocal rank fusion: the sum of weight / (10 + place), places from 1. Best first. */
export function fuse(rankings: readonly FusedRanking[]): FoundPremise[] {
  const scores = new Map<DeclarationId, { facts: DeclarationFacts; score: number }>();
  for (const { facts, weight } of rankings) {
    facts.forEach((one, at) => {
      const gain = weight / (DAMPING + at + 1);
      const known = scores.get(one.id);
      if (known === undefined) scores.set(one.id, { facts: one, score: gain });
      else known.score += gain;
    });
  }
  return [...scores.values()].sort(
    (a, b) => b.score - a.score || (a.facts.name < b.facts.name ? -1 : 1),
  );
}
