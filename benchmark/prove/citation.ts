import { type Token, tokenize, UnreadableSource } from "../../src/verify/source/tokens.js";

/** Tactics that search the library for what closes the goal, and so find the theorem itself. */
const SEARCHING = new Set(["exact", "apply", "rw"]);

/**
 * Whether a proof cites the theorem that it proves: by the library's name for it, in full or in part; by
 * its last component after a dot, where the type of what stands before decides what is meant; or by
 * having Lean search the library (`exact?`). What simp and other automation find by themselves is not
 * seen. Where it cannot be told, it counts as cited.
 *
 * @param code the whole Lean file of the proof.
 * @param statement the file that it proves, which may use the same words.
 * @param fullName the library's name: `DoubleCoset.union_quotToDoubleCoset`.
 */
export function citesItself(code: string, statement: string, fullName: string): boolean {
  return citations(code, fullName) > citations(statement, fullName);
}

function citations(code: string, fullName: string): number {
  let tokens: Token[];
  try {
    tokens = tokenize(code);
  } catch (error) {
    if (!(error instanceof UnreadableSource)) throw error;
    return 0;
  }
  const [last = "", before] = fullName.split(".").reverse();
  return tokens.filter(({ kind, text }, at) => {
    if (kind !== "word") return false;
    if (text.endsWith("?") && SEARCHING.has(text.slice(0, -1))) return true;
    const parts = text.split(".");
    const place = parts.indexOf(last);
    if (place === -1) return false;
    const qualifier = parts[place - 1];
    if (qualifier === undefined) return isDistinct(last) || tokens[at - 1]?.text === ".";
    // A name of another namespace is another theorem; a small letter is somebody's variable.
    return qualifier === before || qualifier === "_root_" || /^[^\p{Lu}]/u.test(qualifier);
  }).length;
}

/** Whether a component alone is no common word of Lean, such as `comp`. */
function isDistinct(component: string): boolean {
  return component.includes("_");
}
