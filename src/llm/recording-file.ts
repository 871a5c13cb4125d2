import {
  closeSync,
  fdatasyncSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { z } from "zod";
import { ROLES } from "../config/llm-settings.js";
import { errorCode, errorMessage, UserError } from "../errors.js";

/** The first line of a recording. */
const HEADER = { format: "lemmascope language model recording", version: 1 } as const;
const headerSchema = z.object({ format: z.literal(HEADER.format), version: z.number() });

const count = z.number().int().min(0);

const outcomeSchema = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("answer"),
    text: z.string(),
    isCutOff: z.boolean(),
    promptTokens: count,
    completionTokens: count,
    calls: count,
  }),
  z.object({ outcome: z.literal("unusable"), problem: z.string() }),
  z.object({
    outcome: z.literal("budget spent"),
    part: z.enum(["calls", "tokens", "seconds", "money"]),
    message: z.string(),
  }),
]);

/** One line of a recording. */
export const recordingEntrySchema = z.object({
  /** What was asked: see `requestKey`. */
  key: z.string(),
  role: z.enum(ROLES),
  /** The model, as the profile names it. */
  model: z.string(),
  parameters: z.object({
    temperature: z.number().nullable(),
    maxTokens: z.number(),
    jsonMode: z.enum(["schema", "object", "none"]),
  }),
  /** The conversation, for people who read the recording. */
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  /** The model, as the server names it. */
  answeredBy: z.string(),
  result: outcomeSchema,
});

/** One line of a recording: a question and what came of it. */
export type RecordingEntry = z.infer<typeof recordingEntrySchema>;
export type Outcome = z.infer<typeof outcomeSchema>;

/** Where questions and what came of them are written down. */
export interface AnswerLog {
  /** @throws UserError `io` */
  append(entry: RecordingEntry): void;
  close(): void;
}

/** Appends to a recording, one flushed line an answer, so that a killed run loses none. */
export class RecordingWriter implements AnswerLog {
  readonly #path: string;
  readonly #file: number;
  #isOpen = true;

  private constructor(path: string, file: number) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Makes a recording, or goes on with one; the half line that a killed run can leave is taken off.
   *
   * @throws UserError `usage` where the file is something else, `io`
   */
  static open(path: string): RecordingWriter {
    try {
      const known = existing(path);
      if (known !== undefined && known !== "") {
        requireHeader(path, known);
        const whole = known.slice(0, known.lastIndexOf("\n") + 1);
        if (whole !== known) truncateSync(path, Buffer.byteLength(whole));
      }
      const writer = new RecordingWriter(path, openSync(path, "a"));
      if (known === undefined || known === "") writer.#write(HEADER);
      return writer;
    } catch (error) {
      throw writeFailure(path, error);
    }
  }

  /** @throws UserError `io` */
  append(entry: RecordingEntry): void {
    try {
      this.#write(entry);
    } catch (error) {
      throw writeFailure(this.#path, error);
    }
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }

  #write(value: object): void {
    writeFileSync(this.#file, `${JSON.stringify(value)}\n`);
    fdatasyncSync(this.#file);
  }
}

/**
 * All entries of a recording, in order. A last line that was cut short is left out.
 *
 * @throws UserError `badInput` where it is missing or damaged.
 */
export function readRecording(path: string): RecordingEntry[] {
  let text: string | undefined;
  try {
    text = existing(path);
  } catch (error) {
    throw new UserError(
      "badInput",
      `The recording ${path} cannot be read (${errorMessage(error)}).`,
      { cause: error },
    );
  }
  if (text === undefined) {
    throw new UserError("badInput", `There is no recording ${path}: make it with --record.`);
  }
  requireHeader(path, text, "badInput");
  const [, ...lines] = text.split("\n");
  return lines.flatMap((line, at) => {
    if (line === "") return [];
    const entry = recordingEntrySchema.safeParse(parsedJson(line));
    if (entry.success) return [entry.data];
    if (at === lines.length - 1) return [];
    throw new UserError(
      "badInput",
      `The recording ${path} is damaged at line ${at + 2}: take that line out, or record it again.`,
    );
  });
}

function existing(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function requireHeader(path: string, text: string, exit: "usage" | "badInput" = "usage"): void {
  const end = text.indexOf("\n");
  const header = headerSchema.safeParse(parsedJson(end === -1 ? text : text.slice(0, end)));
  if (!header.success) {
    throw new UserError(
      exit,
      `The file ${path} is no recording of language model answers: name another file.`,
    );
  }
  if (header.data.version === HEADER.version) return;
  throw new UserError(
    exit,
    `The recording ${path} was made by another version of lemmascope: record it again.`,
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function writeFailure(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  return new UserError(
    "io",
    `The recording ${path} cannot be written (${errorMessage(error)}): see to its folder, or name another file.`,
    { cause: error },
  );
}
