import type { Evidence, PooledPremise, RankedPremise } from "./evidence.js";

/**
 * The final ranking as LeanSearch v2 publishes it: over the queries of the last round, a declaration
 * gains 1 / log2(1 + place) for each that it was kept for, its place counted from 1 among the kept
 * ones. Declarations that no query kept are left out. Where no language model filtered, all results
 * of a query count.
 */
export function publishedRanking(
  pool: readonly PooledPremise[],
  lastRound: number,
): RankedPremise[] {
  const byQuery = new Map<string, { readonly at: number; readonly rank: number }[]>();
  pool.forEach(({ evidence }, at) => {
    for (const one of evidence) {
      if (!counts(one, lastRound)) continue;
      const places = byQuery.get(one.asked);
      if (places === undefined) byQuery.set(one.asked, [{ at, rank: one.rank }]);
      else places.push({ at, rank: one.rank });
    }
  });
  const gains = new Float64Array(pool.length);
  for (const places of byQuery.values()) {
    places.sort((a, b) => a.rank - b.rank);
    places.forEach(({ at }, place) => {
      gains[at] = (gains[at] ?? 0) + 1 / Math.log2(place + 2);
    });
  }
  return pool
    .map((premise, at) => ({ ...premise, score: gains[at] ?? 0 }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

function counts({ round, channel, kept }: Evidence, lastRound: number): boolean {
  return round === lastRound && channel === "query" && kept !== false;
}
