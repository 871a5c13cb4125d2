import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrapDifferences, bootstrapMeans } from "../../benchmark/bootstrap.js";
import { ascending, median, percentile } from "../../benchmark/percentiles.js";
import { seededRandom, xoshiro128 } from "../../benchmark/random.js";

/** Values in [0, 1], each in one of eight clusters. */
const clustered = fc.array(
  fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"),
  ),
  { minLength: 1, maxLength: 60 },
);

describe("percentiles", () => {
  it("are nearest-rank: always one of the values", () => {
    const values = ascending([50, 15, 40, 20, 35]);
    expect([5, 30, 40, 50, 100].map((percent) => percentile(values, percent))).toEqual([
      15, 20, 20, 35, 50,
    ]);
  });

  it("take exactly the rank where percent times count is a whole number", () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1);
    for (let percent = 1; percent <= 100; percent++)
      expect(percentile(values, percent)).toBe(percent);
  });

  it("have the middle, or the mean of the two middles, as median", () => {
    expect(median([1, 2, 9])).toBe(2);
    expect(median([1, 2, 4, 9])).toBe(3);
  });

  it("refuse no values and percents out of range", () => {
    expect(() => percentile([], 50)).toThrow(RangeError);
    expect(() => percentile([1], 0)).toThrow(RangeError);
    expect(() => percentile([1], 101)).toThrow(RangeError);
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("the random source", () => {
  it("is xoshiro128**, as its published test vector has it", () => {
    const random = xoshiro128([1, 2, 3, 4]);
    expect([random(), random(), random(), random()]).toEqual([11520, 0, 5927040, 70819200]);
  });

  it("is fixed by its seed, and spreads evenly", () => {
    const random = seededRandom(7);
    const again = seededRandom(7);
    const buckets = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) {
      const value = random();
      expect(again()).toBe(value);
      const bucket = Math.floor((value / 2 ** 32) * 16);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    // Chi-square over 15 degrees of freedom: 37.7 is its 99.9 % point.
    const chiSquare = buckets.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(37.7);
    expect(seededRandom(8)()).not.toBe(seededRandom(7)());
  });
});

describe("bootstrapMeans", () => {
  it("gives the plain mean, with a resampled interval around it that stays within the values", () => {
    fc.assert(
      fc.property(clustered, (items) => {
        const values = items.map(([value]) => value);
        const clusters = items.map(([, cluster]) => cluster);
        const [estimate] = bootstrapMeans([values], clusters, { folds: 200 });
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(estimate?.mean).toBeCloseTo(mean, 10);
        expect(estimate?.low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
        expect(estimate?.high).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
        expect(estimate?.low).toBeLessThanOrEqual(estimate?.high ?? NaN);
      }),
      { numRuns: 50 },
    );
  });

  it("contains the mean for evenly split hits and misses", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 100 }), fc.integer(), (half, seed) => {
        const values = Array.from({ length: 2 * half }, (_, i) => i % 2);
        const clusters = values.map((_, i) => String(i));
        const [estimate] = bootstrapMeans([values], clusters, { folds: 200, seed });
        expect(estimate?.low).toBeLessThan(0.5);
        expect(estimate?.high).toBeGreaterThan(0.5);
      }),
      { numRuns: 40 },
    );
  });

  it("comes close to the normal interval for many independent values", () => {
    const values = Array.from({ length: 2000 }, (_, i) => (i % 10 < 4 ? 1 : 0));
    const clusters = values.map((_, i) => String(i));
    const [estimate] = bootstrapMeans([values], clusters);
    const halfWidth = 1.96 * Math.sqrt((0.4 * 0.6) / 2000);
    expect(estimate?.mean).toBeCloseTo(0.4, 12);
    expect((estimate?.low ?? 0) / (0.4 - halfWidth)).toBeCloseTo(1, 1);
    expect(((estimate?.high ?? 0) - (estimate?.low ?? 0)) / (2 * halfWidth)).toBeCloseTo(1, 1);
  });

  it("draws whole clusters: values that go together give a wider interval", () => {
    const values = Array.from({ length: 200 }, (_, i) => (Math.floor(i / 5) % 2 === 0 ? 1 : 0));
    const together = values.map((_, i) => String(Math.floor(i / 5)));
    const apart = values.map((_, i) => String(i));
    const width = (clusters: string[]): number => {
      const [estimate] = bootstrapMeans([values], clusters);
      return (estimate?.high ?? 0) - (estimate?.low ?? 0);
    };
    // Five equal values to a cluster widen the interval by the square root of five.
    expect(width(together) / width(apart)).toBeGreaterThan(1.8);
    expect(width(together) / width(apart)).toBeLessThan(2.7);
  });

  it("gives the same interval for the same seed and another for another", () => {
    const values = Array.from({ length: 50 }, (_, i) => 1 / (i + 1));
    const clusters = values.map((_, i) => String(i % 20));
    const estimate = (seed: number) => bootstrapMeans([values], clusters, { seed });
    expect(estimate(1)).toEqual(estimate(1));
    expect(estimate(1)).not.toEqual(estimate(2));
  });

  it("gives a column the same estimate whatever other columns stand beside it", () => {
    const first = [0, 1, 0.5, 0.25];
    const second = [1, 1, 0, 0];
    const clusters = ["a", "a", "b", "c"];
    const [alone] = bootstrapMeans([second], clusters);
    expect(bootstrapMeans([first, second], clusters)[1]).toEqual(alone);
  });

  it("has no width where there is a single cluster", () => {
    expect(bootstrapMeans([[0, 1]], ["a", "a"])).toEqual([{ mean: 0.5, low: 0.5, high: 0.5 }]);
  });

  it("refuses no values and columns of the wrong length", () => {
    expect(() => bootstrapMeans([[]], [])).toThrow(RangeError);
    expect(() => bootstrapMeans([[1, 2]], ["a"])).toThrow(RangeError);
  });
});

