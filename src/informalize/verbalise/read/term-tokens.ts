import {
  isDigit,
  isSpace,
  nameRestLength,
  nameStartLength,
} from "../../../corpus/lean-source/characters.js";
import { SIGNS_BY_START } from "./signs.js";

/** One token of a Lean term. */
export interface TermToken {
  readonly kind: "name" | "number" | "string" | "open" | "close" | "sign";
  readonly text: string;
  /** Where it lies in the text, in UTF-16 units: from, and up to but without. */
  readonly start: number;
  readonly end: number;
  /** Whether nothing stands between it and the token before. */
  readonly touches: boolean;
}

/** The tokens of a term, with brackets paired. */
export interface TermTokens {
  readonly text: string;
  readonly tokens: readonly TermToken[];
  /** By token: the bracket that pairs with it; -1 for all others. */
  readonly partners: readonly number[];
  /** Whether every bracket has its partner. */
  readonly isBalanced: boolean;
}

const CLOSING_OF: ReadonlyMap<string, string> = new Map(
  ["()", "[]", "![]", "!![]", "{}", "⟨⟩", "⦃⦄", "⟪⟫", "⌊⌋", "⌈⌉", "⟦⟧", "⁅⁆", "⟮⟯"].map((pair) => [
    pair.slice(0, -1),
    pair.slice(-1),
  ]),
);
const CLOSING: ReadonlySet<string> = new Set(CLOSING_OF.values());
const NUMBER = /[0-9]+(?:\.[0-9]+)?/y;
const STRING = /"(?:[^"\\]|\\.)*"?/y;
// Brackets and backticks in a name would look like the sentence's own.
const QUOTED_COMPONENT = /«[^»`()]{0,400}»/y;

/**
 * Splits a Lean term into tokens. Signs are read as the longest that `signs.ts` knows, as Lean reads
 * them; others are runs of unknown characters. Takes any text and never throws.
 */
export function termTokens(text: string): TermTokens {
  const tokens: TermToken[] = [];
  let at = 0;
  let last = -1;
  while (at < text.length) {
    if (isSpace(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const [kind, end] = tokenAt(text, at);
    tokens.push({ kind, text: text.slice(at, end), start: at, end, touches: at === last });
    at = end;
    last = end;
  }
  return { text, tokens, ...pairBrackets(tokens) };
}

function tokenAt(text: string, at: number): [TermToken["kind"], number] {
  const character = text.charAt(at);
  if (CLOSING_OF.has(character)) return ["open", at + 1];
  if (CLOSING.has(character)) return ["close", at + 1];
  if (character === "!") {
    const vector = ["![", "!!["].find((open) => text.startsWith(open, at));
    if (vector !== undefined) return ["open", at + vector.length];
  }
  if (isDigit(text.charCodeAt(at))) return ["number", matchEnd(NUMBER, text, at)];
  if (character === '"') return ["string", matchEnd(STRING, text, at)];
  const number = numberTypeEnd(text, at);
  if (number > at) return ["sign", number];
  const name = nameEnd(text, at);
  if (name > at) return ["name", name + starredWord(text, at, name)];
  const sign = text.slice(at, at + 2);
  if (NAMES_BY_SIGN.has(sign)) return ["name", at + 2];
  return ["sign", signEnd(text, at)];
}

/** `ℝ≥0∞` and the like are notation that starts with a name. */
function numberTypeEnd(text: string, at: number): number {
  if (!"ℝℚℕ".includes(text.charAt(at))) return at;
  return knownSignEnd(text, at);
}

/** Notation that stands where a function's name does. */
const NAMES_BY_SIGN: ReadonlySet<string> = new Set(["𝟙", "𝟭"]);

/** `Type*` and its like leave their universes to Lean; the star is no product. */
const STARRED: ReadonlySet<string> = new Set(["Type", "Sort", "Category"]);

function starredWord(text: string, from: number, to: number): number {
  return text.charAt(to) === "*" && STARRED.has(text.slice(from, to)) ? 1 : 0;
}

function nameEnd(text: string, from: number): number {
  let at = from;
  for (;;) {
    if (text.charAt(at) === "«") {
      const end = matchEnd(QUOTED_COMPONENT, text, at);
      if (end === at + 1) return from;
      at = end;
    } else {
      const start = nameStartLength(text, at);
      if (start === 0) return Math.max(from, at - 1);
      at += start;
      for (let step = nameRestLength(text, at); step > 0; step = nameRestLength(text, at)) {
        at += step;
      }
    }
    if (text.charAt(at) !== ".") return at;
    if (nameStartLength(text, at + 1) === 0 && text.charAt(at + 1) !== "«") return at;
    at += 1;
  }
}

function signEnd(text: string, at: number): number {
  const known = knownSignEnd(text, at);
  return known > at ? known : at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
}

function knownSignEnd(text: string, at: number): number {
  const start = String.fromCodePoint(text.codePointAt(at) ?? 0);
  for (const sign of SIGNS_BY_START.get(start) ?? []) {
    if (!text.startsWith(sign, at)) continue;
    const end = at + sign.length;
    // `→o` is an arrow; in `→one` it is not.
    const endsInLetter = /[A-Za-z]$/.test(sign);
    if (endsInLetter && nameRestLength(text, end) > 0) continue;
    return end;
  }
  return at;
}

/** The end of what a sticky pattern matches at a place; one further where it does not. */
function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at + 1;
}

function pairBrackets(tokens: readonly TermToken[]): Pick<TermTokens, "partners" | "isBalanced"> {
  const partners = tokens.map(() => -1);
  const open: number[] = [];
  let isBalanced = true;
  for (const [at, token] of tokens.entries()) {
    if (token.kind === "open") open.push(at);
    if (token.kind !== "close") continue;
    const opening = open.pop();
    const expected = CLOSING_OF.get(tokens[opening ?? -1]?.text ?? "");
    if (opening === undefined || expected !== token.text) {
      isBalanced = false;
      continue;
    }
    partners[at] = opening;
    partners[opening] = at;
  }
  return { partners, isBalanced: isBalanced && open.length === 0 };
}
