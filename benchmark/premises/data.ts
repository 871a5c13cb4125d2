import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { UserError } from "../../src/errors.js";
import { readTheorem } from "../../src/premises/read-theorem.js";
import type { Theorem } from "../../src/premises/theorem.js";
import { checkShape, readJson } from "../files.js";

/**
 * What a group of premises belongs to: the theorem's own proof, or another route to it. MathlibMPR's own
 * two kinds.
 */
export const GROUP_KINDS = ["original", "alternative"] as const;

/** Declarations of which any one serves a proof as well as any other. */
export interface PremiseGroup {
  readonly kind: (typeof GROUP_KINDS)[number];
  /** Full names; at least one. */
  readonly declarations: readonly string[];
}

/** A theorem of the benchmark with the premises that it is known to need. */
export interface BenchmarkTheorem {
  readonly id: string;
  /** What is asked; its name is the full one. */
  readonly theorem: Theorem & { readonly name: string };
  /** At least one of the kind `original`. */
  readonly groups: readonly PremiseGroup[];
}

/** Theorems and what they are called together. */
export interface PremiseBenchmarkData {
  /** `MathlibMPR`, or the folder's name for other theorems in its form. */
  readonly benchmark: string;
  /** At least one. */
  readonly theorems: readonly BenchmarkTheorem[];
}

const BENCHMARK_FILE = "MathlibMPR.json";
/** Theorems of one's own, in the form of MathlibMPR. */
const OTHER_FILE = "theorems.json";
const ADVICE = `get ${BENCHMARK_FILE} from the folder benchmark/ of https://github.com/frenzymath/LeanSearch-v2, or write theorems of your own in its form to ${OTHER_FILE}, and name the folder that holds the file`;

const name = z.string().trim().min(1);

const entrySchema = z.object({
  id: z.string().min(1),
  formal_main_result: name,
  NL_main_result: z.string().default(""),
  formal_statement: z.string(),
  premise_group: z
    .array(z.object({ kind: z.enum(GROUP_KINDS), docs: z.array(name).min(1) }))
    .refine((groups) => groups.some(({ kind }) => kind === "original"), {
      message: "there must be a group of the kind original",
    }),
});

/**
 * The theorems of MathlibMPR, read from `MathlibMPR.json` as the LeanSearch v2 repository publishes it,
 * or others in its form, from `theorems.json`.
 *
 * @param folder the folder that holds the file.
 * @throws UserError `badInput` when there is no file, which says where to get it; or when a file is not
 *   in the published form.
 */
export async function readPremiseTheorems(folder: string): Promise<PremiseBenchmarkData> {
  const isOther = !existsSync(join(folder, BENCHMARK_FILE)) && existsSync(join(folder, OTHER_FILE));
  const path = join(folder, isOther ? OTHER_FILE : BENCHMARK_FILE);
  const entries = checkShape(
    await readJson(path, ADVICE),
    z.array(entrySchema).min(1, "there is no theorem"),
    path,
    ADVICE,
  );
  const ids = new Set<string>();
  const theorems = entries.map((entry) => {
    const { id } = entry;
    if (ids.has(id)) throw new UserError("badInput", `${path} has two theorems ${id}: ${ADVICE}.`);
    ids.add(id);
    const groups = entry.premise_group.map(({ kind, docs }) => ({ kind, declarations: docs }));
    return { id, theorem: theoremOf(entry, path), groups };
  });
  return { benchmark: isOther ? basename(resolve(folder)) : "MathlibMPR", theorems };
}

/**
 * Under the full name that the benchmark gives: the text may state it in a namespace that it does not
 * open, and only by its full name an index that holds the theorem is known to hold it.
 */
function theoremOf(
  { id, formal_main_result, NL_main_result, formal_statement }: z.infer<typeof entrySchema>,
  path: string,
): BenchmarkTheorem["theorem"] {
  try {
    const source = `The statement of ${id}`;
    const theorem = readTheorem(formal_statement, { source, informal: NL_main_result });
    return { ...theorem, name: formal_main_result };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError("badInput", `${path} cannot be used at ${id}: ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * A checksum of what is asked and what counts as found, so that two runs can be told to be over the
 * same theorems. The order of the theorems does not matter.
 *
 * @returns `sha256:` and 64 hexadecimal digits.
 */
export function fingerprintTheorems(theorems: readonly BenchmarkTheorem[]): string {
  const lines = theorems
    .map(({ id, theorem: { name, formal, informal }, groups }) =>
      JSON.stringify([id, name, formal, informal, groups]),
    )
    .sort();
  return `sha256:${createHash("sha256").update(lines.join("\n")).digest("hex")}`;
}
