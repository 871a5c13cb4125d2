import { honest, type HonestProof } from "./honest.js";

const simple = (what: string, signature: string, proof: string): HonestProof =>
  honest(what, { signature: `theorem target ${signature}`, proof });

/** Proofs in one theorem, with syntax that resembles what the filter looks for. */
export const HONEST_PROOFS: readonly HonestProof[] = [
  simple("is a term", ": 1 + 1 = 2", ":= rfl"),
  simple("is a tactic block", "(n : ℕ) : n + 0 = n", ":= by\n  simp"),
  simple("decides", ": Nat.Prime 97", ":= by\n  decide +kernel"),
  simple(
    "has line comments",
    "(a b : ℕ) : a + b = b + a",
    ":= by\n  -- by commutativity, not by #eval or sorry\n  ring -- done",
  ),
  simple(
    "has block comments that speak of forbidden things",
    "(a : ℕ) : a ≤ a + 1",
    ":= by\n  /- no native_decide, no /- nested run_tac -/ here -/\n  omega",
  ),
  simple(
    "has a comment right after a bracket",
    "(a b : ℝ) (h : a = b) : b = a",
    ":= by\n  exact (h.symm)-- the other way",
  ),
  simple(
    "takes a preimage and an image",
    "{α β : Type*} (f : α → β) (s : Set α) : s ⊆ f ⁻¹' (f '' s)",
    ":= by\n  intro x hx\n  exact ⟨x, hx, rfl⟩",
  ),
  simple(
    "has primes in names",
    "(a' b' : ℤ) (h' : a' < b') : a' ≤ b'",
    ":= by\n  have h'' := h'.le\n  exact h''",
  ),
  simple(
    "evaluates a polynomial",
    "(p : Polynomial ℤ) (h : p.eval 1 = 0) : (p * p).eval 1 = 0",
    ":= by\n  rw [Polynomial.eval_mul, h, zero_mul]",
  ),
  simple(
    "evaluates with a remainder",
    "(p : Polynomial ℤ) : p.eval 2 % 2 = p.eval 2 % 2",
    ":= rfl",
  ),
  simple(
    "subtracts a negation and divides",
    "(x : ℝ) (hx : x ≠ 0) : x - -x = 2 * x ∧ x / x = 1",
    ":= by\n  constructor\n  · ring\n  · field_simp",
  ),
  simple(
    "has a subtype and a set-builder",
    ": {x : ℕ // x < 3} → {n : ℕ | n < 3}.Nonempty",
    ":= by\n  rintro ⟨x, hx⟩\n  exact ⟨x, hx⟩",
  ),
  simple(
    "counts a set with #",
    "(s : Finset ℕ) (h : s = ∅) : s.card = 0",
    ":= by\n  open Finset in\n  have : #s = 0 := by simp [h]\n  exact this",
  ),
  simple(
    "uses aesop with an unsafe rule",
    "(p q : Prop) (hp : p) (h : p → q) : q",
    ":= by\n  aesop (add unsafe 50% apply h) (add norm simp hp)",
  ),
  simple(
    "unfolds a let",
    ": let x := 2; x * x = 4",
    ":= by\n  intro x\n  show 2 * 2 = 4\n  norm_num",
  ),
  simple(
    "calculates",
    "(a b c : ℝ) (h : a ≤ b) (k : b ≤ c) : a ≤ c",
    ":= by\n  calc a ≤ b := h\n    _ ≤ c := k",
  ),
  simple(
    "goes by induction",
    "(n : ℕ) : ∑ i ∈ Finset.range (n + 1), i = n * (n + 1) / 2",
    ":= by\n  induction n with\n  | zero => simp\n  | succ n ih =>\n    rw [Finset.sum_range_succ, ih]\n    omega",
  ),
  simple(
    "matches",
    "(n : ℕ) : n = 0 ∨ 0 < n",
    ":=\n  match n with\n  | 0 => Or.inl rfl\n  | k + 1 => Or.inr (Nat.succ_pos k)",
  ),
  simple(
    "has a where clause",
    "(n : ℕ) : n * 1 = n",
    ":= aux n\nwhere\n  aux (k : ℕ) : k * 1 = k := Nat.mul_one k",
  ),
  simple(
    "proves termination",
    "(n : ℕ) : 0 ≤ n",
    ":= by\n  exact Nat.zero_le n\ntermination_by n\ndecreasing_by all_goals omega",
  ),
  simple(
    "repeats and branches",
    "(p q r : Prop) (h : p ∧ q ∧ r) : r ∧ p",
    ":= by\n  obtain ⟨hp, -, hr⟩ := h\n  refine ⟨?_, ?_⟩ <;> first | exact hr | exact hp",
  ),
  simple(
    "uses conv",
    "(a b : ℕ) : a * b + 0 = b * a",
    ":= by\n  conv_lhs => rw [Nat.add_zero]\n  conv =>\n    lhs\n    rw [mul_comm]",
  ),
  simple(
    "has Greek letters and subscripts",
    "(ε₁ ε₂ δ : ℝ) (hε : 0 < ε₁) (hδ : ε₁ < ε₂) : 0 < ε₂",
    ":= by\n  linarith",
  ),
  simple("has a lambda of both kinds", ": (fun x : ℕ ↦ x) = (λ x => x)", ":= rfl"),
  simple(
    "says which options it needs",
    ": 2 ^ 10 = 1024",
    ":= by\n  set_option maxRecDepth 2000 in\n  norm_num",
  ),
  simple("looks at characters and texts", ": 'a' ≠ 'b' ∧ \"a--b\" ≠ \"/- c\"", ":= by\n  decide"),
  simple(
    "has the character of a quotation mark",
    ": '\"' ≠ '\\\\' ∧ 'n' ≠ '\\n'",
    ":= by\n  decide",
  ),
  simple(
    "has numbers of all kinds",
    ": (0x1F : ℕ) = 31 ∧ (1.5 : ℚ) = 3 / 2 ∧ (1e2 : ℚ) = 100",
    ":= by\n  norm_num",
  ),
  simple("projects a triple", "(x : ℕ × ℕ × ℕ) (h : x.2.1 = 3) : x.2.1 + 1 = 4", ":= by\n  rw [h]"),
  simple(
    "names things with words that are half forbidden",
    "(macro_ elabs syntax' runs meta_ native' : ℕ) : macro_ + elabs + syntax' + runs = macro_ + elabs + syntax' + runs + 0 * (meta_ + native')",
    ":= by\n  simp",
  ),
];
