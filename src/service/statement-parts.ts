import type { Declaration } from "../declaration.js";

/** What a declaration assumes and what it says. */
export interface StatementParts {
  /** Binders before the colon. */
  readonly signature: string;
  /** The type after the colon; empty where it is not known. */
  readonly type: string;
}

/**
 * The parts of a declaration's statement, also where a corpus has the statement in one piece only:
 * `theorem foo (n : ℕ) : n = n` has the signature `(n : ℕ)` and the type `n = n`.
 */
export function statementParts(declaration: Declaration): StatementParts {
  const { signature, type, statement, name } = declaration;
  if (type !== "" || statement === "") return { signature, type };
  const start = statement.indexOf(name);
  if (start === -1) return { signature, type };
  const rest = statement.slice(start + name.length);
  const colon = outerColon(rest);
  if (colon === -1) return { signature, type };
  return { signature: rest.slice(0, colon).trim(), type: rest.slice(colon + 1).trim() };
}

/** Where the first colon stands that is in no bracket and begins no `:=`; -1 where there is none. */
function outerColon(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if ("([{⟨⦃«".includes(character)) depth += 1;
    else if (")]}⟩⦄»".includes(character)) depth -= 1;
    else if (character === ":" && depth === 0) return text.charAt(at + 1) === "=" ? -1 : at;
  }
  return -1;
}
