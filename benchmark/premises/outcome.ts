import { z } from "zod";
import { GROUP_KINDS } from "./data.js";

const count = z.number().int().nonnegative();
const rank = count.positive().nullable();

const groupOutcomeSchema = z.strictObject({
  kind: z.enum(GROUP_KINDS),
  declarations: z.array(z.string()).min(1),
  /** Whether the index holds any of the declarations. */
  known: z.boolean(),
  /** Where the first of its declarations stood, from 1; null where none was retrieved. */
  rank,
  /** The same in the recorded language model's own ranking; absent where there is none. */
  recordedRank: rank.optional(),
});

/** What became of one group of premises. */
export type GroupOutcome = z.infer<typeof groupOutcomeSchema>;

export const usageSchema = z.strictObject({
  calls: count,
  promptTokens: count,
  completionTokens: count,
  cachedAnswers: count,
});

export const theoremOutcomeSchema = z.strictObject({
  id: z.string(),
  /** The theorem's full name. */
  name: z.string(),
  groups: z.array(groupOutcomeSchema).min(1),
  /** How many declarations were ranked. */
  pool: count,
  /** The names that were ranked best, best first. */
  premises: z.array(z.string()),
  /** How the search for premises ended, as its report says; `failed` where there is none. */
  outcome: z.enum([
    "supported",
    "unsupported",
    "sketched",
    "no language model",
    "stopped early",
    "failed",
  ]),
  /** Why it failed, or what went wrong without ending it, in sentences. */
  notes: z.array(z.string()),
  /** How many sketches were made. */
  rounds: count,
  /** What language models cost. */
  usage: usageSchema,
  /** Wall-clock time in ms. */
  elapsedMs: z.number().nonnegative(),
});

/** A theorem with what was found for it. */
export type TheoremOutcome = z.infer<typeof theoremOutcomeSchema>;
