import type { Chat } from "../llm/chat.js";
import type { Prompts } from "./prompts.js";
import { type Sketch, sketchSchema } from "./sketch.js";
import type { Theorem } from "./theorem.js";

/** A sketch that was turned down, and why. */
export interface RejectedSketch {
  readonly sketch: Sketch;
  readonly reasons: string;
}

const NOTHING = "(none)";

/** Asks for a proof sketch; after rejections, for a different route. @throws as {@link Chat.ask} does */
export async function askSketch(
  chat: Chat,
  prompts: Prompts,
  theorem: Theorem,
  options: { readonly rejected?: readonly RejectedSketch[]; readonly signal?: AbortSignal } = {},
): Promise<Sketch> {
  const { rejected = [], signal } = options;
  const previous = rejected.map(({ sketch, reasons }) =>
    prompts.sketch.section("Previous", { sketch: JSON.stringify(sketch, null, 1), reasons }),
  );
  const { value } = await chat.ask({
    role: "sketch",
    ...prompts.sketch.fill({
      formal: theorem.formal || NOTHING,
      informal: theorem.informal || NOTHING,
      proof: theorem.informalProof || NOTHING,
      previous: previous.join("\n\n"),
    }),
    schema: askedSketchSchema,
    schemaName: "proof_sketch",
    ...(signal === undefined ? {} : { signal }),
  });
  return value;
}

const askedSketchSchema = sketchSchema.refine(
  ({ definitionQueries, theoremQueries, steps, guessedNames, hypotheticalStatements }) =>
    definitionQueries.length + theoremQueries.length > 0 ||
    guessedNames.length + hypotheticalStatements.length > 0 ||
    steps.some(({ queries }) => queries.length > 0),
  "the sketch asks for nothing: give queries or guessed names",
);

/** The theorem as the other prompts show it. */
export function showTheorem(theorem: Theorem): string {
  return [theorem.formal, theorem.informal].filter((text) => text !== "").join("\n\n");
}
