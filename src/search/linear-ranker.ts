import type { DeclarationKind } from "../declaration.js";
import type { Candidate, RankedCandidate, Ranker } from "./candidate.js";
import { PINNED } from "./name-channel.js";
import type { Query } from "./query.js";

/**
 * What each thing that speaks for a candidate adds to its score, in units of one perfect word
 * match. Chosen by hand on written queries for other declarations than any benchmark's.
 */
const WEIGHTS = {
  bm25f: 1,
  queryCoverage: 0.4,
  pairCoverage: 0.3,
  nameCoverage: 0.25,
  /** For each tenfold use by other declarations. */
  usedBy: 0.06,
  /** For the nearest vector of all; less for others. */
  meaning: 0.5,
  /** For a name that the query spells or mentions, times the name channel's score. */
  name: 0.05,
} as const;

/** A field or constructor is seldom meant: the structure or inductive type says the same. */
const KIND_WEIGHTS: Partial<Record<DeclarationKind, number>> = { field: -0.15, constructor: -0.15 };

/** Orders candidates without any learned model. */
export class LinearRanker implements Ranker {
  readonly name = "linear";

  rank(_query: Query, candidates: readonly Candidate[]): Promise<RankedCandidate[]> {
    return Promise.resolve(linearOrder(candidates));
  }
}

/** Candidates in the linear ranker's order, with its scores. */
export function linearOrder(candidates: readonly Candidate[]): RankedCandidate[] {
  const best = Math.max(0.01, ...candidates.map(({ denseSimilarity }) => denseSimilarity));
  return candidates
    .map((candidate) => ({ ...candidate, score: score(candidate, best) }))
    .sort(byScore);
}

/** Higher scores first, and names in alphabetical order among equals. */
export function byScore(a: RankedCandidate, b: RankedCandidate): number {
  return b.score - a.score || (a.facts.name < b.facts.name ? -1 : 1);
}

function score(candidate: Candidate, bestSimilarity: number): number {
  const { facts, lexical, evidence, denseSimilarity } = candidate;
  const name = evidence.find(({ channel }) => channel === "name")?.score ?? 0;
  // Larger than the sum of all other terms, so that the declaration that was named comes first.
  const pinned = name >= PINNED ? 10 * name : 0;
  return (
    pinned +
    WEIGHTS.name * Math.min(name, 1) +
    WEIGHTS.pairCoverage * lexical.pairCoverage +
    WEIGHTS.meaning * (denseSimilarity / bestSimilarity) +
    WEIGHTS.bm25f * lexical.bm25f +
    WEIGHTS.queryCoverage * lexical.queryCoverage +
    WEIGHTS.nameCoverage * lexical.nameCoverage +
    WEIGHTS.usedBy * Math.log10(1 + facts.usedBy) +
    (KIND_WEIGHTS[facts.kind] ?? 0)
  );
}
