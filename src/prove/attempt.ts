import type { Verdict } from "../verify/verdict.js";

/** One answer of the prover, and what became of it. */
export interface Attempt {
  /** Which of the candidates that are worked on at the same time, from 1. */
  readonly candidate: number;
  /** Which answer of this candidate, from 1. */
  readonly round: number;
  /** The Lean file that was answered; undefined where the answer holds none. */
  readonly code: string | undefined;
  /** What the checker says of it; undefined where there is no code, or the run was stopped before. */
  readonly verdict: Verdict | undefined;
  /** Why there is no verdict, as the rest of a sentence after a colon; empty where there is one. */
  readonly problem: string;
  /** How long the prover and the checker took, in ms. */
  readonly elapsedMs: number;
}

/** How far an attempt came: smaller is closer to a proof, compared number by number. */
type Distance = readonly [stage: number, errors: number, holes: number];

/**
 * Compares two attempts: first comes what is proved, then what Lean has judged, by errors and then by
 * holes, then what proves something else, then what Lean did not end, then what was refused.
 *
 * @returns a negative number where `a` is closer to a proof, 0 where they are equally close.
 */
export function compareAttempts(a: Attempt, b: Attempt): number {
  const [first, second] = [distance(a), distance(b)];
  const at = first.findIndex((part, place) => part !== second[place]);
  return at === -1 ? 0 : (first[at] ?? 0) - (second[at] ?? 0);
}

/** The attempt that came closest, the earliest of several; undefined where none has code. */
export function bestAttempt(attempts: readonly Attempt[]): Attempt | undefined {
  const [first, ...rest] = attempts.filter(({ code }) => code !== undefined);
  if (first === undefined) return undefined;
  return rest.reduce((best, one) => (compareAttempts(one, best) < 0 ? one : best), first);
}

/** How many errors Lean found, of any part. */
export function errorCount({ diagnostics }: Verdict): number {
  return diagnostics.filter(({ severity }) => severity === "error").length;
}

function distance({ verdict }: Attempt): Distance {
  if (verdict === undefined) return [5, 0, 0];
  const errors = errorCount(verdict);
  const holes = verdict.sorries.length;
  switch (verdict.failure?.kind) {
    case undefined:
      return [0, 0, 0];
    case "errors":
    case "sorry":
    case "axioms":
      return [1, errors, holes];
    case "statement":
    case "nothing":
    case "unusable-statement":
      return [2, errors, holes];
    case "timeout":
    case "memory":
    case "output":
    case "crash":
    case "garbled":
      return [3, errors, holes];
    case "refused":
      return [4, verdict.refused.length, 0];
  }
}
