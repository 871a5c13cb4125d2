import { error, hole, type LeanCheat, noSuchTheorem, otherType } from "./cheat.js";

const M = "import Mathlib\n\n";
const T = "theorem target : ∃ n : ℕ, n * n = 2 := by\n";

/** Other theorems than the one that was asked for. */
export const CHEATS_WITH_STATEMENTS: readonly LeanCheat[] = [
  [
    "adds a hypothesis",
    `${M}theorem target (h : False) : ∃ n : ℕ, n * n = 2 := h.elim`,
    otherType("the type is an implication"),
  ],
  [
    "adds a hypothesis that a tactic is to fill",
    `${M}theorem target (h : False := by contradiction) : ∃ n : ℕ, n * n = 2 := h.elim`,
    otherType("@target has it as an argument"),
  ],
  [
    "adds an instance",
    `${M}theorem target [Fact False] : ∃ n : ℕ, n * n = 2 := (Fact.out : False).elim`,
    otherType("@target has it as an argument"),
  ],
  [
    "adds a hypothesis by variable and include",
    `${M}variable (h : False)\ninclude h\n${T}  exact h.elim`,
    otherType("the variable is part of the theorem"),
  ],
  [
    "lets an unknown name be a hypothesis",
    `${M}set_option autoImplicit true\ntheorem target : ∃ n : T, n = n := sorry`,
    otherType("the bound type is an argument"),
  ],
  [
    "weakens the statement",
    `${M}theorem target : (∃ n : ℕ, n * n = 2) ∨ True := .inr trivial`,
    otherType("a disjunction"),
  ],
  [
    "proves it for integers",
    `${M}theorem target : ∃ n : ℤ, n * n = n := ⟨0, rfl⟩`,
    otherType("other types"),
  ],
  [
    "states it for one universe only",
    `${M}theorem target (α : Type) : ∃ β : Type, β = α := ⟨α, rfl⟩`,
    otherType("the levels of the comparison are fixed before the proof is looked at"),
  ],
  [
    "states it as a definition",
    `${M}def target : Prop := ∃ n : ℕ, n * n = 2`,
    otherType("it has type Prop"),
  ],
  [
    "states it as true by definition",
    `${M}abbrev target : Prop := True`,
    otherType("it has type Prop"),
  ],
  [
    "gives ℕ another meaning with a local notation",
    `${M}local notation "ℕ" => Fin 1\ntheorem target : ∃ n : ℕ, n * n = 2 := ⟨0, by decide⟩`,
    otherType("the original was stated before, with the real ℕ"),
  ],
  [
    "gives * another meaning with a local instance",
    `${M}local instance : Mul ℕ := ⟨fun _ _ => 2⟩\n${T}  exact ⟨0, rfl⟩`,
    otherType("the terms have other instances"),
  ],
  [
    "gives = another meaning with a local notation",
    `${M}local infix:50 " = " => fun _ _ => True\n${T}  exact ⟨0, trivial⟩`,
    otherType("the original was stated before"),
  ],
  [
    "shadows a name in a namespace that it opens",
    `${M}namespace A\nabbrev Nat := Fin 1\nend A\nopen A\ntheorem target : ∃ n : A.Nat, n * n = 2 := ⟨0, by decide⟩`,
    otherType("names were resolved before"),
  ],
  [
    "gives numerals another meaning with an instance",
    `${M}local instance : OfNat ℕ 2 := ⟨0⟩\n${T}  exact ⟨0, rfl⟩`,
    otherType("the numeral has another instance"),
  ],
  [
    "makes a coercion from its theorem to the one asked for",
    `${M}theorem target : True := trivial\ninstance : CoeDep True target (∃ n : ℕ, n * n = 2) := ⟨sorry⟩`,
    hole(4, "a coercion is a function, which needs a proof too"),
  ],
  [
    "names it otherwise",
    `${M}theorem target' : True := trivial`,
    noSuchTheorem("there is no such name"),
  ],
  [
    "names it with a look-alike letter",
    `${M}theorem tаrget : True := trivial`,
    noSuchTheorem("letters are compared, not looks"),
  ],
  [
    "puts it into a namespace",
    `${M}namespace A\n${T}  sorry\nend A`,
    hole(4, "it has a hole, and another name"),
  ],
  [
    "puts a proved one into a namespace",
    `${M}namespace A\ntheorem target : True := trivial\nend A`,
    noSuchTheorem("its name is A.target"),
  ],
  [
    "states an example",
    `${M}example : ∃ n : ℕ, n * n = 2 := by sorry`,
    hole(3, "examples have no name"),
  ],
  ["states nothing", M, noSuchTheorem("there is no such name")],
  ["is empty", "", noSuchTheorem("there is no such name")],
  ["is in a comment", `${M}/- ${T}  simp -/`, noSuchTheorem("comments state nothing")],
  [
    "leaves an open … in for the next command",
    `${M}theorem target : True := trivial\nopen Nat in`,
    otherType("the section's end is no theorem; Lean says so, too"),
  ],
  [
    "leaves an attribute for the next command",
    `${M}theorem target : True := trivial\n@[simp]`,
    error(4, "unexpected token 'end'; expected command", "an attribute needs a declaration"),
  ],
  [
    "leaves a term unfinished",
    `${M}theorem target : ∃ n : ℕ, n * n = 2 := id (`,
    error(3, "unexpected token 'end'; expected ')'", "the section's end is no term"),
  ],
];

/** A statement that brings a definition, which candidates would like to choose. */
export const STATEMENT_WITH_HELPER = `import Mathlib

/-- A predicate. -/
def IsGood (n : ℕ) : Prop := n * n = 2

theorem target : ∃ n, IsGood n := sorry
`;

export const CHEATS_WITH_HELPERS: readonly LeanCheat[] = [
  [
    "defines the statement's predicate otherwise",
    `${M}def IsGood (n : ℕ) : Prop := True\ntheorem target : ∃ n, IsGood n := ⟨0, trivial⟩`,
    error(
      3,
      "`IsGood` has already been declared",
      "the statement came first, and its definition with it",
    ),
  ],
  [
    "defines another predicate of that name in a namespace",
    `${M}namespace A\ndef IsGood (n : ℕ) : Prop := True\ntheorem _root_.target : ∃ n, IsGood n := ⟨0, trivial⟩\nend A`,
    otherType("it is another predicate"),
  ],
  [
    "repeats the definition, but with other words before it",
    `${M}local notation "ℕ" => Fin 1\ndef IsGood (n : ℕ) : Prop := n * n = 2\ntheorem target : ∃ n, IsGood n := ⟨0, by decide⟩`,
    error(
      5,
      "Type mismatch",
      "what is repeated word for word is left out, and the statement's own is used",
    ),
  ],
];
