import type { Token } from "../source/tokens.js";

/**
 * The names of the attributes in brackets, and of those that others hand on: `@[local simp,
 * to_additive (attr := ext)]` has `simp`, `to_additive` and `ext`.
 *
 * @param open where the opening bracket is.
 */
export function attributeNames(tokens: readonly Token[], open: number): Token[] {
  const names: Token[] = [];
  let depth = 0;
  let expected = false;
  let listDepth = 0;
  for (const [at, token] of tokens.entries()) {
    if (at < open) continue;
    if (/^[[({⟨]$/.test(token.text)) {
      depth += 1;
      expected = depth === 1;
      if (depth === 1) listDepth = 1;
    } else if (/^[\])}⟩]$/.test(token.text)) {
      depth -= 1;
      listDepth = Math.min(listDepth, depth);
      if (depth === 0) return names;
    } else if (token.text === "," && depth === listDepth) {
      expected = true;
    } else if (token.text === "attr") {
      // `(attr := simp, ext)`
      listDepth = depth;
      expected = true;
    } else if (expected && token.kind === "word") {
      if (/^(?:local|scoped)$/.test(token.text)) continue;
      names.push(token);
      expected = false;
    }
  }
  return names;
}
