import type { FailureKind, Refusal } from "../../../src/verify/verdict.js";
import type { LakePlan } from "../fake/fake-lake.js";

/** A candidate that the filter refuses for a rule, so that Lean never sees it. */
export type FilterCheat = readonly [rule: Refusal["rule"], trick: string, code: string];

/** A candidate that passes the filter, and what Lean has against it. */
export type LeanCheat = readonly [trick: string, code: string, stopped: StoppedByLean];

/**
 * `lean` is what Lean answers to the check file (which the fake lake then says
 * in its place) and `because` why it does.
 */
export interface StoppedByLean {
  readonly kind: FailureKind;
  readonly lean: Omit<LakePlan, "kind">;
  readonly because: string;
}

/** False, so that whatever proves it cheats. */
export const STATEMENT = `import Mathlib

theorem target : ∃ n : ℕ, n * n = 2 := by
  sorry
`;

/** Lean finds that the candidate's theorem has another type than the one that was asked for. */
export const otherType = (because: string): StoppedByLean => ({
  kind: "statement",
  lean: {
    comparison: "Type mismatch\n  target\nhas type\n  …\nbut is expected to have type\n  …",
    axioms: ["sorryAx"],
  },
  because,
});

/** Lean finds no theorem of the name. */
export const noSuchTheorem = (because: string): StoppedByLean => ({
  kind: "statement",
  lean: { comparison: "Unknown constant `_root_.target`", axioms: ["sorryAx"] },
  because,
});

/** Lean finds an error in this line of the candidate. */
export const error = (line: number, text: string, because: string): StoppedByLean => ({
  kind: "errors",
  lean: { errors: [{ line, text }], axioms: ["sorryAx"] },
  because,
});

/** Lean warns of a hole in this line, and the axioms tell of it. */
export const hole = (line: number, because: string): StoppedByLean => ({
  kind: "sorry",
  lean: {
    errors: [{ line, text: "declaration uses `sorry`", severity: "warning" }],
    axioms: ["sorryAx"],
  },
  because,
});

/** Lean says nothing but which axioms the proof rests on. */
export const axioms = (
  names: readonly string[],
  because: string,
  kind: FailureKind = "axioms",
): StoppedByLean => ({ kind, lean: { axioms: names }, because });
