import { describe, expect, it } from "vitest";
import { LeanLibrary } from "../../../src/corpus/lean-source/lean-library.js";
import { readLeanFile } from "../../../src/corpus/lean-source/read-lean-file.js";
import { scanLeanFile } from "../../../src/corpus/lean-source/scan-lean-file.js";

/** What a file declares, as `kind name`, in the order of its lines. */
function declared(text: string): string[] {
  const { declarations, problems } = readLeanFile(text, { module: "Sample" });
  expect(problems).toEqual([]);
  return declarations
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .map(({ kind, name }) => `${kind} ${name}`);
}

describe("definitions inside of a declaration", () => {
  it("behind where are declarations below its name, by whatever column or alternatives", () => {
    const text = `
namespace Tree
/-- In order. -/
@[inline] protected def forIn (t : Tree α) (init : σ) : m σ := do
  run <$> visit t init
where
  /-- Inner loop. -/
  @[specialize] visit : Tree α → σ → m σ
    | nil,      b => return b
    | node l r, b => visit l b
  second (n : Nat) : Nat :=
    go n
  termination_by n

def one : Nat := go 1 where go (n : Nat) : Nat :=
  n + 1

theorem stated (x : Nat) : one = x := by
  exact aux x
where
  aux : (x : Nat) → one = x
  | 0 => rfl
  | n+1 => by simp [aux n]
  decreasing_by all_goals simp_wf

instance named : Foo Nat where
  foo x := helper x
where
  helper (x : Nat) : Nat := x

private def hidden := go 1 where go (n : Nat) := n
end Tree
`;
    expect(declared(text)).toEqual([
      "definition Tree.forIn",
      "definition Tree.forIn.visit",
      "definition Tree.forIn.second",
      "definition Tree.one",
      "definition Tree.one.go",
      "theorem Tree.stated",
      "theorem Tree.stated.aux",
      "instance Tree.named",
      "definition Tree.named.helper",
    ]);
    const { declarations } = readLeanFile(text, { module: "Sample" });
    expect(declarations.find(({ name }) => name === "Tree.forIn.visit")).toMatchObject({
      type: "Tree α → σ → m σ",
      docstring: "Inner loop.",
      line: 8,
    });
    expect(declarations.find(({ name }) => name === "Tree.forIn")?.references).toContain(
      "Tree.forIn.visit",
    );
  });

  it("by let rec are declarations, too, and one inside of another lies below it", () => {
    const text = `
def walk (dir : Path) : IO Unit := do
  let rec visit (d : Path) : IO Unit := do
    for entry in d do
      let rec inner : Nat → Nat
        | 0 => 1
        | n+1 => inner n
      visit entry
  visit dir
  let rec /-- Once more. -/ other (n : Nat) : Nat := n
  pure ()
`;
    expect(declared(text)).toEqual([
      "definition walk",
      "definition walk.visit",
      "definition walk.visit.inner",
      "definition walk.other",
    ]);
  });

  it("are not made of a command of the library's own that stands behind it", () => {
    const text = `
def shape : Nat := 1

informal_lemma stability where
  deps := []
  tag := "6V2MD"

lemma next : True := trivial
`;
    expect(declared(text)).toEqual(["definition shape", "theorem next"]);
  });
});

describe("the word lemma", () => {
  it("is a name in programs, but starts a command behind in and attributes", () => {
    const text = `
def count (lemmas : Array Name) : Nat := Id.run do
  let mut sum := 0
  for lemma in lemmas do
    sum := sum + lemmas.foldl (init := 0) fun lemma rest => size lemma rest
  return sum
attribute [simp] count in lemma first : True := trivial
@[simp] lemma second : True := trivial
`;
    expect(declared(text)).toEqual(["definition count", "theorem first", "theorem second"]);
  });
});

