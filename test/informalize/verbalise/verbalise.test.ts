import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCorpus } from "../../../src/corpus/read.js";
import { type Declaration, DECLARATION_KINDS } from "../../../src/declaration.js";
import { verbalise } from "../../../src/informalize/verbalise/verbalise.js";
import { PACKAGE_ROOT } from "../../../src/package-root.js";
import { declarationOf, nearlyLean } from "./lean-text.js";

const CORPUS = join(PACKAGE_ROOT, "..", "shared", "corpus", "mathlib-v4.28.0-rc1.jsonl.gz");

/** What is said of a theorem, without its heading and what its variables are. */
function claimOf(type: string, signature = ""): string {
  const { description } = verbalise(declarationOf({ signature, type }));
  return description.replace(/^[^:]*: /, "").replace(/\.(?: Here .*)?$/, "");
}

describe("a theorem says", () => {
  it.each([
    ["x ∈ s ∪ t", "x is in the union of s and t"],
    ["∃ x ∈ s, IsMaxOn f s x", "there exists x in s such that f has a maximum on s at x"],
    [
      "∀ ε > 0, ∃ δ > 0, δ < ε",
      "for every ε greater than 0, there exists δ greater than 0 such that δ is less than ε",
    ],
    ["∀ (n : ℕ), n ∣ 0", "for every n (a natural number), n divides 0"],
    ["∀ x y : ℝ, x ≤ y", "for all x and y (each a real number), x is at most y"],
    ["∃! x, x ^ 2 = a", "there exists a unique x such that `x ^ 2` equals a"],
    ["¬ ∃ x, x ∈ s", "it is not true that (there exists x such that x is in s)"],
    ["s = ∅ ↔ ∀ x, x ∉ s", "s is empty if and only if (for every x, x is not in s)"],
    ["∀ᶠ x in f, x ≠ 0", "eventually for x along `f`, x is nonzero"],
    ["∀ᵐ x ∂μ, 0 ≤ x", "for almost every x with respect to `μ`, x is nonnegative"],
    ["‖∑ i ∈ s, f i‖ ≤ c", "the norm of the sum over `i ∈ s` of `f i` is at most c"],
    ["x ∈ s ∪ t ∧ p = q", "(x is in the union of s and t) and p equals q"],
    ["(n : ℝ) = m", "n as a real number equals m"],
    ["IsNoetherianRing R", "R is a noetherian ring"],
    ["(s ∩ t).Finite", "the intersection of s and t is finite"],
    ["Tendsto f l atTop", "f tends to `atTop` along l"],
    ["Function.Injective f", "f is injective"],
    ["IsClosed (closure s)", "the closure of s is closed"],
    ["f ✶ g = h", "`f ✶ g = h`"],
    ["∀ p, p ✶ 2", "for every p, `p ✶ 2`"],
  ])("%s", (type, claim) => {
    expect(claimOf(type)).toBe(claim);
  });

  it("what is assumed before what follows, and last what its variables are", () => {
    const { name, description } = verbalise(
      declarationOf({
        name: "IsCompact.exists_isMaxOn",
        signature:
          "{α β : Type*} [TopologicalSpace α] [LinearOrder β] {s : Set α} (hs : IsCompact s) (ne : s.Nonempty) {f : α → β} (hf : ContinuousOn f s)",
        type: "∃ x ∈ s, IsMaxOn f s x",
      }),
    );
    expect(name).toBe("is compact: exists is maximum on");
    expect(description).toBe(
      "Theorem about IsMaxOn, IsCompact, Nonempty, ContinuousOn: if s is compact, s is nonempty and f is continuous on s, then there exists x in s such that f has a maximum on s at x. Here s is a set in α, f is a function from α to β, α is a topological space and β is a linear order.",
    );
  });

  it("of an instance that its binders name for Lean only, what it means", () => {
    const { description } = verbalise(
      declarationOf({ signature: "{_ : MeasurableSpace Ω} (_ : x ∈ s)", type: "P" }),
    );
    expect(description).toBe(
      "Theorem about MeasurableSpace: if x is in s, then `P` holds. Here Ω is a measurable space.",
    );
  });

  it("nothing of an arrow whose left side may be a type but that it is given", () => {
    expect(claimOf("ℕ → x = y")).toBe("given `ℕ`, x equals y");
    expect(claimOf("x = y → y = x")).toBe("if x equals y, then y equals x");
  });

  it("a predicate of a variable's namespace with its arguments in Lean only", () => {
    expect(claimOf("M.Dep X", "{M : Matroid α} {X : Set α}")).toBe("`M.Dep X`");
  });
});

