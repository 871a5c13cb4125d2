import { ndcg, recall, reciprocalRank } from "../metrics.js";
import type { QueryOutcome } from "./run.js";

/**
 * The sets of queries that figures are given for. In `fair` and `full` a declaration that the index
 * does not hold counts as not found; `resolved` leaves its queries out.
 */
export const SLICES = ["fair", "resolved", "full"] as const;
export type Slice = (typeof SLICES)[number];

/** Whether a query belongs to a slice. */
export function inSlice(slice: Slice, query: Pick<QueryOutcome, "fair" | "resolved">): boolean {
  switch (slice) {
    case "fair":
      return query.fair;
    case "resolved":
      return query.resolved;
    case "full":
      return true;
  }
}

/** A figure that one query's rank gives, in [0, 1], higher is better. */
export interface SearchMetric {
  /** As it is written in tables: `nDCG@10`, `Recall@50`, `MRR`. */
  readonly name: string;
  /** @param rank from 1; null where the declaration was not found. */
  readonly of: (rank: number | null) => number;
}

const NDCG_CUTOFFS = [1, 5, 10];
const RECALL_CUTOFFS = [1, 10, 50, 100, 200];

/**
 * The metrics that a run of this limit can give: one with a cutoff beyond the limit would count
 * declarations as missed that nobody looked for. MRR treats ranks beyond the limit as misses.
 */
export function searchMetrics(limit: number): SearchMetric[] {
  const within = (cutoff: number): boolean => cutoff <= limit;
  return [
    ...NDCG_CUTOFFS.filter(within).map((cutoff) => ({
      name: `nDCG@${cutoff}`,
      of: (rank: number | null) => ndcg(ranksOf(rank), 1, cutoff),
    })),
    ...RECALL_CUTOFFS.filter(within).map((cutoff) => ({
      name: `Recall@${cutoff}`,
      of: (rank: number | null) => recall(ranksOf(rank), 1, cutoff),
    })),
    { name: "MRR", of: (rank) => reciprocalRank(ranksOf(rank)) },
  ];
}

function ranksOf(rank: number | null): number[] {
  return rank === null ? [] : [rank];
}
