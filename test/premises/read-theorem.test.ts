import { describe, expect, it } from "vitest";
import { LONGEST_THEOREM, readTheorem } from "../../src/premises/read-theorem.js";
import { failureOf } from "../failure.js";

const source = "The file goal.lean";
const read = (text: string, chosen?: string) => readTheorem(text, { source, chosen });

describe("a Lean theorem", () => {
  it("is read with name, statement, conclusion, docstring and imports", () => {
    const text = `import Mathlib
import Mathlib.Data.Nat.Prime.Basic
public import all My.Module

open Nat

/-- There are infinitely many primes. -/
@[simp, my_attr (x := [1, 2])]
theorem exists_prime (n : ℕ) (h : n = 1 := by simp) : ∃ p, n ≤ p ∧ p.Prime := by
  sorry
`;
    expect(read(text)).toEqual({
      name: "exists_prime",
      formal: text.trim().replace("by\n  sorry", "sorry"),
      statement: "(n : ℕ) (h : n = 1 := by simp) : ∃ p, n ≤ p ∧ p.Prime",
      conclusion: "∃ p, n ≤ p ∧ p.Prime",
      informal: "There are infinitely many primes.",
      informalProof: "",
      imports: ["Mathlib.Data.Nat.Prime.Basic", "My.Module"],
    });
  });

  it("is shown to nobody with its own proof or those before it, and with definitions", () => {
    const text =
      "def two := 2\n\ntheorem one (h : P) : Q := by\n  secret\n\nlemma goal : two = 2 := rfl_secret\n\ntheorem later : R := x\n";
    expect(read(text, "goal").formal).toBe(
      "def two := 2\n\ntheorem one (h : P) : Q := sorry\n\nlemma goal : two = 2 := sorry",
    );
  });

  it.each([
    ["theorem a.b' (x : ℕ) : P := sorry", "a.b'"],
    ["lemma «odd name.x» : P := sorry", "«odd name.x»"],
    ["protected noncomputable def f.{u, v} (x : α) : Type u := sorry", "f"],
    ["theorem _root_.Foo.bar : P", "Foo.bar"],
    ["namespace A\ntheorem _root_.Foo.bar : P", "Foo.bar"],
    ["theorem 𝓝_mono₂.ι! : P", "𝓝_mono₂.ι!"],
    ["private meta theorem p : P", "p"],
    ["example (x : ℕ) : P := sorry", undefined],
    ["instance : Group G := sorry", undefined],
    ["instance (priority := 100) : Group G := sorry", undefined],
    ["instance named : Group G where\n  mul := sorry", "named"],
    ["/-- doc -/ theorem same_line : P := sorry", "same_line"],
    ["open Real in theorem front : P := sorry", "front"],
    ["set_option a 4 in open B in @[simp] theorem front : P := sorry", "front"],
    ["  theorem indented : P := by\n    sorry", "indented"],
    ["\uFEFFtheorem after_mark : P := sorry", "after_mark"],
  ])("has the name that Lean gives it: %j", (text, name) => {
    expect(read(text).name).toBe(name);
  });

  it.each([
    ["namespace A.B\nnamespace C\ntheorem x : P", "A.B.C.x"],
    ["namespace A.B\nend B\ntheorem x : P", "A.x"],
    ["namespace A\nnamespace B\nend A.B\ntheorem x : P", "x"],
    ["namespace A\nsection S\nend S\ntheorem x : P", "A.x"],
    ["noncomputable section\nnamespace A\nend A\ntheorem x : P\nend", "x"],
    ["@[expose] public section\nnamespace A\ntheorem x : P\nend A", "A.x"],
    ["namespace A\nmutual\ninductive I\nend\ntheorem x : P", "A.x"],
    ["namespace «a.b»\nend «a.b»\ntheorem x : P", "x"],
    ["end\nend Nothing\ntheorem x : P", "x"],
    ["namespace A -- as in B\n-- namespace C\n/- namespace D -/\ntheorem x : P", "A.x"],
    ['namespace A\ndef s := "\nend A\n"\ntheorem x : P', "A.x"],
  ])("is in the namespaces that are open: %j", (text, name) => {
    expect(read(text).name).toBe(name);
  });

  it.each([
    ["theorem t : |x| ≤ 1 := sorry", "|x| ≤ 1"],
    ["theorem t :\n  |x| ≤ 1 := sorry", "|x| ≤ 1"],
    ["theorem t : let y := 2; y = 2 := by sorry", "let y := 2; y = 2"],
    [
      "theorem t :\n  let f : ℕ → ℕ := fun n => n\n  have h := f 1; f 1 = 1 := by\n  let z := 3\n  sorry",
      "let f : ℕ → ℕ := fun n => n\n  have h := f 1; f 1 = 1",
    ],
    ["theorem t : P { x := 1 } (f (n := 3)) := sorry", "P { x := 1 } (f (n := 3))"],
    ["theorem t : ∀ n : ℕ, P n\n  | 0 => sorry\n  | n + 1 => sorry", "∀ n : ℕ, P n"],
    ["theorem t : ∀ n, P n\n| 0 => sorry", "∀ n, P n"],
    ["theorem t : {x | p x} = ∅ where\n  a := sorry", "{x | p x} = ∅"],
    ["theorem t {α : Type*} [h : Group α] ⦃x : α⦄ : x ∣ 1 := sorry", "x ∣ 1"],
    ["theorem t : elsewhere = letter", "elsewhere = letter"],
    ["theorem t\r\n    (x : ℕ) :\r\n    x = x := by\r\n  sorry\r\n", "x = x"],
    ["theorem t : c = '\"' ∧ p := sorry", "c = '\"' ∧ p"],
    ["theorem t : a = b -- := no end\n  ∧ c := sorry", "a = b -- := no end\n  ∧ c"],
  ])("ends where its body begins: %j", (text, conclusion) => {
    expect(read(text).conclusion).toBe(conclusion);
  });

  it("takes along the variables in scope and the definitions before it, and no others", () => {
    const { statement, formal } = read(`
variable {R : Type*} [Ring R]
section
variable (closed : Prop)
end
namespace N
variable (x : R) in
/-- A doc. -/
def double (x : R) : R := x + x
variable {y : R}
@[simp]
theorem goal : double y = y + y := sorry
end N
variable (late : Prop)
def later : Nat := 1
`);
    expect(statement).toBe(
      "{R : Type*} [Ring R]\n(x : R)\ndef double (x : R) : R := x + x\n{y : R}\n: double y = y + y",
    );
    expect(formal).not.toContain("late");
  });

  it("takes the words that are given before its docstring", () => {
    const text = "/-- Doc. -/\ntheorem t : P := sorry";
    const options = { source, informal: " Given. ", informalProof: " By hand. " };
    expect(readTheorem(text, options)).toMatchObject({
      informal: "Given.",
      informalProof: "By hand.",
    });
  });

  it("has no docstring where another declaration stands between", () => {
    expect(read("/-- Doc. -/\ndef d : Nat := 1\n/- no doc -/\ntheorem t : P").informal).toBe("");
  });

  it("is not seen in comments and strings", () => {
    const text = `/-
theorem a : P
/- theorem b : P -/
-/
-- theorem c : P
def s := "
theorem d : P"
theorem e : P := sorry`;
    expect(read(text).name).toBe("e");
  });
});

