import { colonOfAscription, commaAfterBound } from "./find-separators.js";
import { readBoundVariables } from "./read-bound-variables.js";
import {
  BINDING_SIGNS,
  CONSTANT_SIGNS,
  FENCES,
  INFIX_SIGNS,
  OPEN_ENDED,
  POSTFIX_SIGNS,
  PREFIX_SIGNS,
  QUANTIFIERS,
} from "./signs.js";
import type { Term } from "./term.js";
import { type TermToken, termTokens, type TermTokens } from "./term-tokens.js";

/** A term nested more deeply is not read: no recursion here goes further. */
const DEEPEST = 60;

/** Binds tighter than every sign: what an operand of an application is. */
const TIGHTEST = 1024;

/** Reads a Lean term; what it cannot read for certain comes back as `unread`. Never throws. */
export function readTerm(text: string): Term {
  const tokens = termTokens(text);
  return new TermReader(tokens, 0, tokens.tokens.length).all(0);
}

/** Reads the tokens of one bracket, of one quantifier's body, or of a whole text. */
export class TermReader {
  readonly source: TermTokens;
  readonly #from: number;
  readonly #to: number;
  #at: number;
  #depth = 0;
  #hasFailed = false;

  constructor(source: TermTokens, from: number, to: number) {
    this.source = source;
    this.#from = from;
    this.#to = to;
    this.#at = from;
  }

  /** All of the tokens as one term. */
  all(depth: number): Term {
    this.#depth = depth;
    const span = this.#span(this.#from, this.#to);
    if (!this.source.isBalanced || depth > DEEPEST || this.#from >= this.#to) {
      return { shape: "unread", ...span };
    }
    const term = this.#expression(0);
    return this.#hasFailed || this.#at < this.#to ? { shape: "unread", ...span } : term;
  }

  #inner(from: number, to: number): Term {
    return new TermReader(this.source, from, to).all(this.#depth + 1);
  }

