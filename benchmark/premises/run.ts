import { setImmediate } from "node:timers/promises";
import { UserError } from "../../src/errors.js";
import { BudgetSpent, type Usage } from "../../src/llm/chat.js";
import { usageSince } from "../../src/llm/usage.js";
import type { PremiseReport } from "../../src/premises/premise-run.js";
import type { BenchmarkTheorem } from "./data.js";
import type { GroupOutcome, TheoremOutcome } from "./outcome.js";

export interface PremiseBenchmarkOptions {
  /** The theorems that are still to be run. */
  readonly theorems: readonly BenchmarkTheorem[];
  /** The search under test: all that it found for a theorem, ranked. */
  readonly find: (theorem: BenchmarkTheorem) => Promise<PremiseReport>;
  /** Whether the index holds a declaration of this full name. */
  readonly isKnown: (name: string) => boolean;
  /** What language models have cost so far, failures included. */
  readonly usage: () => Usage;
  /** The ranking that a recorded language model made of its own, by the theorem's id. */
  readonly recordedRanking?: (id: string) => readonly string[] | undefined;
  /** How many names of each ranking are kept. */
  readonly kept: number;
  /** Told of every theorem as soon as it is done. */
  readonly onOutcome?: (outcome: TheoremOutcome) => void;
  /** Stops the run; the theorem that is under way is left out. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the theorems, one after the other. One that fails for reasons of its own is noted with its
 * reason, and counts as a theorem for which nothing was found.
 *
 * @throws UserError `interrupted` when the signal stops the run, `unavailable` when the language models'
 *   budget is spent, as what followed would be no answer of theirs; whatever else ends every search.
 */
export async function runPremiseBenchmark(
  options: PremiseBenchmarkOptions,
): Promise<TheoremOutcome[]> {
  const outcomes: TheoremOutcome[] = [];
  for (const theorem of options.theorems) {
    // Retrieval seldom lets the event loop turn: Ctrl-C and a progress bar need it to.
    await setImmediate();
    if (options.signal?.aborted === true) throw interrupted();
    const outcome = await runTheorem(theorem, options);
    outcomes.push(outcome);
    options.onOutcome?.(outcome);
  }
  return outcomes;
}

async function runTheorem(
  theorem: BenchmarkTheorem,
  options: PremiseBenchmarkOptions,
): Promise<TheoremOutcome> {
  const before = options.usage();
  const start = performance.now();
  const report = await reportOn(theorem, options);
  // Microseconds are as fine as a time is worth.
  const elapsedMs = Math.round((performance.now() - start) * 1000) / 1000;
  const usage = usageSince(before, options.usage());
  const { outcome, rounds, notes } = report;
  if (outcome === "interrupted") throw interrupted();
  if (outcome === "budget spent") throw new UserError("unavailable", notes.join(" "));
  const ranking = report.premises.map(({ facts }) => facts.name);
  return {
    id: theorem.id,
    name: theorem.theorem.name,
    groups: groupOutcomes(theorem, ranking, options),
    pool: ranking.length,
    premises: ranking.slice(0, options.kept),
    outcome,
    notes: [...notes],
    rounds,
    usage,
    elapsedMs,
  };
}

type Found = Pick<PremiseReport, "premises" | "rounds" | "notes"> & {
  readonly outcome: PremiseReport["outcome"] | "failed";
};

async function reportOn(
  theorem: BenchmarkTheorem,
  { find }: PremiseBenchmarkOptions,
): Promise<Found> {
  try {
    return await find(theorem);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof BudgetSpent) throw error;
    if (error.exit !== "badInput" && error.exit !== "unavailable") throw error;
    return { outcome: "failed", premises: [], rounds: 0, notes: [error.message] };
  }
}

function groupOutcomes(
  { id, groups }: BenchmarkTheorem,
  ranking: readonly string[],
  { isKnown, recordedRanking }: PremiseBenchmarkOptions,
): GroupOutcome[] {
  const rankOf = ranksOf(ranking);
  const recorded = recordedRanking?.(id);
  const recordedRankOf = recorded === undefined ? undefined : ranksOf(recorded);
  return groups.map(({ kind, declarations }) => ({
    kind,
    declarations: [...declarations],
    known: declarations.some(isKnown),
    rank: rankOf(declarations),
    ...(recordedRankOf === undefined ? {} : { recordedRank: recordedRankOf(declarations) }),
  }));
}

/** Where the first of some declarations stands, from 1; a name that comes twice counts once. */
function ranksOf(ranking: readonly string[]): (declarations: readonly string[]) => number | null {
  const ranks = new Map([...new Set(ranking)].map((name, at) => [name, at + 1]));
  return (declarations) => {
    const found = declarations.flatMap((name) => ranks.get(name) ?? []);
    return found.length === 0 ? null : Math.min(...found);
  };
}

function interrupted(): UserError {
  return new UserError("interrupted", "The benchmark was stopped.");
}
