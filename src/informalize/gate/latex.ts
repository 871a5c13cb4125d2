/** A text, split where LaTeX begins and ends. */
export interface LatexParts {
  /** The text with each formula replaced by a space. */
  readonly prose: string;
  /** The formulas, without their delimiters. */
  readonly formulas: readonly string[];
  /** What keeps the text from being split, as the rest of a sentence after a colon. */
  readonly problem: string | undefined;
}

/** What opens a formula, and what closes it. */
const CLOSING: ReadonlyMap<string, string> = new Map([
  ["$", "$"],
  ["$$", "$$"],
  ["\\(", "\\)"],
  ["\\[", "\\]"],
]);

/** A formula's delimiter; an escaped sign or backslash is none. */
const DELIMITER = /\\[\\$]|\$\$|\$|\\[()[\]]/g;

/**
 * Takes formulas out of a text: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`. Where a delimiter has no partner,
 * the rest of the text counts as prose.
 */
export function latexParts(text: string): LatexParts {
  const formulas: string[] = [];
  let prose = "";
  let open: { readonly sign: string; readonly at: number } | undefined;
  let end = 0;
  let problem: string | undefined;
  for (const { 0: sign, index } of text.matchAll(DELIMITER)) {
    if (sign === "\\\\" || sign === "\\$") continue;
    if (open === undefined) {
      if (!CLOSING.has(sign)) {
        problem ??= `"${sign}" closes a formula that was not opened`;
        continue;
      }
      open = { sign, at: index + sign.length };
      prose += `${text.slice(end, index)} `;
    } else if (sign === CLOSING.get(open.sign)) {
      formulas.push(text.slice(open.at, index));
      open = undefined;
    } else {
      problem ??= `"${sign}" stands in a formula that "${open.sign}" opened`;
      continue;
    }
    end = index + sign.length;
  }
  if (open !== undefined) problem ??= `the formula that "${open.sign}" opens is not closed`;
  return { prose: prose + text.slice(end), formulas, problem };
}

/** What a formula nests by: braces, `\left` and `\right`, environments. */
const NESTING = /\\(?:left|right)(?![A-Za-z])|\\(begin|end)\s*\{([^{}]*)\}|\\.|[{}]/gs;

/** What is not balanced in a formula, as the rest of a sentence after a colon. */
export function formulaProblem(formula: string): string | undefined {
  /** What is open, as what closes it. */
  const awaited: string[] = [];
  for (const { 0: sign, 1: ends, 2: environment } of formula.matchAll(NESTING)) {
    if (sign === "{") awaited.push("}");
    else if (sign === "\\left") awaited.push("\\right");
    else if (ends === "begin") awaited.push(`\\end{${environment ?? ""}}`);
    else if (sign === "}" || sign === "\\right" || ends === "end") {
      const closing = ends === "end" ? `\\end{${environment ?? ""}}` : sign;
      if (awaited.pop() !== closing) return `"${closing}" has no partner in $${formula.trim()}$`;
    }
  }
  const missing = awaited.pop();
  return missing === undefined ? undefined : `"${missing}" is missing in $${formula.trim()}$`;
}

/** Characters that JSON makes of LaTeX commands whose backslash was not written twice. */
const LOST_BACKSLASH = /[\t\b\f\v\r\0]|\n(?=(?:abla|eq|eg|otin|u|mid|i|otimes|ormal)\b)/;

/** Whether the text shows that `\t`, `\f`, `\b`, `\r` or `\n` was read as an escape of JSON. */
export function lostBackslash(text: string): boolean {
  return LOST_BACKSLASH.test(text);
}
