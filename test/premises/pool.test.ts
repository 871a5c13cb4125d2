import { describe, expect, it } from "vitest";
import type { Evidence, PooledPremise } from "../../src/premises/evidence.js";
import { Pool } from "../../src/premises/pool.js";
import { POOL_WEIGHTS, type PoolContext, rankPool } from "../../src/premises/pool-score.js";
import { publishedRanking } from "../../src/premises/published-fusion.js";
import { sketchSchema } from "../../src/premises/sketch.js";
import { unknownNames, unsupportedSteps } from "../../src/premises/support.js";
import { evidence, facts, pooled } from "./made-up.js";

const alone: PoolContext = { steps: "", uses: () => [] };

/** The score of one declaration by its evidence alone. */
function score(...pieces: Evidence[]): number {
  return rankPool([pooled(1, ...pieces)], alone)[0]?.score ?? Number.NaN;
}

const named = (more: Partial<Evidence>): Evidence =>
  evidence({ channel: "name", purpose: { kind: "guess" }, match: "exact", fit: 1, ...more });

describe("a pool", () => {
  it("keeps declarations in the order in which they came, with all their evidence", () => {
    const pool = new Pool();
    pool.add(facts(2), evidence());
    pool.add(facts(1), evidence({ rank: 2 }));
    pool.add(facts(2), evidence({ asked: "another", rank: 7 }));
    expect(pool.size).toBe(2);
    const premises = pool.premises();
    expect(premises.map(({ facts: { id } }) => id)).toEqual([2, 1]);
    expect(premises[0]?.evidence.map(({ rank }) => rank)).toEqual([1, 7]);
  });

  it("notes what was kept for that round, channel and text alone", () => {
    const pool = new Pool();
    const pieces = [
      evidence(),
      evidence({ round: 2 }),
      evidence({ channel: "statement" }),
      evidence({ asked: "another" }),
      named({ asked: "a query" }),
    ];
    for (const piece of pieces) {
      pool.add(facts(1), piece);
      pool.add(facts(2), piece);
    }
    pool.judge(1, { channel: "query", text: "a query" }, new Set([2]));
    const kept = pool.premises().map((one) => one.evidence.map((piece) => piece.kept));
    expect(kept).toEqual([
      [false, undefined, undefined, undefined, undefined],
      [true, undefined, undefined, undefined, undefined],
    ]);
  });
});

describe("the score of a pool", () => {
  it("gives a query's places a first, half and third of its weight", () => {
    const place = (rank: number): number =>
      score(evidence({ rank })) - score(evidence({ rank: 1e9 }));
    expect(place(1)).toBeCloseTo(POOL_WEIGHTS.query);
    expect(place(2)).toBeCloseTo(POOL_WEIGHTS.query / 2);
    expect(place(3)).toBeCloseTo(POOL_WEIGHTS.query / 3);
  });

  it("counts the best place once, and queries by the logarithm of their number", () => {
    const two = score(evidence({ rank: 4 }), evidence({ asked: "another", rank: 2 }));
    expect(two).toBeCloseTo(POOL_WEIGHTS.query / 2 + POOL_WEIGHTS.queries * Math.log(3));
    const again = score(evidence({ rank: 2 }), evidence({ round: 2, rank: 2 }));
    expect(again).toBeCloseTo(POOL_WEIGHTS.query / 2 + POOL_WEIGHTS.queries * Math.log(2));
  });

  it("adds nothing for a query whose reader did not keep it", () => {
    expect(score(evidence({ kept: false }))).toBe(0);
    expect(score(evidence({ kept: false }), evidence({ asked: "another", rank: 3 }))).toBeCloseTo(
      POOL_WEIGHTS.query / 3 + POOL_WEIGHTS.queries * Math.log(2),
    );
  });

  it("adds once that a reader kept it", () => {
    const one = score(evidence({ kept: true })) - score(evidence());
    expect(one).toBeCloseTo(POOL_WEIGHTS.kept);
    const two = [evidence({ kept: true }), evidence({ asked: "another", kept: true })];
    expect(score(...two) - score(evidence(), evidence({ asked: "another" }))).toBeCloseTo(
      POOL_WEIGHTS.kept,
    );
  });

  it("counts the best match among guessed names", () => {
    const endings = [1, 2, 3].map((rank) => score(named({ match: "ending", rank, fit: 0.5 })));
    expect(endings[0]).toBeCloseTo(POOL_WEIGHTS.name.ending);
    expect(endings[1]).toBeCloseTo(POOL_WEIGHTS.name.ending / 2);
    expect(endings[2]).toBeCloseTo(POOL_WEIGHTS.name.ending / 3);
    const best = score(named({}), named({ match: "misspelt", fit: 0.9 }));
    expect(best).toBeCloseTo(POOL_WEIGHTS.name.exact);
  });

  it("lets an exact name lose by being guessed late, but not more than an ending has", () => {
    expect(score(named({ guess: 0 }))).toBeCloseTo(POOL_WEIGHTS.name.exact);
    expect(score(named({ guess: 20 }))).toBeCloseTo(
      POOL_WEIGHTS.name.exact - POOL_WEIGHTS.guessedLate,
    );
    expect(score(named({ guess: 299 }))).toBeCloseTo(POOL_WEIGHTS.name.ending);
  });

  it("gives a tenth place for the statement half of a first", () => {
    const at = (rank: number): number =>
      score(evidence({ channel: "theorem", rank, asked: "", purpose: { kind: "goal" } }));
    expect(at(1)).toBeCloseTo(POOL_WEIGHTS.theorem);
    expect(at(10)).toBeCloseTo(POOL_WEIGHTS.theorem / 2);
  });

  it("counts exactly guessed declarations that use it or that it uses, not itself", () => {
    const pool = [pooled(1, named({})), pooled(2, named({})), pooled(3, evidence()), pooled(4)];
    const uses = (id: number): number[] => ({ 1: [1, 3], 2: [3], 4: [1] })[id] ?? [];
    const scores = new Map(
      rankPool(pool, { steps: "", uses }).map((one) => [one.facts.id, one.score]),
    );
    const near = (count: number): number => POOL_WEIGHTS.company * Math.log1p(count);
    expect(scores.get(1)).toBeCloseTo(score(named({})));
    expect(scores.get(3)).toBeCloseTo(score(evidence()) + near(2));
    expect(scores.get(4)).toBeCloseTo(near(1));
  });

  it.each([
    ["Set.Finite", "by Set.Finite we", true],
    ["Set.Finite", "a Finite set", false],
    ["isCompact_iff", "with isCompact_iff", true],
    ["IsCompact.isClosed_of_t2", "use isClosed_of_t2 here", true],
    ["and", "this and that", false],
  ])("adds for a name that a step mentions: %s in %j is %s", (name, steps, isMentioned) => {
    const [one] = rankPool([{ facts: facts(1, name), evidence: [] }], { steps, uses: () => [] });
    expect(one?.score).toBe(isMentioned ? POOL_WEIGHTS.mentioned : 0);
  });

  it("keeps the order of the pool for equals", () => {
    const pool = [5, 3, 9, 1].map((id) => pooled(id, evidence({ rank: 2 })));
    expect(rankPool(pool, alone).map((one) => one.facts.id)).toEqual([5, 3, 9, 1]);
  });
});