describe("other declarations say what they are", () => {
  it.each<[Partial<Declaration>, string]>([
    [
      {
        kind: "definition",
        name: "Foo.bar",
        signature: "(M : Type*) (f : M →ₗ[R] N)",
        type: "M →ₗ[R] N",
      },
      "Definition “foo: bar”: a linear map from M to N over R, made from f. Here f is a linear map from M to N over R.",
    ],
    [
      { kind: "definition", name: "IsNice", signature: "(s : Set α)", type: "Prop" },
      "Definition “is nice”: a property of s. Here s is a set in α.",
    ],
    [
      {
        kind: "instance",
        name: "Foo.instCommRing",
        signature: "[CommRing R]",
        type: "CommRing (Foo R)",
      },
      "Instance about CommRing, Foo: `Foo R` is a commutative ring. Here R is a commutative ring.",
    ],
    [
      {
        kind: "structure",
        name: "Point",
        signature: "(α : Type*)",
        type: "extends Base α",
        value: "where x : α y (n : ℕ) : ∀ z : α, z = z toFun : α → α := fun a : α => a",
      },
      "Structure “point”: extending `Base α`; with the fields x, y, toFun.",
    ],
    [
      {
        kind: "inductive",
        name: "Tree",
        signature: "| seed",
        value: "where | leaf | node (l r : Tree) : |l| = 1 → Tree",
      },
      "Inductive type “tree”: with the constructors seed, leaf, node.",
    ],
    [
      {
        kind: "field",
        name: "Group.inv_mul_cancel",
        signature: "[self : Group]",
        type: "a⁻¹ * a = 1",
      },
      "Field “inv_mul_cancel” of Group: the product of the inverse of a and a equals 1.",
    ],
    [
      { kind: "theorem", name: "foo", type: "alias of Bar.baz" },
      "Theorem about Bar.baz: another name of `Bar.baz`.",
    ],
    [
      { name: "Nat.one_pos", statement: "theorem Nat.one_pos : 0 < 1 := by decide" },
      "Theorem about Nat.one_pos: 1 is positive.",
    ],
    [
      { kind: "instance", name: "foo", signature: "[Fact (p ≠ 0)]", type: "Field (Foo p)" },
      "Instance about Field, Foo: `Foo p` is a field. Here p is nonzero.",
    ],
    [{ kind: "opaque", name: "Foo.secret" }, "Opaque definition “foo: secret”."],
  ])("%j", (parts, description) => {
    expect(verbalise(declarationOf(parts)).description).toBe(description);
  });
});

/** A code span of CommonMark: as many backticks at its end as at its start. */
const CODE_SPAN = /(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/gsu;

/** Whether what stands between backticks is what the declaration says in Lean, and they are balanced. */
function checkLine(declaration: Declaration): void {
  const { name, description } = verbalise(declaration);
  for (const line of [name, description]) {
    expect(line.trim()).not.toBe("");
    expect(line).not.toMatch(/[\n\r]/);
  }
  const { signature, type, value, statement } = declaration;
  const lean = [signature, type, value, statement, declaration.name]
    .join(" ")
    .replace(/\s+/gu, " ");
  for (const [, , quoted = ""] of description.matchAll(CODE_SPAN)) {
    expect(lean).toContain(quoted.trim());
  }
  const unquoted = description.replace(CODE_SPAN, "");
  expect(unquoted).not.toContain("`");
  expect(unquoted.split("(")).toHaveLength(unquoted.split(")").length);
}

it("gives any declaration one line, whose code spans are balanced and are its own Lean", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...DECLARATION_KINDS),
      fc.oneof(
        fc.constantFrom("Foo.bar_of_le", "f", "«a b».c"),
        fc.string({ minLength: 1, unit: "binary" }),
      ),
      fc.tuple(nearlyLean, nearlyLean, nearlyLean, nearlyLean),
      (kind, name, [signature, type, value, statement]) => {
        checkLine(declarationOf({ kind, name, signature, type, value, statement }));
      },
    ),
    { numRuns: 1500 },
  );
});

it.each(["«", "a ∧ ", "(x : ", "∀ᶠ x in f, ", "a = b ∧ ", "f ("])(
  "comes to an end with %s a hundred thousand times",
  (piece) => {
    const text = piece.repeat(100_000);
    checkLine(declarationOf({ signature: text, type: text, value: text }));
  },
);

describe("all of Mathlib", () => {
  it.skipIf(!existsSync(CORPUS))(
    "has a line for each declaration, and few theorems are only quoted (needs ../shared/corpus)",
    async () => {
      let theorems = 0;
      let quoted = 0;
      let seen = 0;
      for await (const batch of readCorpus(CORPUS)) {
        for (const declaration of batch) {
          seen += 1;
          if (seen % 40 !== 0) continue;
          checkLine(declaration);
          if (declaration.kind !== "theorem") continue;
          theorems += 1;
          const claim = declaration.type.replace(/\s+/gu, " ");
          if (verbalise(declaration).description.includes(`\`${claim}\``)) quoted += 1;
        }
      }
      expect(theorems).toBeGreaterThan(4000);
      expect(quoted / theorems).toBeLessThan(0.1);
    },
    120_000,
  );
});
