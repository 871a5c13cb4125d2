import { TermReader } from "./read-term.js";
import { INFIX_SIGNS, RELATION_PRECEDENCE } from "./signs.js";
import type { BoundVariables, Term } from "./term.js";
import type { TermTokens } from "./term-tokens.js";

/** What stands between a quantifier and its comma. */
export interface Quantified {
  readonly bound: readonly BoundVariables[];
  readonly along: string;
}

/**
 * Reads what a quantifier binds: `x y : α`, `x ∈ s`, `ε > 0`, `(x : α) (h : p x)`, `x in f`, `x ∂μ`.
 * Undefined for anything else, such as a pattern.
 */
export function readBoundVariables(
  source: TermTokens,
  from: number,
  to: number,
  depth: number,
  sign: string,
): Quantified | undefined {
  let end = to;
  let along = "";
  const separator = sign.endsWith("ᶠ") ? "in" : sign.endsWith("ᵐ") ? "∂" : undefined;
  if (separator !== undefined) {
    const at = source.tokens.findIndex((t, i) => i > from && i < to && t.text === separator);
    // Without a measure, it is the one that the type comes with.
    if (at === -1 && separator === "in") return undefined;
    if (at !== -1) {
      const start = source.tokens[at + 1]?.start ?? 0;
      along = source.text.slice(start, source.tokens[to - 1]?.end ?? start);
      end = at;
    }
  }
  const bound = readAll(source, from, end, depth);
  return bound === undefined || bound.length === 0 ? undefined : { bound, along };
}

/** Reads the binders of a header: `{α : Type*} [Preorder α] (s : Set α)`; undefined if it cannot. */
export function readBinders(source: TermTokens): readonly BoundVariables[] | undefined {
  return source.isBalanced ? readAll(source, 0, source.tokens.length, 0) : undefined;
}

function readAll(
  source: TermTokens,
  from: number,
  to: number,
  depth: number,
): BoundVariables[] | undefined {
  const all: BoundVariables[] = [];
  let at = from;
  while (at < to) {
    const token = source.tokens[at];
    const partner = source.partners[at] ?? -1;
    if (token?.kind === "open") {
      const bracketed = partner > at ? readBracket(source, at, partner, depth) : undefined;
      if (bracketed === undefined) return undefined;
      all.push(bracketed);
      at = partner + 1;
      continue;
    }
    const names = namesAt(source, at, to);
    if (names.length === 0) return undefined;
    at += names.length;
    const next = source.tokens[at];
    if (at < to && next?.kind !== "open") {
      const rest = readRest(source, at, to, depth);
      return rest === undefined ? undefined : [...all, { bracket: "", names, ...rest }];
    }
    all.push({ bracket: "", names, type: undefined, restriction: undefined });
  }
  return all;
}

function namesAt(source: TermTokens, from: number, to: number): string[] {
  const names: string[] = [];
  for (let at = from; at < to && source.tokens[at]?.kind === "name"; at += 1) {
    names.push(source.tokens[at]?.text ?? "");
  }
  return names;
}

function readBracket(
  source: TermTokens,
  open: number,
  close: number,
  depth: number,
): BoundVariables | undefined {
  const bracket = source.tokens[open]?.text;
  if (bracket !== "(" && bracket !== "{" && bracket !== "[" && bracket !== "⦃") return undefined;
  const names = namesAt(source, open + 1, close);
  const after = open + 1 + names.length;
  if (bracket === "[" && source.tokens[after]?.text !== ":") {
    const type = termOf(source, open + 1, close, depth);
    return { bracket, names: [], type, restriction: undefined };
  }
  if (names.length === 0) return undefined;
  if (after === close) return { bracket, names, type: undefined, restriction: undefined };
  const rest = readRest(source, after, close, depth);
  return rest === undefined ? undefined : { bracket, names, ...rest };
}

/** `: type`, with or without a default value, or `∈ s`. */
function readRest(
  source: TermTokens,
  at: number,
  to: number,
  depth: number,
): Pick<BoundVariables, "type" | "restriction"> | undefined {
  const sign = source.tokens[at]?.text ?? "";
  if (sign === ":") {
    let end = at + 1;
    while (end < to && source.tokens[end]?.text !== ":=") {
      end = Math.max(end, source.partners[end] ?? -1) + 1;
    }
    return { type: termOf(source, at + 1, Math.min(end, to), depth), restriction: undefined };
  }
  if (INFIX_SIGNS.get(sign)?.precedence !== RELATION_PRECEDENCE) return undefined;
  const bound = termOf(source, at + 1, to, depth);
  return bound === undefined ? undefined : { type: undefined, restriction: { sign, bound } };
}

function termOf(source: TermTokens, from: number, to: number, depth: number): Term | undefined {
  if (from >= to) return undefined;
  return new TermReader(source, from, to).all(depth + 1);
}
