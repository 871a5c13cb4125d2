/** A figure that others published for MathlibQR. */
export interface PublishedFigure {
  readonly system: string;
  /** Which queries it is over, in the words of `SLICES` where they are the same. */
  readonly queries: string;
  readonly n: number;
  readonly ndcg10: number;
  readonly source: string;
}

const PAPER = {
  queries: "fair",
  n: 810,
  source: "arXiv:2605.13137, Table 1",
} as const;

/** Scored by a third party on the queries whose declaration is in its Mathlib v4.28.0-rc1 corpus. */
const LEADERBOARD = {
  queries: "resolved there",
  n: 894,
  source: "legendre-leaderboard.com, run m1",
} as const;

/**
 * What others report on MathlibQR, best first within a source. The two sources are over different
 * queries, so their rows compare within a source only.
 */
export const PUBLISHED_FIGURES: readonly PublishedFigure[] = [
  { system: "LeanSearch v2 (8B embedder and reranker)", ndcg10: 0.623, ...PAPER },
  { system: "Lean Finder", ndcg10: 0.533, ...PAPER },
  { system: "LeanSearch v2 (8B embedder alone)", ndcg10: 0.494, ...PAPER },
  { system: "LeanExplore", ndcg10: 0.393, ...PAPER },
  { system: "Lean Finder v1 (its web service)", ndcg10: 0.591, ...LEADERBOARD },
  { system: "LeanSearch v2 (its web service)", ndcg10: 0.571, ...LEADERBOARD },
  { system: "LeanExplore (its web service)", ndcg10: 0.385, ...LEADERBOARD },
  { system: "BM25", ndcg10: 0.227, ...LEADERBOARD },
];
