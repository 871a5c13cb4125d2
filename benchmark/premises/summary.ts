import { bootstrapMeans, type BootstrapOptions, type Estimate } from "../bootstrap.js";
import { ascending, median, percentile } from "../percentiles.js";
import { roundEstimate } from "../search/summary.js";
import { groupsOf, PREMISE_METRICS, type RankedGroup, type Slice, SLICES } from "./measures.js";
import type { TheoremOutcome } from "./outcome.js";

/** The figures of some theorems. */
export interface GroupSummary {
  /** How many theorems: the units that the intervals resample. */
  readonly n: number;
  /** How many groups of premises they have. */
  readonly groups: number;
  /** By the metric's name: means over theorems in [0, 1]; empty where there are no theorems. */
  readonly metrics: Readonly<Record<string, Estimate>>;
}

export interface PremiseSummary {
  readonly slices: Readonly<Record<Slice, GroupSummary>>;
  /**
   * What the recorded language model's own ranking reaches, over all groups of the theorems that it
   * ranked for. For comparison only.
   */
  readonly recordedRanking: GroupSummary;
  /** How many theorems ended in each way. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** What language models cost, over all theorems. */
  readonly usage: TheoremOutcome["usage"];
  /** Wall-clock times of a theorem, in ms; p95 is a nearest-rank percentile. */
  readonly timeMs: {
    readonly n: number;
    readonly median: number;
    readonly p95: number;
    readonly max: number;
  };
}

/** All figures of a run; the same outcomes and options always give the same figures. */
export function summarizePremiseRun(
  theorems: readonly TheoremOutcome[],
  options: BootstrapOptions = {},
): PremiseSummary {
  const slice = (name: Slice): GroupSummary =>
    summarize(
      theorems.map((theorem) => groupsOf(name, theorem)),
      options,
    );
  const times = ascending(theorems.map(({ elapsedMs }) => elapsedMs));
  const outcomes: Record<string, number> = {};
  for (const { outcome } of theorems) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const [all, indexed] = SLICES;
  return {
    slices: { [all]: slice(all), [indexed]: slice(indexed) },
    recordedRanking: summarize(theorems.map(recordedGroups), options),
    outcomes,
    usage: {
      calls: total(theorems, "calls"),
      promptTokens: total(theorems, "promptTokens"),
      completionTokens: total(theorems, "completionTokens"),
      cachedAnswers: total(theorems, "cachedAnswers"),
    },
    timeMs: {
      n: times.length,
      median: median(times),
      p95: percentile(times, 95),
      max: percentile(times, 100),
    },
  };
}

/** @param theorems the groups of each; theorems without any are left out. */
function summarize(
  theorems: readonly (readonly RankedGroup[])[],
  options: BootstrapOptions,
): GroupSummary {
  const counted = theorems.filter((groups) => groups.length > 0);
  const size = { n: counted.length, groups: counted.flat().length };
  if (counted.length === 0) return { ...size, metrics: {} };
  const columns = PREMISE_METRICS.map(({ of }) => counted.map(of));
  const estimates = bootstrapMeans(
    columns,
    counted.map((_, at) => String(at)),
    options,
  );
  const named = estimates.map((estimate, m) => [PREMISE_METRICS[m]?.name, roundEstimate(estimate)]);
  return { ...size, metrics: Object.fromEntries(named) as Record<string, Estimate> };
}

function recordedGroups({ groups }: TheoremOutcome): RankedGroup[] {
  return groups.flatMap(({ kind, recordedRank }) =>
    recordedRank === undefined ? [] : [{ kind, rank: recordedRank }],
  );
}

function total(theorems: readonly TheoremOutcome[], part: keyof TheoremOutcome["usage"]): number {
  return theorems.reduce((sum, { usage }) => sum + usage[part], 0);
}
