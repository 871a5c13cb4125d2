import { TOKEN, type TokenList } from "./token-list.js";
import { tokenize } from "./tokens.js";

/** Deeper brackets than these are left as they are. */
const DEEPEST = 100;

/** One piece of a statement: a token or a whole bracketed group. */
interface Piece {
  readonly text: string;
  readonly isSign: boolean;
  readonly isSpaced: boolean;
}

const ADDITIVE_SIGNS = new Map([
  ["*", "+"],
  ["/", "-"],
  ["•", "+ᵥ"],
  ["∏", "∑"],
  ["∏ᶠ", "∑ᶠ"],
  ["∏'", "∑'"],
  ["ᵐᵒᵖ", "ᵃᵒᵖ"],
]);

const DUAL_SIGNS = new Map(
  "≤ ≥ < > ⊔ ⊓ ⊤ ⊥ ⨆ ⨅"
    .split(" ")
    .flatMap((sign, index, all): [string, string][] => [
      [sign, all[index % 2 === 0 ? index + 1 : index - 1] ?? sign],
    ]),
);

/**
 * A binder list or type as `to_additive` or `to_dual` would turn it, in text: operations, numerals and
 * names change. Lean translates terms, so this is an approximation: it does not see on which type an
 * operation is, save for numerals with a type beside them.
 *
 * @param translateName what an identifier becomes.
 */
export function translateStatement(
  statement: string,
  attribute: "to_additive" | "to_dual",
  translateName: (name: string) => string,
): string {
  if (statement === "") return "";
  const { tokens } = tokenize(statement);
  tokens.pairBrackets(
    () => false,
    () => undefined,
  );
  const translator = new Translator(tokens, attribute === "to_additive", translateName);
  return translator.range(0, tokens.size, 0);
}

class Translator {
  readonly #tokens: TokenList;
  readonly #isAdditive: boolean;
  readonly #translateName: (name: string) => string;

  constructor(tokens: TokenList, isAdditive: boolean, translateName: (name: string) => string) {
    this.#tokens = tokens;
    this.#isAdditive = isAdditive;
    this.#translateName = translateName;
  }

  range(from: number, to: number, depth: number): string {
    const pieces: Piece[] = [];
    for (let token = from; token < to; token = this.#tokens.skip(token)) {
      const start = this.#tokens.start(token);
      const isSpaced = token > from && start > this.#tokens.end(token - 1);
      const isSign = this.#tokens.kind(token) === TOKEN.sign;
      pieces.push({ text: this.#piece(token, depth), isSign, isSpaced });
    }
    return join(this.#isAdditive ? additiveOrder(pieces) : dualOrder(pieces));
  }

  #piece(token: number, depth: number): string {
    const tokens = this.#tokens;
    const word = tokens.word(token);
    const close = tokens.closing(token);
    if (close !== -1) {
      const inner =
        depth < DEEPEST ? this.range(token + 1, close, depth + 1) : tokens.source(token + 1, close);
      return word + inner + tokens.word(close);
    }
    switch (tokens.kind(token)) {
      case TOKEN.name:
        return this.#translateName(word);
      case TOKEN.number:
        return word === "1" && this.#isAdditive && this.#isIdentity(token) ? "0" : word;
      case TOKEN.sign:
        return word === "*" && this.#isUniverse(token) ? word : this.#sign(word);
      default:
        return word;
    }
  }

  #sign(word: string): string {
    if (!this.#isAdditive) return DUAL_SIGNS.get(word) ?? word;
    const translated = ADDITIVE_SIGNS.get(word);
    if (translated !== undefined) return translated;
    return /^[→≃].*\*/.test(word) ? word.replace("*", "+") : word;
  }

  /** Whether a `*` belongs to `Type*`. */
  #isUniverse(token: number): boolean {
    return UNIVERSE.test(this.#tokens.word(token - 1));
  }

  /** Whether a `1` is the identity that becomes 0, and not a number: those are added or typed. */
  #isIdentity(token: number): boolean {
    const around = [this.#tokens.word(token - 1), this.#tokens.word(token + 1)];
    if (around.some((word) => word === "+" || word === "-")) return false;
    return !(around[1] === ":" && NUMBERS.test(this.#tokens.word(token + 2)));
  }
}

const UNIVERSE = /^(?:Type|Sort|Category)$/;
const NUMBERS = /^[ℕℤℚℝℂ]/;

function join(pieces: readonly Piece[]): string {
  return pieces
    .map(({ text, isSpaced }, index) => (isSpaced && index > 0 ? ` ${text}` : text))
    .join("");
}

const COERCIONS: ReadonlySet<string> = new Set(["↑", "⇑", "↥"]);

/** Turns `a⁻¹` into `-a` and `a ^ n` into `n • a`. */
function additiveOrder(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at];
    if (piece === undefined) break;
    const operand = result[result.length - 1];
    if (piece.isSign && piece.text === "⁻¹" && operand !== undefined && !operand.isSign) {
      const before = result[result.length - 2];
      // An argument or a coercion takes brackets: `f (-a)`, `↑(-a)`.
      const isArgument = before !== undefined && (!before.isSign || COERCIONS.has(before.text));
      const text = isArgument ? `(-${operand.text})` : `-${operand.text}`;
      result[result.length - 1] = { ...operand, text };
      continue;
    }
    const exponent = pieces[at + 1];
    if (piece.isSign && piece.text === "^" && operand !== undefined && exponent !== undefined) {
      let first = result.length - 1;
      while (first > 0 && result[first - 1]?.isSign === false && result[first]?.isSign === false) {
        first -= 1;
      }
      const base = result.splice(first);
      const isSpaced = base[0]?.isSpaced ?? false;
      result.push({ ...exponent, isSpaced }, { text: "•", isSign: true, isSpaced: true });
      result.push(...base.map((part, index) => (index === 0 ? { ...part, isSpaced: true } : part)));
      at += 1;
      continue;
    }
    result.push(piece);
  }
  return result;
}

/** Signs between which a composition or an arrow between objects is turned around. */
const DUAL_BOUNDARIES: ReadonlySet<string> = new Set(
  "= , : → ↔ ∧ ∨ := ↦ => ≅ ≃ | ∀ ∃ ≠".split(" "),
);

/** Turns `f ≫ g` into `g ≫ f` and `X ⟶ Y` into `Y ⟶ X`. */
function dualOrder(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  let start = 0;
  for (let at = 0; at <= pieces.length; at += 1) {
    const piece = pieces[at];
    if (piece !== undefined && !(piece.isSign && DUAL_BOUNDARIES.has(piece.text))) continue;
    result.push(...turned(pieces.slice(start, at)));
    if (piece !== undefined) result.push(piece);
    start = at + 1;
  }
  return result;
}

function turned(pieces: readonly Piece[]): Piece[] {
  const sign = ["⟶", "≫"].find((turning) =>
    pieces.some((piece) => piece.isSign && piece.text === turning),
  );
  if (sign === undefined) return [...pieces];
  const operands: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.isSign && piece.text === sign) operands.push([]);
    else operands[operands.length - 1]?.push(piece);
  }
  return operands.reverse().flatMap((operand, index) => {
    const spaced = operand.map((piece, at) => (at === 0 ? { ...piece, isSpaced: true } : piece));
    return index === 0 ? spaced : [{ text: sign, isSign: true, isSpaced: true }, ...spaced];
  });
}