describe("types of programs", () => {
  it("have constructors up to with, and computed fields behind it", () => {
    const text = `
inductive Level where
  | zero
  | succ : Level → Level
with
  @[computed_field] data : Level → Data
    | .zero => mkData 2221
    | succ u => mkData u.data
  deriving Inhabited

inductive Width where
  | one | two
  with
    @[computed_field]
    size : Width → Nat
    | one => 1
    | _ => 2
`;
    expect(declared(text)).toEqual([
      "inductive Level",
      "constructor Level.zero",
      "constructor Level.succ",
      "definition Level.data",
      "inductive Width",
      "constructor Width.one",
      "constructor Width.two",
      "definition Width.size",
    ]);
  });

  it("have fields whose type only a default tells, unless a parent may have them", () => {
    const text = `
structure State where
  seen : Nat := 0
  context := Context.empty
structure Config extends Base where
  depth := 5
  width : Nat
`;
    expect(declared(text)).toEqual([
      "structure State",
      "field State.seen",
      "field State.context",
      "structure Config",
      "field Config.width",
    ]);
  });
});

describe("constants that are set when a file is loaded", () => {
  it("are declared by initialize with a name, and by options", () => {
    const text = `
namespace Sample
initialize
  registerTraceClass \`sample
/-- What has been seen. -/
builtin_initialize seenExt : Extension Name ← registerExtension {
    addEntry := insert
  }
private initialize hiddenExt : Extension Name ← registerExtension
register_option sample.depth : Nat := {
  defValue := 1
}
end Sample
`;
    expect(declared(text)).toEqual(["opaque Sample.seenExt", "opaque Sample.sample.depth"]);
    const { declarations } = readLeanFile(text, { module: "Sample" });
    expect(declarations.map(({ type }) => type)).toEqual(["Extension Name", "Lean.Option Nat"]);
  });
});

describe("names of anonymous instances", () => {
  const names = (files: Readonly<Record<string, string>>) => {
    const library = new LeanLibrary();
    for (const [module, text] of Object.entries(files)) {
      library.set(module, scanLeanFile(text, { module }));
    }
    return Object.keys(files).flatMap((module) =>
      library
        .declarations(module)
        .filter(({ kind }) => kind === "instance")
        .map(({ name }) => name),
    );
  };

  it("tell a dependent pair from a product", () => {
    const text = `
structure Bag (α : Type) where
  size : Nat
instance : Singleton ((a : α) × β a) (Bag α) := ⟨one⟩
instance : Singleton (α × γ) (Bag α) := ⟨one⟩
`;
    expect(names({ Sample: text })).toEqual(["instSingletonSigmaBag", "instSingletonProdBag"]);
  });

  it("follow what is exported, and the file's own words for notation", () => {
    const basic = `
class Distances (X : Type) where
  Θ : Type
export Distances (Θ)
local notation "Γ" => Group
instance : Coe (Θ X) Nat := ⟨f⟩
instance : Coe (Γ X) Nat := ⟨f⟩
`;
    const other = "instance : Coe (Γ X) (Θ Y) := ⟨f⟩\n";
    expect(names({ "Sample.Basic": basic, "Sample.Other": other })).toEqual([
      "instCoeΘNat",
      "instCoeGroupNat_sample",
      "instCoeΘ",
    ]);
  });

  it("know nothing of what the file declares further down", () => {
    const text = `
structure GoalData (Rapp : Type) where
  depth : Nat
instance : Nonempty (GoalData Rapp) := ⟨x⟩
def Rapp := Nat
instance : Inhabited (GoalData Rapp) := ⟨x⟩
`;
    expect(names({ Sample: text })).toEqual(["instNonemptyGoalData", "instInhabitedGoalDataRapp"]);
  });
});

describe("exported names", () => {
  it("stand for what they are exported from, until their file goes", () => {
    const library = new LeanLibrary();
    const basic = `
namespace Garden
class Params where
  size : Nat
export Params (size)
end Garden
`;
    const uses = "open Garden in\ntheorem uses : size = size := rfl\n";
    library.set("Basic", scanLeanFile(basic, { module: "Garden.Basic" }));
    library.set("Uses", scanLeanFile(uses, { module: "Garden.Uses" }));
    expect(library.declarations("Uses")[0]?.references).toEqual(["Garden.Params.size"]);
    library.delete("Basic");
    expect(library.declarations("Uses")[0]?.references).toEqual([]);
  });
});
