/** A docstring and where it ends. */
export interface Docstring {
  readonly end: number;
  readonly content: string;
}

/** Lean source without comments: as long as before, so that places stay the same. */
export interface BareSource {
  /** Comments are spaces; strings keep their quotes and lose their letters. */
  readonly code: string;
  readonly docstrings: readonly Docstring[];
}

/** Blanks the comments and strings of Lean source, nested ones too; never fails, in linear time. */
export function withoutComments(text: string): BareSource {
  const pieces: string[] = [];
  const docstrings: Docstring[] = [];
  let at = 0;
  let kept = 0;
  const blank = (from: number, to: number): void => {
    pieces.push(text.slice(kept, from), text.slice(from, to).replaceAll(/[^\n]/g, " "));
    kept = to;
  };
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    if (two === "--") {
      const end = text.indexOf("\n", at);
      const to = end === -1 ? text.length : end;
      blank(at, to);
      at = to;
    } else if (two === "/-") {
      const to = endOfComment(text, at);
      if (text[at + 2] === "-") {
        docstrings.push({
          end: to,
          content: text
            .slice(at + 3, to)
            .replace(/-\/$/, "")
            .trim(),
        });
      }
      blank(at, to);
      at = to;
    } else if (text.startsWith(`'"'`, at)) {
      // The letter of a quotation mark begins no string.
      at += 3;
    } else if (text[at] === '"') {
      const to = endOfString(text, at);
      if (to > at + 2) blank(at + 1, to - 1);
      at = to;
    } else {
      at += 1;
    }
  }
  pieces.push(text.slice(kept));
  return { code: pieces.join(""), docstrings };
}

function endOfComment(text: string, start: number): number {
  const mark = /\/-|-\//g;
  mark.lastIndex = start + 2;
  // `/--/` is a whole comment to Lean: the dash may belong to both ends.
  if (text.slice(start, start + 4) === "/--/") return start + 4;
  let depth = 1;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    depth += found[0] === "/-" ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

const OPENING = "([{⟨⟦⦃⟪⟮";
const CLOSING = ")]}⟩⟧⦄⟫⟯";

/**
 * The first place from `from` on where one of these texts stands outside all brackets, or -1. A text
 * that starts with a letter must not be part of a longer word.
 */
export function findOutside(code: string, wanted: readonly string[], from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    const letter = code[at] ?? "";
    if (OPENING.includes(letter)) depth += 1;
    else if (CLOSING.includes(letter)) depth -= 1;
    else if (depth <= 0 && wanted.some((text) => standsAt(code, text, at))) return at;
  }
  return -1;
}

function standsAt(code: string, text: string, at: number): boolean {
  if (!code.startsWith(text, at)) return false;
  if (!/\p{L}/u.test(text)) return true;
  return !isWordLetter(code[at - 1]) && !isWordLetter(code[at + text.length]);
}

function isWordLetter(letter: string | undefined): boolean {
  return letter !== undefined && /[\p{L}\p{N}_'!?.]/u.test(letter);
}
