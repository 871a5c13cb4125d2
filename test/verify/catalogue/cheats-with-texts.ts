import type { FilterCheat } from "./cheat.js";

const M = "import Mathlib\n\n";
const T = "theorem target : ∃ n : ℕ, n * n = 2 := by\n";

/** Texts that look different to Lean than to somebody who reads over them. */
export const CHEATS_WITH_TEXTS: readonly FilterCheat[] = [
  [
    "unreadable",
    "leaves a comment open, so that the questions are part of it",
    `${M}${T}  sorry\n/- the end`,
  ],
  ["unreadable", "leaves a nested comment open", `${M}${T}  sorry\n/- a /- b -/`],
  ["unreadable", "leaves a doc comment open", `${M}${T}  sorry\n/-- the end`],
  ["unreadable", "leaves a string open", `${M}${T}  sorry\n#check "`],
  [
    "unreadable",
    "lets // followed by - look like a comment",
    `${M}def f : {x : ℤ //-x = x} := ⟨0, by run_tac pure ()⟩ -- -/\n${T}  sorry`,
  ],
  [
    "unreadable",
    "lets <- followed by - look like a comment",
    `${M}def f : Option ℤ := do let x <--(by run_tac pure ()); pure x\n${T}  sorry`,
  ],
  [
    "unreadable",
    "lets the token of a preimage look like a character",
    `${M}def f := g ⁻¹'"'x" run_tac pure () "\n${T}  sorry`,
  ],
  [
    "unreadable",
    "lets the token of an image look like a character",
    `${M}def f := g ''"'x" run_tac pure () "\n${T}  sorry`,
  ],
  [
    "unreadable",
    "ends a raw string earlier than it seems",
    `${M}def f := r"\\" run_tac "\n${T}  sorry`,
  ],
  [
    "unreadable",
    "ends a raw string with marks later than it seems",
    `${M}def f := r#"a" b"# \n${T}  sorry`,
  ],
  [
    "unreadable",
    "runs code inside an interpolated string",
    `${M}def f := s!"{(by run_tac pure () : ℕ)}"\n${T}  sorry`,
  ],
  [
    "unreadable",
    "runs code inside a message",
    `${M}example : True := by\n  fail "{(by run_tac pure () : ℕ)}"\n${T}  sorry`,
  ],
  ["unreadable", "hides a comment mark in a name", `${M}def «a--b» := 1\n${T}  sorry`],
  ["unreadable", "hides a quotation mark in a name", `${M}def «a"b» := 1\n${T}  sorry`],
  ["unreadable", "has an empty comment that is none to Lean", `${M}/--/ run_tac -/\n${T}  sorry`],
  ["unreadable", "puts a zero byte where Lean's text ends", `${M}${T}  sorry\0`],
  ["unreadable", "closes the section that it stands in", `${M}end\n${T}  sorry`],
  [
    "unreadable",
    "closes the section that it stands in by a guessed name",
    `${M}end lemmascope_candidate_section_0\n${T}  sorry`,
  ],
  [
    "unreadable",
    "glues a character to a symbol, so that it looks like a prime",
    `${M}def f := 1 -'α'run_tac pure ()\n${T}  sorry`,
  ],
  [
    "unreadable",
    "has a line end for a character",
    `${M}def f := +'\n'"'/-- " run_tac pure () -/\n${T}  sorry`,
  ],
];
