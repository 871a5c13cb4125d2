import { describe, expect, it } from "vitest";
import { LeanLibrary } from "../../../src/corpus/lean-source/lean-library.js";
import { scanLeanFile } from "../../../src/corpus/lean-source/scan-lean-file.js";

const CLASSES = `
class Finite (α : Type) : Prop where
class Group (G : Type) where
class Ring (R : Type) where
class Module (R M : Type) [Ring R] where
class IsIso {C : Type} {X Y : C} (f : Hom X Y) : Prop where
class IsSmall {α : Type} (μ : Measure α) : Prop where
class IsStable (R : Type) [Ring R] : Prop where
class IsFree (R : Type) : Prop where
class IsAffine (X : Scheme) : Prop where
structure Measure (α : Type) where
structure Hom (X Y : C) where
structure Scheme where
  points : Type
structure Subgroup (G : Type) [Group G] where
structure Cat where
  carrier : Type
structure Matrix (n R : Type) where
def orbit (a : α) : Set α := x
def shift (X : Type) : Type := X
def image {α β : Type} (f : α → β) (μ : Measure α) : Measure β := x
protected def Set.Finite (s : Set α) : Prop := x
`;

/** The names of the instances of a file, without the suffix that all of them have or have not. */
function instanceNames(text: string): string[] {
  const library = new LeanLibrary();
  library.set("Sample.Classes", scanLeanFile(CLASSES, { module: "Sample.Classes" }));
  library.set("Sample.Use", scanLeanFile(text, { module: "Sample.Use" }));
  return library
    .declarations("Sample.Use")
    .filter(({ kind }) => kind === "instance")
    .map(({ name }) => name);
}

describe("names of anonymous instances", () => {
  it("show the coercion of a set or a subgroup of variables to a type", () => {
    const text = `
variable {G : Type} [Group G]
instance (s : Set α) : Finite s := x
instance (S : Subgroup G) : Finite S := x
instance : Finite (shift α) := x
instance (S : Subgroup G) : SMul S α := x
`;
    expect(instanceNames(text)).toEqual([
      "instFiniteElem",
      "instFiniteSubtypeMemSubgroup",
      "instFiniteShift",
      "instSMulSubtypeMemSubgroup",
    ]);
  });

  it("are not given where what is coerced to a type is no variable, or of another kind", () => {
    const text = `
instance (a : α) : Finite (orbit a) := x
instance (s : Set (Measure α)) : Finite s := x
instance (K : Compacts X) : Finite (K : Set X) := x
instance (M : Cat) : Group M := x
instance (U : Y.opens) : IsAffine U := x
instance (R : Cat) [Finite R] : IsAffine (spectrum R) := x
`;
    expect(instanceNames(text)).toEqual([]);
  });

  it("are given only where the types that an argument implies are variables", () => {
    const text = `
section
variable {C : Type} {X Y : C} (f : Hom X Y)
instance [Finite C] : IsIso f := x
end
section
variable {X Y : Scheme} (f : Hom X Y)
instance [Finite Nat] : IsIso f := x
end
instance (μ : Measure α) (f : α → β) : IsSmall (image f μ) := x
instance (μ : Measure (Matrix n R)) (f : Matrix n R → β) : IsSmall (image f μ) := x
instance : IsSmall (0 : Measure α) := x
`;
    expect(instanceNames(text)).toEqual([
      "instIsIsoOfFinite",
      "instIsSmallImage",
      "instIsSmallOfNatMeasure",
    ]);
  });

  it("show the type of a set whose members they speak of", () => {
    const text = `
instance (s : Set α) : DecidablePred (· ∈ s) := x
instance (a : α) : DecidablePred (· ∈ orbit a) := x
`;
    expect(instanceNames(text)).toEqual(["instDecidablePredMemSet_sample"]);
  });

  it("are not given where an instance for a compound type may use a binder", () => {
    const text = `
instance [Group n] [Ring R] : IsStable (Matrix n R) := x
instance [Ring R] [IsFree R] : IsStable R := x
instance [Group n] [Ring R] : Unheard (Matrix n R) := x
instance [Group n] : Inhabited (Matrix n R) := x
`;
    expect(instanceNames(text)).toEqual(["instIsStableOfIsFree", "instInhabitedMatrixOfGroup"]);
  });

  it("take notation of other files for what it stands for", () => {
    const library = new LeanLibrary();
    const notation = `
structure Integers (K : Type) where
scoped notation "𝓞" => Integers
`;
    library.set("Sample.Integers", scanLeanFile(notation, { module: "Sample.Integers" }));
    library.set(
      "Sample.Use",
      scanLeanFile("instance (K : Type) : Nonempty (𝓞 K) := x\n", { module: "Sample.Use" }),
    );
    expect(library.declarations("Sample.Use").map(({ name }) => name)).toEqual([
      "instNonemptyIntegers",
    ]);
  });
});
