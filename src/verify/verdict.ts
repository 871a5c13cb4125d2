/** A place in a text, as Lean counts: lines from 1, columns from 0 in Unicode code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type Severity = "error" | "warning" | "info";

/** Something that Lean said. */
export interface Diagnostic {
  readonly severity: Severity;
  /**
   * What it is about: the candidate, whose lines the positions count; the statement that was asked
   * for; or the comparison of the two, which has no lines of its own.
   */
  readonly about: "candidate" | "statement" | "comparison";
  readonly start: Position | undefined;
  readonly end: Position | undefined;
  readonly message: string;
}

/** A hole in a candidate. */
export interface Sorry {
  readonly start: Position | undefined;
  readonly end: Position | undefined;
  /** What was to be shown there, as Lean prints it; empty where Lean does not say. */
  readonly goal: string;
}

/** What a candidate must not contain; the user may allow each by name. */
export const FILTER_RULES = [
  "evaluation",
  "metaprogramming",
  "notation",
  "compiler",
  "native",
  "options",
  "attributes",
  "imports",
  "network",
] as const;
export type FilterRule = (typeof FILTER_RULES)[number];

/** Why a candidate was not shown to Lean. */
export interface Refusal {
  /** `axioms` has its own list of exceptions; `unreadable` has none. */
  readonly rule: FilterRule | "axioms" | "unreadable";
  /** One sentence. */
  readonly sentence: string;
  readonly position: Position | undefined;
}

/**
 * Why a candidate does not count as proved.
 *
 * - `refused`: the filter found something that it does not let through.
 * - `errors`: Lean found errors in the candidate.
 * - `sorry`: there are holes in it.
 * - `axioms`: it rests on axioms that are not permitted, or Lean did not say on which.
 * - `statement`: it proves something else than what was asked for.
 * - `nothing`: it states no named theorem.
 * - `unusable-statement`: the statement itself does not compile.
 * - `timeout`, `memory`, `output`: Lean took too long, too much memory, or wrote too much.
 * - `crash`: Lean ended without an answer.
 * - `garbled`: its answer could not be read.
 */
export type FailureKind =
  | "refused"
  | "errors"
  | "sorry"
  | "axioms"
  | "statement"
  | "nothing"
  | "unusable-statement"
  | RunFailureKind;

/** How a run of Lean can fail. */
export type RunFailureKind = "timeout" | "memory" | "output" | "crash" | "garbled";

export interface Failure<Kind extends FailureKind = FailureKind> {
  readonly kind: Kind;
  /** One sentence. */
  readonly sentence: string;
}

/** What a check found. */
export interface Verdict {
  /** Whether the candidate proves what was asked for; `failure` is there exactly where not. */
  readonly proved: boolean;
  readonly failure: Failure | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The axioms that the proof rests on, as Lean tells them; empty where it was not asked. */
  readonly axioms: readonly string[];
  readonly sorries: readonly Sorry[];
  /** Wall-clock time in ms, time in a queue included. */
  readonly elapsedMs: number;
  /** What the filter found; empty where the candidate was shown to Lean. */
  readonly refused: readonly Refusal[];
}

/** What is to be checked. */
export interface Candidate {
  /**
   * What is to be proved: Lean source with imports, opens, variables and at its end a named theorem
   * whose proof is `sorry`. Where absent, the code is only diagnosed, and counts as proved where
   * each of its own theorems is.
   */
  readonly statement?: string;
  /** A whole Lean file that declares a theorem of the statement's name. */
  readonly code: string;
}

export interface CheckOptions {
  readonly signal?: AbortSignal;
}

/** A way to have candidates checked by Lean. */
export interface Checker {
  /** `lake`, `repl` or `remote`. */
  readonly name: string;
  /**
   * Checks a candidate. Whatever the candidate does, it ends in a verdict.
   *
   * @throws UserError `badInput` for a statement that makes no sense, `unavailable` where Lean or
   * the server cannot be reached, `interrupted` after the signal.
   */
  check(candidate: Candidate, options?: CheckOptions): Promise<Verdict>;
  /** Ends all processes and connections; checks that are under way fail. */
  close(): Promise<void>;
}
