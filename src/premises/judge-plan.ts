import { z } from "zod";
import type { DeclarationIndex } from "../index/declaration-index.js";
import { type Chat } from "../llm/chat.js";
import { showTheorem } from "./ask-sketch.js";
import type { PooledPremise } from "./evidence.js";
import type { Prompts } from "./prompts.js";
import { showDeclaration } from "./show-declaration.js";
import type { Sketch } from "./sketch.js";
import type { Theorem } from "./theorem.js";

/** How many declarations a step shows to the judge. */
const SHOWN_PER_STEP = 8;

const verdictSchema = z
  .object({
    verdict: z.enum(["good", "bad"]),
    unsupportedSteps: z.array(z.number().int().min(0)).max(100).default([]),
    reasons: z.string().max(8000).default(""),
    suggestions: z.string().max(8000).default(""),
  })
  .refine(({ verdict, unsupportedSteps }) => verdict === "bad" || unsupportedSteps.length === 0, {
    message: 'a plan with unsupported steps is not "good"',
  });

export type Verdict = z.infer<typeof verdictSchema>;

export interface JudgeOptions {
  readonly chat: Chat;
  readonly prompts: Prompts;
  readonly index: DeclarationIndex;
  readonly theorem: Theorem;
  readonly sketch: Sketch;
  readonly round: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks a language model whether every step of a sketch is supported by something found.
 *
 * @throws UnusableAnswer and what else {@link Chat.ask} throws.
 */
export async function judgePlan(
  pool: readonly PooledPremise[],
  { chat, prompts, index, theorem, sketch, round, signal }: JudgeOptions,
): Promise<Verdict> {
  const show = (premises: readonly PooledPremise[]): string => {
    const lines = premises.slice(0, SHOWN_PER_STEP).map(({ facts }) => {
      const declaration = index.declaration(facts.id);
      return `  - ${declaration === undefined ? facts.name : showDeclaration(declaration)}`;
    });
    return lines.length === 0 ? "  (nothing was found)" : lines.join("\n");
  };
  const steps = sketch.steps.map(({ what, why }, step) => {
    const of = pool.filter(({ evidence }) =>
      evidence.some(
        ({ purpose, round: asked, kept }) =>
          asked === round && kept !== false && purpose.kind === "step" && purpose.step === step,
      ),
    );
    return `Step ${step}: ${what}\n  Why: ${why}\n${show(of)}`;
  });
  const others = pool.filter(({ evidence }) =>
    evidence.some(
      ({ purpose, round: asked, kept, match }) =>
        asked === round &&
        kept !== false &&
        purpose.kind !== "step" &&
        (match === undefined || match === "exact"),
    ),
  );
  const plan = [...steps, `For the theorem as a whole:\n${show(others)}`].join("\n\n");
  const { value } = await chat.ask({
    role: "judge",
    ...prompts.judge.fill({ theorem: showTheorem(theorem), plan }),
    schema: verdictSchema,
    schemaName: "plan_verdict",
    ...(signal === undefined ? {} : { signal }),
  });
  return value;
}
