import { identifierParts } from "../../../text/words.js";

/**
 * Parts of Mathlib's names and what they are short for, after Mathlib's naming conventions
 * (https://leanprover-community.github.io/contribute/naming.html). A part that is not here is a word.
 */
const PART_WORDS: ReadonlyMap<string, string> = new Map(
  `
  abs absolute value|add addition|ae almost everywhere|alg algebra|antidiag antidiagonal|anti antitone
  antisymm antisymmetric|asymm asymmetric|assoc associative|aut automorphism|bdd bounded
  bi two-sided|bihom two-variable homomorphism|bij bijective|bot bottom|calg algebra
  card cardinality|coe coercion|coeff coefficient|comm commutative|comp composition|compl complement
  congr congruence|conj conjugate|conn connected|const constant|cont continuous|cov covering
  decidable decidable|def definition|deg degree|deriv derivative|det determinant|diam diameter
  diff difference|diffeomorph diffeomorphism|dim dimension|dist distance|distrib distributive
  div division|dom domain|dvd divides|elim elimination|endo endomorphism
  enn extended nonnegative|ennreal extended nonnegative real|enorm extended norm
  eq equals|equiv equivalence|eqv equivalent|eval evaluation|ext extensionality|fderiv Fréchet derivative
  fin finite|fst first component|snd second component|id identity|len length|finrank finite rank|finprod finite product|finsum finite sum
  finsupp finitely supported function|func function|ge at least|gcd greatest common divisor
  gt greater than|hom homomorphism|homeomorph homeomorphism|ico half-open interval
  iff if and only if|iinf infimum|iinter intersection of a family|inf infimum
  inj injective|int integer|inter intersection|inv inverse|irrefl irreflexive|iso isomorphism
  isup supremum|iunion union of a family|ker kernel|lcm least common multiple|le at most
  lie Lie|lim limit|lin linear|lt less than|max maximum|measurable measurable|mem member of|mfderiv manifold derivative
  min minimum|mod modulo|monic monic|mul multiplication|mv multivariate|nat natural number
  ne not equal to|neg negative|nhds neighbourhoods|nnnorm norm|nnreal nonnegative real
  nonempty nonempty|nonneg nonnegative|nonpos nonpositive|norm norm|nsmul multiple by a natural number
  nontriv nontrivial|op opposite|ord order|perm permutation|pos positive|pow power
  pred predecessor|preord preorder|prod product|proj projection|quot quotient|rat rational number
  refl reflexive|rel relation|rpow real power|sdiff set difference|seq sequence|sinf infimum|smul scalar multiplication
  snorm norm|spec spectrum|sq square|sqrt square root|ssubset strict subset|ssup supremum
  sub subtraction|succ successor|sum sum|sup supremum|surj surjective|symm symmetric|sync synchronised
  toplim limit|trans transitive|tsum infinite sum|tprod infinite product|tsupport topological support
  uncurry uncurried|univ universal set|vadd translation|vsub difference of points
  zpow integer power|zsmul multiple by an integer
  `
    .trim()
    .split(/[|\n]/)
    .map((entry) => {
      const [part = "", ...words] = entry.trim().split(" ");
      return [part, words.join(" ")];
    }),
);

/** Parts that mean something else in the name of a structure or a predicate: `AddCommGroup`. */
const IN_STRUCTURES: ReadonlyMap<string, string> = new Map([
  ["add", "additive"],
  ["mul", "multiplicative"],
  ["nat", "natural"],
  ["trans", "transformation"],
  ["int", "integer"],
  ["rat", "rational"],
  ["mono", "monomorphism"],
]);

/** Names whose parts mean something else together. */
const WHOLE_NAMES: ReadonlyMap<string, string> = new Map([
  ["Nat", "natural number"],
  ["Rat", "rational number"],
  ["StrictMono", "strictly monotone"],
  ["Monotone", "monotone"],
  ["LE", "at most"],
  ["LT", "less than"],
  ["Sigma", "dependent pair"],
]);

/** The words of one component of a Lean name, as a reader would say them. */
export function componentWords(component: string): string {
  const whole = WHOLE_NAMES.get(component);
  if (whole !== undefined) return whole;
  const isStructure = /^[A-Z]/.test(component);
  const said = component
    // An instance that nobody named starts like this.
    .replace(/^inst(?=[A-Z])/, "")
    .split("_")
    .flatMap((piece) => (piece === "of" ? ["given"] : pieceWords(piece, isStructure)));
  return said.length === 0 ? component.replaceAll("`", "") : said.join(" ");
}

function pieceWords(piece: string, isStructure: boolean): string[] {
  return identifierParts(piece).map(
    (part) => (isStructure ? IN_STRUCTURES.get(part) : undefined) ?? PART_WORDS.get(part) ?? part,
  );
}

/** The last component of a dotted name. */
export function lastComponent(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/**
 * A dotted name in words, without the words of its namespaces but the last:
 * `IsCompact.exists_isMaxOn` gives "is compact: exists is max on".
 */
export function nameWords(name: string): string {
  const components = name.split(".").filter((component) => component !== "");
  return components.slice(-2).map(componentWords).join(": ");
}

/** "a" or "an", by the first letter; for what mathematicians say it is good enough. */
export function withArticle(noun: string): string {
  const isVowel = /^[aeiou]/i.test(noun) && !/^(?:uni|one|eu|u[bf]|uniq)/i.test(noun);
  return `${isVowel ? "an" : "a"} ${noun}`;
}

/** "a", "a and b", "a, b and c". */
export function enumerate(some: readonly string[], conjunction = "and"): string {
  const last = some.at(-1) ?? "";
  return some.length < 2 ? last : `${some.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}
