import type { IsLocal } from "../read/local-names.js";
import { componentWords, lastComponent, withArticle } from "./name-words.js";
import { typeNoun } from "./say-type.js";
import { type Term, withoutBrackets } from "../read/term.js";

/** What the sentences about one declaration share. */
export interface Speaker {
  /** The text that terms lie in. */
  readonly text: string;
  readonly isLocal: IsLocal;
}

/** Terms are described in words down to this depth, and quoted below it. */
const DEEPEST_WORDS = 2;

/** A piece of Lean between backticks, on one line. */
export function quote(lean: string): string {
  const line = lean.replace(/\s+/gu, " ").trim();
  // A code span may hold backticks if its fence is longer (CommonMark 0.31.2, section 6.1).
  if (!line.includes("`")) return `\`${line}\``;
  const longest = Math.max(...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}

/** A term as it is written in Lean, in a code span. */
export function quoteTerm(term: Term, { text }: Speaker): string {
  return quote(text.slice(term.from, term.to));
}

const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ["∪", "the union of {0} and {1}"],
  ["∩", "the intersection of {0} and {1}"],
  ["\\", "the difference of {0} and {1}"],
  ["⊔", "the supremum of {0} and {1}"],
  ["⊓", "the infimum of {0} and {1}"],
  ["×ˢ", "the product of the sets {0} and {1}"],
  ["''", "the image of {1} under {0}"],
  ["⁻¹'", "the preimage of {1} under {0}"],
  ["∘", "the composition of {0} after {1}"],
  ["≫", "the composition of {0} with {1} after it"],
  ["⋙", "the composition of {0} with {1} after it"],
  ["*", "the product of {0} and {1}"],
  ["+", "the sum of {0} and {1}"],
  ["-", "the difference of {0} and {1}"],
  ["/", "the quotient of {0} by {1}"],
  ["∆", "the symmetric difference of {0} and {1}"],
]);

const POSTFIXES: ReadonlyMap<string, string> = new Map([
  ["⁻¹", "the inverse of {0}"],
  ["ᶜ", "the complement of {0}"],
  ["ᵒᵖ", "the opposite of {0}"],
  ["ᵒᵈ", "the order dual of {0}"],
  ["ˣ", "the units of {0}"],
  ["ᗮ", "the orthogonal complement of {0}"],
  ["ᵀ", "the transpose of {0}"],
  ["ᴴ", "the conjugate transpose of {0}"],
  ["!", "the factorial of {0}"],
]);

const BINDINGS: ReadonlyMap<string, string> = new Map([
  ["∑", "the sum"],
  ["∏", "the product"],
  ["∑'", "the infinite sum"],
  ["∏'", "the infinite product"],
  ["∑ᶠ", "the finite sum"],
  ["∏ᶠ", "the finite product"],
  ["∫", "the integral"],
  ["∫⁻", "the Lebesgue integral"],
  ["⨍", "the average"],
  ["⨆", "the supremum"],
  ["⨅", "the infimum"],
  ["⋃", "the union"],
  ["⋂", "the intersection"],
]);

/** Functions by the last component of their names and the number of explicit arguments. */
const FUNCTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "𝓝/1": "the neighbourhood filter of {0}",
    "𝓟/1": "the principal filter of {0}",
    "𝟙/1": "the identity of {0}",
    "𝟭/1": "the identity functor of {0}",
    "Icc/2": "the closed interval from {0} to {1}",
    "Ioo/2": "the open interval from {0} to {1}",
    "Ico/2": "the interval from {0} to {1} without {1}",
    "Ioc/2": "the interval from {0} to {1} without {0}",
    "Ici/1": "the elements that are at least {0}",
    "Iic/1": "the elements that are at most {0}",
    "Ioi/1": "the elements greater than {0}",
    "Iio/1": "the elements less than {0}",
    "dist/2": "the distance of {0} and {1}",
    "gcd/2": "the greatest common divisor of {0} and {1}",
    "lcm/2": "the least common multiple of {0} and {1}",
    "min/2": "the minimum of {0} and {1}",
    "max/2": "the maximum of {0} and {1}",
    "choose/2": "the binomial coefficient {0} over {1}",
    "finrank/2": "the finite rank of {1} over {0}",
    "rank/2": "the rank of {1} over {0}",
    "deriv/2": "the derivative of {0} at {1}",
    "fderiv/3": "the Fréchet derivative of {1} at {2} over {0}",
    "span/2": "the span of {1} over {0}",
    "orbit/2": "the orbit of {1} under {0}",
    "stabilizer/2": "the stabilizer of {1} under {0}",
    "algebraMap/2": "the algebra map from {0} to {1}",
    "convexHull/2": "the convex hull of {1} over {0}",
    "adjoin/2": "what {1} generates over {0}",
  }),
);

const PREFIXES: ReadonlyMap<string, string> = new Map([
  ["#", "the cardinality of {0}"],
  ["√", "the square root of {0}"],
  ["-", "the negative of {0}"],
  ["↑", "the coercion of {0}"],
  ["⇑", "the coercion of {0}"],
  ["↥", "the coercion of {0}"],
]);

