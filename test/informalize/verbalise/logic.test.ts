import fc from "fast-check";
import { expect, it } from "vitest";
import { verbalise } from "../../../src/informalize/verbalise/verbalise.js";
import { declarationOf } from "./lean-text.js";

/** A propositional formula over a few atoms. */
type Formula =
  | { readonly atom: number }
  | { readonly not: Formula }
  | { readonly sign: Sign; readonly left: Formula; readonly right: Formula };

type Sign = "∧" | "∨" | "→" | "↔";

const ATOMS = 4;
const PRECEDENCE: Readonly<Record<Sign, number>> = { "↔": 20, "→": 25, "∨": 30, "∧": 35 };

const formula = fc.letrec<{ all: Formula }>((tie) => ({
  all: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ atom: fc.nat(ATOMS - 1) }),
    fc.record({ not: tie("all") }),
    fc.record({
      sign: fc.constantFrom<Sign>("∧", "∨", "→", "↔"),
      left: tie("all"),
      right: tie("all"),
    }),
  ),
})).all;

/** In Lean, with no more brackets than its precedences ask for. */
function written(some: Formula, minimum: number): string {
  if ("atom" in some) return bracketed(`a ∈ s${some.atom}`, 50 < minimum);
  if ("not" in some) return `¬${written(some.not, 40)}`;
  const own = PRECEDENCE[some.sign];
  const right = some.sign === "↔" ? own + 1 : own;
  const text = `${written(some.left, own + 1)} ${some.sign} ${written(some.right, right)}`;
  return bracketed(text, own < minimum);
}

function bracketed(text: string, isNeeded: boolean): string {
  return isNeeded ? `(${text})` : text;
}

function holds(some: Formula, atoms: number): boolean {
  if ("atom" in some) return ((atoms >> some.atom) & 1) === 1;
  if ("not" in some) return !holds(some.not, atoms);
  const left = holds(some.left, atoms);
  const right = holds(some.right, atoms);
  if (some.sign === "∧") return left && right;
  if (some.sign === "∨") return left || right;
  return some.sign === "→" ? !left || right : left === right;
}

/** Where a piece of text stands outside of parentheses; -1 for nowhere. */
function indexOutside(text: string, piece: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (depth === 0 && text.startsWith(piece, at)) return at;
  }
  return -1;
}

const NOT = "it is not true that ";

/**
 * Whether an English sentence holds, read as a reader would: parentheses first, "if … then" widest.
 * Two different words between clauses, with no parentheses to tell them apart, are an error.
 */
function sentenceHolds(text: string, atoms: number): boolean {
  const read = (part: string): boolean => sentenceHolds(part, atoms);
  // The "and" of "if and only if" joins nothing.
  const plain = text.replaceAll("if and only if", "iff");
  const joining = [" iff ", " or ", " and "].filter((word) => indexOutside(plain, word) !== -1);
  const isConditional = text.startsWith("if ");
  if (!isConditional && joining.length + (text.startsWith(NOT) ? 1 : 0) > 1) {
    throw new Error(`this can be read in two ways: ${text}`);
  }
  if (isConditional) {
    const then = indexOutside(text, ", then ");
    return !read(text.slice(3, then)) || read(text.slice(then + 7));
  }
  const iff = indexOutside(text, " if and only if ");
  if (iff !== -1) return read(text.slice(0, iff)) === read(text.slice(iff + 16));
  for (const word of [" or ", " and "]) {
    const at = indexOutside(text, word);
    if (at === -1) continue;
    // All but the last part stand between commas.
    const comma = indexOutside(text, ", ");
    const end = comma === -1 ? at : comma;
    const rest = text.slice(end + (comma === -1 ? word.length : 2));
    const [first, others] = [read(text.slice(0, end)), read(rest)];
    return word === " or " ? first || others : first && others;
  }
  if (text.startsWith(NOT)) return !read(text.slice(NOT.length));
  if (text.startsWith("(") && text.endsWith(")")) return read(text.slice(1, -1));
  const atom = /^a is in s(\d)$/.exec(text)?.[1];
  if (atom === undefined) throw new Error(`this is no sentence: ${text}`);
  return holds({ atom: Number(atom) }, atoms);
}

it("says of a formula in English what it says in Lean, whatever its connectives and brackets", () => {
  fc.assert(
    fc.property(formula, (some) => {
      const { description } = verbalise(declarationOf({ type: written(some, 0) }));
      const sentence = description.replace(/^[^:]*: /, "").replace(/\.$/, "");
      for (let atoms = 0; atoms < 1 << ATOMS; atoms += 1) {
        expect(sentenceHolds(sentence, atoms), sentence).toBe(holds(some, atoms));
      }
    }),
    { numRuns: 1000 },
  );
});
