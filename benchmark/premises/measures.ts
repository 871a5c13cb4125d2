import type { GroupOutcome } from "./outcome.js";

/** What a metric needs to know of a group. */
export type RankedGroup = Pick<GroupOutcome, "kind" | "rank">;

/** The cutoffs of LeanSearch v2's evaluation (arXiv 2605.13137, Table 2). */
export const CUTOFFS = [5, 10, 20, 30, 50] as const;

/**
 * The share of a theorem's groups, original and alternative together, of which a declaration stands
 * among the first `cutoff`: 0 to 1. LeanSearch v2's Recall@k of one query.
 *
 * @throws RangeError when there are no groups.
 */
export function groupRecall(groups: readonly RankedGroup[], cutoff: number): number {
  if (groups.length === 0) throw new RangeError("no groups to find");
  return groups.filter(({ rank }) => isWithin(rank, cutoff)).length / groups.length;
}

/**
 * Whether a whole proof could be made of the first `cutoff` declarations: all original groups are hit,
 * or there are alternative groups and all of those are. LeanSearch v2's Covered@k of one query.
 */
export function isCovered(groups: readonly RankedGroup[], cutoff: number): boolean {
  return ["original", "alternative"].some((wanted) => {
    const route = groups.filter(({ kind }) => kind === wanted);
    return route.length > 0 && route.every(({ rank }) => isWithin(rank, cutoff));
  });
}

/** A figure that the groups of one theorem give, in [0, 1], higher is better. */
export interface PremiseMetric {
  /** As it is written in tables: `Recall@10`, `Covered@10`, `Pool`. */
  readonly name: string;
  readonly of: (groups: readonly RankedGroup[]) => number;
}

/** The share of groups of which any declaration was retrieved at all, wherever it was ranked. */
export const POOL_METRIC = "Pool";

export const PREMISE_METRICS: readonly PremiseMetric[] = [
  ...CUTOFFS.map((cutoff) => ({
    name: `Recall@${cutoff}`,
    of: (groups: readonly RankedGroup[]) => groupRecall(groups, cutoff),
  })),
  ...CUTOFFS.map((cutoff) => ({
    name: `Covered@${cutoff}`,
    of: (groups: readonly RankedGroup[]) => (isCovered(groups, cutoff) ? 1 : 0),
  })),
  { name: POOL_METRIC, of: (groups) => groupRecall(groups, Number.POSITIVE_INFINITY) },
];

function isWithin(rank: number | null, cutoff: number): boolean {
  return rank !== null && rank <= cutoff;
}

/**
 * Which groups count: all of them, as the paper has it, where a group that the index holds no
 * declaration of counts as missed; or only those that the index holds a declaration of.
 */
export const SLICES = ["all groups", "groups in the index"] as const;
export type Slice = (typeof SLICES)[number];

/** The groups of a theorem that count; may be none. */
export function groupsOf(
  slice: Slice,
  { groups }: { readonly groups: readonly GroupOutcome[] },
): readonly GroupOutcome[] {
  return slice === "all groups" ? groups : groups.filter(({ known }) => known);
}
