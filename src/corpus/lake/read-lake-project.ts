import { relative, sep } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Declaration } from "../../declaration.js";
import { UserError } from "../../errors.js";
import { LeanLibrary } from "../lean-source/lean-library.js";
import type { ScannedFile } from "../lean-source/source-declaration.js";
import { FileScanner } from "./file-scanner.js";
import { LibraryChoice } from "./library-choice.js";
import { type LakePackage, openLakeProject, type ProjectProblem } from "./lake-project.js";
import type { LakeSource } from "./lake-source.js";
import { chosenPackages } from "./package-choice.js";
import type { FileScan } from "./scan-file.js";

/** How far a project has been read. */
export interface ProjectProgress {
  readonly phase: "scanning" | "resolving";
  readonly filesDone: number;
  /** May grow while scanning. */
  readonly filesTotal: number;
  /** Of all files that have been scanned. */
  readonly bytes: number;
}

/** The declarations of one file, and where it belongs. */
export interface FileDeclarations {
  readonly package: Pick<LakePackage, "name" | "version">;
  /** Whether the package is the project itself. */
  readonly isOwn: boolean;
  /** Relative to the package's folder, with slashes. */
  readonly file: string;
  readonly declarations: readonly Declaration[];
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly onProblem?: (problem: ProjectProblem) => void;
  readonly onProgress?: (progress: ProjectProgress) => void;
  /** Told once about own libraries that nothing chose. */
  readonly onUnread?: (libraries: readonly string[]) => void;
}

/**
 * Reads a Lake project straight from its source: the project's own files first, then those of its
 * dependencies, package by package. What cannot be read is reported, and the rest goes on.
 *
 * @throws UserError `badInput` for a folder that is no readable Lake project and for one without any
 * Lean file, `usage` for dependencies or libraries that it does not have; an AbortError after the
 * signal.
 */
export async function* readLakeProject(
  source: LakeSource,
  options: ReadOptions = {},
): AsyncGenerator<FileDeclarations> {
  const project = openLakeProject(source.folder);
  const report = options.onProblem ?? (() => undefined);
  const packages = [project.own, ...chosenPackages(project, source.dependencies, report)];
  const choice = new LibraryChoice(packages, source.libraries);
  const files = await scanAll(choice, packages, report, options);
  const unread = choice.unreadOf(project.own);
  if (unread.length > 0) options.onUnread?.(unread);
  if (files.length === 0) {
    throw new UserError(
      "badInput",
      `${project.own.folder} has no Lean file in the libraries of its lakefile: check their names, roots and srcDir.`,
    );
  }
  // Of two declarations of one name, the library keeps the one that it was given first.
  const library = new LeanLibrary();
  for (const { path, scanned } of files) library.set(path, scanned);
  let done = 0;
  for (const { path, package: owner } of files) {
    options.signal?.throwIfAborted();
    const declarations = library.declarations(path);
    done += 1;
    yield {
      package: { name: owner.name, version: owner.version },
      isOwn: owner === project.own,
      file: relative(owner.folder, path).replaceAll(sep, "/"),
      declarations,
    };
    if (done % 20 === 0) {
      const progress = { filesDone: done, filesTotal: files.length, bytes: choice.bytes };
      options.onProgress?.({ phase: "resolving", ...progress });
      await nextTurn();
    }
  }
}

interface OwnedFile {
  readonly path: string;
  readonly package: LakePackage;
  readonly scanned: ScannedFile;
}

/**
 * Scans the chosen libraries, and those that they import, until there are no more. Gives the readable
 * files by package, in the order of the packages, whatever thread was done first.
 */
async function scanAll(
  choice: LibraryChoice,
  packages: readonly LakePackage[],
  report: (problem: ProjectProblem) => void,
  { signal, onProgress }: ReadOptions,
): Promise<OwnedFile[]> {
  const scanner = new FileScanner();
  const owned: OwnedFile[] = [];
  let filesDone = 0;
  try {
    for (;;) {
      const batch = await choice.nextFiles((path, message) => {
        report({ path, line: 1, message });
      });
      if (batch.length === 0) break;
      const found = new Map<string, FileScan>();
      const files = batch.map(({ path, module }) => ({ path, module }));
      for await (const scans of scanner.scan(files, signal)) {
        for (const scan of scans) {
          choice.scanned(scan.bytes, scan.imports);
          found.set(scan.path, scan);
        }
        filesDone += scans.length;
        const filesTotal = choice.filesFound;
        onProgress?.({ phase: "scanning", filesDone, filesTotal, bytes: choice.bytes });
      }
      for (const { path, package: owner } of batch) {
        const { scanned, failure } = found.get(path) ?? {};
        if (failure !== undefined) report({ path, ...failure });
        if (scanned === undefined) continue;
        for (const problem of scanned.problems) report({ path, ...problem });
        owned.push({ path, package: owner, scanned });
      }
    }
  } finally {
    await scanner.close();
  }
  return packages.flatMap((each) => owned.filter((file) => file.package === each));
}
