import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CUTOFFS,
  groupRecall,
  groupsOf,
  isCovered,
  PREMISE_METRICS,
} from "../../../benchmark/premises/measures.js";
import { group } from "./made-up-run.js";

const groups = [
  group("original", 3),
  group("original", 12),
  group("alternative", 7),
  group("alternative", 9),
];

describe("groupRecall", () => {
  it("is the share of groups, original and alternative together, that the first k hit", () => {
    expect([2, 3, 7, 10, 12].map((cutoff) => groupRecall(groups, cutoff))).toEqual([
      0, 0.25, 0.5, 0.75, 1,
    ]);
  });

  it("counts a group that was not found as missed at every cutoff", () => {
    expect(groupRecall([group("original", null), group("original", 1)], Infinity)).toBe(0.5);
  });

  it("refuses to judge no groups", () => {
    expect(() => groupRecall([], 10)).toThrow(RangeError);
  });
});

describe("isCovered", () => {
  it("wants all original groups, or all alternative ones", () => {
    expect([8, 9, 11, 12].map((cutoff) => isCovered(groups, cutoff))).toEqual([
      ...[false, true, true, true],
    ]);
  });

  it("is not met by there being no alternative groups", () => {
    expect(isCovered([group("original", 11)], 10)).toBe(false);
    expect(isCovered([group("original", 11)], 11)).toBe(true);
  });

  it("never holds where half of either route is missing", () => {
    const half = [
      ...[group("original", 1), group("original", null)],
      ...[group("alternative", 1), group("alternative", null)],
    ];
    expect(isCovered(half, 50)).toBe(false);
  });
});

describe("the metrics", () => {
  const rank = fc.option(fc.integer({ min: 1, max: 80 }));
  const someGroups = fc
    .array(fc.tuple(fc.constantFrom("original" as const, "alternative" as const), rank), {
      minLength: 1,
      maxLength: 9,
    })
    .map((list) => list.map(([kind, at]) => group(kind, at)));

  it("lie between 0 and 1 and never fall with the cutoff", () => {
    fc.assert(
      fc.property(someGroups, (list) => {
        for (const family of ["Recall", "Covered"]) {
          const values = CUTOFFS.map(
            (cutoff) =>
              PREMISE_METRICS.find(({ name }) => name === `${family}@${cutoff}`)?.of(list) ?? -1,
          );
          expect(values).toEqual([...values].sort((a, b) => a - b));
          expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...values)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("count a group of the pool wherever it stands", () => {
    const pool = PREMISE_METRICS.find(({ name }) => name === "Pool");
    expect(pool?.of([group("original", 399), group("original", null)])).toBe(0.5);
  });
});

describe("groupsOf", () => {
  it("leaves out, where asked to, the groups that the index does not hold", () => {
    const list = [group("original", null, { known: true }), group("original", null)];
    expect(groupsOf("all groups", { groups: list })).toHaveLength(2);
    expect(groupsOf("groups in the index", { groups: list })).toEqual([list[0]]);
  });
});
