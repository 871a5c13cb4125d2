import { z } from "zod";

/** What stands for a language model whose answers come from a recording. */
export const REPLAYED = "replayed";

/** What a run is over and done with: runs of which any of it differs do not mix. */
export const identitySchema = z.strictObject({
  benchmark: z.string(),
  /** See `fingerprintTheorems`; of the theorems that are run. */
  theoremSet: z.string(),
  mode: z.enum(["none", "sketch", "full"]),
  fusion: z.enum(["pool", "published"]),
  /** How often a sketch is made again at most; null where none is. */
  rounds: z.number().int().nonnegative().nullable(),
  /** The checksum of the recorded sketches; null where a language model makes them, or nobody. */
  sketches: z.string().nullable(),
  /** The language model of each role that is asked, or {@link REPLAYED}. */
  languageModels: z.record(z.string(), z.string()),
  /** The version of each prompt; empty where nothing is asked. */
  prompts: z.record(z.string(), z.string()),
  /** The version of lemmascope. */
  lemmascope: z.string(),
  /** The fingerprint of the corpus that the index was built from. */
  corpus: z.string(),
  /** What each bundled or remote model is called, and its fingerprint. */
  models: z.record(z.string(), z.string()),
});

export type RunIdentity = z.infer<typeof identitySchema>;

const WORDS: Readonly<Record<keyof RunIdentity, string>> = {
  benchmark: "data",
  theoremSet: "theorems",
  mode: "--mode",
  fusion: "--fusion",
  rounds: "--rounds",
  sketches: "--sketches",
  languageModels: "language models",
  prompts: "prompts",
  lemmascope: "version of lemmascope",
  corpus: "corpus",
  models: "models",
};

/** In which respects two runs differ, in words. */
export function differences(a: RunIdentity, b: RunIdentity): string[] {
  return identitySchema
    .keyof()
    .options.filter((part) => canonical(a[part]) !== canonical(b[part]))
    .map((part) => WORDS[part]);
}

function canonical(value: RunIdentity[keyof RunIdentity]): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
