import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuse } from "../../../src/premises/without-model/fuse.js";
import { neighbourVotes } from "../../../src/premises/without-model/neighbours.js";
import { facts } from "../made-up.js";

const ranking = (ids: readonly number[], weight = 1) => ({
  facts: ids.map((id) => facts(id)),
  weight,
});
const order = (...rankings: Parameters<typeof fuse>[0]) =>
  fuse(rankings).map((premise) => premise.facts.id);

describe("the fusion of rankings", () => {
  it("keeps a single ranking's order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat()), (ids) => {
        expect(order(ranking(ids))).toEqual(ids);
      }),
    );
  });

  it("gives each declaration once, with scores that fall", () => {
    const lists = fc.array(fc.uniqueArray(fc.nat({ max: 30 })), { maxLength: 4 });
    fc.assert(
      fc.property(lists, (some) => {
        const fused = fuse(some.map((ids) => ranking(ids)));
        const ids = fused.map((premise) => premise.facts.id);
        expect(new Set(ids)).toEqual(new Set(some.flat()));
        expect(ids.length).toBe(new Set(ids).size);
        const scores = fused.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }),
    );
  });

  it("puts what two rankings find above what one finds as high", () => {
    expect(order(ranking([1, 2]), ranking([3, 2]))[0]).toBe(2);
    expect(order(ranking([1, 2]), ranking([3, 4], 3)).slice(0, 2)).toEqual([3, 4]);
  });
});

describe("the votes of neighbours", () => {
  const references = new Map([
    [1, [10, 11]],
    [2, [10, 2]],
    [3, [12, 13, 14, 15, 16, 17, 18, 19]],
  ]);
  const votes = neighbourVotes([1, 2, 3], (id) => references.get(id) ?? []);

  it("count who refers to a declaration, and how near", () => {
    expect(votes.get(10)).toMatchObject({ count: 2, nearest: 1 });
    expect(votes.get(12)).toMatchObject({ count: 1, nearest: 3 });
  });

  it("weigh less from those that refer to much, and nothing from oneself", () => {
    const weight = (id: number) => votes.get(id)?.weight ?? 0;
    expect(weight(10)).toBeGreaterThan(weight(11));
    expect(weight(11)).toBeGreaterThan(2 * weight(12));
    expect(votes.has(2)).toBe(false);
  });
});
