import type { Declaration } from "../../../declaration.js";
import { termTokens } from "./term-tokens.js";

/** The binders and the type of a declaration, in Lean. */
export interface WrittenDeclaration {
  readonly signature: string;
  readonly type: string;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  "theorem lemma def abbrev instance structure class inductive axiom opaque".split(" "),
);

/**
 * The binders and the type, from the parts of a record or, where a corpus has only that, from the
 * written-out statement: between the name and the first colon outside of brackets, and from there to
 * its body.
 */
export function splitDeclaration(declaration: Declaration): WrittenDeclaration {
  const { signature, type, statement } = declaration;
  if (signature !== "" || type !== "" || statement === "") return { signature, type };
  const { tokens, partners } = termTokens(statement);
  let at = tokens.findIndex((token) => KEYWORDS.has(token.text)) + 1;
  if (tokens[at]?.text === "inductive") at += 1;
  // Behind the keyword comes the name, which an instance may lack, with its universes.
  if (tokens[at]?.kind === "name") at += 1;
  if (tokens[at]?.text === "." && tokens[at + 1]?.text === "{") at = (partners[at + 1] ?? at) + 1;
  const from = tokens[at]?.start ?? statement.length;
  let colon: number | undefined;
  let end = statement.length;
  for (; at < tokens.length; at += 1) {
    const token = tokens[at];
    const partner = partners[at] ?? -1;
    if (token?.kind === "open" && partner > at) at = partner;
    else if (token?.text === ":" && colon === undefined) colon = token.start;
    else if (token?.text === ":=" || token?.text === "where") {
      end = token.start;
      break;
    }
  }
  if (colon === undefined) return { signature: statement.slice(from, end).trim(), type: "" };
  return {
    signature: statement.slice(from, colon).trim(),
    type: statement.slice(colon + 1, end).trim(),
  };
}
