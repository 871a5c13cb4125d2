import { readFileSync } from "node:fs";
import { z } from "zod";
import { errorMessage, UserError } from "../errors.js";
import { type RecordingEntry, recordingEntrySchema } from "../llm/recording-file.js";
import type { RankedPremise } from "./evidence.js";
import type { Retrieved } from "./retrieve.js";
import type { Sketch } from "./sketch.js";
import type { Theorem } from "./theorem.js";
import { TraceFile } from "./trace-file.js";

const FORMAT = "lemmascope premises trace";

/** What a run was started with: enough to start it again. */
const startSchema = z.object({
  event: z.literal("start"),
  format: z.literal(FORMAT),
  version: z.literal(1),
  lemmascope: z.string(),
  /** What the index says of itself; another index finds other premises. */
  index: z.object({ corpus: z.string(), vocabulary: z.string() }),
  /** Names and fingerprints of the models of standard mode. */
  models: z.record(z.string(), z.string()),
  /** The version of each prompt. */
  prompts: z.record(z.string(), z.string()),
  theorem: z.object({
    name: z.string().optional(),
    formal: z.string(),
    statement: z.string(),
    conclusion: z.string(),
    informal: z.string(),
    informalProof: z.string(),
    imports: z.array(z.string()),
  }),
  mode: z.enum(["none", "sketch", "full"]),
  fusion: z.enum(["pool", "published"]),
  rounds: z.number(),
  perQuery: z.number(),
});

export type TraceStart = z.infer<typeof startSchema>;

/** Writes down everything that a run asked, found and decided: one JSON line an event, in order. */
export class TraceWriter {
  readonly #file: TraceFile;

  /** @throws UserError `io` where the file cannot be made; a file that exists is written over. */
  constructor(path: string) {
    this.#file = new TraceFile(path);
  }

  start(start: Omit<TraceStart, "event" | "format" | "version">): void {
    this.#write({ event: "start", format: FORMAT, version: 1, ...start });
  }

  /** A question to a language model, and what came of it. */
  answer(entry: RecordingEntry): void {
    this.#write({ event: "answer", ...entry });
  }

  sketch(round: number, sketch: Sketch): void {
    this.#write({ event: "sketch", round, sketch });
  }

  retrieved(round: number, { request, found, problem }: Retrieved): void {
    const results = found.map(({ facts, evidence, score }) => {
      const { rank, fit, match } = evidence;
      return { name: facts.name, rank, score, fit, match };
    });
    this.#write({ event: "retrieved", round, ...request, results, problem });
  }

  /** What the theorem's own statement brought. */
  goal(found: readonly { readonly name: string; readonly score: number }[]): void {
    this.#write({ event: "goal", found });
  }

  filtered(round: number, asked: string, kept: readonly string[], problem?: string): void {
    this.#write({ event: "filtered", round, asked, kept, problem });
  }

  judged(round: number, verdict: object): void {
    this.#write({ event: "judged", round, ...verdict });
  }

  ranking(stage: "pool" | "listwise", premises: readonly RankedPremise[]): void {
    const ranked = premises.map(({ facts, score }) => ({ name: facts.name, score }));
    this.#write({ event: "ranking", stage, premises: ranked });
  }

  end(end: object): void {
    this.#write({ event: "end", ...end });
  }

  close(): void {
    this.#file.close();
  }

  #write(event: object): void {
    this.#file.write(event);
  }
}

/** Whether a file is a trace, by its first line; false where it cannot be read. */
export function isTrace(path: string): boolean {
  try {
    const [first = ""] = readFileSync(path, "utf8").split("\n", 1);
    return startSchema.safeParse(parsedJson(first)).success;
  } catch {
    return false;
  }
}

/** What a trace holds for doing the run again. */
export interface ReadTrace {
  readonly start: TraceStart;
  readonly theorem: Theorem;
  /** All questions to language models with their answers. */
  readonly answers: readonly RecordingEntry[];
}

const answerSchema = recordingEntrySchema.extend({ event: z.literal("answer") });
const eventSchema = z.looseObject({ event: z.string() });

/**
 * Reads a trace for doing its run again. A last line that was cut short is left out.
 *
 * @throws UserError `badInput` where the file is missing, no trace, or damaged.
 */
export function readTrace(path: string): ReadTrace {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(
      "badInput",
      `The trace ${path} cannot be read (${errorMessage(error)}): make one with --trace.`,
      { cause: error },
    );
  }
  const lines = text.split("\n");
  const start = startSchema.safeParse(parsedJson(lines[0] ?? ""));
  if (!start.success) {
    throw new UserError(
      "badInput",
      `The file ${path} is no trace of this version of lemmascope: make one with "lemmascope premises --trace".`,
    );
  }
  const answers = lines.slice(1).flatMap((line, at) => {
    if (line === "") return [];
    const json = parsedJson(line);
    const isAnswer = answerSchema.safeParse(json);
    if (isAnswer.success) return [isAnswer.data];
    const event = eventSchema.safeParse(json);
    if ((event.success && event.data.event !== "answer") || at === lines.length - 2) return [];
    throw new UserError(
      "badInput",
      `The trace ${path} is damaged at line ${at + 2}: make it again with --trace.`,
    );
  });
  const { name, ...theorem } = start.data.theorem;
  return { start: start.data, theorem: { name, ...theorem }, answers };
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
