import { existsSync } from "node:fs";
import { relative, sep } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Declaration, DeclarationOrigin } from "../../declaration.js";
import { UserError } from "../../errors.js";
import { LeanLibrary } from "../lean-source/lean-library.js";
import { ChangedNames } from "./changed-names.js";
import { FileScanner } from "./file-scanner.js";
import {
  type LakeDependency,
  type LakePackage,
  openLakeProject,
  type ProjectProblem,
} from "./lake-project.js";
import type { LakeSource } from "./lake-source.js";
import { LibraryChoice, type PackageFile } from "./library-choice.js";
import { MentionIndex } from "./mention-index.js";
import { chosenPackages } from "./package-choice.js";
import { type FileScan, scanFile } from "./scan-file.js";
import type { ScannedFile } from "../lean-source/source-declaration.js";

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
  /** None for a file that is gone, or cannot be read. */
  readonly declarations: readonly Declaration[];
}

/** What readers of declarations know of a file's place. */
export function originOf({ package: owner, isOwn, file }: FileDeclarations): DeclarationOrigin {
  return { package: owner.name, version: owner.version, file, isOwn };
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly onProblem?: (problem: ProjectProblem) => void;
  readonly onProgress?: (progress: ProjectProgress) => void;
  /** Told once about own libraries that nothing chose. */
  readonly onUnread?: (libraries: readonly string[]) => void;
}

/** What a change of files comes to: the files whose declarations may differ, and what is wrong in them. */
export interface ProjectChange {
  readonly files: readonly FileDeclarations[];
  readonly problems: readonly ProjectProblem[];
}

interface OwnedFile extends PackageFile {
  readonly scanned: ScannedFile;
}

/**
 * A Lake project whose files have been scanned and are kept in memory: gives the declarations of all
 * files, and takes in changes of some.
 */
export class ScannedProject {
  /** The project's own and those that it depends on and that are read. */
  readonly packages: readonly LakePackage[];
  /**
   * The packages whose files people edit: the project's own, and those that lie elsewhere on the disk
   * than where Lake puts what it fetches. The others cannot mention what these declare.
   */
  readonly watched: readonly LakePackage[];
  /**
   * The folders in which a change may matter: those of the watched packages, and those where a
   * dependency was looked for that is left out until it can be read.
   */
  readonly folders: readonly string[];
  readonly #choice: LibraryChoice;
  readonly #library = new LeanLibrary();
  /** By path, in the order in which they are read. */
  readonly #files = new Map<string, OwnedFile>();
  #mentions: MentionIndex | undefined;

  private constructor(
    packages: readonly LakePackage[],
    choice: LibraryChoice,
    wanted: readonly LakeDependency[],
  ) {
    this.packages = packages;
    const isEdited = ({ folder }: { readonly folder: string }): boolean =>
      !folder.includes(`${sep}.lake${sep}`);
    this.watched = packages.filter((each, at) => at === 0 || isEdited(each));
    const places = [...this.watched, ...wanted.filter(isEdited)];
    this.folders = [...new Set(places.map(({ folder }) => folder))];
    this.#choice = choice;
  }

  /**
   * Scans the files of a project: its own first, then those of its dependencies, package by package.
   * What cannot be read is reported, and the rest goes on.
   *
   * @throws UserError `badInput` for a folder that is no readable Lake project and for one without any
   * Lean file, `usage` for dependencies or libraries that it does not have; an AbortError after the
   * signal.
   */
  static async scan(source: LakeSource, options: ReadOptions = {}): Promise<ScannedProject> {
    const opened = openLakeProject(source.folder);
    const report = options.onProblem ?? (() => undefined);
    const packages = [opened.own, ...chosenPackages(opened, source.dependencies, report)];
    const choice = new LibraryChoice(packages, source.libraries);
    const wanted = source.dependencies === "all" ? opened.dependencies : [];
    const project = new ScannedProject(packages, choice, wanted);
    const files = await scanAll(choice, packages, report, options);
    const unread = choice.unreadOf(opened.own);
    if (unread.length > 0) options.onUnread?.(unread);
    if (files.length === 0) {
      throw new UserError(
        "badInput",
        `${opened.own.folder} has no Lean file in the libraries of its lakefile: check their names, roots and srcDir.`,
      );
    }
    // Of two declarations of one name, the library keeps the one that it was given first.
    for (const file of files) {
      project.#files.set(file.path, file);
      project.#library.set(file.path, file.scanned);
    }
    return project;
  }

  /** The files that were read. */
  get paths(): Iterable<string> {
    return this.#files.keys();
  }

  /** Whether a file, by its path, belongs to a library that is read. */
  hasPlaceFor(path: string): boolean {
    return this.#choice.placeOf(path) !== undefined;
  }

