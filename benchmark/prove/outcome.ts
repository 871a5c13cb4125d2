import { z } from "zod";
import { RETRIEVALS } from "../../src/prove/retriever.js";
import { usageSchema } from "../premises/outcome.js";
import { PROBLEM_SETS } from "./data.js";

const count = z.number().int().nonnegative();
const milliseconds = z.number().nonnegative();

/**
 * How a problem ended: proved; proved by citing the theorem itself, which counts as not solved; not
 * proved by any attempt; ended early by a failure after some attempts; or failed without any, or because
 * its statement does not compile.
 */
export const OUTCOMES = [
  "proved",
  "cites itself",
  "not proved",
  "stopped early",
  "failed",
] as const;

export const problemOutcomeSchema = z.strictObject({
  id: z.string(),
  set: z.enum(PROBLEM_SETS),
  /** The full name that the theorem is asked for under. */
  name: z.string(),
  retrieval: z.enum(RETRIEVALS),
  outcome: z.enum(OUTCOMES),
  /** How many attempts were made, of all candidates. */
  attempts: count,
  /** At which attempt of its candidate it was proved, from 1; null where it was not. */
  round: count.positive().nullable(),
  /** The proof, else the best attempt; null where there is none. */
  code: z.string().nullable(),
  /** What is wrong with the best attempt, in a sentence; null where nothing is. */
  problem: z.string().nullable(),
  /** The names of the premises that the prover was given at first. */
  premises: z.array(z.string()),
  /** Why it failed, or what went wrong without ending it, in sentences. */
  notes: z.array(z.string()),
  /** What language models cost. */
  usage: usageSchema,
  /** Wall-clock time, and the time that checks took, summed over candidates. */
  elapsedMs: milliseconds,
  checkMs: milliseconds,
});

/** A problem with what became of it in one way of retrieval. */
export type ProblemOutcome = z.infer<typeof problemOutcomeSchema>;

export function isSolved({ outcome }: Pick<ProblemOutcome, "outcome">): boolean {
  return outcome === "proved";
}
