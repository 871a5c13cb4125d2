import { type Problem, readProblem } from "../../src/prove/problem.js";
import type { Attempt } from "../../src/prove/attempt.js";
import type { Diagnostic, Failure, Verdict } from "../../src/verify/verdict.js";

export const STATEMENT = `import Mathlib

open Finset

/-- The sum of the first numbers. -/
theorem sum_first (n : ℕ) : 2 * ∑ i ∈ range (n + 1), i = n * (n + 1) := by
  sorry
`;

export function problem(statement = STATEMENT): Problem {
  return readProblem(statement, { source: "The file" });
}

/** The statement with a proof in place of its `sorry`. */
export function proofWith(body: string): string {
  return STATEMENT.replace("  sorry\n", `${body.replace(/^/gm, "  ")}\n`);
}

/** An answer of a prover: words, and a file with this proof. */
export function answerWith(body: string): string {
  return `By induction.\n\n\`\`\`lean\n${proofWith(body)}\`\`\`\n`;
}

export function errorAt(line: number, message: string): Diagnostic {
  const start = { line, column: 2 };
  return { severity: "error", about: "candidate", start, end: undefined, message };
}

/** A verdict that is no proof; one of `failure` alone unless more is said. */
export function verdict(
  failure: Failure["kind"] | undefined,
  more: Partial<Verdict> = {},
): Verdict {
  return {
    proved: failure === undefined,
    failure: failure === undefined ? undefined : { kind: failure, sentence: `It is ${failure}.` },
    ...{ diagnostics: [], axioms: [], sorries: [], elapsedMs: 5, refused: [] },
    ...more,
  };
}

export function attempt(
  round: number,
  of: Verdict | undefined,
  more: Partial<Attempt> = {},
): Attempt {
  return {
    ...{ candidate: 1, round, code: `-- attempt ${round}\n`, verdict: of },
    ...{ problem: "", elapsedMs: 10 },
    ...more,
  };
}
