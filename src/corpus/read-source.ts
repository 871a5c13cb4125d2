import type { Declaration } from "../declaration.js";
import { UserError } from "../errors.js";
import type { ProjectProblem } from "./lake/lake-project.js";
import { type LakeSource, parseLakeSource } from "./lake/lake-source.js";
import { readLakeProject } from "./lake/read-lake-project.js";
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

/**
 * Streams the declarations of one source in batches, whatever it is: a corpus (see `readCorpus`), or a
 * Lake project as `lakeSourceText` writes it. What cannot be read is reported and left out; with
 * `strict` it ends the reading instead.
 *
 * @throws UserError as `readCorpus` and `readLakeProject` do; an AbortError after the signal.
 */
export function readSource(
  source: string,
  options: SourceListener & {
    readonly strict?: boolean;
    readonly signal?: AbortSignal;
  } = {},
): AsyncGenerator<Declaration[]> {
  const project = parseLakeSource(source);
  return project === undefined ? readCorpus(source, options) : readProject(project, options);
}

async function* readProject(
  source: LakeSource,
  options: SourceListener & {
    readonly strict?: boolean;
    readonly signal?: AbortSignal;
  },
): AsyncGenerator<Declaration[]> {
  const { strict, signal, onProblem, onProgress, onUnread } = options;
  const files = readLakeProject(source, {
    ...(signal === undefined ? {} : { signal }),
    onProblem: (problem) => {
      if (strict === true) throw strictFailure(problem);
      onProblem?.(problem);
    },
    onProgress: ({ filesDone, filesTotal }) => {
      onProgress?.({ read: filesDone, total: filesTotal });
    },
    ...(onUnread === undefined ? {} : { onUnread }),
  });
  for await (const { package: owner, isOwn, file, declarations } of files) {
    const origin = { package: owner.name, version: owner.version, file, isOwn };
    yield declarations.map((declaration) => ({ ...declaration, origin }));
  }
}

function strictFailure({ path, line, message }: ProjectProblem): UserError {
  return new UserError(
    "badInput",
    `${path}, line ${line}: ${message}; mend it, or leave --strict out to go on behind it.`,
  );
}
