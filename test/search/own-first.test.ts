import fc from "fast-check";
import { expect, it } from "vitest";
import type { RankedCandidate } from "../../src/search/candidate.js";
import { ownFirst } from "../../src/search/own-first.js";

function ranked(scores: readonly number[]): RankedCandidate[] {
  return scores.map((score, id) => ({
    facts: {
      id,
      name: `n${id}`,
      kind: "theorem",
      module: "",
      usedBy: 0,
      isDerived: false,
    },
    evidence: [],
    lexical: {
      bm25f: 0,
      queryCoverage: 0,
      nameCoverage: 0,
      pairCoverage: 0,
      matches: [],
    } as unknown as RankedCandidate["lexical"],
    denseSimilarity: 0,
    score,
  }));
}

function order(scores: readonly number[], own: readonly number[]): number[] {
  return ownFirst(ranked(scores), (id) => own.includes(id)).map(({ facts }) => facts.id);
}

it("own declarations come first among those that score the same, and nowhere else", () => {
  expect(order([3, 2, 2, 2, 1], [3, 4])).toEqual([0, 3, 1, 2, 4]);
  expect(order([2, 1.9995, 1.99, 1], [1, 3])).toEqual([1, 0, 2, 3]);
  expect(order([1, 1, 1], [])).toEqual([0, 1, 2]);
});

it("nothing is lost, and nothing moves further than a tie", () => {
  const scores = fc.array(fc.integer({ min: 0, max: 20 }).map((step) => step / 2500));
  fc.assert(
    fc.property(scores, fc.array(fc.nat(30)), (values, own) => {
      const sorted = [...values].sort((a, b) => b - a);
      const ordered = order(sorted, own);
      expect([...ordered].sort((a, b) => a - b)).toEqual(sorted.map((_, id) => id));
      ordered.forEach((id, place) => {
        for (const later of ordered.slice(place + 1)) {
          expect((sorted[later] ?? 0) - (sorted[id] ?? 0)).toBeLessThan(0.001);
        }
      });
    }),
  );
});
