import { docText } from "./literals.js";
import type { GeneratingAttribute } from "./source-declaration.js";
import { TOKEN, type TokenList } from "./token-list.js";

const GENERATING: ReadonlySet<string> = new Set([
  "to_additive",
  "to_dual",
  "reassoc",
  "elementwise",
  "to_app",
  "to_fun",
]);

/** Deeper attributes than these are not followed: nobody writes them. */
const DEEPEST_NESTING = 4;

/**
 * The attributes that make declarations, in a list of attributes without its brackets. Others are
 * passed over.
 */
export function readAttributes(
  tokens: TokenList,
  from: number,
  to: number,
  depth = 0,
): GeneratingAttribute[] {
  const attributes: GeneratingAttribute[] = [];
  let start = from;
  for (let token = from; token <= to; token = token < to ? tokens.skip(token) : token + 1) {
    if (token < to && !tokens.is(token, ",")) continue;
    const attribute = readAttribute(tokens, start, Math.min(token, to), depth);
    if (attribute !== undefined) attributes.push(attribute);
    start = token + 1;
  }
  return attributes;
}

function readAttribute(
  tokens: TokenList,
  from: number,
  to: number,
  depth: number,
): GeneratingAttribute | undefined {
  let token = from;
  while (tokens.is(token, "local") || tokens.is(token, "scoped")) token += 1;
  const word = tokens.word(token).replace(/[?!]$/, "");
  if (token >= to || !GENERATING.has(word)) return undefined;
  let target = "";
  let docstring = "";
  let existing = false;
  let isSelf = false;
  const nested: GeneratingAttribute[] = [];
  for (token += 1; token < to; token = tokens.skip(token)) {
    const kind = tokens.kind(token);
    if (kind === TOKEN.doc) docstring = docText(tokens.word(token));
    else if (kind === TOKEN.string) docstring = stringText(tokens.word(token));
    else if (kind === TOKEN.name) {
      const name = tokens.word(token);
      if (name === "existing" || name === "self" || name === "none") existing = true;
      else target = name;
      if (name === "self") isSelf = true;
    } else if (tokens.is(token, "(") && tokens.is(token + 1, "attr") && depth < DEEPEST_NESTING) {
      const close = tokens.closing(token);
      if (close !== -1) nested.push(...readAttributes(tokens, token + 3, close, depth + 1));
    }
  }
  const attribute = word as GeneratingAttribute["attribute"];
  return { attribute, target, docstring, existing, nested, ...(isSelf ? { isSelf } : {}) };
}

function stringText(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\\n\s*/g, "")
    .replace(/\\(["\\])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
