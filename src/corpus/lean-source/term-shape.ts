import { BINARY_SIGNS, POSTFIX_SIGNS, SIGNED_NAMES } from "./term-signs.js";
import { TOKEN, type TokenList } from "./token-list.js";
import { tokenize } from "./tokens.js";

/** The outline of a term, as far as names of instances need it. */
export type TermShape =
  | { readonly kind: "constant"; readonly name: string }
  | { readonly kind: "local"; readonly name: string }
  | { readonly kind: "application"; readonly head: TermShape; readonly arguments: TermShape[] }
  | { readonly kind: "forall"; readonly domain: TermShape; readonly body: TermShape }
  | { readonly kind: "sort"; readonly name: "Prop" | "Type" | "Sort" }
  | { readonly kind: "other"; readonly isSure: boolean };

/** What a reader of terms asks about names. */
export interface TermNames {
  /** The full name of what a word stands for; undefined for a local variable. */
  readonly constant: (word: string) => string | undefined;
  /** The declaration at the head of what a sign stands for. */
  readonly notation: (sign: string) => string | undefined;
}

/** What no name shows, such as a hole. */
const OTHER: TermShape = { kind: "other", isSure: true };
/** What a name may show in a way that the text does not tell. */
const UNSURE: TermShape = { kind: "other", isSure: false };
const DEEPEST = 60;

/** Whether the text tells all that a name made of the term shows. */
export function isSure(shape: TermShape): boolean {
  switch (shape.kind) {
    case "application":
      return isSure(shape.head) && shape.arguments.every(isSure);
    case "forall":
      return isSure(shape.domain) && isSure(shape.body);
    case "other":
      return shape.isSure;
    case "constant":
    case "local":
    case "sort":
      return true;
  }
}

function hasConstant(shape: TermShape): boolean {
  switch (shape.kind) {
    case "application":
      return hasConstant(shape.head) || shape.arguments.some(hasConstant);
    case "forall":
      return hasConstant(shape.domain) || hasConstant(shape.body);
    case "constant":
    case "sort":
      return true;
    case "local":
    case "other":
      return false;
  }
}

/** Reads the outline of a term. What it does not know becomes "other", which no name shows. */
export function readTermShape(text: string, names: TermNames): TermShape {
  const { tokens } = tokenize(text);
  tokens.pairBrackets(
    () => false,
    () => undefined,
  );
  return new TermReader(tokens, names).term(0, tokens.size, 0);
}

class TermReader {
  readonly #tokens: TokenList;
  readonly #names: TermNames;

  constructor(tokens: TokenList, names: TermNames) {
    this.#tokens = tokens;
    this.#names = names;
  }

  /** The term between two tokens: split at the sign that binds least, or an application. */
  term(from: number, to: number, depth: number): TermShape {
    const tokens = this.#tokens;
    if (from >= to || depth > DEEPEST) return UNSURE;
    const first = tokens.word(from);
    if (first === "fun" || first === "λ") {
      const body = this.term(this.#behind(from, to, ["↦", "=>"]), to, depth + 1);
      return application("", [UNSURE, body]);
    }
    if (first === "∀" || first === "Π") {
      const body = this.term(this.#behind(from, to, [","]), to, depth + 1);
      return { kind: "forall", domain: UNSURE, body };
    }
    const split = this.#loosestSign(from, to);
    if (split === undefined) return this.#application(from, to, depth);
    const { at, next, name } = split;
    if (name === "→") {
      const domain = this.#isBinder(from, at) ? OTHER : this.term(from, at, depth + 1);
      return { kind: "forall", domain, body: this.term(next, to, depth + 1) };
    }
    if ((name === "Prod" || name === "PProd") && this.#isBinder(from, at)) {
      // `(x : α) × β x` is a dependent pair: the type of `x` is implicit.
      const body = this.term(next, to, depth + 1);
      return application(`${name.slice(0, -4)}Sigma`, [hasConstant(body) ? UNSURE : body]);
    }
    const operands = [this.term(from, at, depth + 1), this.term(next, to, depth + 1)];
    const inside = split.inside === -1 ? [] : [this.term(split.inside, next - 1, depth + 1)];
    if (name === "Membership.mem") operands.reverse();
    return application(name, [...impliedArguments(name), ...inside, ...operands]);
  }

  /** The token behind the first of some signs. */
  #behind(from: number, to: number, signs: readonly string[]): number {
    let token = from;
    while (token < to && !signs.includes(this.#tokens.word(token)))
      token = this.#tokens.skip(token);
    return token + 1;
  }

  /** Whether two tokens enclose one bracket with a colon, as `(x : α)`. */
  #isBinder(from: number, to: number): boolean {
    return this.#tokens.closing(from) === to - 1 && this.#behind(from + 1, to - 1, [":"]) < to;
  }

  #loosestSign(
    from: number,
    to: number,
  ): { at: number; next: number; name: string; inside: number } | undefined {
    const tokens = this.#tokens;
    let found: { at: number; next: number; name: string; inside: number } | undefined;
    let loosest = Infinity;
    for (let token = tokens.skip(from); token < to; token = tokens.skip(token)) {
      if (tokens.kind(token) !== TOKEN.sign) continue;
      const word = tokens.word(token);
      if (POSTFIX_SIGNS.has(word) || word === "." || word === "@") continue;
      // `→L[R]` and `⊗[R]` go on up to the bracket's end.
      let next = token + 1;
      let sign = word;
      let inside = -1;
      const touches = (at: number) => tokens.start(at) === tokens.end(at - 1);
      if (tokens.kind(next) === TOKEN.name && touches(next)) {
        // `→o` is a sign of its own where somebody has declared it.
        const longer = sign + tokens.word(next);
        const isBracketed = tokens.is(next + 1, "[") && touches(next + 1);
        if (isBracketed || BINARY_SIGNS.has(longer) || this.#noted(longer) !== undefined) {
          sign = longer;
          next += 1;
        }
      }
      if (tokens.is(next, "[") && touches(next) && tokens.closing(next) !== -1) {
        sign += "[";
        inside = next + 1;
        next = tokens.skip(next);
      }
      const known = BINARY_SIGNS.get(sign) ?? this.#noted(sign);
      if (known === undefined || next >= to) continue;
      const isLooser = known.isRight ? known.precedence < loosest : known.precedence <= loosest;
      if (!isLooser) continue;
      loosest = known.precedence;
      found = { at: token, next, name: known.name, inside };
    }
    return found;
  }

  #noted(sign: string): { name: string; precedence: number; isRight: boolean } | undefined {
    const name = this.#names.notation(sign);
    return name === undefined ? undefined : { name, precedence: 25, isRight: true };
  }

