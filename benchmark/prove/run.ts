import { setImmediate } from "node:timers/promises";
import { UserError } from "../../src/errors.js";
import { BudgetSpent, type Usage } from "../../src/llm/chat.js";
import { usageSince } from "../../src/llm/usage.js";
import { interrupted } from "../../src/network/retry.js";
import type { ProveReport } from "../../src/prove/prove-run.js";
import type { Retrieval } from "../../src/prove/retriever.js";
import { readStatement } from "../../src/verify/source/statement.js";
import { citesItself } from "./citation.js";
import type { BenchmarkProblem } from "./data.js";
import type { ProblemOutcome } from "./outcome.js";

/** One problem in one way of retrieval. */
export interface ProveTask {
  readonly problem: BenchmarkProblem;
  readonly retrieval: Retrieval;
}

export interface ProveBenchmarkOptions {
  /** What is still to be run, in order. */
  readonly tasks: readonly ProveTask[];
  /** The prover under test. */
  readonly prove: (task: ProveTask) => Promise<ProveReport>;
  /** What language models have cost so far, failures included. */
  readonly usage: () => Usage;
  /** Told of every task as soon as it is done. */
  readonly onOutcome?: (outcome: ProblemOutcome) => void;
  /** Stops the run; the task that is under way is left out. */
  readonly signal?: AbortSignal;
}

/** So many failures of a server or of Lean in a row are no accident: more would only cost. */
const MOST_FAILURES = 3;

/**
 * Runs the tasks, one after the other. One that fails for reasons of its own is noted with its reason,
 * and counts as not solved.
 *
 * @throws UserError `interrupted` when the signal stops the run, `unavailable` when the language models'
 *   budget is spent or a server or Lean fails again and again, as what followed would be no answer of
 *   theirs; whatever else ends every run.
 */
export async function runProveBenchmark(options: ProveBenchmarkOptions): Promise<ProblemOutcome[]> {
  const outcomes: ProblemOutcome[] = [];
  let failures = 0;
  for (const task of options.tasks) {
    await setImmediate();
    if (options.signal?.aborted === true) throw interrupted();
    const { outcome, isFailure } = await runTask(task, options);
    outcomes.push(outcome);
    options.onOutcome?.(outcome);
    failures = isFailure ? failures + 1 : 0;
    if (failures >= MOST_FAILURES) throw new UserError("unavailable", outcome.notes.join(" "));
  }
  return outcomes;
}

async function runTask(
  task: ProveTask,
  options: ProveBenchmarkOptions,
): Promise<{ outcome: ProblemOutcome; isFailure: boolean }> {
  const before = options.usage();
  const start = performance.now();
  const { isFailure, ...ended } = await reportOn(task, options);
  const { problem, retrieval } = task;
  const outcome = {
    id: problem.id,
    set: problem.set,
    name: readStatement(problem.problem.statement).fullName,
    retrieval,
    ...ended,
    usage: usageSince(before, options.usage()),
    elapsedMs: rounded(performance.now() - start),
  };
  return { outcome, isFailure };
}

interface Ended extends Omit<
  ProblemOutcome,
  "id" | "set" | "name" | "retrieval" | "usage" | "elapsedMs"
> {
  /** Whether a server or Lean could not be used. */
  readonly isFailure: boolean;
}

async function reportOn(task: ProveTask, options: ProveBenchmarkOptions): Promise<Ended> {
  let report: ProveReport;
  try {
    report = await options.prove(task);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof BudgetSpent) throw error;
    if (error.exit !== "badInput" && error.exit !== "unavailable") throw error;
    const isFailure = error.exit === "unavailable";
    return { ...NOTHING, outcome: "failed", notes: [error.message], isFailure };
  }
  const { outcome, best, notes, attempts } = report;
  if (outcome === "interrupted") throw interrupted();
  if (outcome === "budget spent") throw new UserError("unavailable", notes.join(" "));
  const { inLibrary } = task.problem;
  const code = best?.code ?? null;
  const isCited =
    outcome === "proved" &&
    inLibrary !== undefined &&
    code !== null &&
    citesItself(code, task.problem.problem.statement, inLibrary);
  return {
    outcome: isCited ? "cites itself" : outcome,
    attempts: attempts.length,
    round: outcome === "proved" ? (best?.round ?? null) : null,
    code,
    problem: best?.verdict?.failure?.sentence ?? null,
    premises: report.starting.premises.map(({ name }) => name),
    notes: [...notes],
    checkMs: rounded(report.checkMs),
    isFailure: outcome === "stopped early",
  };
}

const NOTHING = {
  ...{ attempts: 0, round: null, code: null, problem: null },
  ...{ premises: [], notes: [], checkMs: 0 },
};

/** Microseconds are as fine as a time is worth. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