const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ["∅", "the empty set"],
  ["∞", "infinity"],
]);

/** Fills the places of a template: `{0}` by the first of some texts, and so on. */
export function fill(template: string, values: readonly string[]): string {
  return template.replace(/\{(\d)\}/g, (_, at: string) => values[Number(at)] ?? "");
}

/** A term as a noun phrase; in Lean, in a code span, where it is not read or gets too deep. */
export function sayTerm(term: Term, speaker: Speaker, depth = 0): string {
  const inner = withoutBrackets(term);
  return (
    (depth < DEEPEST_WORDS ? words(inner, speaker, depth) : undefined) ?? plain(inner, speaker)
  );
}

/** Variables, numbers and the like need no code span. */
function plain(term: Term, speaker: Speaker): string {
  const written = speaker.text.slice(term.from, term.to);
  if (term.shape === "name" && !written.includes(".")) {
    return speaker.isLocal(written) || written.length < 3 ? written : quote(written);
  }
  return term.shape === "literal" && /^[0-9.]+$/.test(written) ? written : quote(written);
}

function words(term: Term, speaker: Speaker, depth: number): string | undefined {
  const say = (operand: Term): string => sayTerm(operand, speaker, depth + 1);
  switch (term.shape) {
    case "literal":
      return CONSTANTS.get(speaker.text.slice(term.from, term.to));
    case "name":
      return memberWords(term.name, speaker);
    case "member":
      if (!/^[a-z]/.test(term.member) || term.member.includes(".")) return undefined;
      return `the ${componentWords(term.member)} of ${say(term.owner)}`;
    case "infix": {
      const template = OPERATIONS.get(term.sign);
      if (template === undefined) return undefined;
      const side = (operand: Term): string => withoutConjunction(operand, say, speaker);
      return fill(template, [side(term.left), side(term.right)]);
    }
    case "prefix": {
      const template = PREFIXES.get(term.sign);
      return template === undefined ? undefined : fill(template, [say(term.operand)]);
    }
    case "postfix": {
      const template = POSTFIXES.get(term.sign);
      return template === undefined ? undefined : fill(template, [say(term.operand)]);
    }
    case "fenced":
      return `the ${term.fence === "|" ? "absolute value" : "norm"} of ${say(term.inner)}`;
    case "binding": {
      const noun = BINDINGS.get(term.sign);
      if (noun === undefined) return undefined;
      const measure = term.measure === "" ? "" : ` with respect to ${quote(term.measure)}`;
      return `${noun} over ${quote(term.variables)} of ${say(term.body)}${measure}`;
    }
    case "application":
      return applicationWords(term, speaker, say);
    case "grouped":
      return ascriptionWords(term, speaker, say);
    case "quantified":
    case "unread":
      return undefined;
  }
}

/** Of "the sum of a and b and c" nobody could tell what is in it. */
function withoutConjunction(
  operand: Term,
  say: (operand: Term) => string,
  speaker: Speaker,
): string {
  const said = say(operand);
  return said.startsWith("the ") && / (?:and|of|under|by|after) .* /.test(said)
    ? quoteTerm(operand, speaker)
    : said;
}

/** `s.card` of a variable s is "the cardinality of s". */
function memberWords(name: string, { isLocal }: Speaker): string | undefined {
  const [owner = "", member = "", ...more] = name.split(".");
  if (member === "" || more.length > 0 || !isLocal(owner)) return undefined;
  return /^[a-z]/.test(member) ? `the ${componentWords(member)} of ${owner}` : undefined;
}

/** `(a : ℝ)` is "a as a real number"; the type of a number is left to the reader. */
function ascriptionWords(
  { inner, type }: Extract<Term, { shape: "grouped" }>,
  speaker: Speaker,
  say: (operand: Term) => string,
): string | undefined {
  if (type === undefined || withoutBrackets(inner).shape === "literal") return say(inner);
  const noun = typeNoun(type, speaker);
  return noun === undefined ? undefined : `${say(inner)} as ${withArticle(noun)}`;
}

/** `closure s` is "the closure of s"; with more arguments nothing tells how they read. */
function applicationWords(
  { head, operands }: Extract<Term, { shape: "application" }>,
  { isLocal }: Speaker,
  say: (operand: Term) => string,
): string | undefined {
  if (head.shape !== "name") return undefined;
  const template = FUNCTIONS.get(`${lastComponent(head.name)}/${operands.length}`);
  if (template !== undefined && !isLocal(head.name)) return fill(template, operands.map(say));
  const [operand, ...more] = operands;
  if (operand === undefined || more.length > 0) return undefined;
  if (isLocal(head.name) || !/^[a-z]{3}/.test(lastComponent(head.name))) return undefined;
  return `the ${componentWords(lastComponent(head.name))} of ${say(operand)}`;
}
