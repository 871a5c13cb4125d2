import { sayBound, sayExistence } from "./say-bound.js";
import { componentWords, enumerate, lastComponent, withArticle } from "./name-words.js";
import { DATA_HEADS, NOUNS, PREDICATES, STATEMENT_HEADS } from "./predicates.js";
import { sayRelation } from "./say-relation.js";
import { fill, quoteTerm, sayTerm, type Speaker } from "./say-term.js";
import { RELATION_PRECEDENCE, INFIX_SIGNS } from "../read/signs.js";
import { type Term, withoutBrackets } from "../read/term.js";

const CONNECTIVES: ReadonlySet<string> = new Set(["↔", "∧", "∨"]);

/**
 * Whether a term is certainly a proposition, by what it looks like. A term that it is not certain of may
 * be one all the same.
 */
export function isStatement(term: Term): boolean {
  const inner = withoutBrackets(term);
  switch (inner.shape) {
    case "infix":
      if (CONNECTIVES.has(inner.sign) || isRelation(inner.sign)) return true;
      return inner.sign === "→" && isStatement(inner.right);
    case "prefix":
      return inner.sign === "¬";
    case "quantified":
      return inner.sign.startsWith("∀") && inner.sign !== "∀ᵐ" && inner.sign !== "∀ᶠ"
        ? isStatement(inner.body)
        : true;
    case "application":
      return inner.head.shape === "name" && isPredicate(inner.head.name);
    case "name":
      return inner.name.includes(".") && isPredicate(inner.name);
    case "member":
      return isPredicate(inner.member);
    case "binding":
    case "fenced":
    case "grouped":
    case "literal":
    case "postfix":
    case "unread":
      return false;
  }
}

function isRelation(sign: string): boolean {
  return INFIX_SIGNS.get(sign)?.precedence === RELATION_PRECEDENCE;
}

function isPredicate(name: string): boolean {
  const last = lastComponent(name);
  if (DATA_HEADS.has(last)) return false;
  return STATEMENT_HEADS.has(last) || /^Is[A-Z]/.test(last);
}

/** A proposition as a clause: "f is continuous", "there exists x in s such that …". */
export function sayStatement(term: Term, speaker: Speaker): string {
  const inner = withoutBrackets(term);
  switch (inner.shape) {
    case "infix":
      return sayInfix(inner, speaker);
    case "prefix":
      if (inner.sign !== "¬") return quoteTerm(inner, speaker);
      return `it is not true that ${sayPart(inner.operand, speaker)}`;
    case "quantified":
      return sayQuantified(inner, speaker);
    case "application":
      return sayApplication(inner, speaker) ?? quoteTerm(inner, speaker);
    case "name":
      return sayName(inner, speaker);
    case "member":
      if (!/^[A-Z]/.test(inner.member) || inner.member.includes(".")) break;
      return sayPredicate(inner.member, [sayTerm(inner.owner, speaker)]);
    case "binding":
    case "fenced":
    case "grouped":
    case "literal":
    case "postfix":
    case "unread":
      break;
  }
  return quoteTerm(inner, speaker);
}

/** A clause inside of another one: in parentheses where its end or its start would not be clear. */
export function sayPart(term: Term, speaker: Speaker): string {
  const inner = withoutBrackets(term);
  const clause = sayStatement(inner, speaker);
  const isCompound =
    inner.shape === "quantified" ||
    inner.shape === "prefix" ||
    (inner.shape === "infix" && (CONNECTIVES.has(inner.sign) || inner.sign === "→"));
  return isCompound && !isQuote(clause) ? `(${clause})` : clause;
}

