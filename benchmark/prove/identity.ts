import { z } from "zod";
import { RETRIEVALS } from "../../src/prove/retriever.js";

/** What a run is over and done with: runs of which any of it differs do not mix. */
export const proveIdentitySchema = z.strictObject({
  /** See `fingerprintProblems`; of the problems that are run. */
  problemSet: z.string(),
  retrievals: z.array(z.enum(RETRIEVALS)).min(1),
  /** How many attempts each candidate has, and how many candidates there are. */
  rounds: z.number().int().positive(),
  candidates: z.number().int().positive(),
  /** The language model of each role that is asked, or `replayed`. */
  languageModels: z.record(z.string(), z.string()),
  /** The version of each prompt. */
  prompts: z.record(z.string(), z.string()),
  /** How Lean is run, and the toolchain of its project; null where that cannot be told. */
  checker: z.string(),
  toolchain: z.string().nullable(),
  /** How long one check may take, in ms. */
  timeoutMs: z.number().int().positive(),
  /** The version of lemmascope. */
  lemmascope: z.string(),
  /** The fingerprint of the corpus that the index was built from; null where none is searched. */
  corpus: z.string().nullable(),
  /** What each bundled or remote model is called, and its fingerprint. */
  models: z.record(z.string(), z.string()),
});

export type ProveIdentity = z.infer<typeof proveIdentitySchema>;

const WORDS: Readonly<Record<keyof ProveIdentity, string>> = {
  problemSet: "problems",
  retrievals: "--retrieval",
  rounds: "--rounds",
  candidates: "--candidates",
  languageModels: "language models",
  prompts: "prompts",
  checker: "--checker",
  toolchain: "Lean's version",
  timeoutMs: "--timeout",
  lemmascope: "version of lemmascope",
  corpus: "corpus",
  models: "models",
};

/** In which respects two runs differ, in words. */
export function proveDifferences(a: ProveIdentity, b: ProveIdentity): string[] {
  return proveIdentitySchema
    .keyof()
    .options.filter((part) => canonical(a[part]) !== canonical(b[part]))
    .map((part) => WORDS[part]);
}

function canonical(value: ProveIdentity[keyof ProveIdentity]): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return JSON.stringify([...value].sort());
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
