import pLimit from "p-limit";
import { UserError } from "../errors.js";
import { BudgetSpent, type Usage } from "../llm/chat.js";
import { usageSince } from "../llm/usage.js";
import { interrupted } from "../network/retry.js";
import { type Attempt, bestAttempt } from "./attempt.js";
import { CandidateRun } from "./candidate.js";
import type { Problem } from "./problem.js";
import {
  DEFAULT_ATTEMPTS,
  type ProveOptions,
  type ProveOutcome,
  type ProveParts,
  type ProveReport,
} from "./prove-run.js";
import { NO_RETRIEVER, type StartingPremises } from "./retriever.js";

/**
 * Has a language model prove a theorem: premises are retrieved, the model writes a proof, Lean checks it,
 * and what Lean says goes back to the model with what the library has for it. Several candidates can be
 * worked on at the same time; the first proof ends all. Whatever ends a run early, it gives what it has.
 *
 * @throws UserError what the language model, the checker or the search throws before there is any
 * attempt; `badInput` where Lean finds an error in the statement itself.
 */
export async function prove(
  problem: Problem,
  parts: ProveParts,
  options: ProveOptions = {},
): Promise<ProveReport> {
  return await new ProveRun(problem, parts, options).go();
}

/** One run, with what it has so far. */
class ProveRun {
  readonly #problem: Problem;
  readonly #parts: ProveParts;
  readonly #options: ProveOptions;
  readonly #attempts: Attempt[] = [];
  readonly #notes = new Set<string>();
  readonly #begun = performance.now();
  /** What the chat had cost before. */
  readonly #before: Usage;
  #starting: StartingPremises | undefined;

  constructor(problem: Problem, parts: ProveParts, options: ProveOptions) {
    this.#problem = problem;
    this.#parts = parts;
    this.#options = options;
    this.#before = parts.chat.usage;
  }

  async go(): Promise<ProveReport> {
    let outcome: ProveOutcome;
    try {
      outcome = await this.#run();
    } catch (error) {
      outcome = this.#early(error);
    }
    return await this.#report(outcome);
  }

  async #run(): Promise<ProveOutcome> {
    const { signal, trace, onProgress, rounds = DEFAULT_ATTEMPTS } = this.#options;
    const { candidates = 1, checksAtOnce = 1 } = this.#options;
    if (signal?.aborted === true) throw interrupted();
    onProgress?.({ stage: "retrieve", candidate: 0, round: 0 });
    const starting = await this.#parts.retriever.begin(signal);
    this.#starting = starting;
    for (const note of starting.notes) this.#notes.add(note);
    trace?.premises(starting);
    const enough = new AbortController();
    const shared = {
      ...{ problem: this.#problem, parts: this.#parts, options: this.#options, starting },
      ...{ rounds, candidates },
      signal: signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]),
      checking: pLimit(checksAtOnce),
      checked: new Map(),
      keep: (attempt: Attempt): void => this.#keep(attempt),
    };
    const numbers = Array.from({ length: candidates }, (_, at) => at + 1);
    const ends = await Promise.allSettled(
      numbers.map(async (number) => {
        try {
          const proved = await new CandidateRun(number, shared).go();
          if (proved) enough.abort();
          return proved;
        } catch (error) {
          // Others may still use what they were answered where only a server or a budget has ended.
          if (!(error instanceof UserError) || error.exit !== "unavailable") enough.abort();
          throw error;
        }
      }),
    );
    if (ends.some((end) => end.status === "fulfilled" && end.value)) return "proved";
    const failed = ends.filter((end) => end.status === "rejected");
    // Candidates that were ended because of another one say only that.
    const cause = failed.find(({ reason }) => !isInterruption(reason)) ?? failed[0];
    if (cause !== undefined) throw cause.reason;
    return "not proved";
  }

  #keep(attempt: Attempt): void {
    this.#attempts.push(attempt);
    this.#options.trace?.attempt(attempt);
    this.#options.onAttempt?.(attempt);
  }

  /** What an error makes of the run; thrown again where there is nothing to give. */
  #early(error: unknown): ProveOutcome {
    if (!(error instanceof UserError) || error.exit === "badInput") throw error;
    if (error instanceof BudgetSpent) {
      this.#notes.add(error.message);
      return "budget spent";
    }
    if (this.#attempts.length === 0) throw error;
    if (isInterruption(error)) return "interrupted";
    this.#notes.add(error.message);
    return "stopped early";
  }

  async #report(outcome: ProveOutcome): Promise<ProveReport> {
    const attempts = this.#attempts;
    const report: ProveReport = {
      outcome,
      attempts,
      best: bestAttempt(attempts),
      starting: this.#starting ?? (await NO_RETRIEVER.begin()),
      notes: [...this.#notes],
      usage: usageSince(this.#before, this.#parts.chat.usage),
      elapsedMs: performance.now() - this.#begun,
      checkMs: attempts.reduce((sum, { verdict }) => sum + (verdict?.elapsedMs ?? 0), 0),
    };
    const { notes, usage, elapsedMs, checkMs, best } = report;
    const where = best === undefined ? null : { candidate: best.candidate, round: best.round };
    this.#options.trace?.end({ outcome, best: where, notes, usage, elapsedMs, checkMs });
    return report;
  }
}

function isInterruption(error: unknown): boolean {
  return error instanceof UserError && error.exit === "interrupted";
}
