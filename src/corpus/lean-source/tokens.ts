import {
  isClosing,
  isDigit,
  isOpening,
  isSign,
  isSingle,
  isSpace,
  nameRestEnd,
  nameStartLength,
} from "./characters.js";
import { skipBlockComment, skipCharacter, skipRawString, skipString } from "./literals.js";
import type { SourceProblem } from "./source-declaration.js";
import { TokenList, TOKEN } from "./token-list.js";
import { wordTable } from "./word-table.js";

const QUOTE = 34;
const APOSTROPHE = 39;
const DASH = 45;
const DOT = 46;
const SLASH = 47;
const NEWLINE = 10;
const GUILLEMET = 0xab;

/** A component in guillemets is no longer than this many characters. */
const LONGEST_QUOTED = 400;

/**
 * Splits Lean 4 source into tokens: identifiers with their dots, numbers, strings, characters, doc
 * comments, brackets and runs of other signs. Other comments are dropped. Takes time linear in the
 * text and never throws; what cannot be right (an open comment, string or bracket) is reported.
 */
export function tokenize(text: string): { tokens: TokenList; problems: SourceProblem[] } {
  const tokens = new TokenList(text);
  const problems: SourceProblem[] = [];
  const lines = new Lines(tokens);
  const length = text.length;
  wordTable.start(text);
  let at = 0;
  let lineStart = 0;
  let isFirst = true;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) {
      at += 1;
      lineStart = at;
      isFirst = true;
      tokens.addLine(at);
      continue;
    }
    if (isSpace(code)) {
      at += 1;
      continue;
    }
    const column = isFirst ? at - lineStart : -1;
    const start = code === GUILLEMET ? 1 : nameStartLength(text, at);
    if (start > 0) {
      const end = skipName(text, at);
      if (end - at > 2 || !isLiteralPrefix(text, at, end)) {
        tokens.add(TOKEN.name, at, end, column, wordTable.number(at, end));
        isFirst = false;
        at = end;
        continue;
      }
    }
    const next = text.charCodeAt(at + 1);
    if (code === DASH && next === DASH) {
      at = endOfLine(text, at);
      continue;
    }
    if (code === SLASH && next === DASH) {
      const end = skipBlockComment(text, at);
      const stop = end === -1 ? length : end;
      if (end === -1) {
        const message = "a comment that starts here has no end (-/)";
        problems.push({ line: tokens.lineAt(at), message });
      }
      const isDoc =
        text.charCodeAt(at + 2) === DASH && text.charCodeAt(at + 3) !== SLASH && end !== -1;
      if (isDoc) tokens.add(TOKEN.doc, at, stop, column, -1);
      const lastStart = lines.pass(at, stop);
      isFirst = !isDoc && (isFirst || lastStart !== -1);
      if (lastStart !== -1) lineStart = lastStart;
      at = stop;
      continue;
    }
    if (start > 0 || code === QUOTE) {
      const stop = skipStringLiteral(text, at);
      if (stop === -1) {
        const message = "a string that starts here has no end";
        problems.push({ line: tokens.lineAt(at), message });
      }
      const end = stop === -1 ? length : stop;
      tokens.add(TOKEN.string, at, end, column, -1);
      const lastStart = lines.pass(at, end);
      if (lastStart !== -1) lineStart = lastStart;
      isFirst = false;
      at = end;
      continue;
    }
    let kind: number = TOKEN.sign;
    let end = code === APOSTROPHE ? skipCharacter(text, at) : -1;
    if (end !== -1) kind = TOKEN.character;
    else if (isDigit(code)) {
      kind = TOKEN.number;
      end = skipNumber(text, at);
    } else {
      if (isOpening(code)) kind = TOKEN.open;
      else if (isClosing(code)) kind = TOKEN.close;
      const isAlone = kind !== TOKEN.sign || isSingle(code);
      end = isAlone ? at + 1 : skipSigns(text, at);
    }
    tokens.add(kind, at, end, column, kind <= TOKEN.close ? wordTable.number(at, end) : -1);
    isFirst = false;
    at = end;
  }
  tokens.setWords(wordTable.finish());
  return { tokens, problems };
}

/** Takes note of the lines that start inside of tokens and comments. */
class Lines {
  readonly #tokens: TokenList;
  /** The next end of a line is kept: searching for it again and again would not be linear. */
  #end = -1;

  constructor(tokens: TokenList) {
    this.#tokens = tokens;
  }

  /** @returns where the last line starts that starts inside of a piece of the text; -1 for none. */
  pass(from: number, to: number): number {
    const { text } = this.#tokens;
    let last = -1;
    if (this.#end < from) this.#end = endOfLine(text, from);
    while (this.#end < to) {
      last = this.#end + 1;
      this.#tokens.addLine(last);
      this.#end = endOfLine(text, last);
    }
    return last;
  }
}

/** The place after a string, which may have a prefix; -1 if it never ends. */
function skipStringLiteral(text: string, at: number): number {
  if (text.charCodeAt(at) === QUOTE) return skipString(text, at, false);
  const end = skipName(text, at);
  return skipRawString(text, end) ?? skipString(text, end, end - at === 2);
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

/** Whether a short name is the start of a literal: `r"…"`, `r#"…"#`, `s!"…"`, `m!"…"`, `f!"…"`. */
function isLiteralPrefix(text: string, at: number, end: number): boolean {
  const follows = text.charCodeAt(end);
  if (end - at === 2) return follows === QUOTE && text[at + 1] === "!";
  if (text[at] !== "r") return false;
  if (follows === QUOTE) return true;
  let hash = end;
  while (text[hash] === "#") hash += 1;
  return hash > end && text.charCodeAt(hash) === QUOTE;
}

/** The end of the identifier that starts here, with all its components. */
function skipName(text: string, from: number): number {
  let at = from;
  for (;;) {
    if (text.charCodeAt(at) === GUILLEMET) {
      const close = text.slice(at, at + LONGEST_QUOTED).search(/[»\n]/);
      if (close === -1 || text[at + close] === "\n") return Math.max(at, from + 1);
      at += close + 1;
    } else {
      at += nameStartLength(text, at);
      at = nameRestEnd(text, at);
    }
    if (text.charCodeAt(at) !== DOT) return at;
    const goesOn = nameStartLength(text, at + 1) > 0 || text.charCodeAt(at + 1) === GUILLEMET;
    if (!goesOn) return at;
    at += 1;
  }
}

const NUMBER = /0[xXbBoO][0-9a-fA-F_]+|[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;

function skipNumber(text: string, at: number): number {
  NUMBER.lastIndex = at;
  return NUMBER.test(text) ? NUMBER.lastIndex : at + 1;
}

/** The end of a run of signs: `:=`, `→ₗ`, `⁻¹'`. Stops before a comment. */
function skipSigns(text: string, from: number): number {
  let at = from + (isHighSurrogate(text.charCodeAt(from)) ? 2 : 1);
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === DASH && text.charCodeAt(at + 1) === DASH) break;
    if (code === SLASH && text.charCodeAt(at + 1) === DASH) break;
    if (!isSign(code) || code === QUOTE || code === GUILLEMET) break;
    if (code === DOT && text.charCodeAt(from) !== DOT) break;
    if (nameStartLength(text, at) > 0) break;
    at += isHighSurrogate(code) ? 2 : 1;
  }
  return Math.min(at, text.length);
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
