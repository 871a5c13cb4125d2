import { BINDING_SIGNS, OPEN_ENDED, QUANTIFIERS } from "./signs.js";
import type { TermToken, TermTokens } from "./term-tokens.js";

/** Whether what follows a token may have commas and colons of its own. */
function opensScope(token: TermToken): boolean {
  return OPEN_ENDED.has(token.text) || QUANTIFIERS.has(token.text);
}

/** The comma that ends what a quantifier or a sum binds from here; -1 where something else comes first. */
export function commaAfterBound(
  { tokens, partners }: TermTokens,
  from: number,
  to: number,
): number {
  for (let at = from; at < to; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const partner = partners[at] ?? -1;
    if (token.kind === "open" && partner > at) at = partner;
    else if (token.text === ",") return at;
    else if (opensScope(token)) return -1;
  }
  return -1;
}

/**
 * The colon of what stands in parentheses as in `(x : α)`, -1 where there is none; undefined for what is no
 * single term: tuples, `(· + 1)`, `(n := 2)`, nothing.
 */
export function colonOfAscription(
  { tokens, partners }: TermTokens,
  from: number,
  to: number,
): number | undefined {
  let colon = -1;
  // The variables of a sum may have a type, and end with a comma.
  let isBound = false;
  for (let at = from; at < to; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const partner = partners[at] ?? -1;
    if (token.kind === "open" && partner > at) at = partner;
    else if ([":=", "·", ";"].includes(token.text)) return undefined;
    else if (token.text === "," && !isBound) return undefined;
    else if (opensScope(token)) return colon;
    else if (BINDING_SIGNS.has(token.text)) isBound = true;
    else if (token.text === ":" && colon === -1 && !isBound) colon = at;
  }
  return from >= to ? undefined : colon;
}
