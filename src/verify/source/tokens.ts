import type { Position } from "../verdict.js";

/** A piece of Lean code. Comments and doc comments leave none. */
export interface Token {
  /**
   * - `word`: an identifier or keyword, dots and French quotes included (`Foo.«bar»`).
   * - `symbol`: one character of anything else.
   * - `text`: a string literal, quotes included.
   * - `literal`: a number or a character.
   * - `doc`: a doc comment, whose text is empty.
   */
  readonly kind: "word" | "symbol" | "text" | "literal" | "doc";
  readonly text: string;
  /** Index into the code, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  readonly position: Position;
}

/** A text whose division into tokens is not certain without Lean's own table of tokens. */
export class UnreadableSource extends Error {
  override readonly name = "UnreadableSource";
  readonly position: Position;

  /** @param problem what is wrong, to follow "Line 3: ". */
  constructor(problem: string, position: Position) {
    super(problem);
    this.position = position;
  }
}

// Lean.isIdFirst and Lean.isIdRest (src/Init/Meta/Defs.lean), with letters that only later versions
// take left out: to split an identifier too often can only find too many forbidden words.
const LETTER_LIKE =
  "\\u03b1-\\u03ba\\u03bc-\\u03c9\\u0391-\\u039f\\u03a1\\u03a4-\\u03a9\\u03ca-\\u03fb\\u1f00-\\u1ffe\\u2100-\\u214f\\u{1d49c}-\\u{1d59f}";
const SUBSCRIPT = "\\u2080-\\u2089\\u2090-\\u209c\\u1d62-\\u1d6a";
const PART = `[A-Za-z_${LETTER_LIKE}][A-Za-z0-9_'!?${LETTER_LIKE}${SUBSCRIPT}]*`;
const QUOTED_PART = '«[^«»"\\n]*»';
const WORD = new RegExp(`(?:${PART}|${QUOTED_PART})(?:\\.(?:${PART}|${QUOTED_PART}))*`, "uy");
const NUMBER =
  /0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?/y;
const CHARACTER = /'(?:\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)|[^\\'])'/uy;
const SYMBOL = /./uy;

/** After these a comment can begin at once: no token of Lean or Mathlib goes on over them. */
const ENDS_A_TOKEN = /[ \t\r\n([{⟨⟪)\]}⟩⟫,;]/u;

/**
 * Divides Lean code into tokens as Lean does (src/Lean/Parser/Basic.lean: `whitespace`,
 * `finishCommentBlock`, `tokenFnAux`), so far as that matters for finding words. Lean takes the
 * longest token that it knows, and notations add tokens; where a comment, string or character could
 * be meant or not depending on those, the text is refused, as code could hide there.
 *
 * @throws UnreadableSource
 */
export function tokenize(code: string): Token[] {
  const tokens: Token[] = [];
  const lines = new LineCounter(code);
  const refuse = (problem: string, at: number): never => {
    throw new UnreadableSource(problem, lines.position(at));
  };
  const strange = /\0|\p{Surrogate}/u.exec(code);
  if (strange !== null) refuse("there is a character that no text file has", strange.index);

  const push = (kind: Token["kind"], start: number, end: number, text?: string): void => {
    tokens.push({
      kind,
      text: text ?? code.slice(start, end),
      start,
      end,
      position: lines.position(start),
    });
  };
  const match = (pattern: RegExp, at: number): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(code)?.[0];
  };

  const followsWord = (place: number): boolean => {
    const last = tokens.at(-1);
    return last?.end === place && (last.kind === "word" || last.kind === "literal");
  };

  let at = 0;
  while (at < code.length) {
    const character = code.charAt(at);
    const before = at === 0 ? "\n" : code.charAt(at - 1);
    if (/[ \t\r\n]/.test(character)) {
      at += 1;
    } else if (code.startsWith("--", at)) {
      if (!ENDS_A_TOKEN.test(before) && !followsWord(at)) {
        refuse(`"--" right after "${before}" may be a comment or not: put a space before it`, at);
      }
      const end = code.indexOf("\n", at);
      at = end === -1 ? code.length : end;
    } else if (code.startsWith("/-", at)) {
      if (!ENDS_A_TOKEN.test(before) && !followsWord(at)) {
        refuse(`"/-" right after "${before}" may be a comment or not: put a space before it`, at);
      }
      if (code.startsWith("/--/", at)) refuse('"/--/" may be a whole comment or not', at);
      const end = endOfComment(code, at);
      if (end === undefined) return refuse("this comment is never closed", at);
      if (code.startsWith("/--", at)) push("doc", at, end, "");
      at = end;
    } else if (character === '"') {
      const end = endOfString(code, at);
      if (end === undefined) return refuse("this string is never closed", at);
      const text = code.slice(at, end);
      if (text.includes("{")) refuse("a string with a brace may hold code: leave it out", at);
      if (tokens.at(-1)?.end === at && /^(?:r|[!#])$/.test(before)) {
        refuse("raw and interpolated strings cannot be read safely: leave them out", at);
      }
      push("text", at, end);
      at = end;
    } else if (character === "'") {
      const literal = match(CHARACTER, at);
      const certain = ENDS_A_TOKEN.test(before) && code.charAt(at + 1) !== "'";
      if (literal !== undefined && certain) {
        push("literal", at, at + literal.length);
        at += literal.length;
      } else if (literal !== undefined) {
        refuse("an apostrophe may begin a character or not here: put a space before it", at);
      } else {
        push("symbol", at, at + 1);
        at += 1;
      }
    } else {
      const number = /\d/.test(character) ? match(NUMBER, at) : undefined;
      const word = number === undefined ? match(WORD, at) : undefined;
      if (character === "«" && word === undefined) {
        refuse("a name in French quotes is never closed, or has a double quote in it", at);
      }
      if (word?.includes("«") === true && /--|\/-/.test(word)) {
        refuse("a name in French quotes has a comment mark in it", at);
      }
      const text = number ?? word ?? match(SYMBOL, at) ?? character;
      const kind = number !== undefined ? "literal" : word !== undefined ? "word" : "symbol";
      push(kind, at, at + text.length);
      at += text.length;
    }
  }
  return tokens;
}

/** Where the block comment that opens at `start` has ended; comments nest. */
function endOfComment(code: string, start: number): number | undefined {
  let depth = 1;
  // Past the opening mark, of which a doc comment's second hyphen is no part.
  for (let at = start + 2; at < code.length;) {
    if (code.startsWith("-/", at)) {
      depth -= 1;
      at += 2;
      if (depth === 0) return at;
    } else if (code.startsWith("/-", at)) {
      depth += 1;
      at += 2;
    } else {
      at += 1;
    }
  }
  return undefined;
}

function endOfString(code: string, start: number): number | undefined {
  for (let at = start + 1; at < code.length; at += 1) {
    const character = code.charAt(at);
    if (character === "\\") at += 1;
    else if (character === '"') return at + 1;
  }
  return undefined;
}

/** Positions of ascending indices, in one pass over the text. */
class LineCounter {
  readonly #code: string;
  #at = 0;
  #line = 1;
  #column = 0;

  constructor(code: string) {
    this.#code = code;
  }

  position(index: number): Position {
    if (index < this.#at) {
      this.#at = 0;
      this.#line = 1;
      this.#column = 0;
    }
    while (this.#at < index) {
      const point = this.#code.codePointAt(this.#at) ?? 0;
      this.#at += point > 0xffff ? 2 : 1;
      if (point === 10) {
        this.#line += 1;
        this.#column = 0;
      } else {
        this.#column += 1;
      }
    }
    return { line: this.#line, column: this.#column };
  }
}
