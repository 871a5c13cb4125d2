import { UserError } from "../../src/errors.js";
import {
  bootstrapDifferences,
  type BootstrapOptions,
  type DifferenceEstimate,
} from "../bootstrap.js";
import { reciprocalRank } from "../metrics.js";
import { QUERY_STYLES, type SearchQuery } from "./data.js";
import { inSlice, type SearchMetric, searchMetrics, SLICES, type Slice } from "./measures.js";
import type { SearchReport } from "./report.js";
import type { SearchRun } from "./run.js";
import { roundEstimate } from "./summary.js";

/** One metric in both runs: means in [0, 1], and B minus A with interval and p. */
export interface MetricComparison {
  readonly a: number;
  readonly b: number;
  readonly difference: DifferenceEstimate;
}

/** Both runs over one group of queries. */
export interface GroupComparison {
  readonly slice: Slice;
  /** A query style, or `all`. */
  readonly style: SearchQuery["style"] | "all";
  readonly n: number;
  /** Queries whose declaration stands higher in B, lower in B, and at the same place. */
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  /** By the metric's name. */
  readonly metrics: Readonly<Record<string, MetricComparison>>;
}

/** A query whose declaration changed place; null where it was not found. */
export interface ChangedQuery {
  readonly id: string;
  readonly text: string;
  readonly declaration: string;
  readonly rankA: number | null;
  readonly rankB: number | null;
}

/** What a run is recognised by in a comparison. */
export type RunIdentity = Pick<SearchRun, "startedAt" | "limit" | "fingerprints">;

/** A paired comparison of two runs over the same queries; every difference is B minus A. */
export interface SearchComparison {
  readonly a: RunIdentity;
  readonly b: RunIdentity;
  /** The smaller limit of the two runs; in both, ranks beyond it count as not found. */
  readonly limit: number;
  /** Groups without queries are left out. */
  readonly groups: readonly GroupComparison[];
  /** The queries that gained most in B, by reciprocal rank; at most ten. */
  readonly gained: readonly ChangedQuery[];
  /** The queries that lost most in B, by reciprocal rank; at most ten. */
  readonly lost: readonly ChangedQuery[];
}

const CHANGED_QUERIES = 10;

interface Pair extends ChangedQuery {
  readonly query: Pick<SearchQuery, "style" | "fair"> & { readonly resolved: boolean };
}

/**
 * Compares two runs query by query, for each slice and each style within it. The slice resolved
 * holds the queries that are resolved in both runs, so that both are judged on the same ones.
 *
 * @param options.only the declarations whose queries count; all where absent.
 * @throws UserError `badInput` when the runs are not over the same queries, or have none that count.
 */
export function compareSearchReports(
  a: SearchReport,
  b: SearchReport,
  options: BootstrapOptions & { readonly only?: ReadonlySet<string> } = {},
): SearchComparison {
  const limit = Math.min(a.run.limit, b.run.limit);
  const { only } = options;
  const pairs = pairUp(a.run, b.run, limit).filter(
    ({ declaration }) => only?.has(declaration) !== false,
  );
  if (pairs.length === 0) {
    throw new UserError("badInput", "The runs have no query for any of these declarations.");
  }
  const metrics = searchMetrics(limit);
  const groups = SLICES.flatMap((slice) => {
    const members = pairs.filter(({ query }) => inSlice(slice, query));
    return (["all", ...QUERY_STYLES] as const)
      .map((style) => ({
        style,
        members: members.filter(({ query }) => style === "all" || query.style === style),
      }))
      .filter((group) => group.members.length > 0)
      .map((group) => ({
        slice,
        style: group.style,
        ...compareGroup(group.members, metrics, options),
      }));
  });
  const byChange = pairs
    .map((pair) => ({ pair, change: gain(pair) }))
    .sort((x, y) => y.change - x.change || compareText(x.pair.id, y.pair.id));
  const gained = byChange.filter(({ change }) => change > 0).slice(0, CHANGED_QUERIES);
  const lost = byChange
    .filter(({ change }) => change < 0)
    .sort((x, y) => x.change - y.change)
    .slice(0, CHANGED_QUERIES);
  return {
    a: identity(a.run),
    b: identity(b.run),
    limit,
    groups,
    gained: gained.map(({ pair }) => changed(pair)),
    lost: lost.map(({ pair }) => changed(pair)),
  };
}

function pairUp(a: SearchRun, b: SearchRun, limit: number): Pair[] {
  const outcomesB = new Map(b.queries.map((outcome) => [outcome.id, outcome]));
  const withinLimit = (rank: number | null): number | null =>
    rank !== null && rank <= limit ? rank : null;
  const refuse = (): never => {
    const problem = `The two runs are over different queries (${a.queries.length} and ${b.queries.length}, ${a.querySet} and ${b.querySet})`;
    throw new UserError("badInput", `${problem}: compare runs over the same benchmark data.`);
  };
  if (a.querySet !== b.querySet) refuse();
  return a.queries.map((outcomeA) => {
    const outcomeB = outcomesB.get(outcomeA.id) ?? refuse();
    return {
      id: outcomeA.id,
      text: outcomeA.text,
      declaration: outcomeA.declaration,
      rankA: withinLimit(outcomeA.rank),
      rankB: withinLimit(outcomeB.rank),
      query: {
        style: outcomeA.style,
        fair: outcomeA.fair,
        resolved: outcomeA.resolved && outcomeB.resolved,
      },
    };
  });
}

function compareGroup(
  pairs: readonly Pair[],
  metrics: readonly SearchMetric[],
  options: BootstrapOptions,
): Omit<GroupComparison, "slice" | "style"> {
  const columnsA = metrics.map(({ of }) => pairs.map(({ rankA }) => of(rankA)));
  const columnsB = metrics.map(({ of }) => pairs.map(({ rankB }) => of(rankB)));
  const declarations = pairs.map(({ declaration }) => declaration);
  const differences = bootstrapDifferences(columnsA, columnsB, declarations, options);
  const compared = differences.map((difference, m): [string, MetricComparison] => [
    metrics[m]?.name ?? "",
    {
      a: mean(columnsA[m] ?? []),
      b: mean(columnsB[m] ?? []),
      difference: roundEstimate(difference),
    },
  ]);
  const gains = pairs.map(gain);
  return {
    n: pairs.length,
    wins: gains.filter((change) => change > 0).length,
    losses: gains.filter((change) => change < 0).length,
    ties: gains.filter((change) => change === 0).length,
    metrics: Object.fromEntries(compared),
  };
}

/**
 * How much a query gained in B, by reciprocal rank: it orders places as ranks do, and a step near
 * the top weighs more.
 */
function gain({ rankA, rankB }: ChangedQuery): number {
  return (
    reciprocalRank(rankB === null ? [] : [rankB]) - reciprocalRank(rankA === null ? [] : [rankA])
  );
}

function mean(values: readonly number[]): number {
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 1e6) / 1e6;
}

function changed({ id, text, declaration, rankA, rankB }: Pair): ChangedQuery {
  return { id, text, declaration, rankA, rankB };
}

function identity({ startedAt, limit, fingerprints }: SearchRun): RunIdentity {
  return { startedAt, limit, fingerprints };
}

/** By code units, so that the order does not depend on the machine's language. */
function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
