import { z } from "zod";

const text = z.string().trim().min(1).max(4000);
const texts = z.array(text).max(60);

/** A step of a sketched proof. */
export const sketchStepSchema = z.object({
  /** What the step shows or does. */
  what: text,
  /** Which facts make it work. */
  why: z.string().trim().max(4000).default(""),
  /** What to search for; words, LaTeX, Lean, or names. */
  queries: texts.default([]),
});

/**
 * What a language model, or a calling agent, thinks that a proof needs (LeanSearch v2, section 3.3;
 * guessed names and hypothetical statements are ours).
 */
export const sketchSchema = z.object({
  /** Searches for the notions that the statement is about. */
  definitionQueries: texts.default([]),
  /** Searches for theorems that lead far towards the goal at once. */
  theoremQueries: texts.default([]),
  steps: z.array(sketchStepSchema).max(40).default([]),
  /** Names that declarations of Mathlib might have, the likeliest first. */
  guessedNames: z.array(z.string().trim().min(1).max(400)).max(300).default([]),
  /** Lean statements of lemmas that one would like to exist. */
  hypotheticalStatements: texts.default([]),
});

export type Sketch = z.infer<typeof sketchSchema>;
export type SketchStep = z.infer<typeof sketchStepSchema>;

/**
 * What something is asked for: a notion, a leading theorem, a step (from 0), a guessed name or wished-for
 * lemma of the whole proof, or the goal itself.
 */
export type Purpose =
  | { readonly kind: "definition" }
  | { readonly kind: "theorem" }
  | { readonly kind: "step"; readonly step: number }
  | { readonly kind: "guess" }
  | { readonly kind: "lemma" }
  | { readonly kind: "goal" };

/** One thing to look up. */
export interface Request {
  readonly channel: "query" | "statement" | "name";
  readonly text: string;
  readonly purpose: Purpose;
}

/**
 * Everything that a sketch asks for, in its order, each text once in a channel: a text that serves two
 * purposes is looked up for the first. Names come as they were guessed, without backticks and `@`; to
 * Lean, names that differ in case are different names.
 */
export function requestsOf(sketch: Sketch): Request[] {
  const requests: Request[] = [];
  const seen = new Set<string>();
  const add = (channel: Request["channel"], asked: string, purpose: Purpose): void => {
    const key = `${channel} ${channel === "name" ? asked : asked.toLowerCase()}`;
    if (asked === "" || seen.has(key)) return;
    seen.add(key);
    requests.push({ channel, text: asked, purpose });
  };
  for (const query of sketch.definitionQueries) add("query", query, { kind: "definition" });
  for (const query of sketch.theoremQueries) add("query", query, { kind: "theorem" });
  sketch.steps.forEach(({ queries }, step) => {
    for (const query of queries) add("query", query, { kind: "step", step });
  });
  for (const wish of sketch.hypotheticalStatements) add("statement", wish, { kind: "lemma" });
  for (const name of sketch.guessedNames) add("name", plainName(name), { kind: "guess" });
  return requests;
}

function plainName(name: string): string {
  return name.replaceAll(/^[`@\s]+|[`\s]+$/gu, "").replace(/^_root_\./u, "");
}
