import { TOKEN, type TokenList } from "./token-list.js";
import { tokenize } from "./tokens.js";

/**
 * The statement that `reassoc` makes of an equation between morphisms: both sides composed with a
 * further morphism `h`, without brackets around compositions and without identities. Binders of the
 * new object and morphism come with it; their objects, which only Lean knows, are left open. Where the
 * signature has an `h` or `Z` already, the new one has a prime.
 *
 * After Mathlib's `Mathlib.Tactic.CategoryTheory.Reassoc`. Undefined where the text shows no equation.
 */
export function reassociated(
  signature: string,
  type: string,
): { binders: string; type: string } | undefined {
  const { tokens } = tokenize(type);
  tokens.pairBrackets(
    () => false,
    () => undefined,
  );
  let start = 0;
  let equals = -1;
  for (let token = 0; token < tokens.size; token = tokens.skip(token)) {
    if (tokens.kind(token) !== TOKEN.sign) continue;
    const word = tokens.word(token);
    // Behind hypotheses and quantifiers comes the equation itself.
    if ((word === "," || word === "→") && equals === -1) start = token + 1;
    else if (word === "=") equals = token;
  }
  if (equals === -1) return undefined;
  const premise = tokens.source(0, start);
  const [object, morphism] = ["Z", "h"].map((name) =>
    new RegExp(`[(\\[{⦃ ]${name}[ )\\]}⦄]`).test(signature) ? `${name}'` : name,
  ) as [string, string];
  const left = composed(tokens, start, equals, morphism);
  const right = composed(tokens, equals + 1, tokens.size, morphism);
  const equation = `${left} = ${right}`;
  const binders = `{${object} : _} (${morphism} : _ ⟶ ${object})`;
  return { binders, type: premise === "" ? equation : `${premise} ${equation}` };
}

/** One side with the morphism behind it: `𝟙 X` is left out, and `(f ≫ g)` opened. */
function composed(tokens: TokenList, from: number, to: number, morphism: string): string {
  const parts = morphisms(tokens, from, to, 0).filter((part) => !part.startsWith("𝟙"));
  return [...parts, morphism].join(" ≫ ");
}

function morphisms(tokens: TokenList, from: number, to: number, depth: number): string[] {
  const parts: string[] = [];
  let start = from;
  for (let token = from; token <= to; token = token < to ? tokens.skip(token) : token + 1) {
    if (token < to && !tokens.is(token, "≫")) continue;
    const end = Math.min(token, to);
    const close = tokens.closing(start);
    const isGroup = tokens.is(start, "(") && close === end - 1 && depth < 20;
    if (isGroup) parts.push(...grouped(tokens, start, close, depth));
    else if (end > start) parts.push(tokens.source(start, end));
    start = token + 1;
  }
  return parts;
}

function grouped(tokens: TokenList, open: number, close: number, depth: number): string[] {
  for (let token = open + 1; token < close; token = tokens.skip(token)) {
    if (tokens.is(token, ":")) return [tokens.source(open, close + 1)];
  }
  return morphisms(tokens, open + 1, close, depth + 1);
}
