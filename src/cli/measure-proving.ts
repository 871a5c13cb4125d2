import { type BenchmarkProblem, fingerprintProblems } from "../../benchmark/prove/data.js";
import type { ProveIdentity } from "../../benchmark/prove/identity.js";
import { outcomeKey, type ProveJournal } from "../../benchmark/prove/journal.js";
import type { ProblemOutcome } from "../../benchmark/prove/outcome.js";
import { type ProveTask, runProveBenchmark } from "../../benchmark/prove/run.js";
import { REPLAYED } from "../../benchmark/premises/identity.js";
import { profileOf, type Role } from "../config/llm-settings.js";
import { UserError } from "../errors.js";
import { VERSION } from "../package-root.js";
import { Prompts } from "../premises/prompts.js";
import { prove } from "../prove/prove.js";
import type { Retrieval } from "../prove/retriever.js";
import { findLean } from "../verify/lean-installation.js";
import { type CheckerFlags, withCheckerFlags } from "./checker-options.js";
import type { Context } from "./context.js";
import { progressDisplay } from "./progress.js";
import type { Prover } from "./prover.js";

/** A run of the proving benchmark, as the command line wants it. */
export interface MeasuredProving {
  readonly problems: readonly BenchmarkProblem[];
  readonly retrievals: readonly Retrieval[];
  /** How many attempts each candidate has, and how many candidates there are. */
  readonly rounds: number;
  readonly candidates: number;
  readonly checker: CheckerFlags;
  readonly isReplayed: boolean;
}

/** What makes a run the one that it is. */
export function provingIdentity(
  context: Context,
  run: MeasuredProving,
  { prompt, checker, found, models }: Prover,
): ProveIdentity {
  const { problems, retrievals, rounds, candidates, isReplayed } = run;
  const reasons = retrievals.includes("reasoning");
  const roles: Role[] = reasons ? ["prove", "sketch", "filter", "judge", "rank"] : ["prove"];
  const modelOf = (role: Role): string => {
    if (isReplayed) return REPLAYED;
    const { llm } = context.settings;
    return (llm === undefined ? undefined : profileOf(llm, role)?.profile.model) ?? "none";
  };
  const settings = withCheckerFlags(context.settings.verify, run.checker);
  return {
    problemSet: fingerprintProblems(problems),
    ...{ retrievals: [...retrievals], rounds, candidates, lemmascope: VERSION },
    languageModels: Object.fromEntries(roles.map((role) => [role, modelOf(role)])),
    prompts: { prove: prompt.version, ...(reasons ? new Prompts().versions : {}) },
    checker: checker.name,
    // A server does not say which Lean it has.
    toolchain:
      settings.checker === "remote" ? null : (findLean(settings, process.env).toolchain ?? null),
    timeoutMs: settings.timeoutMs,
    corpus: found?.index.summary().corpusFingerprint ?? null,
    models: { ...models },
  };
}

/**
 * Runs what the journal does not have yet: each problem in all ways, so that a run that is stopped has
 * pairs to compare.
 *
 * @returns the outcomes of all, in this order.
 * @throws UserError as `runProveBenchmark`, saying how to go on.
 */
export async function measureProving(
  context: Context,
  run: MeasuredProving,
  prover: Prover,
  journal: ProveJournal | undefined,
): Promise<ProblemOutcome[]> {
  const { signal } = context;
  const tasks = run.problems.flatMap((problem) =>
    run.retrievals.map((retrieval): ProveTask => ({ problem, retrieval })),
  );
  const keyOf = ({ problem: { id }, retrieval }: ProveTask): string =>
    outcomeKey({ id, retrieval });
  const outcomes = new Map(journal?.done);
  const display = progressDisplay(context);
  const progress = () => `${outcomes.size} of ${tasks.length} runs`;
  try {
    await runProveBenchmark({
      tasks: tasks.filter((task) => !outcomes.has(keyOf(task))),
      prove: (task) => proveOne(task, run, prover, signal),
      usage: () => prover.chat.usage,
      onOutcome: (outcome) => {
        outcomes.set(outcomeKey(outcome), outcome);
        journal?.append(outcome);
        display.update(outcomes.size / tasks.length, progress());
      },
      signal,
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw stopped(error, progress(), journal !== undefined);
  } finally {
    display.end();
  }
  return tasks.flatMap((task) => outcomes.get(keyOf(task)) ?? []);
}

function proveOne(
  { problem: { problem }, retrieval }: ProveTask,
  { rounds, candidates }: MeasuredProving,
  prover: Prover,
  signal: AbortSignal,
) {
  const { chat, checker, prompt, checksAtOnce } = prover;
  const retriever = prover.retriever(problem.theorem, retrieval);
  return prove(
    problem,
    { chat, checker, prompt, retriever },
    { rounds, candidates, checksAtOnce, signal },
  );
}

/** Says how far a run came, and how to go on with it. */
function stopped(error: UserError, progress: string, isKept: boolean): UserError {
  const reason = error.exit === "interrupted" ? "" : ` (${error.message.replace(/\.$/u, "")})`;
  const advice = isKept ? "go on with it by --resume" : "no report is made, and nothing kept";
  return new UserError(
    error.exit,
    `The benchmark was stopped after ${progress}${reason}: ${advice}.`,
    { cause: error },
  );
}
