/**
 * Where a word stands as code when a text is read by Lean's rules (src/Lean/Parser/Basic.lean) with a
 * table of tokens: at each place the longest token that the table knows, or a longer identifier. The
 * reading ends where Lean would tell an error.
 *
 * @param table tokens that are no identifiers, and keywords.
 */
export function placesOf(word: string, code: string, table: readonly string[]): number[] {
  const places: number[] = [];
  let at = 0;
  while (at < code.length) {
    const rest = code.slice(at);
    const skipped = blanks(rest);
    if (skipped === undefined) return places;
    if (skipped > 0) {
      at += skipped;
      continue;
    }
    const length = tokenLength(rest, table);
    if (length === undefined) return places;
    if (rest.slice(0, length) === word) places.push(at);
    at += length;
  }
  return places;
}

/** How much space or comment the text begins with; undefined for a comment that never ends. */
function blanks(text: string): number | undefined {
  const space = /^[ \n]+/.exec(text)?.[0].length;
  if (space !== undefined) return space;
  if (text.startsWith("--")) return /^[^\n]*/.exec(text)?.[0].length;
  if (!text.startsWith("/-")) return 0;
  // A doc comment is a token of three characters and a body; for words, the same as a comment.
  let depth = 1;
  for (let at = /^\/-[-!]/.test(text) ? 3 : 2; at < text.length;) {
    const pair = text.slice(at, at + 2);
    if (pair === "-/") depth -= 1;
    if (pair === "/-") depth += 1;
    at += pair === "-/" || pair === "/-" ? 2 : 1;
    if (depth === 0) return at;
  }
  return undefined;
}

const IDENTIFIER =
  /^(?:[a-zA-Z_α][a-zA-Z0-9_'!?α₁]*|«[^»]*»)(?:\.(?:[a-zA-Z_α][a-zA-Z0-9_'!?α₁]*|«[^»]*»))*/;
const STRING = /^"(?:\\[\s\S]|[^"\\])*"/;
const CHARACTER = /^'(?:\\[\\"'rnt]|[^\\])'/;

function tokenLength(text: string, table: readonly string[]): number | undefined {
  if (text.startsWith('"')) return STRING.exec(text)?.[0].length;
  if (/^'[^']/.test(text)) return CHARACTER.exec(text)?.[0].length;
  if (/^\d/.test(text)) return /^\d+(?:\.\d*)?/.exec(text)?.[0].length;
  const marks = /^r(#*)"/.exec(text)?.[1];
  if (marks !== undefined) {
    const end = text.indexOf(`"${marks}`, marks.length + 2);
    return end === -1 ? undefined : end + 1 + marks.length;
  }
  const known = Math.max(
    0,
    ...table.filter((token) => text.startsWith(token)).map((t) => t.length),
  );
  const identifier = IDENTIFIER.exec(text)?.[0].length ?? 0;
  return Math.max(known, identifier) || undefined;
}
