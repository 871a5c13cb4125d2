import { QUANTIFIERS } from "./signs.js";
import type { TermTokens } from "./term-tokens.js";

/** The fields in the body of a structure: `where toFun : α → β map_one : …`, in order. */
export function fieldNames({ tokens, partners }: TermTokens): string[] {
  const names: string[] = [];
  let binds = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    const partner = partners[at] ?? -1;
    if (token === undefined) break;
    if (token.kind === "open" && partner > at) at = partner;
    else if (QUANTIFIERS.has(token.text) || ["fun", "λ", "Σ"].includes(token.text)) binds += 1;
    else if ([",", "=>", "↦"].includes(token.text)) binds = Math.max(0, binds - 1);
    else if (token.text === ":" && binds === 0) {
      const name = nameBefore(tokens, partners, at);
      if (name !== undefined && !names.includes(name)) names.push(name);
    }
  }
  return names;
}

/** The name before a colon and its binders. */
function nameBefore(
  tokens: TermTokens["tokens"],
  partners: readonly number[],
  colon: number,
): string | undefined {
  let at = colon - 1;
  while (at >= 0 && tokens[at]?.kind === "close") at = (partners[at] ?? -1) - 1;
  const token = tokens[at];
  return token?.kind === "name" && token.text !== "where" ? token.text : undefined;
}

/** The constructors in the body of an inductive type: `| zero : ℕ | succ (n : ℕ) : ℕ`, in order. */
export function constructorNames({ tokens, partners }: TermTokens): string[] {
  const names: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const partner = partners[at] ?? -1;
    if (partner > at) {
      at = partner;
      continue;
    }
    const next = tokens[at + 1];
    // The bars of an absolute value touch what is inside.
    const isBar = tokens[at]?.text === "|" && next?.kind === "name" && !next.touches;
    if (isBar && !names.includes(next.text)) names.push(next.text);
  }
  return names;
}
