const QUOTE = 34;
const BACKSLASH = 92;
const SLASH = 47;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** The place after a block comment, which may hold others; -1 if it never ends. */
export function skipBlockComment(text: string, from: number): number {
  let depth = 1;
  let at = from + 2;
  while (at < text.length) {
    const dash = text.indexOf("-", at);
    if (dash === -1) return -1;
    if (text.charCodeAt(dash + 1) === SLASH) {
      depth -= 1;
      at = dash + 2;
      if (depth === 0) return at;
    } else if (dash > from + 1 && text.charCodeAt(dash - 1) === SLASH && dash - 1 >= at) {
      depth += 1;
      at = dash + 1;
    } else {
      at = dash + 1;
    }
  }
  return -1;
}

/**
 * The place after a string; -1 if it never ends. In an interpolated one, braces hold terms, which may
 * hold strings in turn: they are told apart by a stack, so nesting costs no recursion.
 */
export function skipString(text: string, from: number, isInterpolated: boolean): number {
  let at = from + 1;
  /** One entry a string that is open: the braces that are open in it. */
  const braces: number[] = [0];
  while (at < text.length) {
    const open = braces.length - 1;
    const isTerm = (braces[open] ?? 0) > 0;
    const code = text.charCodeAt(at);
    if (code === BACKSLASH && !isTerm) {
      at += 2;
      continue;
    }
    if (code === QUOTE) {
      if (isTerm) braces.push(0);
      else {
        braces.pop();
        if (braces.length === 0) return at + 1;
      }
    } else if (isInterpolated && code === OPEN_BRACE) {
      braces[open] = (braces[open] ?? 0) + 1;
    } else if (isTerm && code === CLOSE_BRACE) {
      braces[open] = (braces[open] ?? 0) - 1;
    }
    at += 1;
  }
  return -1;
}

/** The place after `"…"` or `#"…"#` behind the `r` of a raw string; undefined where there is none. */
export function skipRawString(text: string, from: number): number | undefined {
  let at = from;
  while (text[at] === "#") at += 1;
  if (text.charCodeAt(at) !== QUOTE || text[from - 1] !== "r") return undefined;
  const close = `"${"#".repeat(at - from)}`;
  const end = text.indexOf(close, at + 1);
  return end === -1 ? -1 : end + close.length;
}

const CHARACTER = /'(?:\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{1,6}|u\{[0-9a-fA-F]+\}|[^])|[^'\\])'/uy;

/** The place after a character literal, or -1 where the apostrophe starts none, as in `f '' s`. */
export function skipCharacter(text: string, from: number): number {
  CHARACTER.lastIndex = from;
  return CHARACTER.test(text) ? CHARACTER.lastIndex : -1;
}

/** White space other than one space. */
const UNTIDY = /[^\S ]\s*| \s+/g;

/** The text of a doc comment without its marks, each run of white space as one space. */
export function docText(comment: string): string {
  return comment.slice(3, -2).replace(UNTIDY, " ").trim();
}
