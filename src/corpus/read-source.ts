import type { Declaration } from "../declaration.js";
import { UserError } from "../errors.js";
import type { ProjectProblem } from "./lake/lake-project.js";
import { type LakeSource, parseLakeSource } from "./lake/lake-source.js";
import { readLakeProject } from "./lake/read-lake-project.js";
import {
  type FileDeclarations,
  originOf,
  type ReadOptions,
  type ScannedProject,
} from "./lake/scanned-project.js";
import { readCorpus, type SkippedLine } from "./read.js";

/** How far a source has been read. */
export interface SourceProgress {
  /** Of a file its bytes as they lie on the disk, of a Lake project its files. */
  readonly read: number;
  /** Undefined for standard input. */
  readonly total: number | undefined;
}

/** What reading a source reports while it goes on. */
export interface SourceListener {
  /** A line of a corpus that was left out. */
  readonly onSkip?: (skipped: SkippedLine) => void;
  /** A place in a Lake project that could not be read. */
  readonly onProblem?: (problem: ProjectProblem) => void;
  /** Libraries of a Lake project that nothing chose. */
  readonly onUnread?: (libraries: readonly string[]) => void;
  readonly onProgress?: (progress: SourceProgress) => void;
}

/** How a source is read. */
export interface SourceOptions extends SourceListener {
  /** Ends the reading at the first place that cannot be read. */
  readonly strict?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Streams the declarations of one source in batches, whatever it is: a corpus (see `readCorpus`), or a
 * Lake project as `lakeSourceText` writes it. What cannot be read is reported and left out; with
 * `strict` it ends the reading instead.
 *
 * @throws UserError as `readCorpus` and `readLakeProject` do; an AbortError after the signal.
 */
export function readSource(
  source: string,
  options: SourceOptions = {},
): AsyncGenerator<Declaration[]> {
  const project = parseLakeSource(source);
  return project === undefined ? readCorpus(source, options) : readProject(project, options);
}

async function* readProject(
  source: LakeSource,
  options: SourceOptions,
): AsyncGenerator<Declaration[]> {
  const files = readLakeProject(source, readOptions(options));
  for await (const file of files) yield placedDeclarations(file);
}

/** Streams the declarations of a project that has been scanned, as {@link readSource} does. */
export async function* projectDeclarations(
  project: ScannedProject,
  options: SourceOptions,
): AsyncGenerator<Declaration[]> {
  for await (const file of project.files(readOptions(options))) yield placedDeclarations(file);
}

/** The declarations of a file with where they come from. */
export function placedDeclarations(file: FileDeclarations): Declaration[] {
  const origin = originOf(file);
  return file.declarations.map((declaration) => ({ ...declaration, origin }));
}

/** How a project is to be read, with `strict` taken into account. */
export function readOptions(options: SourceOptions): ReadOptions {
  const { strict, signal, onProblem, onProgress, onUnread } = options;
  return {
    ...(signal === undefined ? {} : { signal }),
    onProblem: (problem) => {
      if (strict === true) throw strictFailure(problem);
      onProblem?.(problem);
    },
    onProgress: ({ filesDone, filesTotal }) => {
      onProgress?.({ read: filesDone, total: filesTotal });
    },
    ...(onUnread === undefined ? {} : { onUnread }),
  };
}

function strictFailure({ path, line, message }: ProjectProblem): UserError {
  return new UserError(
    "badInput",
    `${path}, line ${line}: ${message}; mend it, or leave --strict out to go on behind it.`,
  );
}