describe("the published fusion", () => {
  it("sums discounted gains over the last round's queries", () => {
    const last = (asked: string, rank: number, more: Partial<Evidence> = {}): Evidence =>
      evidence({ round: 2, asked, rank, ...more });
    const pool: PooledPremise[] = [
      // First of one query, second of another: 1/log2(2) + 1/log2(3).
      pooled(1, last("a", 1), last("b", 2)),
      // Third place found, but second place kept: 1/log2(3).
      pooled(2, last("a", 3)),
      pooled(3, last("a", 2, { kept: false })),
      // Only for earlier rounds, names, statements: nothing.
      pooled(4, evidence({ asked: "a" })),
      pooled(5, last("n", 1, { channel: "name", match: "exact" })),
      pooled(6, last("s", 1, { channel: "statement" })),
      // 1/log2(2)
      pooled(7, last("b", 1, { kept: true })),
    ];
    const ranking = publishedRanking(pool, 2);
    expect(ranking.map((one) => one.facts.id)).toEqual([1, 7, 2]);
    expect(ranking[0]?.score).toBeCloseTo(1 + 1 / Math.log2(3));
    expect(ranking[1]?.score).toBeCloseTo(1);
    expect(ranking[2]?.score).toBeCloseTo(0.63093);
  });
});

describe("support", () => {
  const sketch = sketchSchema.parse({
    steps: [
      { what: "a", queries: ["q0"] },
      { what: "b", why: "by Foo.bar", queries: ["q1"] },
      { what: "c" },
    ],
  });
  const of = (step: number, more: Partial<Evidence>): Evidence =>
    evidence({ purpose: { kind: "step", step }, ...more });

  it.each<[string, Evidence[], number[]]>([
    ["nothing was found", [], [0, 1]],
    ["what was found has most of the words", [of(0, { fit: 0.6, rank: 10 })], [1]],
    ["it has them far down", [of(0, { fit: 1, rank: 11 })], [0, 1]],
    ["it has few of the words", [of(0, { fit: 0.59 })], [0, 1]],
    ["a reader kept it all the same", [of(1, { fit: 0, rank: 30, kept: true })], [0]],
    ["a reader did not keep it", [of(1, { fit: 1, kept: false })], [0, 1]],
    ["it was an earlier round", [of(0, { fit: 1, round: 0 })], [0, 1]],
  ])("of steps where %s", (_name, pieces, unsupported) => {
    expect(unsupportedSteps(sketch, [pooled(1, ...pieces)], 1)).toEqual(unsupported);
  });

  it("comes from a guessed name that exists and that the step mentions", () => {
    const pool = [{ facts: facts(1, "Foo.bar"), evidence: [named({ asked: "Foo.bar" })] }];
    expect(unsupportedSteps(sketch, pool, 1)).toEqual([0]);
  });

  it("lists guessed names that no declaration has", () => {
    const request = (text: string) =>
      ({ channel: "name", text, purpose: { kind: "guess" } }) as const;
    const found = (match: "exact" | "ending" | "misspelt") => [
      { facts: facts(1), evidence: named({ match }), score: 0 },
    ];
    expect(
      unknownNames([
        { request: request("a"), found: found("exact") },
        { request: request("b"), found: found("ending") },
        { request: request("c"), found: found("misspelt") },
        { request: request("d"), found: [] },
        { request: { channel: "query", text: "e", purpose: { kind: "theorem" } }, found: [] },
      ]),
    ).toEqual(["c", "d"]);
  });
});
