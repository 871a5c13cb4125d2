import type { Verdict } from "./verdict.js";

/** A verdict as JSON shows it. */
export function verdictRecord(verdict: Verdict): Record<string, unknown> {
  const { proved, failure, diagnostics, axioms, sorries, refused, elapsedMs } = verdict;
  return {
    proved,
    failure: failure ?? null,
    diagnostics: diagnostics.map(({ start, end, ...rest }) => ({
      ...rest,
      start: start ?? null,
      end: end ?? null,
    })),
    axioms,
    sorries: sorries.map(({ start, end, goal }) => ({
      start: start ?? null,
      end: end ?? null,
      goal,
    })),
    refused: refused.map(({ position, ...rest }) => ({ ...rest, position: position ?? null })),
    elapsed_ms: Number(elapsedMs.toFixed(1)),
  };
}
