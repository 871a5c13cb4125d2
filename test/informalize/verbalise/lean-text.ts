import fc from "fast-check";
import { INFIX_SIGNS, QUANTIFIERS } from "../../../src/informalize/verbalise/read/signs.js";
import type { Declaration, DeclarationKind } from "../../../src/declaration.js";
import { declaration } from "../../index/made-up.js";

/** A declaration with nothing but what a test is about. */
export function declarationOf(
  parts: Partial<Declaration> & { readonly kind?: DeclarationKind } = {},
): Declaration {
  return declaration("Garden.rose", { module: "", ...parts });
}

const PIECES = [
  ...INFIX_SIGNS.keys(),
  ...QUANTIFIERS,
  ...'( ) [ ] { } ⟨ ⟩ ‖ | , : := . ⁻¹ ᶜ ! ![ !![ ` `` ↑ ¬ - ∑ ∫ ∂ fun ↦ @ .{u} " « »'.split(" "),
  ..."x y h s f α Prop Type* IsCompact Nat.Prime closure s.card f.Continuous 0 1 ∅ ⊤ 𝟙 ζ ℝ≥0∞".split(
    " ",
  ),
];

/** Text that is nearly Lean: its signs and names in any order, with spaces or without, and anything. */
export const nearlyLean: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
    ),
    { maxLength: 30 },
  )
  .chain((pieces) =>
    fc.constantFrom(" ", " ", "", "\n").map((separator) => pieces.join(separator)),
  );
