import type { Database } from "better-sqlite3";
import type { ProjectProblem } from "../corpus/lake/lake-project.js";
import { parseLakeSource } from "../corpus/lake/lake-source.js";
import { type SkippedLine, sourceLabel } from "../corpus/read.js";
import { readSource, type SourceProgress } from "../corpus/read-source.js";
import { UserError } from "../errors.js";
import type { Embedder } from "../models/embedder.js";
import { VERSION } from "../package-root.js";
import { embedMissing } from "./embed.js";
import { readMeta, writeMeta } from "./schema.js";
import { SideFile, type Start } from "./side-file.js";
import { describeWriteError } from "./write-errors.js";
import { indexedEmbedder, resetVectors } from "./vector-table.js";
import { IndexWriter, type PutResult } from "./writer.js";

/** How a build is going. */
export interface BuildProgress {
  readonly phase: "reading" | "embedding" | "completing";
  readonly source: string;
  /** Declarations read so far, over all sources. */
  readonly declarations: number;
  /**
   * Bytes of the current source, as on disk, the total being undefined for standard input; of a Lake
   * project, files; while embedding, declarations that have a vector and that are to have one.
   */
  readonly bytesRead: number;
  readonly bytesTotal: number | undefined;
}

export interface BuildOptions {
  /** Where the index is to be. */
  readonly index: string;
  /** What it is made of: see {@link readSource}. All other declarations leave the index. */
  readonly sources: readonly string[];
  /** Ends at the first malformed line instead of leaving it out. */
  readonly strict?: boolean;
  /** Starts from nothing, whatever index or interrupted build there is. */
  readonly fromScratch?: boolean;
  /** Makes vectors of the declarations; without one the index has none. */
  readonly embedder?: Embedder;
  /** Ends the build early; what was done is kept and the next build goes on from there. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BuildProgress) => void;
  readonly onSkip?: (skipped: SkippedLine) => void;
  /** A place in a Lake project that could not be read. */
  readonly onProblem?: (problem: ProjectProblem) => void;
  /** Libraries of a Lake project that are left out as nothing chose them. */
  readonly onUnread?: (libraries: readonly string[]) => void;
  /** Called once it is known what the build starts from. */
  readonly onStart?: (start: Start) => void;
  /** Told of declarations whose name had come before, and that were left out. */
  readonly onDuplicate?: (name: string) => void;
  /** Reads a source, in place of {@link readSource}. */
  readonly read?: typeof readSource;
  /** The largest file that may be written, in bytes: what a full disk would do. */
  readonly maximumBytes?: number;
}

/** What a build did. */
export interface BuildReport {
  readonly start: Start;
  readonly counts: Readonly<Record<PutResult, number>>;
  /** Declarations that were in the index and in none of the sources. */
  readonly removed: number;
  readonly skippedLines: number;
  /** Places in Lake projects that could not be read. */
  readonly problems: number;
  /** Declarations in the index now. */
  readonly declarations: number;
  /** False where the index already held exactly this corpus and was not written. */
  readonly written: boolean;
  readonly elapsedMs: number;
}

/** Declarations written in one transaction: what a kill can undo. */
const TRANSACTION_SIZE = 2000;

/**
 * Builds an index, or brings one up to date. It is made in a side file and put in its place in one
 * step at the end, so that readers always see a whole index, and a build that was killed is resumed
 * by running it again.
 *
 * @throws UserError `badInput` for sources that cannot be read, `io` where it cannot be written,
 * `interrupted` after the signal.
 */
export async function buildIndex(options: BuildOptions): Promise<BuildReport> {
  const started = performance.now();
  const side = SideFile.open(options.index, options);
  let outcome: "keep" | "discard" | "replaced" = "discard";
  try {
    options.onStart?.(side.start);
    const vectorsAreNew = prepareVectors(side.db, options.embedder);
    const writer = new IndexWriter(side.db, { searchesRules: options.embedder === undefined });
    const counts: Record<PutResult, number> = { added: 0, changed: 0, unchanged: 0, duplicate: 0 };
    const { skippedLines, problems } = await readInto(writer, options, counts);
    const removed = writer.transaction(() => writer.removeUnseen());
    const changes = counts.added + counts.changed + removed;
    const sources = JSON.stringify(options.sources);
    const written =
      side.start !== "update" ||
      changes > 0 ||
      vectorsAreNew ||
      readMeta(side.db, "sources") !== sources ||
      readMeta(side.db, "duplicates") !== String(counts.duplicate) ||
      readMeta(side.db, "skipped_lines") !== String(skippedLines);
    if (written) {
      await embed(side.db, options, counts);
      completing(options, counts);
      writer.finish();
      recordBuild(side, sources, counts.duplicate, skippedLines);
      side.replace();
      outcome = "replaced";
    }
    const declarations = counts.added + counts.changed + counts.unchanged;
    const elapsedMs = performance.now() - started;
    const { start } = side;
    return { start, counts, removed, skippedLines, problems, declarations, written, elapsedMs };
  } catch (error) {
    if (options.signal?.aborted === true) {
      outcome = "keep";
      throw new UserError(
        "interrupted",
        "Interrupted; what was indexed so far is kept, and the same command goes on from there.",
      );
    }
    const failure = describeWriteError(error, options.index);
    // A slip in the sources must not cost what an interrupted build had done.
    const isSlip = failure instanceof UserError && failure.exit === "badInput";
    if (isSlip && side.start === "resume") outcome = "keep";
    throw failure;
  } finally {
    if (outcome === "keep") side.keep();
    else if (outcome === "discard") side.discard();
  }
}

