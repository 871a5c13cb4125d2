import {
  closeSync,
  fdatasyncSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { z } from "zod";
import { errorCode, errorMessage, UserError } from "../src/errors.js";

/** What a benchmark's journal holds. */
export interface JournalForm<Identity, Outcome> {
  /** What the first line says that the file is. */
  readonly format: string;
  /** What the benchmark is called in sentences: "the premise benchmark". */
  readonly benchmark: string;
  readonly identity: z.ZodType<Identity>;
  readonly outcome: z.ZodType<Outcome>;
  /** In which respects two runs differ, in words; runs that differ do not mix. */
  differences(a: Identity, b: Identity): string[];
  /** What tells one outcome from another. */
  keyOf(outcome: Outcome): string;
  /** Whether it need not be tried again. */
  isDone(outcome: Outcome): boolean;
}

/**
 * What is done of a benchmark's run, one flushed JSON line each, so that a run that was stopped or
 * killed goes on where it was. The first line says what the run is.
 */
export class Journal<Outcome> {
  readonly startedAt: string;
  /** By key. What failed is not done: it is tried again. */
  readonly done: ReadonlyMap<string, Outcome>;
  readonly #path: string;
  readonly #file: number;

  private constructor(
    path: string,
    startedAt: string,
    done: ReadonlyMap<string, Outcome>,
    file: number,
  ) {
    this.#path = path;
    this.startedAt = startedAt;
    this.done = done;
    this.#file = file;
  }

  /**
   * Begins a journal, or goes on with one.
   *
   * @param resume whether a journal that is there is gone on with; one that is not is begun.
   * @throws UserError `usage` where there is one and it is not to be gone on with, or it is of another
   *   run; `badInput` where it is damaged; `io`
   */
  static open<Identity, Outcome>(
    path: string,
    form: JournalForm<Identity, Outcome>,
    identity: Identity,
    resume: boolean,
  ): Journal<Outcome> {
    const text = existing(path);
    if (text === undefined || text === "") {
      const startedAt = new Date().toISOString();
      const journal = new Journal<Outcome>(path, startedAt, new Map(), openToAppend(path));
      journal.#write({ format: form.format, version: 1, startedAt, identity });
      return journal;
    }
    if (!resume) {
      throw new UserError(
        "usage",
        `${path} holds a run already: go on with it by --resume, or name another folder with --out.`,
      );
    }
    const { startedAt, done, whole } = read(path, text, form, identity);
    // A killed run can leave half a line.
    if (whole !== text) truncateSync(path, Buffer.byteLength(whole));
    return new Journal<Outcome>(path, startedAt, done, openToAppend(path));
  }

  /** @throws UserError `io` */
  append(outcome: Outcome): void {
    this.#write(outcome);
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(value: unknown): void {
    try {
      writeFileSync(this.#file, `${JSON.stringify(value)}\n`);
      fdatasyncSync(this.#file);
    } catch (error) {
      throw writeFailure(this.#path, error);
    }
  }
}

function read<Identity, Outcome>(
  path: string,
  text: string,
  form: JournalForm<Identity, Outcome>,
  identity: Identity,
) {
  const headerSchema = z.strictObject({
    format: z.literal(form.format),
    version: z.literal(1),
    /** When the run began, in ISO 8601 UTC. */
    startedAt: z.iso.datetime(),
    identity: form.identity,
  });
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const [first = "", ...lines] = whole.split("\n").slice(0, -1);
  const header = headerSchema.safeParse(parsedJson(first));
  if (!header.success) {
    throw new UserError(
      "usage",
      `${path} is no run of ${form.benchmark} of this version: name another folder with --out.`,
    );
  }
  const different = form.differences(header.data.identity, identity);
  if (different.length > 0) {
    throw new UserError(
      "usage",
      `${path} is of another run: it differs in ${different.join(", ")}; run it as it was, or name another folder with --out.`,
    );
  }
  const done = new Map<string, Outcome>();
  lines.forEach((line, at) => {
    const outcome = form.outcome.safeParse(parsedJson(line));
    if (!outcome.success) {
      throw new UserError(
        "badInput",
        `${path} is damaged at line ${at + 2}: take that line out, and its theorem is run again.`,
      );
    }
    if (form.isDone(outcome.data)) done.set(form.keyOf(outcome.data), outcome.data);
  });
  return { startedAt: header.data.startedAt, done, whole };
}

function existing(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw writeFailure(path, error);
  }
}

function openToAppend(path: string): number {
  try {
    return openSync(path, "a");
  } catch (error) {
    throw writeFailure(path, error);
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function writeFailure(path: string, error: unknown): UserError {
  return new UserError(
    "io",
    `${path} cannot be used (${errorCode(error) ?? errorMessage(error)}): name a folder that you can write to with --out.`,
    { cause: error },
  );
}
