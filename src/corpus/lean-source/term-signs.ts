/** How a sign between two terms reads: the declaration and how tightly it binds. */
export interface BinarySign {
  readonly name: string;
  readonly precedence: number;
  readonly isRight: boolean;
}

function table(text: string): [string, BinarySign][] {
  return text
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [precedence = "", side = "", ...pairs] = line.trim().split(/\s+/);
      const [sign, ...names] = [pairs, pairs].map((all, odd) =>
        all.filter((_, at) => at % 2 === odd),
      );
      return (sign ?? []).map((word, at): [string, BinarySign] => [
        word,
        {
          name: names[0]?.[at] ?? "",
          precedence: Number(precedence),
          isRight: side === "right",
        },
      ]);
    });
}

/** Notations of Lean's core and of Mathlib that instances are often about. */
export const BINARY_SIGNS: ReadonlyMap<string, BinarySign> = new Map(
  table(`
    20 right ↔ Iff
    25 right → → ≃ Equiv ≃o OrderIso ≃+* RingEquiv ≃* MulEquiv ≃+ AddEquiv ≃ₐ[ AlgEquiv ≃ₗ[ LinearEquiv
    25 right →+* RingHom →* MonoidHom →+ AddMonoidHom →o OrderHom ↪ Function.Embedding ↪o OrderEmbedding
    25 right →ₗ[ LinearMap →L[ ContinuousLinearMap →ₐ[ AlgHom ≃L[ ContinuousLinearEquiv ≃ₜ Homeomorph
    26 right ⥤ CategoryTheory.Functor ≌ CategoryTheory.Equivalence
    30 right ∨ Or ⊕ Sum
    35 right ∧ And × Prod ×' PProd
    50 left = Eq ≠ Ne ≤ LE.le < LT.lt ≥ GE.ge > GT.gt ∈ Membership.mem ⊆ HasSubset.Subset ∣ Dvd.dvd
    10 right ⟶ Quiver.Hom ≅ CategoryTheory.Iso
    65 left + HAdd.hAdd - HSub.hSub ∪ Union.union ⊔ Max.max ∆ symmDiff
    69 left ⊓ Min.min
    70 left * HMul.hMul / HDiv.hDiv ∩ Inter.inter ⧸ HasQuotient.Quotient
    73 right • HSMul.hSMul
    75 right ^ HPow.hPow
    80 right ⋙ CategoryTheory.Functor.comp ≫ CategoryTheory.CategoryStruct.comp
    90 right ∘ Function.comp
    100 right ⊗[ TensorProduct
  `),
);

/** Signs behind a term that they touch. */
export const POSTFIX_SIGNS: ReadonlyMap<string, string> = new Map([
  ["⁻¹", "Inv.inv"],
  ["ᵒᵖ", "Opposite"],
  ["ᵒᵈ", "OrderDual"],
  ["ˣ", "Units"],
  ["ᵐᵒᵖ", "MulOpposite"],
  ["ᵃᵒᵖ", "AddOpposite"],
  ["ᶜ", "Compl.compl"],
]);

/** Names that are notation. */
export const SIGNED_NAMES: ReadonlyMap<string, string> = new Map([
  ["ℕ", "Nat"],
  ["ℤ", "Int"],
  ["ℚ", "Rat"],
  ["ℝ", "Real"],
  ["ℂ", "Complex"],
  ["ℚ_", "Padic"],
  ["ℤ_", "PadicInt"],
]);
