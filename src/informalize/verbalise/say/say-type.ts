import { lastComponent, componentWords, withArticle } from "./name-words.js";
import { NOUNS } from "./predicates.js";
import { isStatement, sayPart, sayStatement } from "./say-statement.js";
import { fill, quoteTerm, sayTerm, type Speaker } from "./say-term.js";
import { type Term, withoutBrackets } from "../read/term.js";
import { ARROW_NOUNS, CLASS_SENTENCES, TYPE_NOUNS } from "./type-nouns.js";

/** Signs that say something of both sides alike. */
const SYMMETRIC = new Set(["≅", "≌", "≃", "⊣"]);

/** Arrows whose parameter is the ring of scalars. */
const OVER_SCALARS = new Set(["→ₗ", "→ₐ", "→L", "→ᵃ", "≃ₗ", "≃ₐ", "≃L", "≃ᵃ", "→ₗᵢ", "≃ₗᵢ"]);

/**
 * What a term of this type is, without an article: "linear map from M to N over R"; undefined where it
 * can only be quoted.
 */
export function typeNoun(type: Term, speaker: Speaker): string | undefined {
  const inner = withoutBrackets(type);
  const written = speaker.text.slice(inner.from, inner.to);
  if (/^(?:Type|Sort)(?![\p{L}'.])/u.test(written) && !written.includes("→")) return "type";
  switch (inner.shape) {
    case "name":
    case "literal": {
      const known = TYPE_NOUNS.get(`${lastComponent(written)}/0`);
      if (known !== undefined) return known;
      if (inner.shape === "name" && !written.includes(".") && speaker.isLocal(written)) {
        return `element of ${written}`;
      }
      return /^[A-Z]\p{L}{2}/u.test(lastComponent(written))
        ? structureNoun(written, inner, speaker)
        : undefined;
    }
    case "application":
      return applicationNoun(inner, speaker);
    case "infix":
      return arrowNoun(inner, speaker);
    case "binding":
    case "fenced":
    case "grouped":
    case "member":
    case "postfix":
    case "prefix":
    case "quantified":
    case "unread":
      return undefined;
  }
}

/** "proper cone `ProperCone R E`"; undefined where the name has no words that read as a noun. */
function structureNoun(name: string, term: Term, speaker: Speaker): string | undefined {
  const noun = componentWords(lastComponent(name));
  if (/\d|(?:^| )\S{1,2}(?: |$)|s$/.test(noun)) return undefined;
  return `${noun} ${quoteTerm(term, speaker)}`;
}

function applicationNoun(
  term: Extract<Term, { shape: "application" }>,
  speaker: Speaker,
): string | undefined {
  const { head, operands } = term;
  if (head.shape !== "name" || speaker.isLocal(head.name)) return undefined;
  const last = lastComponent(head.name);
  const template = TYPE_NOUNS.get(`${last}/${operands.length}`);
  if (template !== undefined) {
    return fill(
      template,
      operands.map((operand) => sayTerm(operand, speaker, 1)),
    );
  }
  return /^[A-Z]/.test(last) ? structureNoun(head.name, term, speaker) : undefined;
}

function arrowNoun(
  { sign, parameter, left, right }: Extract<Term, { shape: "infix" }>,
  speaker: Speaker,
): string | undefined {
  const noun = ARROW_NOUNS.get(sign);
  if (noun === undefined) return undefined;
  const from = sayTerm(left, speaker, 1);
  const to = sayTerm(right, speaker, 1);
  if (sign === "→") {
    if (to === "`Prop`") return `predicate on ${from}`;
    const next = withoutBrackets(right);
    if (next.shape === "infix" && next.sign === "→" && sayTerm(next.right, speaker) === "`Prop`") {
      const second = sayTerm(next.left, speaker, 1);
      return second === from ? `relation on ${from}` : `relation between ${from} and ${second}`;
    }
  }
  const scalars = OVER_SCALARS.has(sign) ? "over" : "along";
  const over =
    parameter === ""
      ? ""
      : ` ${scalars} ${/^\p{L}$/u.test(parameter) ? parameter : `\`${parameter.replaceAll("`", "'")}\``}`;
  if (SYMMETRIC.has(sign)) return `${noun} between ${from} and ${to}${over}`;
  return `${noun} from ${from} to ${to}${over}`;
}

/** What it says that a class has an instance: "R is a commutative ring". */
export function describeInstance(type: Term, speaker: Speaker): string {
  const inner = withoutBrackets(type);
  if (
    inner.shape === "application" &&
    inner.head.shape === "name" &&
    !speaker.isLocal(inner.head.name)
  ) {
    const { head, operands } = inner;
    const last = lastComponent(head.name);
    const [first, ...others] = operands;
    // An instance of `Fact p` says p.
    if (last === "Fact" && first !== undefined && others.length === 0) {
      return sayPart(first, speaker);
    }
    const said = operands.map((operand) => sayTerm(operand, speaker, 1));
    const template = CLASS_SENTENCES.get(`${last}/${operands.length}`);
    if (template !== undefined) return fill(template, said);
    const name = componentWords(last);
    const isNoun = NOUNS.has(name.slice(name.lastIndexOf(" ") + 1));
    if (said.length === 1 && isNoun) {
      return `${said[0] ?? ""} is ${withArticle(name.replace(/^is /, ""))}`;
    }
    if (said.length === 1 && isStatement(inner)) return sayStatement(inner, speaker);
    if (said.length === 1 && name.startsWith("has ")) return `${said[0] ?? ""} ${name}`;
    if (said.length === 1) return `${said[0] ?? ""} has ${quoteTerm(head, speaker)}`;
    return `${quoteTerm(inner, speaker)} is given`;
  }
  return isStatement(inner)
    ? sayStatement(inner, speaker)
    : `${quoteTerm(inner, speaker)} is given`;
}
