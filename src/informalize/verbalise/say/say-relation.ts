import { quote, sayTerm, type Speaker } from "./say-term.js";
import { type Term, withoutBrackets } from "../read/term.js";

const RELATIONS: ReadonlyMap<string, string> = new Map([
  ["=", "equals"],
  ["==", "equals"],
  ["≠", "differs from"],
  ["<", "is less than"],
  ["≤", "is at most"],
  [">", "is greater than"],
  ["≥", "is at least"],
  ["∈", "is in"],
  ["∉", "is not in"],
  ["⊆", "is a subset of"],
  ["⊈", "is not a subset of"],
  ["⊂", "is a strict subset of"],
  ["⊇", "is a superset of"],
  ["⊃", "is a strict superset of"],
  ["∣", "divides"],
  ["∤", "does not divide"],
  ["⋖", "is covered by"],
  ["⩿", "is weakly covered by"],
  ["≡", "is congruent to"],
  ["≈", "is equivalent to"],
  ["≍", "is heterogeneously equal to"],
  ["⟂", "is orthogonal to"],
  ["=ᵐ", "equals almost everywhere"],
  ["≤ᵐ", "is almost everywhere at most"],
  ["<ᵐ", "is almost everywhere less than"],
  ["=ᶠ", "eventually equals"],
  ["≤ᶠ", "is eventually at most"],
  ["<ᶠ", "is eventually less than"],
  ["=O", "is big O of"],
  ["=o", "is little o of"],
]);

/** What is said where one side is zero or the empty set; the order is that of the sides. */
const SPECIAL: ReadonlyMap<string, string> = new Map([
  ["= 0", "is zero"],
  ["≠ 0", "is nonzero"],
  ["> 0", "is positive"],
  ["≥ 0", "is nonnegative"],
  ["< 0", "is negative"],
  ["≤ 0", "is nonpositive"],
  ["0 <", "is positive"],
  ["0 ≤", "is nonnegative"],
  ["0 ≠", "is nonzero"],
  ["= ∅", "is empty"],
  ["≠ ∅", "is not empty"],
]);

/** A relation as a clause: "x is in s"; undefined for signs that have no words. */
export function sayRelation(
  { sign, parameter, left, right }: Extract<Term, { shape: "infix" }>,
  speaker: Speaker,
): string | undefined {
  const written = (term: Term): string => speaker.text.slice(term.from, term.to);
  const before = SPECIAL.get(`${sign} ${written(withoutBrackets(right))}`);
  if (before !== undefined && parameter === "") return `${sayTerm(left, speaker)} ${before}`;
  const after = SPECIAL.get(`${written(withoutBrackets(left))} ${sign}`);
  if (after !== undefined && parameter === "") return `${sayTerm(right, speaker)} ${after}`;
  const verb = RELATIONS.get(sign);
  if (verb === undefined) return undefined;
  const along = parameter === "" ? "" : ` (for ${quote(parameter)})`;
  return `${sayTerm(left, speaker)} ${verb} ${sayTerm(right, speaker)}${along}`;
}

const RESTRICTIONS: ReadonlyMap<string, string> = new Map([
  ["∈", "in"],
  ["∉", "not in"],
  ["<", "less than"],
  ["≤", "at most"],
  [">", "greater than"],
  ["≥", "at least"],
  ["≠", "different from"],
  ["=", "equal to"],
  ["⊆", "contained in"],
  ["⊂", "strictly contained in"],
  ["⊇", "containing"],
  ["∣", "dividing"],
]);

/** "in s", "greater than 0": behind the variable that a quantifier restricts. */
export function sayRestriction(sign: string, bound: Term, speaker: Speaker): string | undefined {
  const word = RESTRICTIONS.get(sign);
  return word === undefined ? undefined : `${word} ${sayTerm(bound, speaker)}`;
}
