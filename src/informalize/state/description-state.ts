import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { readLines } from "../../corpus/lines.js";
import { errorCode, errorMessage, UserError } from "../../errors.js";
import { FileLock } from "../../file-lock.js";
import { LineFile } from "./line-file.js";

/** The first line of a state. */
const HEADER = { format: "lemmascope informalization state", version: 1 } as const;
const headerSchema = z.object({ format: z.literal(HEADER.format), version: z.number() });

/** What a model wrote of a declaration, and what that rests on. */
export interface KeptDescription {
  readonly informalName: string;
  readonly informalDescription: string;
  /** The declaration's stamp when it was asked for: changes with it and all that it depends on. */
  readonly stamp: string;
  /** The model, as the profile names it. */
  readonly model: string;
  /** The version of the prompt. */
  readonly prompt: string;
}

const entrySchema = z
  .object({
    name: z.string().min(1),
    informal_name: z.string(),
    informal_description: z.string(),
    stamp: z.string(),
    model: z.string(),
    prompt: z.string(),
  })
  .transform(({ name, informal_name, informal_description, ...rest }) => ({
    name,
    kept: { informalName: informal_name, informalDescription: informal_description, ...rest },
  }));

/**
 * All that models have written for one output, in a file beside it: a line a description, each safe on the
 * disk as soon as it is there, so that a run that is killed loses nothing. Descriptions of declarations
 * that the corpus no longer has are kept: they may come back.
 */
export class DescriptionState {
  readonly path: string;
  readonly #kept: Map<string, KeptDescription>;
  readonly #lock: FileLock;
  #file: LineFile;
  /** Lines of descriptions in the file; more than descriptions where some were written anew. */
  #lines: number;

  private constructor(
    path: string,
    lock: FileLock,
    file: LineFile,
    kept: Map<string, KeptDescription>,
    lines: number,
  ) {
    this.path = path;
    this.#lock = lock;
    this.#file = file;
    this.#kept = kept;
    this.#lines = lines;
  }

  /**
   * Opens a state, or begins one. A last line that was cut short is left out. Until it is closed, nobody
   * else can open it.
   *
   * @throws UserError `usage` where the file is something else or of another version, `badInput` where
   * it is damaged, `io` where it cannot be written or somebody else has it open.
   */
  static async open(path: string): Promise<DescriptionState> {
    let lock: FileLock | undefined;
    let file: LineFile | undefined;
    try {
      mkdirSync(dirname(path), { recursive: true });
      lock = FileLock.acquire(
        `${path}.lock`,
        `Another run is writing to ${path}: wait for it to end, or name another --out.`,
      );
      file = new LineFile(path);
      const kept = new Map<string, KeptDescription>();
      if (file.isEmpty) file.append(JSON.stringify(HEADER));
      const lines = await readEntries(path, kept);
      return new DescriptionState(path, lock, file, kept, lines);
    } catch (error) {
      file?.close();
      lock?.release();
      throw unwritable(path, error);
    }
  }

  /** How many descriptions there are. */
  get size(): number {
    return this.#kept.size;
  }

  /** @param name the declaration's full name. */
  get(name: string): KeptDescription | undefined {
    return this.#kept.get(name);
  }

  /** Keeps a description; it is on the disk afterwards. @throws UserError `io` */
  add(name: string, description: KeptDescription): void {
    try {
      this.#file.append(lineOf(name, description));
    } catch (error) {
      throw unwritable(this.path, error);
    }
    this.#kept.set(name, description);
    this.#lines += 1;
  }

  /** Writes the file anew without what was written over. @throws UserError `io` */
  compact(): void {
    if (this.#lines === this.#kept.size) return;
    const anew = `${this.path}.${process.pid}.tmp`;
    let file: LineFile | undefined;
    try {
      rmSync(anew, { force: true });
      file = new LineFile(anew);
      file.append(JSON.stringify(HEADER));
      for (const lines of blocksOf(this.#kept)) file.append(lines.join("\n"));
      file.close();
      // Windows renames over no open file.
      this.#file.close();
      renameSync(anew, this.path);
      this.#file = new LineFile(this.path);
      this.#lines = this.#kept.size;
    } catch (error) {
      file?.close();
      rmSync(anew, { force: true });
      throw unwritable(this.path, error);
    }
  }

  close(): void {
    this.#file.close();
    this.#lock.release();
  }
}

/** @returns how many lines with descriptions there are. */
async function readEntries(path: string, kept: Map<string, KeptDescription>): Promise<number> {
  /** Of few models and prompts there are many copies. */
  const known = new Map<string, string>();
  const once = (text: string): string => {
    const same = known.get(text);
    if (same === undefined) known.set(text, text);
    return same ?? text;
  };
  let count = 0;
  for await (const lines of readLines({ kind: "file", path })) {
    for (const { number, text } of lines) {
      const value = parsedJson(text);
      if (number === 1) {
        requireHeader(path, value);
        continue;
      }
      const entry = entrySchema.safeParse(value);
      if (!entry.success) throw damaged(path, number);
      const { name, kept: description } = entry.data;
      const { model, prompt } = description;
      kept.set(name, { ...description, model: once(model), prompt: once(prompt) });
      count += 1;
    }
  }
  return count;
}

function lineOf(
  name: string,
  { informalName, informalDescription, ...rest }: KeptDescription,
): string {
  const { stamp, model, prompt } = rest;
  return JSON.stringify({
    name,
    informal_name: informalName,
    informal_description: informalDescription,
    ...{ stamp, model, prompt },
  });
}

/** How many lines are written at once. */
const BLOCK_LINES = 1000;

function* blocksOf(kept: ReadonlyMap<string, KeptDescription>): Generator<string[]> {
  let lines: string[] = [];
  for (const [name, description] of kept) {
    lines.push(lineOf(name, description));
    if (lines.length < BLOCK_LINES) continue;
    yield lines;
    lines = [];
  }
  if (lines.length > 0) yield lines;
}

function requireHeader(path: string, value: unknown): void {
  const header = headerSchema.safeParse(value);
  if (!header.success) {
    throw new UserError(
      "usage",
      `The file ${path} is no state of an informalization: move it, or name another --out.`,
    );
  }
  if (header.data.version === HEADER.version) return;
  throw new UserError(
    "usage",
    `The state ${path} was made by another version of lemmascope: use that one, or move the file to begin anew.`,
  );
}

function damaged(path: string, line: number): UserError {
  return new UserError(
    "badInput",
    `The state ${path} is damaged at line ${line}: take that line out, and what it described is asked for again.`,
  );
}

function parsedJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

function unwritable(path: string, error: unknown): unknown {
  if (error instanceof UserError || errorCode(error) === undefined) return error;
  return new UserError(
    "io",
    `The state ${path} cannot be written (${errorMessage(error)}): see to its folder, or name another --out.`,
    { cause: error },
  );
}
