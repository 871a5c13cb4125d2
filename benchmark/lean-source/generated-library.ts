import { seededRandom } from "../random.js";

/** One file of a generated library. */
export interface GeneratedFile {
  readonly module: string;
  readonly text: string;
}

const NOUNS = "Garden Meadow River Lattice Orchard Harbor Valley Bridge Lantern Compass".split(" ");
const PROPERTIES = "open closed bounded compact dense finite linear smooth stable proper".split(
  " ",
);
const OPERATIONS = "union inter prod sum comp map image preimage closure interior".split(" ");

/**
 * Lean source that means nothing and has the shape of Mathlib's: sections with variables, doc
 * comments, attributes, structures, instances, theorems with proofs by tactics, Unicode throughout.
 *
 * @param size how many UTF-8 bytes a file has, about.
 */
export function* generatedLibrary(
  files: number,
  size: number,
  seed: number,
): Generator<GeneratedFile> {
  const random = seededRandom(seed);
  const pick = (words: readonly string[]) => words[random() % words.length] ?? "";
  for (let file = 0; file < files; file += 1) {
    const noun = pick(NOUNS);
    const module = `Generated.${noun}.Part${file}`;
    const parts = [header(module, noun, file)];
    let bytes = 0;
    for (let at = 0; bytes < size; at += 1) {
      const part = declaration(noun, pick(PROPERTIES), pick(OPERATIONS), `${file}_${at}`, at);
      parts.push(part);
      // Mathlib's source has about one byte in ten more than characters.
      bytes += part.length * 1.1;
    }
    parts.push(`end ${noun}\n\nend\n`);
    yield { module, text: parts.join("\n") };
  }
}

function header(module: string, noun: string, file: number): string {
  return `/-
Copyright (c) 2026. Generated for measurements.
-/
module

public import Generated.Basic

/-!
# ${module}

Nothing here is proved, and /- comments -/ are nested.
-/

@[expose] public section

universe u v

open Set Filter Function
open scoped Topology

variable {α : Type u} {β : Type v} {ι : Type*} [TopologicalSpace α] [TopologicalSpace β]
variable {s t : Set α} {f g : α → β}

namespace ${noun}

/-- A bundled thing of file ${file}, with the operations that it needs. -/
structure Thing${file} (α : Type u) [TopologicalSpace α] where
  /-- The underlying set. -/
  carrier : Set α
  /-- It is closed, as \`IsClosed\` says. -/
  isClosed' : IsClosed carrier
  protected bounded : ∀ x ∈ carrier, ∃ y : α, y ∈ carrier ∧ x ≠ y → x = y
`;
}

function declaration(
  noun: string,
  property: string,
  operation: string,
  id: string,
  at: number,
): string {
  const name = `is_${property}_${operation}_${id}`;
  if (at % 9 === 8) {
    return `section Inner${id}

variable [Group β] (a b : β)

/-- Multiplying by \`a\` and then by \`b\`. -/
@[to_additive (attr := simp, norm_cast) /-- Adding \`a\` and then \`b\`. -/]
theorem mul_${operation}_${id} (h : a * b = 1) : a⁻¹ = b ∧ (a * b) ^ 2 = 1 := by
  refine ⟨inv_eq_of_mul_eq_one_right h, ?_⟩
  rw [h, one_pow]

instance [Inhabited β] : Inhabited (${noun}.Wrapped${id} β) :=
  ⟨⟨default⟩⟩

end Inner${id}
`;
  }
  if (at % 9 === 4) {
    return `/-- The ${operation} of two maps that are ${property}. -/
@[simps apply]
def ${operation}${id} (hf : Continuous f) (c : α →₀ β) : C(α, β) where
  toFun x := ${operation} (f x) (c x)
  continuous_toFun := by
    fun_prop (disch := simp) -- the continuity of each part
`;
  }
  return `/-- If \`s\` and \`t\` are ${property}, then so is their ${operation}; see also
\`${noun}.${name}'\`. -/
@[simp, fun_prop]
theorem ${name} {x : α} (hs : IsClosed s) (ht : ∀ y ∈ t, 𝓝[t] y ≤ 𝓟 {z | f z = g z}) :
    IsClosed (s ∪ closure t) ↔ ∀ ε > 0, ∃ δ > 0, ∀ y ∈ s, ‖f y - f x‖ < ε * δ := by
  constructor
  · intro h ε hε
    obtain ⟨δ, hδ, hle⟩ := exists_between hε
    refine ⟨δ, hδ, fun y hy => ?_⟩
    have key : ‖f y - f x‖ ≤ ‖f y‖ + ‖f x‖ := norm_sub_le _ _
    calc ‖f y - f x‖ ≤ ‖f y‖ + ‖f x‖ := key
      _ < ε * δ := by simpa [mul_comm, two_mul] using add_lt_add (hle y) (hle x)
  · rintro h
    simp only [isClosed_iff_nhds, mem_closure_iff_clusterPt, ClusterPt, inf_principal_neBot_iff] at *
    exact hs.union isClosed_closure
`;
}
