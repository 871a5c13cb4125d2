import { z } from "zod";
import { sketchStepSchema } from "../premises/sketch.js";
import {
  runFields,
  secondsField,
  sketchFields,
  theoremFields,
} from "../service/premises/premise-requests.js";
import type { PremisesFound } from "../service/premises/premise-service.js";
import { originWords } from "../service/premises/premise-words.js";
import { asRecord, declarationRecord } from "./records.js";

/** How long language models are asked where nothing is said, in seconds. */
const SECONDS = 120;

const limit = z.number().int().min(1).max(500).default(50).describe("How many premises at most.");

export const premisesRequest = z.strictObject({
  ...theoremFields,
  ...runFields,
  max_seconds: secondsField(SECONDS),
  limit,
});

export const sketchRequest = z.strictObject({
  ...theoremFields,
  theorem: theoremFields.theorem.optional(),
  ...sketchFields,
  limit,
});

const evidence = z.object({
  round: z.number().describe("Which plan asked, from 1; 0 for the theorem itself."),
  channel: z.enum(["query", "statement", "name", "theorem"]),
  asked: z.string().describe("The beginning of the query, statement or name that was looked up."),
  purpose: z.enum(["definition", "theorem", "step", "guess", "lemma", "goal"]),
  step: z.number().optional().describe("With purpose step: which, from 1."),
  rank: z.number().describe("The place among what was found, from 1."),
  match: z.enum(["exact", "ending", "other namespace", "misspelt"]).optional(),
  kept: z.boolean().optional().describe("Whether a language model that read it kept it."),
});

export const premisesAnswer = z.object({
  language_model: z
    .enum(["configured", "client", "none"])
    .describe("Whose language model took part; client is for MCP only."),
  outcome: z.enum([
    "supported",
    "unsupported",
    "sketched",
    "no language model",
    "budget spent",
    "stopped early",
    "interrupted",
  ]),
  summary: z.string().describe("Where the premises come from and how the run ended."),
  premises: z
    .array(
      declarationRecord.extend({
        rank: z.number().describe("From 1, the likeliest first."),
        score: z.number().describe("Higher is better; comparable within one answer only."),
        steps: z.array(z.number()).describe("The steps that it serves, from 1."),
        evidence: z.array(evidence).describe("The strongest first, 30 at most."),
      }),
    )
    .describe("Best first."),
  steps: z
    .array(
      sketchStepSchema.extend({
        step: z.number().describe("From 1."),
        supported: z.boolean().describe("False: nothing found carries it."),
      }),
    )
    .describe("The last plan's steps."),
  rounds: z.number().describe("How many plans were made."),
  unknown_names: z
    .array(z.object({ name: z.string(), near: z.array(z.string()) }))
    .describe("Guessed names that do not exist, each with names like it."),
  notes: z.array(z.string()).describe("What went wrong on the way."),
  usage: z
    .object({
      calls: z.number(),
      prompt_tokens: z.number(),
      completion_tokens: z.number(),
      cached_answers: z.number(),
    })
    .describe("What language models cost."),
});

/** Where a run stands: the data of the event `progress`. */
export const premisesProgress = z.object({
  stage: z.enum(["statement", "sketch", "retrieve", "filter", "judge", "rank"]),
  round: z.number().describe("Which plan, from 1; 0 before the first."),
  done: z.number(),
  total: z.number(),
  message: z.string().describe("The same in words."),
});

/** What a run found, in the form of {@link premisesAnswer}. */
export function asPremisesAnswer(found: PremisesFound): z.infer<typeof premisesAnswer> {
  const { calls, promptTokens, completionTokens, cachedAnswers } = found.usage;
  return {
    language_model: found.languageModel,
    outcome: found.outcome,
    summary: originWords(found),
    premises: found.premises.map(({ declaration, usedBy, score, steps, evidence: all }, at) => ({
      rank: at + 1,
      score,
      steps: steps.map((step) => step + 1),
      ...asRecord(declaration, usedBy),
      evidence: all.map(({ round, channel, asked, purpose, rank, match, kept }) => ({
        ...{ round, channel, asked, purpose: purpose.kind, rank },
        ...(purpose.kind === "step" ? { step: purpose.step + 1 } : {}),
        ...(match === undefined ? {} : { match }),
        ...(kept === undefined ? {} : { kept }),
      })),
    })),
    steps: (found.sketch?.steps ?? []).map((step, at) => ({
      step: at + 1,
      ...step,
      supported: !found.unsupportedSteps.includes(at),
    })),
    rounds: found.rounds,
    unknown_names: found.unknownNames.map(({ name, near }) => ({ name, near: [...near] })),
    notes: [...found.notes],
    usage: {
      calls,
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      cached_answers: cachedAnswers,
    },
  };
}
