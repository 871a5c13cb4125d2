import { UserError } from "../../src/errors.js";
import {
  bootstrapDifferences,
  type BootstrapOptions,
  type DifferenceEstimate,
} from "../bootstrap.js";
import { roundEstimate } from "../search/summary.js";
import { groupRecall, type RankedGroup, PREMISE_METRICS } from "./measures.js";
import type { PremiseBenchmarkReport, PremiseRunRecord } from "./report.js";

/** One metric in both runs: means in [0, 1], and B minus A with interval and p. */
export interface MetricComparison {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  readonly difference: DifferenceEstimate;
}

/** A theorem of which the first ten hit more or fewer groups in B than in A. */
export interface ChangedTheorem {
  readonly id: string;
  readonly name: string;
  /** Group Recall@10 in each run. */
  readonly a: number;
  readonly b: number;
}

/** A paired comparison of two runs over the theorems that both have; every difference is B minus A. */
export interface PremiseComparison {
  readonly a: Pick<PremiseRunRecord, "startedAt" | "identity">;
  readonly b: Pick<PremiseRunRecord, "startedAt" | "identity">;
  /** How many theorems both runs have. */
  readonly n: number;
  /** Over all groups. */
  readonly metrics: readonly MetricComparison[];
  /** What changed most first; at most ten each. */
  readonly gained: readonly ChangedTheorem[];
  readonly lost: readonly ChangedTheorem[];
}

const CHANGED_THEOREMS = 10;

/**
 * Compares two runs theorem by theorem, over the theorems that both have.
 *
 * @throws UserError `badInput` when they have none in common, or one of them has other groups.
 */
export function comparePremiseReports(
  a: PremiseBenchmarkReport,
  b: PremiseBenchmarkReport,
  options: BootstrapOptions = {},
): PremiseComparison {
  const pairs = pairUp(a.run, b.run);
  const columns = (side: "a" | "b") =>
    PREMISE_METRICS.map(({ of }) => pairs.map((p) => of(p[side])));
  const [first, second] = [columns("a"), columns("b")];
  const ids = pairs.map(({ id }) => id);
  const estimates = bootstrapDifferences(first, second, ids, options);
  const changes = pairs
    .map(({ id, name, a: before, b: after }) => ({
      ...{ id, name },
      ...{ a: groupRecall(before, 10), b: groupRecall(after, 10) },
    }))
    .sort((x, y) => y.b - y.a - (x.b - x.a) || (x.id < y.id ? -1 : 1));
  return {
    a: identityOf(a.run),
    b: identityOf(b.run),
    n: pairs.length,
    metrics: estimates.map((difference, m) => ({
      name: PREMISE_METRICS[m]?.name ?? "",
      a: mean(first[m] ?? []),
      b: mean(second[m] ?? []),
      difference: roundEstimate(difference),
    })),
    gained: changes.filter((one) => one.b > one.a).slice(0, CHANGED_THEOREMS),
    lost: changes
      .filter((one) => one.b < one.a)
      .reverse()
      .slice(0, CHANGED_THEOREMS),
  };
}

interface Pair {
  readonly id: string;
  readonly name: string;
  readonly a: readonly RankedGroup[];
  readonly b: readonly RankedGroup[];
}

function pairUp(a: PremiseRunRecord, b: PremiseRunRecord): Pair[] {
  const others = new Map(b.theorems.map((theorem) => [theorem.id, theorem]));
  const pairs = a.theorems.flatMap(({ id, name, groups }) => {
    const other = others.get(id);
    if (other === undefined) return [];
    const sought = (list: typeof groups): string =>
      JSON.stringify(list.map(({ kind, declarations }) => [kind, declarations]));
    if (name !== other.name || sought(groups) !== sought(other.groups)) {
      throw new UserError(
        "badInput",
        `The two runs do not mean the same by ${id}: compare runs over the same benchmark data.`,
      );
    }
    return [{ id, name, a: groups, b: other.groups }];
  });
  if (pairs.length > 0) return pairs;
  throw new UserError(
    "badInput",
    "The two runs have no theorem in common: compare runs over the same benchmark data.",
  );
}

function identityOf({ startedAt, identity }: PremiseRunRecord) {
  return { startedAt, identity };
}

function mean(values: readonly number[]): number {
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 1e6) / 1e6;
}
