import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identifierParts } from "../../src/text/words.js";

const PARTS: Readonly<Record<string, string>> = {
  // Dots, underscores, case changes, digits
  "IsCompact.exists_isMaxOn": "is compact exists is max on",
  AddCommGroup: "add comm group",
  "Nat.add_comm": "nat add comm",
  "MeasureTheory.ae_eq_of_ae_le": "measure theory ae eq of ae le",
  NonUnitalNonAssocSemiring: "non unital non assoc semiring",
  "Mathlib.Data.ZMod.Basic": "mathlib data zmod basic",
  pow_succ2: "pow succ 2",
  x1y22: "x 1 y22",
  mul2three: "mul 2 three",
  // Primes, subscripts, quoted names
  "map_add_const'": "map add const",
  "le_trans''": "le trans",
  "toLinearMap₂": "to linear map 2",
  "forall₂_and_left": "forall 2 and left",
  "«term_+_»": "term",
  "«Lean 4».«my name»": "lean 4 my name",
  // Letters beyond ASCII by name
  "limit.lift_π": "limit lift pi",
  "CliffordAlgebra.ι_sq_scalar": "clifford algebra iota sq scalar",
  "Nat.card_μ": "nat card mu",
  "colimit.ι": "colimit iota",
  instDecidableEqℕ: "inst decidable eq nat",
  "Hölder.mk": "holder mk",
  // Acronyms: capitals up to the last one before a small letter
  GCDMonoid: "gcd monoid",
  NormalizedGCDMonoid: "normalized gcd monoid",
  PID: "pid",
  isPID: "is pid",
  UFD: "ufd",
  PIDs: "pids",
  "List.TFAE": "list tfae",
  AEStronglyMeasurable: "ae strongly measurable",
  "MeasureTheory.AEEqFun": "measure theory ae eq fun",
  LEOneClass: "le one class",
  // Single letters and number prefixes belong to the word after them
  SMul: "smul",
  IsSMulRegular: "is smul regular",
  iSup: "isup",
  iSup_le_iff: "isup le iff",
  sInf_empty: "sinf empty",
  ENNReal: "ennreal",
  "ENNReal.toNNReal": "ennreal to nnreal",
  NNReal: "nnreal",
  "HasFDerivAt.comp": "has fderiv at comp",
  HasMFDerivAt: "has mfderiv at",
  LHopital: "lhopital",
  EMetric: "emetric",
  MvPolynomial: "mv polynomial",
  DFinsupp: "dfinsupp",
  RCLike: "rclike",
  CStarAlgebra: "cstar algebra",
  IsROrC: "is r or c",
  "IsBigO.trans": "is big o trans",
  // A letter with its number
  T2Space: "t2 space",
  L2Space: "l2 space",
  T25Space: "t25 space",
  "groupCohomology.H1": "group cohomology h1",
  // Not names at all
  "C(X,Y)": "c x y",
  "": "",
  "₊∘→": "",
  "...": "",
};

describe("identifierParts", () => {
  it.each(Object.entries(PARTS))("splits %s into: %s", (name, parts) => {
    expect(identifierParts(name).join(" ")).toBe(parts);
  });

  it("drops no letter and no digit of a name in ASCII", () => {
    const name = fc.stringMatching(/^[abzABZIS019s._']{0,30}$/);
    fc.assert(
      fc.property(name, (text) => {
        const letters = text.replaceAll(/[^A-Za-z0-9]/g, "").toLowerCase();
        expect(identifierParts(text).join("")).toBe(letters);
      }),
    );
  });

  it("gives parts of small ASCII letters and digits for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const part of identifierParts(text)) expect(part).toMatch(/^[a-z0-9]+$/);
      }),
    );
  });

  it("leaves parts as they are", () => {
    for (const parts of Object.values(PARTS)) expect(identifierParts(parts).join(" ")).toBe(parts);
  });
});