describe("which of several theorems", () => {
  const three = `namespace A
theorem one : P := by simp
theorem two : Q := by
  -- sorry
  exact h
theorem three : R := by
  sorry
end A
theorem Other.one : S := trivial`;

  it("is the only one without a proof", () => {
    expect(read(three).name).toBe("A.three");
  });

  it("is the chosen one, with or without namespaces", () => {
    expect(read(three, "two").conclusion).toBe("Q");
    expect(read(three, "A.one").conclusion).toBe("P");
    expect(read("theorem x : P\ntheorem A.x : Q", "x").conclusion).toBe("P");
  });

  it("can be a definition where nothing else is stated, or where it is chosen", () => {
    expect(read("def d : Nat := 1").name).toBe("d");
    expect(read("def d : Nat := 1\ntheorem t : P", "d").conclusion).toBe("Nat");
  });

  it.each<[string, string | undefined, RegExp]>([
    [
      three,
      "four",
      /^The file goal\.lean does not state four; it states A\.one, A\.two, A\.three, Other\.one\.$/,
    ],
    [three, "one", /states one more than once: give its full name \(A\.one, Other\.one\)\.$/],
    [
      "theorem a : P\ntheorem b : P",
      undefined,
      /states several theorems \(a, b\): choose one with --theorem NAME\.$/,
    ],
    [
      "example : P := x\nexample : Q := x",
      undefined,
      /\(an example without a name, an example without a name\)/,
    ],
    [
      Array.from({ length: 12 }, (_, at) => `theorem t${at} : P`).join("\n"),
      undefined,
      /t7 and 4 more\)/,
    ],
  ])("is asked for in a sentence", async (text, chosen, sentence) => {
    const failure = await failureOf(() => read(text, chosen));
    expect(failure.exit).toBe("usage");
    expect(failure.message).toMatch(sentence);
  });
});

describe("a text that is no Lean", () => {
  it.each([
    "Every compact set is closed.",
    "theorem of Pythagoras for right triangles",
    "lemma\nEvery vector space has a basis",
    "import duties are compact",
    "class of rings\nend of story\nopen sets",
    "$\\sum_i x_i = \\text{theorem}$",
    "by ((( := | : where",
    "def",
  ])("is the statement in words: %j", (text) => {
    expect(read(text)).toEqual({
      name: undefined,
      formal: "",
      statement: "",
      conclusion: "",
      informal: text,
      informalProof: "",
      imports: [],
    });
  });

  it("takes a name and other words along", () => {
    const theorem = readTheorem("a short text", { source, chosen: "A.b", informal: "and words" });
    expect(theorem).toMatchObject({ name: "A.b", informal: "and words\na short text" });
  });

  it.each<[string, RegExp]>([
    [" \n\t", /^The file goal\.lean is empty: /],
    ["\uFEFF", /is empty/],
    ["x".repeat(LONGEST_THEOREM + 1), /has 200001 characters and at most 200000 are read/],
  ])("is refused in a sentence where it is empty or too long", async (text, sentence) => {
    const failure = await failureOf(() => read(text));
    expect(failure.exit).toBe("badInput");
    expect(failure.message).toMatch(sentence);
  });
});
