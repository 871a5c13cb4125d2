import { z } from "zod";
import { DECLARATION_KINDS, type DeclarationKind, KIND_SYNONYMS } from "../declaration.js";

/** The most queries or names that one request may hold. */
export const MOST_QUERIES = 20;

/** The longest query of a request, in UTF-16 units: room for a theorem with all its hypotheses. */
export const LONGEST_REQUESTED_QUERY = 10_000;

/** The longest name; Mathlib's longest has some 200 characters. */
const LONGEST_NAME = 1000;

const KIND_WORDS = [...DECLARATION_KINDS, ...Object.keys(KIND_SYNONYMS)] as const;

/** One query as clients write it. */
export const queryText = z
  .string()
  .min(1)
  .max(LONGEST_REQUESTED_QUERY)
  .describe(
    "What to look for: plain words, LaTeX, Lean, or a declaration's name. Describe the statement itself, such as 'a continuous image of a compact set is compact'.",
  );

/** Names of declarations, whole or their last components. */
export const nameText = z
  .string()
  .min(1)
  .max(LONGEST_NAME)
  .describe("A declaration's full name, or as much of its end as is unique.");

/** Kinds of declaration; `lemma` and other synonyms are understood. */
export const kindWords = z
  .array(z.enum(KIND_WORDS))
  .max(KIND_WORDS.length)
  .describe("Only these kinds of declaration; all where absent.");

/** A module, for all declarations in it and in the modules below it. */
export const modulePrefix = z
  .string()
  .max(LONGEST_NAME)
  .describe("Only this module and those below it, such as Mathlib.Topology.");

/** A package, for its declarations alone. */
export const packageName = z
  .string()
  .max(LONGEST_NAME)
  .describe("Only declarations of this package, such as mathlib; for an index of a Lean project.");

/** Whether only the project's own declarations are wanted. */
export const ownOnly = z
  .boolean()
  .describe("Only the declarations of the user's own project; for an index of a Lean project.");

/** The kinds that words stand for, without repeats. */
export function kindsOf(words: readonly string[] | undefined): DeclarationKind[] {
  const kinds = (words ?? []).flatMap(
    (word) => DECLARATION_KINDS.find((kind) => kind === (KIND_SYNONYMS[word] ?? word)) ?? [],
  );
  return [...new Set(kinds)];
}
