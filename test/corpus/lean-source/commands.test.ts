import { describe, expect, it } from "vitest";
import { readLeanFile } from "../../../src/corpus/lean-source/read-lean-file.js";

function namesIn(text: string): string[] {
  return readLeanFile(text, { module: "Garden.Shed" }).declarations.map(({ name }) => name);
}

describe("commands that stand further right", () => {
  it("end where a line no further right starts with a command", () => {
    const text = `namespace Shed
  variable (h : True)
  include h
  theorem a : True := trivial
  open Nat
  local instance b : Inhabited Nat := ⟨0⟩
  attribute [simp] a
  scoped instance (priority := 100) c : Inhabited Nat := ⟨0⟩
  omit h
  alias d := a
end Shed
`;
    expect(namesIn(text)).toEqual(["Shed.a", "Shed.b", "Shed.c", "Shed.d"]);
  });

  it("keep the lines below them behind `… in` on the same line", () => {
    const text = `open Classical in structure Spade where
  /-- In centimetres. -/
  length : Nat
  /-- In grams. -/
  weight : Nat
count_heartbeats in instance heavy : Inhabited Spade := ⟨1, 2⟩
`;
    expect(namesIn(text)).toEqual(["Spade", "Spade.length", "Spade.weight", "heavy"]);
  });
});

describe("names", () => {
  it("have guillemets only where they need them, in namespaces too", () => {
    const text = `namespace «Garden».«two words»
theorem «at» : True := trivial
end Garden.«two words»
`;
    expect(namesIn(text)).toEqual(["Garden.«two words».at"]);
  });

  it("are no labels of sections where they start a command on the same line", () => {
    const text =
      "section variable (n : Nat)\ntheorem a : n = n := rfl\nend\ntheorem b : True := a\n";
    const { declarations, problems } = readLeanFile(text, { module: "Garden.Shed" });
    expect(declarations.map(({ signature }) => signature)).toEqual(["(n : Nat)", ""]);
    expect(problems).toEqual([]);
  });

  it("of the theorem behind irreducible_def may be given", () => {
    const text =
      "irreducible_def old : Nat := 1\nirreducible_def new (lemma := new_eq) : Nat := 2\n";
    expect(namesIn(text)).toEqual(["old", "old_def", "new", "new_eq"]);
  });

  it("between the bars of an absolute value are no constructors", () => {
    const text = "inductive Small (x : Int) : Prop\n  | mk : |x| < 1 → Small x\n  | zero\n";
    expect(namesIn(text)).toEqual(["Small", "Small.mk", "Small.zero"]);
  });
});

describe("attributes that make forms of a theorem", () => {
  it("hand the attributes inside of them to the theorem and to what they made", () => {
    const text = `namespace Bed
@[to_app (attr := reassoc)]
theorem comp : f ≫ g = h := sorry
@[to_fun (attr := simp)]
theorem Continuous.mul : Continuous (f * g) := sorry
@[to_fun fun_neg'] theorem Continuous.neg : Continuous (-f) := sorry
end Bed
`;
    expect(namesIn(text).sort()).toEqual([
      "Bed.Continuous.fun_mul",
      "Bed.Continuous.fun_neg'",
      "Bed.Continuous.mul",
      "Bed.Continuous.neg",
      "Bed.comp",
      "Bed.comp_app",
      "Bed.comp_app_assoc",
      "Bed.comp_assoc",
    ]);
  });
});

describe("what the body of a definition defines", () => {
  it("is seen outside of a module only where the body is exposed", () => {
    const text = `module
@[expose] public section
def a : Nat := go where go : Nat := 1
theorem b : True := go where go : True := trivial
@[no_expose] def c : Nat := go where go : Nat := 1
abbrev d : Nat := go where go : Nat := 1
meta def e : Nat := go where go : Nat := 1
end
public meta section
def f : Nat := go where go : Nat := 1
@[expose] def g : Nat := go where go : Nat := 1
`;
    expect(namesIn(text)).toEqual(["a", "a.go", "b", "c", "d", "d.go", "e", "f", "g", "g.go"]);
    expect(namesIn(text.replace("module\n", ""))).toContain("b.go");
  });

  it("is told from lines of its value that start at the same column", () => {
    const text = `def translate (e : Expr) : Expr := step e
where /-- One step. -/
  step (e : Expr) : Expr :=
  let next : Nat := 1
  Expr.replace fun r e => Id.run do
    return e
  return e
  /-- Another. -/
  other : Nat → Nat
    | 0 => 1
    | n + 1 => n
  termination_by n => n
`;
    expect(namesIn(text)).toEqual(["translate", "translate.step", "translate.other"]);
  });

  it("is not made public by an alias or a definition that is", () => {
    const text = "module\ntheorem a : True := trivial\npublic alias b := a\nalias c := a\n";
    expect(namesIn(text)).toEqual(["b"]);
  });
});
