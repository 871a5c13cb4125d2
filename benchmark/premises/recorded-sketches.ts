import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { errorCode, UserError } from "../../src/errors.js";
import { type Sketch, sketchSchema, sketchStepSchema } from "../../src/premises/sketch.js";
import { checkShape } from "../files.js";

/** What a language model once answered for one theorem. */
export interface RecordedSketch {
  readonly sketch: Sketch;
  /**
   * The model's own ranking after it had read what was found, as names; undefined where there is none.
   * For comparison: nothing that is measured may look at it.
   */
  readonly finalRanking: readonly string[] | undefined;
}

/** The sketches of a file. */
export interface RecordedSketches {
  /** `sha256:` and the checksum of the file. */
  readonly fingerprint: string;
  /** By the theorem's id. */
  readonly sketches: ReadonlyMap<string, RecordedSketch>;
}

const ADVICE =
  'name a file with one JSON object a line: {"id", "steps", "queries", "guesses"}, and perhaps "final_ranking"';

const { theoremQueries, guessedNames } = sketchSchema.shape;

/** Which step a query serves was not recorded: all stand for the whole proof. */
const rowSchema = z
  .object({
    id: z.string().min(1),
    steps: z.array(sketchStepSchema.shape.what).max(40),
    queries: theoremQueries.unwrap(),
    guesses: guessedNames.unwrap(),
    final_ranking: z.array(z.string()).optional(),
  })
  .transform(({ id, steps, queries, guesses, final_ranking: finalRanking }) => ({
    ...{ id, finalRanking },
    sketch: {
      definitionQueries: [],
      theoremQueries: queries,
      steps: steps.map((what) => ({ what, why: "", queries: [] })),
      guessedNames: guesses,
      hypotheticalStatements: [],
    } satisfies Sketch,
  }));

/**
 * Reads sketches that a language model made, recorded once, so that everything after it can be measured
 * without one: one JSON object a line, with the steps of a proof, search queries, and guessed names.
 *
 * @throws UserError `badInput` when the file cannot be read, a line is not in that form, or a theorem
 *   has two lines.
 */
export async function readRecordedSketches(path: string): Promise<RecordedSketches> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw new UserError("badInput", `${path} cannot be read (${code}): ${ADVICE}.`, {
      cause: error,
    });
  }
  const sketches = new Map<string, RecordedSketch>();
  text.split("\n").forEach((line, at) => {
    if (line.trim() === "") return;
    const place = `${path}, line ${at + 1},`;
    const { id, sketch, finalRanking } = checkShape(parsed(line, place), rowSchema, place, ADVICE);
    if (sketches.has(id)) {
      throw new UserError("badInput", `${place} is a second sketch for ${id}: keep one of them.`);
    }
    sketches.set(id, { sketch, finalRanking });
  });
  const fingerprint = `sha256:${createHash("sha256").update(text).digest("hex")}`;
  return { fingerprint, sketches };
}

function parsed(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new UserError("badInput", `${place} is not JSON: ${ADVICE}.`, { cause: error });
  }
}
