import {
  isClosing,
  isDigit,
  isOpening,
  isSingle,
  isSpace,
  nameRestLength,
  nameStartLength,
} from "./characters.js";
import { skipBlockComment, skipCharacter, skipRawString, skipString } from "./literals.js";
import type { SourceProblem } from "./source-declaration.js";
import { TokenList, TOKEN } from "./token-list.js";

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
 * Signs that are a token of their own even where others touch them: prefixes and quantifiers, as in
 * `¬∃x`, `↑↑a`, `(·)`.
 */
const ALONE = new Set(Array.from("¬∀∃λ↑⇑↥@·√", (sign) => sign.charCodeAt(0)));

/**
 * Splits Lean 4 source into tokens: identifiers with their dots, numbers, strings, characters, doc
 * comments, brackets and runs of other signs. Other comments are dropped. Takes time linear in the
 * text and never throws; what cannot be right (an open comment, string or bracket) is reported.
 */
export function tokenize(text: string): { tokens: TokenList; problems: SourceProblem[] } {
  const tokens = new TokenList(text);
  const problems: SourceProblem[] = [];
  const report = (at: number, message: string) => {
    problems.push({ line: tokens.lineAt(at), message });
  };
  const length = text.length;
  let at = 0;
  let lineStart = 0;
  let lineEnd = -1;
  let isFirst = true;
  const add = (kind: number, end: number) => {
    tokens.add(kind, at, end, isFirst ? at - lineStart : -1);
    isFirst = false;
    at = end;
  };
  /** Takes note of the lines that start inside a piece of text, and moves behind it. */
  const pass = (end: number) => {
    // The next end of a line is kept: searching for it again and again would not be linear.
    if (lineEnd < at) lineEnd = endOfLine(text, at);
    while (lineEnd < end) {
      lineStart = lineEnd + 1;
      tokens.addLine(lineStart);
      lineEnd = endOfLine(text, lineStart);
    }
    at = end;
  };
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
    const next = text.charCodeAt(at + 1);
    if (code === DASH && next === DASH) {
      at = endOfLine(text, at);
      continue;
    }
    if (code === SLASH && next === DASH) {
      const end = skipBlockComment(text, at);
      if (end === -1) report(at, "a comment that starts here has no end (-/)");
      const stop = end === -1 ? length : end;
      const isDoc =
        text.charCodeAt(at + 2) === DASH && text.charCodeAt(at + 3) !== SLASH && end !== -1;
      if (isDoc) tokens.add(TOKEN.doc, at, stop, isFirst ? at - lineStart : -1);
      const before = tokens.lineCount;
      pass(stop);
      isFirst = !isDoc && (isFirst || tokens.lineCount > before);
      continue;
    }
    const start = code === GUILLEMET ? 1 : nameStartLength(text, at);
    if (start > 0) {
      const end = skipName(text, at);
      const word = end - at;
      if (word <= 2 && isLiteralPrefix(text, at, end)) {
        const stop = skipRawString(text, end) ?? skipString(text, end, word === 2);
        if (stop === -1) report(at, "a string that starts here has no end");
        const from = at;
        tokens.add(TOKEN.string, from, stop === -1 ? length : stop, isFirst ? at - lineStart : -1);
        isFirst = false;
        pass(stop === -1 ? length : stop);
        continue;
      }
      add(TOKEN.name, end);
      continue;
    }
    if (code === QUOTE) {
      const stop = skipString(text, at, false);
      if (stop === -1) report(at, "a string that starts here has no end");
      tokens.add(TOKEN.string, at, stop === -1 ? length : stop, isFirst ? at - lineStart : -1);
      isFirst = false;
      pass(stop === -1 ? length : stop);
      continue;
    }
    if (code === APOSTROPHE) {
      const end = skipCharacter(text, at);
      if (end !== -1) {
        add(TOKEN.character, end);
        continue;
      }
    }
    if (isDigit(code)) add(TOKEN.number, skipNumber(text, at));
    else if (isOpening(code)) add(TOKEN.open, at + 1);
    else if (isClosing(code)) add(TOKEN.close, at + 1);
    else if (isSingle(code) || ALONE.has(code)) add(TOKEN.sign, at + 1);
    else add(TOKEN.sign, skipSigns(text, at));
  }
  return { tokens, problems };
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
      for (let step = nameRestLength(text, at); step > 0; step = nameRestLength(text, at)) {
        at += step;
      }
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
    if (isSpace(code) || isDigit(code) || isOpening(code) || isClosing(code)) break;
    if (isSingle(code) || ALONE.has(code) || code === QUOTE || code === GUILLEMET) break;
    if (code === DOT && text.charCodeAt(from) !== DOT) break;
    if (nameStartLength(text, at) > 0) break;
    at += isHighSurrogate(code) ? 2 : 1;
  }
  return Math.min(at, text.length);
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
