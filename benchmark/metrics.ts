/**
 * Retrieval metrics with binary relevance, computed from the ranks at which the relevant (gold)
 * names stand. Keeping ranks rather than scores lets any metric be recomputed from a report.
 */

/** The names in the order of their first occurrence: a name returned twice counts once. */
export function withoutRepeats(returned: readonly string[]): string[] {
  return [...new Set(returned)];
}

/**
 * The ranks, from 1 and ascending, at which gold names stand in a ranked list once repeated names
 * are counted at their first place only. Gold names that were not returned have no rank.
 */
export function goldRanks(returned: readonly string[], gold: ReadonlySet<string>): number[] {
  const ranks: number[] = [];
  for (const [index, name] of withoutRepeats(returned).entries()) {
    if (gold.has(name)) ranks.push(index + 1);
  }
  return ranks;
}

/**
 * Normalised discounted cumulative gain at a cutoff, in [0, 1], higher is better: the sum of
 * 1 / log2(rank + 1) over the gold ranks within the cutoff, divided by the same sum for a perfect
 * list. With one gold name it is 1 / log2(rank + 1), or 0 past the cutoff.
 *
 * Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002,
 * in the log2(rank + 1) form that trec_eval uses.
 *
 * @param goldCount how many gold names there are, returned or not; at least 1.
 * @throws RangeError when `goldCount` is below 1 or below the number of ranks.
 */
export function ndcg(ranks: readonly number[], goldCount: number, cutoff: number): number {
  checkGoldCount(ranks, goldCount);
  let gain = 0;
  for (const rank of ranks) if (rank <= cutoff) gain += discount(rank);
  let ideal = 0;
  for (let rank = 1; rank <= Math.min(goldCount, cutoff); rank++) ideal += discount(rank);
  return gain / ideal;
}

/**
 * The share of the gold names that stand within the cutoff, in [0, 1].
 *
 * @throws RangeError as for {@link ndcg}.
 */
export function recall(ranks: readonly number[], goldCount: number, cutoff: number): number {
  checkGoldCount(ranks, goldCount);
  return ranks.filter((rank) => rank <= cutoff).length / goldCount;
}

/**
 * 1 / rank of the first gold name, in [0, 1]; 0 where none was returned. Its mean over queries is
 * the mean reciprocal rank (MRR).
 */
export function reciprocalRank(ranks: readonly number[]): number {
  return ranks.length === 0 ? 0 : 1 / Math.min(...ranks);
}

function discount(rank: number): number {
  return 1 / Math.log2(rank + 1);
}

function checkGoldCount(ranks: readonly number[], goldCount: number): void {
  if (goldCount < 1 || ranks.length > goldCount) {
    throw new RangeError(`${ranks.length} gold ranks cannot come from ${goldCount} gold names`);
  }
}