describe("bootstrapDifferences", () => {
  it("finds no difference, p = 1, between values and themselves", () => {
    fc.assert(
      fc.property(clustered, (items) => {
        const values = items.map(([value]) => value);
        const clusters = items.map(([, cluster]) => cluster);
        expect(bootstrapDifferences([values], [values], clusters, { folds: 50 })).toEqual([
          { mean: 0, low: 0, high: 0, p: 1 },
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it("finds a constant gain certain: the smallest p that the resamples allow", () => {
    const first = [0, 0.25, 0.5, 0.125];
    const second = first.map((value) => value + 0.25);
    const [difference] = bootstrapDifferences([first], [second], ["a", "b", "c", "d"]);
    expect(difference).toEqual({ mean: 0.25, low: 0.25, high: 0.25, p: 2 / 1001 });
  });

  it("changes sign and keeps p when the two sides change places", () => {
    const first = Array.from({ length: 40 }, (_, i) => (i * 7) % 5);
    const second = Array.from({ length: 40 }, (_, i) => (i * 3) % 5);
    const clusters = first.map((_, i) => String(i));
    const [forth] = bootstrapDifferences([first], [second], clusters);
    const [back] = bootstrapDifferences([second], [first], clusters);
    expect(back?.mean).toBeCloseTo(-(forth?.mean ?? NaN), 12);
    expect(back?.p).toBe(forth?.p);
  });

  it("is unsure where gains and losses balance", () => {
    const first = Array.from({ length: 60 }, (_, i) => i % 2);
    const second = Array.from({ length: 60 }, (_, i) => (i + 1) % 2);
    const clusters = first.map((_, i) => String(i));
    const [difference] = bootstrapDifferences([first], [second], clusters);
    expect(difference?.mean).toBe(0);
    expect(difference?.low).toBeLessThan(0);
    expect(difference?.high).toBeGreaterThan(0);
    expect(difference?.p).toBeGreaterThan(0.5);
  });

  it("refuses sides that do not pair up", () => {
    expect(() => bootstrapDifferences([[1]], [[1], [2]], ["a"])).toThrow(RangeError);
    expect(() => bootstrapDifferences([[1, 2]], [[1]], ["a"])).toThrow(RangeError);
  });
});
