import { RETRIEVALS, type Retrieval } from "../../src/prove/retriever.js";
import {
  bootstrapDifferences,
  bootstrapMeans,
  type BootstrapOptions,
  type DifferenceEstimate,
  type Estimate,
} from "../bootstrap.js";
import { ascending, median } from "../percentiles.js";
import { roundEstimate } from "../search/summary.js";
import { PROBLEM_SETS, type ProblemSet } from "./data.js";
import { isSolved, type ProblemOutcome } from "./outcome.js";

/** The figures of one way of retrieval on one set of problems. */
export interface WaySummary {
  readonly set: ProblemSet;
  readonly retrieval: Retrieval;
  /** How many problems. */
  readonly n: number;
  readonly solved: number;
  /** The share that is solved, in [0, 1], with its interval over problems. */
  readonly rate: Estimate;
  /** How many are solved after 1, 2, … attempts of each candidate. */
  readonly solvedAfter: readonly number[];
  /** How many ended in each way. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly attempts: number;
  readonly usage: ProblemOutcome["usage"];
  /** Prompt and answer tokens for each problem that is solved; null where none is. */
  readonly tokensPerSolved: number | null;
  /** Wall-clock time of a problem, its median, in ms. */
  readonly medianMs: number;
  /** Time in Lean, summed, in ms. */
  readonly checkMs: number;
}

/** Two ways over the problems that both have: shares solved in `b` minus `a`. */
export interface WayDifference {
  readonly set: ProblemSet;
  readonly a: Retrieval;
  readonly b: Retrieval;
  readonly n: number;
  /** How many only one of them solved. */
  readonly onlyA: number;
  readonly onlyB: number;
  readonly difference: DifferenceEstimate;
}

export interface ProveSummary {
  readonly ways: readonly WaySummary[];
  readonly differences: readonly WayDifference[];
}

/** All figures of a run; the same outcomes and options always give the same figures. */
export function summarizeProveRun(
  outcomes: readonly ProblemOutcome[],
  rounds: number,
  options: BootstrapOptions = {},
): ProveSummary {
  const of = (set: ProblemSet, retrieval: Retrieval): ProblemOutcome[] =>
    outcomes.filter((one) => one.set === set && one.retrieval === retrieval);
  const ways = PROBLEM_SETS.flatMap((set) =>
    RETRIEVALS.flatMap((retrieval) => {
      const own = of(set, retrieval);
      return own.length === 0 ? [] : [summarizeWay(set, retrieval, own, rounds, options)];
    }),
  );
  const pairs = [
    ["none", "standard"],
    ["none", "reasoning"],
    ["standard", "reasoning"],
  ] as const;
  const differences = PROBLEM_SETS.flatMap((set) =>
    pairs.flatMap(([a, b]) => difference(set, [a, of(set, a)], [b, of(set, b)], options)),
  );
  return { ways, differences };
}

function summarizeWay(
  set: ProblemSet,
  retrieval: Retrieval,
  own: readonly ProblemOutcome[],
  rounds: number,
  options: BootstrapOptions,
): WaySummary {
  const solved = own.filter(isSolved);
  const [rate = { mean: 0, low: 0, high: 0 }] = bootstrapMeans(
    [own.map((one) => (isSolved(one) ? 1 : 0))],
    own.map(({ id }) => id),
    options,
  );
  const outcomes: Record<string, number> = {};
  for (const { outcome } of own) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const usage = {
    calls: total(own, ({ usage: { calls } }) => calls),
    promptTokens: total(own, ({ usage: { promptTokens } }) => promptTokens),
    completionTokens: total(own, ({ usage: { completionTokens } }) => completionTokens),
    cachedAnswers: total(own, ({ usage: { cachedAnswers } }) => cachedAnswers),
  };
  return {
    ...{ set, retrieval, n: own.length, solved: solved.length, rate: roundEstimate(rate) },
    solvedAfter: Array.from(
      { length: rounds },
      (_, at) => solved.filter(({ round }) => round !== null && round <= at + 1).length,
    ),
    outcomes,
    attempts: total(own, ({ attempts }) => attempts),
    usage,
    tokensPerSolved:
      solved.length === 0
        ? null
        : Math.round((usage.promptTokens + usage.completionTokens) / solved.length),
    medianMs: median(ascending(own.map(({ elapsedMs }) => elapsedMs))),
    checkMs: Math.round(total(own, ({ checkMs }) => checkMs) * 1000) / 1000,
  };
}

type Way = readonly [Retrieval, readonly ProblemOutcome[]];

function difference(
  set: ProblemSet,
  [a, first]: Way,
  [b, second]: Way,
  options: BootstrapOptions,
): WayDifference[] {
  const others = new Map(second.map((one) => [one.id, isSolved(one)]));
  const pairs = first.flatMap((one) => {
    const other = others.get(one.id);
    return other === undefined ? [] : [{ id: one.id, a: isSolved(one), b: other }];
  });
  if (pairs.length === 0) return [];
  const [estimate] = bootstrapDifferences(
    [pairs.map((pair) => Number(pair.a))],
    [pairs.map((pair) => Number(pair.b))],
    pairs.map(({ id }) => id),
    options,
  );
  if (estimate === undefined) return [];
  return [
    {
      ...{ set, a, b, n: pairs.length },
      onlyA: pairs.filter((pair) => pair.a && !pair.b).length,
      onlyB: pairs.filter((pair) => pair.b && !pair.a).length,
      difference: roundEstimate(estimate),
    },
  ];
}

function total(
  outcomes: readonly ProblemOutcome[],
  part: (outcome: ProblemOutcome) => number,
): number {
  return outcomes.reduce((sum, outcome) => sum + part(outcome), 0);
}
