import { LEAN_MORPHISMS } from "../../../text/lean-morphisms.js";

/** How a sign between two terms binds: the tighter, the higher. */
export interface InfixSign {
  readonly precedence: number;
  /** Which side may hold the same precedence again; with "none", chains are not read. */
  readonly side: "left" | "right" | "none";
}

/** Relations of Lean and Mathlib, all of precedence 50, which does not chain. */
export const RELATION_PRECEDENCE = 50;

/** Arrows for maps, embeddings and equivalences, whatever structure they keep. */
export const ARROW_PRECEDENCE = 25;

const RELATIONS =
  "= ≠ < ≤ > ≥ ∈ ∉ ⊆ ⊂ ⊇ ⊃ ∣ ∤ ≪ ≈ ⋖ ⩿ =ᵐ =ᶠ ≤ᵐ ≤ᶠ <ᵐ <ᶠ ≡ ⟂ ⊈ <+ <+: <:+ == ≺ ≼ ≍ ⟂ₘ";

function infixTable(): Map<string, InfixSign> {
  const table = new Map<string, InfixSign>();
  // An arrow is listed up to its parameter: `→ₗ[` stands for `→ₗ[R]`.
  for (const arrow of Object.keys(LEAN_MORPHISMS)) {
    table.set(arrow.replace(/\[$/, ""), { precedence: ARROW_PRECEDENCE, side: "right" });
  }
  const add = (precedence: number, side: InfixSign["side"], signs: string) => {
    for (const sign of signs.split(" ")) table.set(sign, { precedence, side });
  };
  add(10, "right", "⟶");
  add(10, "none", "≅ ≌");
  add(15, "none", "⊣");
  add(20, "none", "↔");
  add(ARROW_PRECEDENCE, "right", "→ ≃");
  add(26, "right", "⥤");
  add(30, "right", "∨ ⊕");
  add(35, "right", "∧ ×");
  add(RELATION_PRECEDENCE, "none", RELATIONS);
  add(60, "right", "⇨");
  add(65, "left", "+ - ∪ -ᵥ");
  add(65, "right", "++ +ᵥ");
  add(67, "right", "::");
  add(68, "left", "⊔");
  add(69, "left", "⊓");
  add(70, "left", "* / ∩ \\ %");
  add(73, "right", "• *ᵥ");
  add(75, "right", "^");
  add(80, "right", "≫ ⋙ ∘ₗ");
  add(80, "left", "'' ⁻¹'");
  add(81, "right", "◁");
  add(81, "left", "▷");
  add(72, "left", "⬝ᵥ");
  add(82, "right", "×ˢ");
  add(90, "right", "∘");
  add(100, "left", "=O =o ∆ ⊗ₜ");
  return table;
}

/**
 * Signs between two terms, with the precedences that Lean's core and Mathlib declare them with
 * (`Init.Prelude`, `Init.Core`, and `Mathlib` where the notation is declared). A sign that is not here
 * is not read, as it could bind more loosely than what is around it.
 */
export const INFIX_SIGNS: ReadonlyMap<string, InfixSign> = infixTable();

/** Signs before a term, and the precedence from which the term is read. */
export const PREFIX_SIGNS: ReadonlyMap<string, number> = new Map([
  ["¬", 40],
  ["-", 75],
  ["√", 100],
  ["↑", 1024],
  ["⇑", 1024],
  ["↥", 1024],
  ["#", 1024],
  ["⅟", 1024],
]);

/** Signs behind a term that they touch. */
export const POSTFIX_SIGNS: ReadonlySet<string> = new Set(
  "⁻¹ ᶜ ᵒᵖ ᵒᵈ ˣ ᵐᵒᵖ ᵃᵒᵖ ᗮ ⁺ ⁻ ᵀ ᴴ ! † ₊ ᶠ".split(" "),
);

/** Signs that bind variables up to a comma, and the precedence of what follows the comma. */
export const BINDING_SIGNS: ReadonlyMap<string, number> = new Map([
  ...Array.from("∑∏", (sign): [string, number] => [sign, 67]),
  ...["∑'", "∏'", "∑ᶠ", "∏ᶠ"].map((sign): [string, number] => [sign, 67]),
  ...["∫", "∫⁻", "⨍", "⨆", "⨅", "⋃", "⋂"].map((sign): [string, number] => [sign, 60]),
]);

/** Quantifiers; what follows their comma reaches to the end of the bracket that they are in. */
export const QUANTIFIERS: ReadonlySet<string> = new Set("∀ ∃ ∃! ∄ ∀ᶠ ∃ᶠ ∀ᵐ ∃ᵐ ∀ᵉ ∃ᵉ".split(" "));

/** Words and signs that start a term that reaches to the end of its bracket and is not read. */
export const OPEN_ENDED: ReadonlySet<string> = new Set(
  "fun λ if let have haveI letI show match by do Σ Σ' Π Π₀ nomatch suffices".split(" "),
);

/** Signs that are a term of their own. */
export const CONSTANT_SIGNS: ReadonlySet<string> = new Set(
  "∅ ⊤ ⊥ ∞ · ℝ≥0 ℝ≥0∞ ℚ≥0 ℕ∞ ℕ+ ...".split(" "),
);

/** Signs that enclose a term, the same on both sides. */
export const FENCES: ReadonlySet<string> = new Set(["|", "‖"]);

const OTHERS = ": := , ; => ↦ .. $ <| |> |>. ∂ @ ‖₊ ‖ₑ |ₘ >>= <$> <|> && || ∣_ ▸ ⊢ ⊗ ∘ₛₗ ?";

const bySize = (left: string, right: string): number => right.length - left.length;

/** Every sign that is told from others, by its first character, the longest first. */
export const SIGNS_BY_START: ReadonlyMap<string, readonly string[]> = (() => {
  const byStart = new Map<string, string[]>();
  const all = new Set([
    ...INFIX_SIGNS.keys(),
    ...PREFIX_SIGNS.keys(),
    ...POSTFIX_SIGNS,
    ...BINDING_SIGNS.keys(),
    ...QUANTIFIERS,
    ...CONSTANT_SIGNS,
    ...FENCES,
    ...[...OPEN_ENDED].filter((word) => !/^[a-z]/.test(word)),
    ...OTHERS.split(" "),
  ]);
  for (const sign of [...all].sort(bySize)) {
    const start = String.fromCodePoint(sign.codePointAt(0) ?? 0);
    const same = byStart.get(start);
    if (same === undefined) byStart.set(start, [sign]);
    else same.push(sign);
  }
  return byStart;
})();
