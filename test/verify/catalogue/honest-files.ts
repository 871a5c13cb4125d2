import { honest, type HonestProof } from "./honest.js";

const signature = "theorem target (n : ℕ) : n < n + 1";
const proof = ":= by\n  omega";

/** Files with more than the theorem: contexts, lemmas, definitions, notations. */
export const HONEST_FILES: readonly HonestProof[] = [
  honest("opens what provers open", {
    context: "open BigOperators Real Nat Topology Rat\n",
    signature,
    proof,
  }),
  honest("sets heartbeats", { context: "set_option maxHeartbeats 400000\n", signature, proof }),
  honest("has a namespace that is closed", {
    context: "namespace Foo\n",
    signature,
    proof,
    after: "\nend Foo\n",
  }),
  honest("has a namespace that is left open", {
    context: "namespace Foo.Bar\nsection\n",
    signature,
    proof,
  }),
  honest("has variables and universes", {
    context: "universe u\nvariable {G : Type u} [Group G] (a b : G)\n",
    signature: "theorem target : (a * b)⁻¹ = b⁻¹ * a⁻¹",
    proof: ":= by\n  exact mul_inv_rev a b",
  }),
  honest("repeats the statement's definition", {
    context: "/-- Twice. -/\ndef double (n : ℕ) : ℕ := n + n\n",
    signature: "theorem target (n : ℕ) : double n = 2 * n",
    proof: ":= by\n  unfold double\n  ring",
  }),
  honest("repeats the statement's definition, attributes and all", {
    context:
      "namespace A\n\n@[simp, reducible] noncomputable def half (x : ℝ) : ℝ :=\n  x / 2 -- half\n",
    signature: "theorem target (x : ℝ) : half x + half x = x",
    proof: ":= by\n  simp",
  }),
  honest("repeats a structure and an instance", {
    context:
      "structure Point where\n  /-- Left to right. -/\n  x : ℤ\n  y : ℤ\n\ninstance : Zero Point := ⟨⟨0, 0⟩⟩\n",
    signature: "theorem target : (0 : Point).x = 0",
    proof: ":= rfl",
  }),
  honest("has lemmas of its own", {
    before:
      "private lemma help (n : ℕ) : n ≤ n := le_refl n\n\n@[simp, norm_cast] theorem other : (1 : ℤ) = ((1 : ℕ) : ℤ) := by simp\n",
    signature,
    proof,
  }),
  honest("has attributes of many kinds", {
    before: `@[to_additive (attr := simp) "Its twin."]
theorem mul_one' {M : Type*} [Monoid M] (a : M) : a * 1 = a := mul_one a

@[aesop unsafe 20% apply, gcongr, mono, simp ←, ext 1100, local simp]
theorem foo : True := trivial

@[inherit_doc foo, deprecated foo (since := "2025-01-01")]
alias bar := foo

attribute [local instance 10] Classical.propDecidable
attribute [-simp] Nat.add_comm
`,
    signature,
    proof,
  }),
  honest("has local notations", {
    before:
      'local notation "‖" x "‖₂" => x ^ 2\nlocal infixl:65 " ⊞ " => fun a b => a + b\nlocal prefix:max "√₃" => id\n',
    signature,
    proof,
  }),
  honest("has a local notation for subtraction", {
    before: 'local infixl:65 " - " => HSub.hSub\n',
    signature,
    proof,
  }),
  honest("has a mutual block and an inductive type", {
    before:
      "mutual\ninductive Tree\n  | node : Forest → Tree\ninductive Forest\n  | nil : Forest\n  | cons : Tree → Forest → Forest\nend\n",
    signature,
    proof,
  }),
  honest("derives instances", {
    before: "inductive Color\n  | red | green\n  deriving DecidableEq, Repr, Fintype\n",
    signature,
    proof,
  }),
  honest("has sections of all kinds", {
    before:
      "noncomputable section\nsection named\nend named\nend\n\nopen Classical in\nlemma help : True := trivial\n",
    signature,
    proof,
  }),
  honest("looks at things", {
    before: "#check Nat.lt_succ_self\n#print Nat.Prime\n#synth Group (Equiv.Perm ℕ)\n",
    signature,
    proof,
    after: "\n#print axioms target\n",
  }),
  honest("imports single modules", {
    header: "import Mathlib.Data.Nat.Prime.Basic\nimport Mathlib.Tactic.Ring\n",
    signature,
    proof,
  }),
  honest("has doc comments and module comments", {
    header:
      "/-\nCopyright: nobody.\n-/\nimport Mathlib\n\n/-!\n# A file\n\nWith `#eval` in its words.\n-/\n",
    signature: `/-- It has *words*, \`run_cmd\` among them. -/\n${signature}`,
    proof,
  }),
  honest("has Windows line ends", {
    context: "open Nat\r\n",
    signature,
    proof: ":= by\r\n  -- as usual\r\n  omega\r\n",
  }),
  honest("has a name in French quotes", {
    before: "theorem «a useful lemma» : True := trivial\n",
    signature,
    proof: ":= by\n  have := «a useful lemma»\n  omega",
  }),
  honest("uses grind with its own name space", {
    before: "example (a b : ℕ) (h : a = b) : b = a := by\n  grind [Lean.Grind.CommRing]\n",
    signature,
    proof,
  }),
];
