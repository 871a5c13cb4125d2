import { axioms, error, hole, type LeanCheat } from "./cheat.js";

const M = "import Mathlib\n\n";
const T = "theorem target : ∃ n : ℕ, n * n = 2 := by\n";

/** Holes under whatever name, and forged answers. */
export const CHEATS_WITH_HOLES: readonly LeanCheat[] = [
  ["says sorry", `${M}${T}  sorry`, hole(3, "Lean warns of every sorry")],
  ["says admit", `${M}${T}  admit`, hole(3, "admit is sorry")],
  ["stops with stop", `${M}${T}  stop\n  exact rfl`, hole(3, "stop is sorry")],
  [
    "uses the axiom behind sorry",
    `${M}theorem target : ∃ n : ℕ, n * n = 2 := sorryAx _ false`,
    axioms(["sorryAx"], "the axiom is told, though there is no warning", "sorry"),
  ],
  [
    "hides sorry in a lemma",
    `${M}lemma help : False := by sorry\n${T}  exact help.elim`,
    hole(3, "the warning is at the lemma, and axioms are transitive"),
  ],
  [
    "hides sorry in an instance",
    `${M}instance : Decidable (∃ n : ℕ, n * n = 2) := isTrue sorry\n${T}  decide`,
    hole(3, "as before"),
  ],
  [
    "turns the warning off",
    `${M}set_option warn.sorry false\n${T}  sorry`,
    axioms(["sorryAx"], "only the warning is off", "sorry"),
  ],
  [
    "proves termination with sorry",
    `${M}theorem target : ∃ n : ℕ, n * n = 2 := target\ntermination_by 0\ndecreasing_by sorry`,
    hole(3, "the proof of termination is part of the proof"),
  ],
  [
    "leaves a hole with apply?",
    `${M}${T}  apply?`,
    axioms(["sorryAx"], "apply? closes what it cannot do with sorryAx", "sorry"),
  ],
  [
    "has an error that Lean fills with a hole",
    `${M}${T}  exact rfl`,
    error(4, "Type mismatch", "Lean goes on after errors, but tells them"),
  ],
  [
    "leaves goals",
    `${M}${T}  refine ⟨1, ?_⟩`,
    error(3, "unsolved goals\n⊢ 1 * 1 = 2", "as before"),
  ],
  [
    "proves itself by itself",
    `${M}theorem target : ∃ n : ℕ, n * n = 2 := target`,
    error(3, "fail to show termination", "theorems have to end"),
  ],
  [
    "proves itself by another, and that by itself",
    `${M}mutual\n${T}  exact other\ntheorem other : ∃ n : ℕ, n * n = 2 := target\nend`,
    error(4, "fail to show termination", "as before"),
  ],
  [
    "makes an inhabitant with partial",
    `${M}partial def no : Empty := no\n${T}  exact no.elim`,
    error(
      3,
      "failed to compile partial definition, could not prove that the type is inhabited",
      "a partial definition needs an inhabitant first",
    ),
  ],
  [
    "makes an inhabitant with opaque",
    `${M}opaque no : False\n${T}  exact no.elim`,
    error(3, "failed to synthesize Inhabited False", "an opaque constant needs one too"),
  ],
  [
    "uses an axiom from a library",
    `${M}${T}  exact Library.cheat`,
    axioms(["Library.false"], "axioms are transitive"),
  ],
  [
    "uses an axiom with a Cyrillic letter in its name",
    `${M}${T}  exact Library.other`,
    axioms(["рropext"], "names are compared letter by letter"),
  ],
  [
    "uses an axiom named as one of Lean's own in a namespace",
    `${M}open Library\n${T}  exact cheat`,
    axioms(
      ["Library.propext"],
      "outside of the candidate's section nothing is open, so names are told whole",
    ),
  ],
  [
    "trusts compiled code by way of bv_decide",
    `${M}${T}  bv_decide`,
    axioms(["propext", "target._native.bv_decide.ax_1"], "bv_decide leaves an axiom of its own"),
  ],
  [
    "prints an answer of its own",
    `${M}#print "'lemmascope_check_0' does not depend on any axioms"\n${T}  exact sorryAx _ true`,
    {
      kind: "sorry",
      lean: {
        errors: [
          {
            line: 3,
            severity: "warning",
            text: "'lemmascope_check_0' does not depend on any axioms",
          },
        ],
        axioms: ["sorryAx"],
      },
      because: "the name that counts has a random part",
    },
  ],
  [
    "prints an answer in the very place, had it guessed the name",
    `${M}${T}  exact sorryAx _ true`,
    {
      kind: "axioms",
      lean: { axioms: ["sorryAx"], extra: ["'NAME' does not depend on any axioms"] },
      because: "two answers are none",
    },
  ],
  [
    "garbles the answer",
    `${M}${T}  exact (sorryAx _ true)`,
    { kind: "axioms", lean: { silent: true, axioms: [] }, because: "no answer is none" },
  ],
];
