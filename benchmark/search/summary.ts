import { DECLARATION_KINDS } from "../../src/declaration.js";
import { bootstrapMeans, type BootstrapOptions, type Estimate } from "../bootstrap.js";
import { ascending, percentile } from "../percentiles.js";
import { DIFFICULTIES, QUERY_STYLES } from "./data.js";
import { inSlice, type SearchMetric, searchMetrics, SLICES, type Slice } from "./measures.js";
import type { QueryOutcome, SearchRun } from "./run.js";

/** The figures of one group of queries. */
export interface GroupSummary {
  /** How many queries. */
  readonly n: number;
  /** How many declarations they ask for: the units that the intervals resample. */
  readonly declarations: number;
  /** By the metric's name; empty where there are no queries. Rounded to six decimals. */
  readonly metrics: Readonly<Record<string, Estimate>>;
}

/** The figures of one slice; the breakdowns name only groups that have queries. */
export interface SliceSummary {
  readonly all: GroupSummary;
  readonly byStyle: Readonly<Record<string, GroupSummary>>;
  readonly byKind: Readonly<Record<string, GroupSummary>>;
  readonly byDifficulty: Readonly<Record<string, GroupSummary>>;
}

/** Nearest-rank percentiles of the searches' wall-clock times, in ms. */
export interface LatencySummary {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface SearchSummary {
  readonly slices: Readonly<Record<Slice, SliceSummary>>;
  readonly latencyMs: LatencySummary;
}

/** All figures of a run; the same run and options always give the same figures. */
export function summarizeSearchRun(
  run: Pick<SearchRun, "limit" | "queries">,
  options: BootstrapOptions = {},
): SearchSummary {
  const metrics = searchMetrics(run.limit);
  const summarize = (queries: readonly QueryOutcome[]): GroupSummary =>
    summarizeGroup(queries, metrics, options);
  const slice = (name: Slice): SliceSummary => {
    const queries = run.queries.filter((query) => inSlice(name, query));
    const breakdown = (
      groups: readonly string[],
      groupOf: (query: QueryOutcome) => string,
    ): Record<string, GroupSummary> =>
      Object.fromEntries(
        groups
          .map((group) => [group, queries.filter((query) => groupOf(query) === group)] as const)
          .filter(([, members]) => members.length > 0)
          .map(([group, members]) => [group, summarize(members)]),
      );
    return {
      all: summarize(queries),
      byStyle: breakdown(QUERY_STYLES, ({ style }) => style),
      byKind: breakdown(DECLARATION_KINDS, ({ kind }) => kind),
      byDifficulty: breakdown(DIFFICULTIES, ({ difficulty }) => difficulty),
    };
  };
  const latencies = ascending(run.queries.map(({ latencyMs }) => latencyMs));
  return {
    slices: { fair: slice("fair"), resolved: slice("resolved"), full: slice("full") },
    latencyMs: {
      n: latencies.length,
      p50: percentile(latencies, 50),
      p95: percentile(latencies, 95),
      p99: percentile(latencies, 99),
      max: percentile(latencies, 100),
    },
  };
}

function summarizeGroup(
  queries: readonly QueryOutcome[],
  metrics: readonly SearchMetric[],
  options: BootstrapOptions,
): GroupSummary {
  const declarations = queries.map(({ declaration }) => declaration);
  const size = { n: queries.length, declarations: new Set(declarations).size };
  if (queries.length === 0) return { ...size, metrics: {} };
  const columns = metrics.map(({ of }) => queries.map(({ rank }) => of(rank)));
  const estimates = bootstrapMeans(columns, declarations, options).map((estimate, m) => [
    metrics[m]?.name,
    roundEstimate(estimate),
  ]);
  return { ...size, metrics: Object.fromEntries(estimates) as Record<string, Estimate> };
}

/**
 * An estimate to six decimals: logarithms may differ in their last bit from one machine to another,
 * and a report should not.
 */
export function roundEstimate<T extends Estimate>(estimate: T): T {
  const round = (value: number): number => Math.round(value * 1e6) / 1e6 + 0;
  return {
    ...estimate,
    mean: round(estimate.mean),
    low: round(estimate.low),
    high: round(estimate.high),
  };
}

/** The slices with their summaries, in the order of {@link SLICES}. */
export function sliceEntries(summary: SearchSummary): [Slice, SliceSummary][] {
  return SLICES.map((slice) => [slice, summary.slices[slice]]);
}