  #span(from: number, to: number): { from: number; to: number } {
    const { tokens, text } = this.source;
    const start = tokens[from]?.start ?? text.length;
    return { from: start, to: Math.max(start, tokens[to - 1]?.end ?? 0) };
  }

  #token(): TermToken | undefined {
    return this.#at < this.#to ? this.source.tokens[this.#at] : undefined;
  }

  #fail(): Term {
    this.#hasFailed = true;
    return { shape: "unread", from: 0, to: 0 };
  }

  /** Reads on as long as signs bind at least as tightly (Pratt, "Top down operator precedence"). */
  #expression(minimum: number): Term {
    this.#depth += 1;
    if (this.#depth > DEEPEST) return this.#fail();
    let left = this.#application();
    let chained = -1;
    while (!this.#hasFailed) {
      const token = this.#token();
      if (token?.kind !== "sign") break;
      const infix = INFIX_SIGNS.get(token.text);
      if (infix === undefined || infix.precedence < minimum) break;
      if (infix.side === "none" && infix.precedence === chained) return this.#fail();
      this.#at += 1;
      const parameter = this.#parameter();
      if (parameter === "" && this.#isLongerSign(token)) return this.#fail();
      const { precedence, side } = infix;
      const right = this.#expression(side === "right" ? precedence : precedence + 1);
      const span = { from: left.from, to: right.to };
      left = { shape: "infix", sign: token.text, parameter, left, right, ...span };
      if (side === "none") chained = precedence;
    }
    this.#depth -= 1;
    return left;
  }

  /** Whether what touches a sign makes another one of it: `⥤q` is not `⥤`. */
  #isLongerSign(sign: TermToken): boolean {
    const next = this.#token();
    return !sign.touches && next?.touches === true && next.kind !== "open";
  }

  /** The bracket that touches a sign: `[MOD n]` stays out, `[μ]` of `=ᵐ[μ]` is meant. */
  #parameter(): string {
    const token = this.#token();
    if (token?.text !== "[" || !token.touches) return "";
    const close = this.source.partners[this.#at] ?? -1;
    if (close === -1) return "";
    const { from } = this.#span(this.#at + 1, close);
    const { to } = this.#span(this.#at, close);
    this.#at = close + 1;
    return this.source.text.slice(from, to);
  }

  #application(): Term {
    const first = this.#token();
    if (first === undefined) return this.#fail();
    if (first.kind === "sign") {
      const prefix = PREFIX_SIGNS.get(first.text);
      if (prefix !== undefined && prefix < TIGHTEST) return this.#prefixed(first, prefix);
      if (QUANTIFIERS.has(first.text)) return this.#quantified(first);
      if (BINDING_SIGNS.has(first.text)) return this.#binding(first);
    }
    if (OPEN_ENDED.has(first.text)) return this.#unreadRest();
    const head = this.#operand();
    const operands: Term[] = [];
    while (!this.#hasFailed && this.#startsOperand()) {
      const isRest = OPEN_ENDED.has(this.#token()?.text ?? "");
      operands.push(isRest ? this.#unreadRest() : this.#operand());
    }
    const last = operands.at(-1);
    if (last === undefined) return head;
    return { shape: "application", head, operands, from: head.from, to: last.to };
  }

  #prefixed({ text: sign, start }: TermToken, precedence: number): Term {
    this.#at += 1;
    const operand = this.#expression(precedence);
    return { shape: "prefix", sign, operand, from: start, to: operand.to };
  }

  #unreadRest(): Term {
    const span = this.#span(this.#at, this.#to);
    this.#at = this.#to;
    return { shape: "unread", ...span };
  }

  #startsOperand(): boolean {
    const token = this.#token();
    if (token === undefined) return false;
    if (token.kind === "sign") {
      if (PREFIX_SIGNS.get(token.text) === TIGHTEST || CONSTANT_SIGNS.has(token.text)) return true;
      const isDotted = token.text === "." && !token.touches;
      return isDotted || token.text === "@" || token.text === "λ";
    }
    return token.kind !== "close";
  }

  #quantified({ text: sign, start }: TermToken): Term {
    this.#at += 1;
    const comma = commaAfterBound(this.source, this.#at, this.#to);
    // A corpus may have cut a statement off behind its comma.
    if (comma === -1 || comma + 1 === this.#to) return this.#fail();
    const found = readBoundVariables(this.source, this.#at, comma, this.#depth, sign);
    if (found === undefined) return this.#fail();
    const body = this.#inner(comma + 1, this.#to);
    this.#at = this.#to;
    return { shape: "quantified", sign, ...found, body, from: start, to: body.to };
  }

  #binding({ text: sign, start }: TermToken): Term {
    this.#at += 1;
    const comma = commaAfterBound(this.source, this.#at, this.#to);
    if (comma <= this.#at) return this.#fail();
    const { from, to } = this.#span(this.#at, comma);
    const variables = this.source.text.slice(from, to);
    this.#at = comma + 1;
    const body = this.#expression(BINDING_SIGNS.get(sign) ?? 0);
    let end = body.to;
    let measure = "";
    if (this.#token()?.text === "∂") {
      this.#at += 1;
      const term = this.#expression(70);
      measure = this.source.text.slice(term.from, term.to);
      end = term.to;
    }
    return { shape: "binding", sign, variables, body, measure, from: start, to: end };
  }

  /** One operand of an application, with what touches its end. */
  #operand(): Term {
    let term = this.#bareOperand();
    while (!this.#hasFailed) {
      const token = this.#token();
      if (token === undefined) break;
      const isPostfix = token.kind === "sign" && POSTFIX_SIGNS.has(token.text);
      if (isPostfix && (token.touches || token.text === "!")) {
        this.#at += 1;
        const span = { from: term.from, to: token.end };
        term = { shape: "postfix", sign: token.text, operand: term, ...span };
        continue;
      }
      const end = token.touches ? this.#suffixEnd(token) : -1;
      if (end === -1) break;
      const { to } = this.#span(this.#at, end);
      this.#at = end;
      const isUniverse = token.text === "." && this.source.tokens[end - 1]?.text === "}";
      const span = { from: term.from, to };
      const last = this.source.tokens[end - 1];
      // `foo.{u} x` is `foo x`.
      if (isUniverse) term = { ...term, to };
      else if (token.text === "." && last?.kind === "name") {
        term = { shape: "member", owner: term, member: last.text, ...span };
      } else term = { shape: "unread", ...span };
    }
    return term;
  }

  /** The end of `.1`, `.foo`, `.{u}`, `[i]`, `_ℝ`, `₊` right behind an operand; -1 for none. */
  #suffixEnd(token: TermToken): number {
    const next = this.source.tokens[this.#at + 1];
    if (token.text === ".") {
      if (next === undefined || !next.touches || this.#at + 1 >= this.#to) return -1;
      if (next.kind === "name" || next.kind === "number") return this.#at + 2;
      return next.text === "{" ? this.#closing(this.#at + 1) : -1;
    }
    if (["[", "⟮", "⟦", "⌊"].includes(token.text)) return this.#closing(this.#at);
    const before = this.source.tokens[this.#at - 1];
    return token.kind === "name" && before?.kind === "close" ? this.#at + 1 : -1;
  }

  /** Behind the bracket that pairs with this one. */
  #closing(open: number): number {
    const close = this.source.partners[open] ?? -1;
    return close === -1 ? -1 : close + 1;
  }

  #bareOperand(): Term {
    const token = this.#token();
    if (token === undefined) return this.#fail();
    const { text, start, end } = token;
    const span = { from: start, to: end };
    switch (token.kind) {
      case "name":
        this.#at += 1;
        return { shape: "name", name: text, ...span };
      case "number":
      case "string":
        this.#at += 1;
        return { shape: "literal", ...span };
      case "open":
        return this.#bracket(token);
      case "close":
        return this.#fail();
      case "sign":
        return this.#signOperand(token);
    }
  }

  #signOperand({ text: sign, start, end }: TermToken): Term {
    this.#at += 1;
    if (CONSTANT_SIGNS.has(sign)) return { shape: "literal", from: start, to: end };
    if (sign === "@" || sign === ".") {
      // With all of its arguments explicit, or with a namespace that is left to Lean.
      const operand = this.#operand();
      return { shape: "unread", from: start, to: operand.to };
    }
    if (PREFIX_SIGNS.get(sign) === TIGHTEST) {
      const operand = this.#operand();
      return { shape: "prefix", sign, operand, from: start, to: operand.to };
    }
    if (!FENCES.has(sign)) return this.#fail();
    const inner = this.#expression(0);
    const close = this.#token();
    if (!close?.text.startsWith(sign)) return this.#fail();
    this.#at += 1;
    const span = { from: start, to: close.end };
    if (close.text !== sign) return { shape: "unread", ...span };
    return { shape: "fenced", fence: sign, inner, ...span };
  }

  #bracket({ text }: TermToken): Term {
    const open = this.#at;
    const after = this.#closing(open);
    if (after === -1 || after > this.#to) return this.#fail();
    this.#at = after;
    const span = this.#span(open, after);
    if (text !== "(") return { shape: "unread", ...span };
    const split = colonOfAscription(this.source, open + 1, after - 1);
    if (split === undefined) return { shape: "unread", ...span };
    const inner = this.#inner(open + 1, split === -1 ? after - 1 : split);
    const type = split === -1 ? undefined : this.#inner(split + 1, after - 1);
    return { shape: "grouped", inner, type, ...span };
  }
}
