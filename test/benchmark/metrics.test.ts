import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  goldRanks,
  ndcg,
  recall,
  reciprocalRank,
  withoutRepeats,
} from "../../benchmark/metrics.js";

const names = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "gold"), { maxLength: 30 });
/** Distinct ranks of some gold names, and how many gold names there are in all. */
const ranking = fc
  .record({
    ranks: fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 6 }),
    missing: fc.integer({ min: 0, max: 5 }),
  })
  .filter(({ ranks, missing }) => ranks.length + missing > 0)
  .map(({ ranks, missing }) => ({ ranks, goldCount: ranks.length + missing }));

describe("goldRanks", () => {
  it("counts a name returned twice at its first place only", () => {
    const returned = ["a", "a", "b", "gold", "gold"];
    expect(withoutRepeats(returned)).toEqual(["a", "b", "gold"]);
    expect(goldRanks(returned, new Set(["gold"]))).toEqual([3]);
  });

  it("gives every gold name's rank, ascending, and none for those not returned", () => {
    expect(goldRanks(["x", "b", "y", "a"], new Set(["a", "b", "c"]))).toEqual([2, 4]);
    expect(goldRanks([], new Set(["a"]))).toEqual([]);
  });

  it("is not changed by repeating names that came before", () => {
    fc.assert(
      fc.property(names, fc.nat(), fc.nat(), (returned, from, to) => {
        fc.pre(returned.length > 0);
        const source = from % returned.length;
        const target = source + 1 + (to % (returned.length - source));
        const repeated = [...returned];
        repeated.splice(target, 0, returned[source] ?? "a");
        const gold = new Set(["gold", "c"]);
        expect(goldRanks(repeated, gold)).toEqual(goldRanks(returned, gold));
      }),
    );
  });
});

describe("ndcg", () => {
  it("is 1 / log2(rank + 1) for one gold name, 0 past the cutoff", () => {
    expect(ndcg([1], 1, 10)).toBe(1);
    expect(ndcg([2], 1, 10)).toBeCloseTo(0.63093, 5);
    expect(ndcg([3], 1, 10)).toBe(0.5);
    expect(ndcg([10], 1, 10)).toBeCloseTo(0.28906, 5);
    expect(ndcg([11], 1, 10)).toBe(0);
    expect(ndcg([], 1, 10)).toBe(0);
    expect(ndcg([2], 1, 1)).toBe(0);
  });

  it("divides by the gain of a perfect list for several gold names", () => {
    // DCG = 1 + 1/2; the perfect list of three has 1 + 0.63093 + 0.5.
    expect(ndcg([1, 3], 3, 10)).toBeCloseTo(1.5 / 2.13093, 5);
    expect(ndcg([1, 2], 2, 10)).toBe(1);
  });

  it("asks for no more gold names than fit within the cutoff", () => {
    expect(ndcg([1, 2, 3], 7, 3)).toBe(1);
  });

  it("lies in [0, 1]", () => {
    fc.assert(
      fc.property(ranking, fc.integer({ min: 1, max: 200 }), ({ ranks, goldCount }, cutoff) => {
        const value = ndcg(ranks, goldCount, cutoff);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it("never falls when a gold name moves up", () => {
    fc.assert(
      fc.property(ranking, fc.integer({ min: 1, max: 200 }), ({ ranks, goldCount }, cutoff) => {
        for (const [i, rank] of ranks.entries()) {
          if (rank === 1 || ranks.includes(rank - 1)) continue;
          const moved = ranks.with(i, rank - 1);
          expect(ndcg(moved, goldCount, cutoff)).toBeGreaterThanOrEqual(
            ndcg(ranks, goldCount, cutoff),
          );
        }
      }),
    );
  });

  it("refuses more ranks than there are gold names, and no gold names", () => {
    expect(() => ndcg([1, 2], 1, 10)).toThrow(RangeError);
    expect(() => ndcg([], 0, 10)).toThrow(RangeError);
  });
});

describe("recall", () => {
  it("is the share of the gold names within the cutoff", () => {
    expect(recall([1, 12, 50], 4, 10)).toBe(0.25);
    expect(recall([1, 12, 50], 4, 12)).toBe(0.5);
    expect(recall([1, 12, 50], 4, 200)).toBe(0.75);
    expect(recall([], 1, 200)).toBe(0);
  });

  it("never falls with a larger cutoff and lies in [0, 1]", () => {
    fc.assert(
      fc.property(ranking, fc.nat(250), fc.nat(250), ({ ranks, goldCount }, cutoff, more) => {
        const narrow = recall(ranks, goldCount, cutoff);
        const wide = recall(ranks, goldCount, cutoff + more);
        expect(narrow).toBeGreaterThanOrEqual(0);
        expect(wide).toBeGreaterThanOrEqual(narrow);
        expect(wide).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("reciprocalRank", () => {
  it("is one over the best rank, 0 where nothing was found", () => {
    expect(reciprocalRank([4])).toBe(0.25);
    expect(reciprocalRank([5, 2])).toBe(0.5);
    expect(reciprocalRank([])).toBe(0);
  });
});
