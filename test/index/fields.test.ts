import { describe, expect, it } from "vitest";
import { fieldLengths, fieldWords, splitStatement } from "../../src/index/fields.js";
import { words } from "../../src/text/words.js";
import { declaration } from "./made-up.js";

function split(statement: string): [string, string] {
  const { binders, type } = splitStatement(statement);
  return [binders.trim(), type.trim()];
}

describe("splitStatement", () => {
  it.each<[string, string, string]>([
    ["theorem foo {a : Nat} (h : a = 1) : b", "{a : Nat} (h : a = 1)", "b"],
    ["theorem foo : ∀ x : ℕ, x = x", "", "∀ x : ℕ, x = x"],
    ["theorem foo: a = b", "", "a = b"],
    [
      "theorem foo ⦃s : Set α⦄ (h : ∀ x ∈ s, (x : ℝ) = 1) : p ⟨a, h⟩",
      "⦃s : Set α⦄ (h : ∀ x ∈ s, (x : ℝ) = 1)",
      "p ⟨a, h⟩",
    ],
    ["def f : ℕ → ℕ := fun x => x", "", "ℕ → ℕ := fun x => x"],
    ["def Foo.{u, v} (α : Type u) : Type v := Bar α", "(α : Type u)", "Type v := Bar α"],
    ["def «odd name : here» (n : ℕ) : ℕ := n", "(n : ℕ)", "ℕ := n"],
    ["noncomputable def foo (x : ℝ) : ℝ := x", "(x : ℝ)", "ℝ := x"],
    ["protected theorem Foo.bar (x : ℝ) : x = x", "(x : ℝ)", "x = x"],
    [
      '@[simp, to_additive (attr := simp) "see [1]"] private lemma foo (n : ℕ) : n = n',
      "(n : ℕ)",
      "n = n",
    ],
    ["@[simp] @[ext] theorem foo : a", "", "a"],
    [
      "class Foo (α : Type*) extends Bar α where one : α",
      "(α : Type*)",
      "extends Bar α where one : α",
    ],
    [
      "class Foo (α : Type*) : Prop extends Bar α where one : α",
      "(α : Type*)",
      "Prop extends Bar α where one : α",
    ],
    ["structure Foo (α : Type*) where (x : α)", "(α : Type*)", "where (x : α)"],
    [
      "structure MonCat : Type (u + 1) where (carrier : Type u)",
      "",
      "Type (u + 1) where (carrier : Type u)",
    ],
    ["class inductive Foo (α : Type) : Prop\n| a : Foo α", "(α : Type)", "Prop\n| a : Foo α"],
    ["instance : Foo Bar", "", "Foo Bar"],
    ["instance [Foo α] : Bar α", "[Foo α]", "Bar α"],
    [
      "instance (priority := 100) Foo.bar [Foo α] : Bar α",
      "(priority := 100) Foo.bar [Foo α]",
      "Bar α",
    ],
    ["instance Foo.bar [Foo α] : Bar α", "[Foo α]", "Bar α"],
    [
      "abbrev Ideal (R : Type u) [Semiring R] := Submodule R R",
      "(R : Type u) [Semiring R]",
      "Submodule R R",
    ],
    [
      "abbrev EuclideanGeometry.o := @Module.Oriented.positiveOrientation",
      "",
      "@Module.Oriented.positiveOrientation",
    ],
    ["theorem definitely (n : ℕ) : n = n", "(n : ℕ)", "n = n"],
    ["foo (n : ℕ) : n = n", "(n : ℕ)", "n = n"],
    ["class Foo (α : Type) extends Bar α", "(α : Type)", "extends Bar α"],
    ["theorem foo", "", ""],
    ["theorem", "", ""],
    ["", "", ""],
  ])("%s", (statement, binders, type) => {
    expect(split(statement)).toEqual([binders, type]);
  });

  it("leaves no keyword and no name of the starter corpus in binders or type", async () => {
    const { readCorpus } = await import("../../src/corpus/read.js");
    let looked = 0;
    for await (const batch of readCorpus("starter")) {
      for (const { name, statement } of batch) {
        if (statement === "") continue;
        looked += 1;
        const { binders, type } = splitStatement(statement);
        expect(binders.trim(), statement).toMatch(/^(?:$|[([{⦃])/);
        expect(`${binders} ${type}`.startsWith(` ${name}`), statement).toBe(false);
        // Balanced brackets: the split was at no colon inside one.
        for (const [open, close] of ["()", "[]", "{}", "⦃⦄"].map((pair) => pair.split(""))) {
          const count = (what = ""): number => binders.split(what).length;
          expect(count(open), statement).toBe(count(close));
        }
      }
    }
    expect(looked).toBeGreaterThan(1000);
  });
});

describe("fieldWords", () => {
  it("takes what rules read off the statement only where that is wanted", () => {
    const told = { informalName: "Ideal", informalDescription: "A prime.", aliases: ["Kernel"] };
    const byRules = declaration("Foo", { ...told, informalOrigin: "rules" });
    expect(fieldWords(byRules).informal).toEqual(words("Kernel"));
    expect(fieldWords(byRules, true).informal).toEqual(words("Ideal A prime. Kernel"));
    for (const informalOrigin of ["people", "model"] as const) {
      const written = declaration("Foo", { ...told, informalOrigin });
      expect(fieldWords(written).informal).toEqual(words("Ideal A prime. Kernel"));
    }
  });

  it("takes each field from where it stands in the record", () => {
    const fields = fieldWords(
      declaration("IsCompact.image", {
        module: "Mathlib.Topology.Order",
        signature: "(h : Continuous f)",
        type: "Measurable g",
        value: ":= hidden proof",
        docstring: "The lattice.",
        informalName: "Ideal",
        informalDescription: "A prime.",
        aliases: ["Kernel"],
        topics: ["Tensor"],
      }),
    );
    expect(fields.name).toEqual(expect.arrayContaining(words("compact image")));
    expect(fields.docstring).toEqual(words("lattice"));
    expect(fields.informal).toEqual(words("ideal prime kernel tensor"));
    expect(fields.type).toEqual(words("Measurable g"));
    expect(fields.binders).toEqual(expect.arrayContaining(words("continuous")));
    expect(fields.module).toEqual(words("Topology.Order"));
    expect(Object.values(fields).flat()).not.toContain(words("hidden")[0]);
    expect(fieldLengths(fields)).toHaveLength(6);
    expect(fieldLengths(fields)[1]).toBe(fields.docstring.length);
  });

  it("counts the body of a structure as its type, and a statement in place of its parts", () => {
    const parts = { type: "Lattice", value: "where prime : Kernel" };
    for (const kind of ["structure", "class", "inductive"] as const) {
      const fields = fieldWords(declaration("Foo", { kind, ...parts }));
      expect(fields.type).toEqual(expect.arrayContaining(words("lattice prime kernel")));
    }
    const written = fieldWords(
      declaration("Foo", { statement: "theorem Foo (h : Lattice) : Prime", type: "Kernel" }),
    );
    expect(written.binders).toEqual(expect.arrayContaining(words("lattice")));
    expect(written.type).toEqual(words("prime"));
  });

  it("does not trip over hostile texts", () => {
    const hostile = ['"', "'", "%", "*", "\0", "\u{1f600}", "(".repeat(5000), "\ud800", "«"];
    for (const text of hostile) {
      const fields = fieldWords(declaration(text, { statement: text, docstring: text }));
      for (const word of Object.values(fields).flat()) expect(word).toMatch(/^[a-z0-9]+$/);
    }
  });
});
