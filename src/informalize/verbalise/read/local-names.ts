import {
  BINDING_SIGNS,
  OPEN_ENDED,
  QUANTIFIERS,
  RELATION_PRECEDENCE,
  INFIX_SIGNS,
} from "./signs.js";
import type { TermToken, TermTokens } from "./term-tokens.js";

/** Whether a name is a variable, and no declaration: it is bound, or too short for Mathlib's names. */
export type IsLocal = (name: string) => boolean;

/** Names of one letter, with subscripts, digits or primes, are variables wherever they stand. */
const SHORT = /^(?:_.*|\p{L}[0-9'₀-₉ₐ-ₜᵢ-ᵪ]*)$/u;
const NUMBERS = new Set(["ℕ", "ℤ", "ℚ", "ℝ", "ℂ", "π", "Γ", "ζ"]);

/** Tells which names are bound in a declaration's binders or in its type, by their first component. */
export function localNames(signature: TermTokens, type: TermTokens): IsLocal {
  const bound = new Set<string>();
  const { tokens, partners } = signature;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    const partner = partners[at] ?? -1;
    if (token?.kind === "name") bound.add(token.text);
    if (partner <= at) continue;
    collectBracket(tokens, at + 1, partner, bound);
    at = partner;
  }
  collect(signature, bound);
  collect(type, bound);
  return (name) => {
    const dot = name.indexOf(".");
    const first = dot === -1 ? name : name.slice(0, dot);
    return bound.has(first) || (SHORT.test(first) && !NUMBERS.has(first));
  };
}

function collect({ tokens, partners }: TermTokens, bound: Set<string>): void {
  let isBinding = false;
  for (const [at, token] of tokens.entries()) {
    const { text } = token;
    if (isBinding && token.kind === "open") {
      collectBracket(tokens, at + 1, partners[at] ?? -1, bound);
    }
    if (QUANTIFIERS.has(text) || BINDING_SIGNS.has(text)) isBinding = true;
    else if (OPEN_ENDED.has(text)) isBinding = text === "fun" || text === "λ";
    else if ([",", "=>", "↦", ":", "in"].includes(text)) isBinding = false;
    else if (INFIX_SIGNS.get(text)?.precedence === RELATION_PRECEDENCE) isBinding = false;
    else if (isBinding && token.kind === "name") bound.add(text);
  }
}

/** `(x y : α)` binds x and y. */
function collectBracket(
  tokens: readonly TermToken[],
  from: number,
  close: number,
  bound: Set<string>,
): void {
  let at = from;
  while (at < close && tokens[at]?.kind === "name") at += 1;
  if (tokens[at]?.text !== ":") return;
  for (let name = from; name < at; name += 1) bound.add(tokens[name]?.text ?? "");
}
