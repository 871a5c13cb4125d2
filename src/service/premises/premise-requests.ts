import { z } from "zod";
import { type Sketch, sketchSchema } from "../../premises/sketch.js";
import { nameText } from "../requests.js";
import type { RunBudget, TheoremText } from "./premise-service.js";

/** The longest theorem of a request, in UTF-16 units: room for a file with its definitions. */
const LONGEST_THEOREM = 50_000;

/** How many searches one sketch may ask for; each takes some 50 ms. */
const MOST_SEARCHES = 150;

/** How many names one sketch may guess; looking for one that does not exist takes some 30 ms. */
const MOST_NAMES = 100;

/** The longest that a run may take, in seconds. */
const MOST_SECONDS = 1800;

/** The fields that state a theorem. */
export const theoremFields = {
  theorem: z
    .string()
    .min(1)
    .max(LONGEST_THEOREM)
    .describe(
      "What is to be proved: Lean source with the statement (the proof may be sorry; variables and definitions before it go along), or plain words or LaTeX.",
    ),
  theorem_name: nameText
    .optional()
    .describe("Which theorem is meant, where the source states several."),
  informal: z
    .string()
    .max(LONGEST_THEOREM)
    .optional()
    .describe("The statement in plain words, beside the Lean. It helps much."),
} as const;

/** The theorem of a request with {@link theoremFields}; words alone are one, too. */
export function theoremText(input: {
  readonly theorem?: string | undefined;
  readonly theorem_name?: string | undefined;
  readonly informal?: string | undefined;
  readonly informal_proof?: string | undefined;
}): TheoremText | undefined {
  const { theorem, theorem_name: name, informal, informal_proof: informalProof } = input;
  if (theorem !== undefined) return { text: theorem, name, informal, informalProof };
  return informal === undefined ? undefined : { text: informal, name, informalProof };
}

/** The fields that say how a language model is to be used. */
export const runFields = {
  informal_proof: z
    .string()
    .max(LONGEST_THEOREM)
    .optional()
    .describe("A proof in words, where you have one: the plan will follow it."),
  mode: z
    .enum(["none", "sketch", "full"])
    .optional()
    .describe(
      'What a language model does. "full": it plans, reads all results, judges the plan and plans again (10 to 100 calls, minutes). "sketch": it plans once (1 call). "none": it is not asked (2 s). Where absent: "full" with the server\'s own model, "sketch" with yours (MCP sampling), "none" where there is neither.',
    ),
  rounds: z
    .number()
    .int()
    .min(0)
    .max(10)
    .optional()
    .describe('With mode "full": how often a plan may be made again (default 3).'),
  max_calls: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe("Asks the language model no more often than this."),
  max_model_tokens: z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe("Spends no more of the language model's tokens than this."),
} as const;

/** How long a run may ask language models. @param byDefault in seconds. */
export function secondsField(byDefault: number) {
  return z
    .number()
    .min(1)
    .max(MOST_SECONDS)
    .default(byDefault)
    .describe(
      `Ends the language model's work after so many seconds (default ${byDefault}), with what was found until then.`,
    );
}

export function runBudget(input: {
  readonly max_seconds: number;
  readonly max_calls?: number | undefined;
  readonly max_model_tokens?: number | undefined;
}): RunBudget {
  const { max_seconds: seconds, max_calls: calls, max_model_tokens: tokens } = input;
  return { seconds, calls, tokens };
}

const { shape } = sketchSchema;

/** The fields of a sketch, in the manner of our other requests. */
export const sketchFields = {
  steps: shape.steps.describe(
    "The steps of your proof plan, in order: what each shows, why it holds (the facts that carry it), and 1 to 3 queries for those facts, each a general statement in words or in Lean.",
  ),
  queries: shape.theoremQueries.describe(
    "Queries for theorems that lead far towards the goal at once, whatever the step.",
  ),
  definition_queries: shape.definitionQueries.describe(
    "Queries for the notions of the statement: their definitions and characterizations.",
  ),
  guessed_names: shape.guessedNames.describe(
    "Full names that the declarations might have, the likeliest first. Guess 10 to 25: right ones count most of all, and wrong ones cost nothing.",
  ),
  hypothetical_statements: shape.hypotheticalStatements.describe(
    "Lean statements (binders : type) of lemmas that you would like to exist.",
  ),
} as const;

type SketchInput = z.infer<z.ZodObject<typeof sketchFields>>;

/** What is wrong with a sketch that asks for nothing, or for too much, in a sentence. */
export function sketchProblem(sketch: Sketch): string | undefined {
  const { steps, theoremQueries, definitionQueries, hypotheticalStatements } = sketch;
  const searches = [...steps.flatMap(({ queries }) => queries), ...theoremQueries].concat(
    definitionQueries,
    hypotheticalStatements,
  ).length;
  if (searches > MOST_SEARCHES) {
    return `The sketch has ${searches} queries and statements, and at most ${MOST_SEARCHES} are searched: send the rest in another call.`;
  }
  const names = sketch.guessedNames.length;
  if (names > MOST_NAMES) {
    return `The sketch has ${names} guessed names, and at most ${MOST_NAMES} are looked up: send the likeliest.`;
  }
  if (searches + names > 0) return undefined;
  return "The sketch asks for nothing: give queries, guessed names or hypothetical statements.";
}

export function asSketch(input: SketchInput): Sketch {
  return {
    definitionQueries: input.definition_queries,
    theoremQueries: input.queries,
    steps: input.steps,
    guessedNames: input.guessed_names,
    hypotheticalStatements: input.hypothetical_statements,
  };
}
