import type { Chat, Usage } from "../llm/chat.js";
import type { Prompt } from "../llm/prompt.js";
import type { Checker } from "../verify/verdict.js";
import type { Attempt } from "./attempt.js";
import type { ProveTrace } from "./prove-trace.js";
import type { Retriever, StartingPremises } from "./retriever.js";

/** How many answers a candidate has where nothing is said. */
export const DEFAULT_ATTEMPTS = 8;

/** What a run works with. */
export interface ProveParts {
  /** Asked in the role `prove`. */
  readonly chat: Chat;
  readonly checker: Checker;
  readonly retriever: Retriever;
  /** The file `prompts/prove.md`. */
  readonly prompt: Prompt;
}

/** Where one candidate stands. */
export interface ProveProgress {
  readonly stage: "retrieve" | "ask" | "check";
  /** From 1; 0 while premises are retrieved for all. */
  readonly candidate: number;
  /** From 1; 0 while premises are retrieved. */
  readonly round: number;
}

export interface ProveOptions {
  /** How many answers each candidate has at most; 8 unless told. */
  readonly rounds?: number;
  /** How many are worked on at the same time; 1 unless told. */
  readonly candidates?: number;
  /** How many are checked at the same time, as each may take all of Lean's memory; 1 unless told. */
  readonly checksAtOnce?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProveProgress) => void;
  readonly onAttempt?: (attempt: Attempt) => void;
  readonly trace?: ProveTrace | undefined;
}

/**
 * How a run ended: with a proof, after all attempts, or early, because the language model's budget was
 * spent, something failed, or someone stopped it.
 */
export type ProveOutcome =
  "proved" | "not proved" | "budget spent" | "stopped early" | "interrupted";

/** What a run came to. */
export interface ProveReport {
  readonly outcome: ProveOutcome;
  /** In the order in which they ended. */
  readonly attempts: readonly Attempt[];
  /** The proof, else the attempt that came closest; undefined where there is none with code. */
  readonly best: Attempt | undefined;
  readonly starting: StartingPremises;
  /** What went wrong without ending the run at once, in sentences. */
  readonly notes: readonly string[];
  /** What language models cost. */
  readonly usage: Usage;
  /** Wall-clock time in ms, and how much of it the checks took, summed over candidates. */
  readonly elapsedMs: number;
  readonly checkMs: number;
}