  #application(from: number, to: number, depth: number): TermShape {
    const tokens = this.#tokens;
    const parts: TermShape[] = [];
    for (let token = from; token < to; token = tokens.skip(token)) {
      const isTouching = token > from && tokens.start(token) === tokens.end(token - 1);
      const word = tokens.word(token);
      const last = parts[parts.length - 1];
      if (word === "." && tokens.is(token + 1, "{")) {
        token += 1;
        continue;
      }
      if (word === "." && isTouching && last !== undefined) {
        // `(F ⋙ G).Faithful`: which `Faithful` it is, only Lean knows.
        if (tokens.kind(token + 1) === TOKEN.name) {
          parts[parts.length - 1] = projection(tokens.word(token + 1), last);
        }
        token += 1;
        continue;
      }
      if (word === "@" || word === "↑" || word === "⇑") {
        parts.push(UNSURE);
        continue;
      }
      if (isTouching && last !== undefined) {
        const postfix = POSTFIX_SIGNS.get(word) ?? this.#postfix(token);
        if (postfix !== undefined) {
          parts[parts.length - 1] = application(postfix, [last]);
          continue;
        }
        if (word === "[" && tokens.is(token + 1, "X") && tokens.closing(token) === token + 2) {
          parts[parts.length - 1] = application("Polynomial", [last]);
          continue;
        }
      }
      parts.push(this.#primary(token, depth));
    }
    const [head = OTHER, ...rest] = parts;
    if (rest.length === 0) return head;
    if (head.kind === "application") {
      return { ...head, arguments: [...head.arguments, ...rest] };
    }
    return { kind: "application", head, arguments: rest };
  }

  #postfix(token: number): string | undefined {
    if (this.#tokens.kind(token) !== TOKEN.sign) return undefined;
    return this.#names.notation(this.#tokens.word(token));
  }

  #primary(token: number, depth: number): TermShape {
    const tokens = this.#tokens;
    const word = tokens.word(token);
    const close = tokens.closing(token);
    if (close !== -1) {
      if (word !== "(" && word !== "{") return UNSURE;
      if (word === "{") {
        const bar = this.#behind(token + 1, close, ["//", "|"]);
        const name = tokens.is(bar - 1, "//") ? "Subtype" : "setOf";
        const body = bar > close ? UNSURE : this.term(bar, close, depth + 1);
        return application(name, [UNSURE, body]);
      }
      const colon = this.#behind(token + 1, close, [":"]);
      const end = colon <= close ? colon - 1 : close;
      const inner = this.term(token + 1, end, depth + 1);
      if (end === close || /^(?:Type|Sort|Prop)$/.test(tokens.word(colon))) return inner;
      // In `(x : T)` the type is said: a number is of it, and a variable may be coerced to it.
      if (tokens.kind(token + 1) === TOKEN.number && end === token + 2) {
        return application("OfNat.ofNat", [this.term(colon, close, depth + 1), OTHER]);
      }
      return inner.kind === "local" ? UNSURE : inner;
    }
    if (tokens.kind(token) === TOKEN.number) {
      return application("OfNat.ofNat", [{ kind: "constant", name: "Nat" }, UNSURE]);
    }
    if (word === "Type" || word === "Prop" || word === "Sort") return { kind: "sort", name: word };
    const signed = SIGNED_NAMES.get(word);
    if (signed !== undefined) return { kind: "constant", name: signed };
    if (word === "_" || word === "·") return OTHER;
    if (tokens.kind(token) !== TOKEN.name) return UNSURE;
    const constant = this.#names.constant(word);
    return constant === undefined ? { kind: "local", name: word } : constantOf(constant, word);
  }
}

/** A constant; one that is reached through a local variable, as `F.obj`, is applied to it. */
function constantOf(name: string, word: string): TermShape {
  if (!name.startsWith("?")) return { kind: "constant", name };
  const local: TermShape = { kind: "local", name: word.slice(0, word.indexOf(".")) };
  return application(name.slice(1), [UNSURE, local]);
}

function projection(name: string, of: TermShape): TermShape {
  return application(name, [UNSURE, of]);
}

function application(name: string, args: TermShape[]): TermShape {
  return { kind: "application", head: { kind: "constant", name }, arguments: args };
}

/** Arguments that a notation puts in: numbers are counted as natural, maps as linear over one ring. */
function impliedArguments(name: string): TermShape[] {
  if (/^H(?:Add|Sub|Mul|Div|Pow)\./.test(name)) return [{ kind: "constant", name: "Nat" }, UNSURE];
  return /^(?:Continuous)?Linear(?:Map|Equiv)$/.test(name)
    ? [{ kind: "constant", name: "RingHom.id" }]
    : [];
}
