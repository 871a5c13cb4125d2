import type { Token } from "./tokens.js";

/** The beginning of a Lean file. */
export interface Header {
  /** The imported modules, in order and without repeats: `Mathlib.Order.Basic`. */
  readonly imports: readonly string[];
  /** How many tokens belong to it. */
  readonly tokens: number;
  /** Where it ends in the code: an index in UTF-16 code units. */
  readonly end: number;
  /** A word of the module system or of Lean's own core that no proof needs. */
  readonly strange: Token | undefined;
}

/** Reads the imports (src/Lean/Parser/Module.lean: `header`). */
export function readHeader(tokens: readonly Token[]): Header {
  const imports: string[] = [];
  let strange: Token | undefined;
  let at = 0;
  let end = 0;
  for (;;) {
    const token = tokens[at];
    if (token?.text === "module" || token?.text === "prelude") {
      strange ??= token;
      at += 1;
    } else {
      let word = at;
      while (/^(?:public|meta)$/.test(tokens[word]?.text ?? "")) word += 1;
      if (tokens[word]?.text !== "import") break;
      const next = tokens[word + 1];
      const all = next?.text === "all";
      if (all || word > at) strange ??= token;
      const name = all ? tokens[word + 2] : next;
      if (name?.kind !== "word") break;
      imports.push(name.text);
      at = word + (all ? 3 : 2);
    }
    end = tokens[at - 1]?.end ?? end;
  }
  return { imports: [...new Set(imports)], tokens: at, end, strange };
}

/** A text of the same lines in which nothing stands. */
export function blank(text: string): string {
  return text.replace(/[^\n]/g, "");
}