/** Whether a clause is one code span and nothing else. */
function isQuote(clause: string): boolean {
  return /^`[^`]*`$/.test(clause);
}

/** Clauses between "and", or another word, each in parentheses where it has such a word itself. */
export function joinClauses(clauses: readonly string[], conjunction: "and" | "or"): string {
  const isWrapped = (clause: string): boolean => isQuote(clause) || clause.startsWith("(");
  const parts = clauses.map((clause) =>
    clauses.length > 1 && / (?:and|or) |, /.test(clause) && !isWrapped(clause)
      ? `(${clause})`
      : clause,
  );
  return enumerate(parts, conjunction);
}

function sayInfix(term: Extract<Term, { shape: "infix" }>, speaker: Speaker): string {
  const { sign, left, right } = term;
  if (sign === "↔") return `${sayPart(left, speaker)} if and only if ${sayPart(right, speaker)}`;
  if (sign === "∧" || sign === "∨") {
    const parts = chain(term, sign).map((part) => sayPart(part, speaker));
    return joinClauses(parts, sign === "∧" ? "and" : "or");
  }
  if (sign === "→") return sayImplication(left, right, speaker);
  return sayRelation(term, speaker) ?? quoteTerm(term, speaker);
}

/** The parts of `a ∧ b ∧ c`, where the brackets do not matter. */
function chain(term: Term, sign: string): Term[] {
  const inner = withoutBrackets(term);
  if (inner.shape !== "infix" || inner.sign !== sign) return [inner];
  return [...chain(inner.left, sign), ...chain(inner.right, sign)];
}

function sayImplication(left: Term, right: Term, speaker: Speaker): string {
  const conclusion = sayStatement(right, speaker);
  // What stands before an arrow may be a type as well.
  if (!isStatement(left)) return `given ${quoteTerm(left, speaker)}, ${conclusion}`;
  return `if ${sayPart(left, speaker)}, then ${conclusion}`;
}

function sayQuantified(term: Extract<Term, { shape: "quantified" }>, speaker: Speaker): string {
  const { sign, bound, along, body } = term;
  const whole = (): string => quoteTerm(term, speaker);
  if (sign === "∀" || sign === "∀ᵉ") {
    return sayBound(bound, sayStatement(body, speaker), speaker) ?? whole();
  }
  const clause = sayStatement(body, speaker);
  if (sign === "∃" || sign === "∃ᵉ" || sign === "∃!" || sign === "∄") {
    return sayExistence(sign, bound, body, speaker) ?? whole();
  }
  if (bound.some(({ bracket, restriction }) => bracket !== "" || restriction !== undefined)) {
    return whole();
  }
  const names = enumerate(bound.flatMap(({ names: some }) => some));
  const range = along === "" ? "" : ` \`${along}\``;
  if (along.includes("`")) return whole();
  switch (sign) {
    case "∀ᵐ":
      return `for almost every ${names}${range && ` with respect to${range}`}, ${clause}`;
    case "∀ᶠ":
      return `eventually for ${names} along${range}, ${clause}`;
    case "∃ᶠ":
      return `frequently for ${names} along${range}, ${clause}`;
    default:
      return whole();
  }
}

function sayName(term: Extract<Term, { shape: "name" }>, speaker: Speaker): string {
  const { name } = term;
  if (name === "True") return "a statement that is always true";
  if (name === "False") return "a contradiction follows";
  const [owner = "", member = "", ...more] = name.split(".");
  if (member !== "" && more.length === 0 && speaker.isLocal(owner) && /^[A-Z]/.test(member)) {
    return sayPredicate(member, [owner]);
  }
  return `${quoteTerm(term, speaker)} holds`;
}

/** What is said of the explicit arguments; undefined where nothing tells which ones are explicit. */
export function sayApplication(
  { head, operands }: Extract<Term, { shape: "application" }>,
  speaker: Speaker,
): string | undefined {
  if (head.shape !== "name" || speaker.isLocal(head.name)) return undefined;
  const last = lastComponent(head.name);
  if (!/^[A-Z]/.test(last)) return undefined;
  const named = operands.some(({ from }) => /^\(\s*[^\s:()]+\s*:=/.test(speaker.text.slice(from)));
  if (named) return undefined;
  return sayPredicate(
    last,
    operands.map((operand) => sayTerm(operand, speaker)),
  );
}

function sayPredicate(predicate: string, subjects: readonly string[]): string {
  const template = PREDICATES.get(`${predicate}/${subjects.length}`);
  if (template !== undefined) return fill(template, subjects);
  const name = componentWords(predicate);
  const [subject = "", ...more] = subjects;
  if (more.length > 0) return `“${name}” holds of ${enumerate(subjects)}`;
  if (name.startsWith("has ")) return `${subject} ${name}`;
  const noun = name.startsWith("is ") ? name.slice(3) : name;
  const isNoun = NOUNS.has(noun.slice(noun.lastIndexOf(" ") + 1));
  return `${subject} is ${isNoun ? withArticle(noun) : noun}`;
}