  /** The declarations of every file, in the order of the scan. @throws an AbortError after the signal */
  async *files({ signal, onProgress }: ReadOptions = {}): AsyncGenerator<FileDeclarations> {
    let done = 0;
    for (const file of this.#files.values()) {
      signal?.throwIfAborted();
      yield this.#declarationsOf(file);
      done += 1;
      if (done % 20 !== 0) continue;
      const progress = { filesDone: done, filesTotal: this.#files.size, bytes: this.#choice.bytes };
      onProgress?.({ phase: "resolving", ...progress });
      await nextTurn();
    }
  }

  /** Does now what the first {@link ScannedProject.change} would have to do. */
  prepareForChanges(): void {
    this.#mentionIndex();
  }

  /**
   * Reads files again that were changed, made or removed, and finds out whose declarations that
   * changes: theirs, and those of files that mention what differs in them.
   *
   * @param paths absolute; those that belong to no library that is read are passed over.
   * @returns undefined where the project has to be scanned anew: the change reaches libraries that were
   * not read, or names that several files declare.
   */
  change(paths: Iterable<string>): ProjectChange | undefined {
    const problems: ProjectProblem[] = [];
    const places = new Map<string, PackageFile>();
    const scans = new Map<string, ScannedFile | undefined>();
    for (const path of paths) {
      const known = this.#files.get(path);
      const place = known ?? this.#choice.placeOf(path);
      const isThere = existsSync(path);
      if (place === undefined || (known === undefined && !isThere)) continue;
      const scan = isThere ? scanFile(place) : undefined;
      if (scan !== undefined && this.#choice.wouldChoose(scan.imports)) return undefined;
      if (scan?.failure !== undefined) problems.push({ path, ...scan.failure });
      for (const problem of scan?.scanned?.problems ?? []) problems.push({ path, ...problem });
      places.set(path, place);
      scans.set(path, scan?.scanned);
    }
    if (!this.#replace(places, scans)) return undefined;
    const files = [...places.values()].map((place) => this.#declarationsOf(place));
    return { files, problems };
  }

  /**
   * Puts scans in the place of others, and has those files named anew that mention what changed, until
   * nothing more does.
   *
   * @param places of the files that are replaced; those that are named anew are added.
   */
  #replace(
    places: Map<string, PackageFile>,
    scans: ReadonlyMap<string, ScannedFile | undefined>,
  ): boolean {
    const changed = new ChangedNames();
    for (let replaced = scans; replaced.size > 0;) {
      const before = [...replaced.keys()].map((path) => ({
        path,
        scanned: this.#files.get(path)?.scanned,
        names: this.#library.names(path),
      }));
      for (const [path, scanned] of replaced) this.#put(path, places.get(path), scanned);
      for (const { path, scanned, names } of before) {
        changed.add(
          { scanned, names },
          { scanned: replaced.get(path), names: this.#library.names(path) },
        );
      }
      for (const { path, scanned } of this.#files.values()) {
        if (!places.has(path) && changed.declaredIn(scanned)) return false;
      }
      if (changed.renumbers((name) => this.#library.declares(name))) return false;
      const reached = this.#filesReachedBy(changed);
      const affected = new Map<string, ScannedFile>();
      // In the order of the scan: of several declarations of one name, the first counts.
      for (const [path, file] of this.#files) {
        if (places.has(path) || reached?.has(path) === false) continue;
        if (!this.watched.includes(file.package)) continue;
        places.set(path, file);
        affected.set(path, file.scanned);
      }
      replaced = affected;
    }
    return true;
  }

  /** The files that mention what changed; undefined for all. */
  #filesReachedBy({ components }: ChangedNames): ReadonlySet<string> | undefined {
    return components === undefined ? undefined : this.#mentionIndex().filesMentioning(components);
  }

  /** Made when it is first needed, which takes a second for all of Mathlib. */
  #mentionIndex(): MentionIndex {
    if (this.#mentions === undefined) {
      this.#mentions = new MentionIndex();
      for (const { path, scanned, package: owner } of this.#files.values()) {
        if (this.watched.includes(owner)) this.#mentions.add(path, scanned);
      }
    }
    return this.#mentions;
  }

  #put(path: string, place: PackageFile | undefined, scanned: ScannedFile | undefined): void {
    if (scanned === undefined || place === undefined) {
      this.#files.delete(path);
      this.#library.delete(path);
      return;
    }
    const { module, package: owner } = place;
    this.#files.set(path, { path, module, package: owner, scanned });
    this.#library.set(path, scanned);
    this.#mentions?.add(path, scanned);
  }

  #declarationsOf({ path, package: owner }: PackageFile): FileDeclarations {
    return {
      package: { name: owner.name, version: owner.version },
      isOwn: owner === this.packages[0],
      file: relative(owner.folder, path).replaceAll(sep, "/"),
      declarations: this.#library.declarations(path),
    };
  }
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
      for (const file of batch) {
        const { scanned, failure } = found.get(file.path) ?? {};
        if (failure !== undefined) report({ path: file.path, ...failure });
        if (scanned === undefined) continue;
        for (const problem of scanned.problems) report({ path: file.path, ...problem });
        owned.push({ ...file, scanned });
      }
    }
  } finally {
    await scanner.close();
  }
  return packages.flatMap((each) => owned.filter((file) => file.package === each));
}