async function readInto(
  writer: IndexWriter,
  options: BuildOptions,
  counts: Record<PutResult, number>,
): Promise<{ skippedLines: number; problems: number }> {
  let skippedLines = 0;
  let problems = 0;
  let declarations = 0;
  for (const source of options.sources) {
    let progress: SourceProgress = { read: 0, total: undefined };
    const isProject = parseLakeSource(source) !== undefined;
    const tell = (): void => {
      options.onProgress?.({
        phase: "reading",
        source: sourceLabel(source),
        declarations,
        bytesRead: progress.read,
        bytesTotal: progress.total,
      });
    };
    const batches = (options.read ?? readSource)(source, {
      strict: options.strict ?? false,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onSkip: (skipped) => {
        skippedLines += 1;
        options.onSkip?.(skipped);
      },
      onProblem: (problem) => {
        problems += 1;
        options.onProblem?.(problem);
      },
      onUnread: (libraries) => options.onUnread?.(libraries),
      onProgress: (now) => {
        progress = now;
        // All of a project is scanned before its first declaration comes.
        if (isProject) tell();
      },
    });
    for await (const batch of inTransactionSizes(batches)) {
      options.signal?.throwIfAborted();
      writer.transaction(() => {
        for (const declaration of batch) {
          const result = writer.put(declaration);
          counts[result] += 1;
          if (result === "duplicate") options.onDuplicate?.(declaration.name);
        }
      });
      declarations += batch.length;
      tell();
      // Lets a pending Ctrl-C be heard between two transactions.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { skippedLines, problems };
}

async function* inTransactionSizes<T>(batches: AsyncIterable<T[]>): AsyncGenerator<T[]> {
  let pending: T[] = [];
  for await (const batch of batches) {
    pending.push(...batch);
    if (pending.length < TRANSACTION_SIZE) continue;
    yield pending;
    pending = [];
  }
  if (pending.length > 0) yield pending;
}

/** Drops the vectors of another embedder than this one. @returns whether all have to be made. */
function prepareVectors(db: Database, embedder: Embedder | undefined): boolean {
  const wanted = embedder?.identity;
  const present = indexedEmbedder(db);
  const areNew = present?.fingerprint !== wanted?.fingerprint;
  if (areNew) db.transaction(() => resetVectors(db, wanted))();
  return areNew;
}

async function embed(
  db: Database,
  options: BuildOptions,
  counts: Readonly<Record<PutResult, number>>,
): Promise<void> {
  const { embedder, signal, onProgress } = options;
  if (embedder === undefined) return;
  await embedMissing(db, embedder, {
    signal,
    onProgress: (done, total) =>
      onProgress?.({
        phase: "embedding",
        source: embedder.identity.model,
        declarations: counts.added + counts.changed + counts.unchanged,
        bytesRead: done,
        bytesTotal: total,
      }),
  });
}

function completing(options: BuildOptions, counts: Readonly<Record<PutResult, number>>): void {
  options.onProgress?.({
    phase: "completing",
    source: "",
    declarations: counts.added + counts.changed + counts.unchanged,
    bytesRead: 0,
    bytesTotal: undefined,
  });
}

function recordBuild(side: SideFile, sources: string, duplicates: number, skipped: number): void {
  side.db.transaction(() => {
    writeMeta(side.db, "sources", sources);
    writeMeta(side.db, "duplicates", String(duplicates));
    writeMeta(side.db, "skipped_lines", String(skipped));
    writeMeta(side.db, "built_at", new Date().toISOString());
    writeMeta(side.db, "built_by", VERSION);
  })();
}
