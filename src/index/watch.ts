import { type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { Declaration } from "../declaration.js";
import { PROJECT_FILES } from "../corpus/lake/changed-files.js";
import {
  ScannedProject,
  originOf,
  type FileDeclarations,
  type ProjectChange,
} from "../corpus/lake/scanned-project.js";
import { type LakeSource, parseLakeSource } from "../corpus/lake/lake-source.js";
import type { ProjectProblem } from "../corpus/lake/lake-project.js";
import {
  placedDeclarations,
  projectDeclarations,
  readOptions,
  readSource,
  type SourceOptions,
} from "../corpus/read-source.js";
import { UserError } from "../errors.js";
import { buildIndex, type BuildOptions, type BuildReport } from "./build.js";
import { type FileUpdate, IndexUpdater, type UpdateReport } from "./update.js";

/** What a change on the disk came to. */
export type WatchReport =
  /** Only what differs was written. */
  | ({
      readonly how: "update";
      /** The files that were changed. */
      readonly paths: readonly string[];
      readonly problems: readonly ProjectProblem[];
    } & UpdateReport)
  /** The change reached further than a few files: everything was read again. */
  | { readonly how: "build"; readonly report: BuildReport };

/** So much older than it is may a file seem: the clocks of file systems are coarse. */
const CLOCK_COARSENESS_MS = 1000;

/**
 * Keeps an index in line with Lake projects while their files are edited. What the files say is kept in
 * memory, so that a change is read, resolved and written in a fraction of a second.
 */
export class IndexWatch {
  readonly #options: () => BuildOptions;
  #projects: ScannedProject[] = [];
  /** Names that several files or sources declare: which of them counts, only a build can tell. */
  #contested = new Set<string>();
  /** What the projects have told and the index does not have, as writing it failed. */
  readonly #unwritten = new Map<string, FileDeclarations>();
  #updater: IndexUpdater | undefined;

  private constructor(options: () => BuildOptions) {
    this.#options = options;
  }

  /**
   * Builds the index or brings it up to date, and gets ready for changes.
   *
   * @param options of each build: of this one, and of those that changes ask for.
   * @throws UserError `usage` where no source is a Lake project; as `buildIndex` does.
   */
  static async start(
    options: () => BuildOptions,
  ): Promise<{ readonly watch: IndexWatch; readonly report: BuildReport }> {
    if (!options().sources.some((source) => parseLakeSource(source) !== undefined)) {
      throw new UserError(
        "usage",
        "--watch is for Lake projects: name the folder of one, such as lemmascope index . --watch.",
      );
    }
    const watch = new IndexWatch(options);
    return { watch, report: await watch.#build() };
  }

  /** The folders in which files are edited. */
  get folders(): string[] {
    return [...new Set(this.#projects.flatMap(({ folders }) => folders))];
  }

  /**
   * What may have changed while nobody looked.
   *
   * @param time in ms, since when.
   * @param present the Lean files that there are now, and files of projects.
   * @returns what is known and was changed since, or is gone; and what is present and ought to be known.
   */
  changedSince(time: number, present: Iterable<string>): string[] {
    const known = new Set(this.#projects.flatMap((project) => [...project.paths]));
    const changed = [...known].filter((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats === undefined || isNewer(stats, time - CLOCK_COARSENESS_MS);
    });
    for (const path of present) {
      // Without allowance, as it costs a build.
      if (this.#concernsProject(path)) {
        const stats = statSync(path, { throwIfNoEntry: false });
        if (stats !== undefined && isNewer(stats, time)) changed.push(path);
      } else if (!known.has(path) && this.#projects.some((project) => project.hasPlaceFor(path))) {
        changed.push(path);
      }
    }
    return changed;
  }

  /**
   * Takes in files that were changed, made or removed.
   *
   * @param paths absolute; those that have nothing to do with the index are passed over.
   * @returns undefined where that changes nothing.
   * @throws UserError as `IndexUpdater.apply` and `buildIndex` do: the index is as it was, and the same
   * paths may be given again.
   */
  async change(paths: Iterable<string>, signal?: AbortSignal): Promise<WatchReport | undefined> {
    const started = performance.now();
    const changed = [...paths];
    if (this.#updater === undefined || changed.some((path) => this.#concernsProject(path))) {
      return { how: "build", report: await this.#build() };
    }
    const changes: ProjectChange[] = [];
    for (const project of this.#projects) {
      const change = project.change(changed);
      if (change === undefined) return { how: "build", report: await this.#build() };
      changes.push(change);
    }
    for (const file of changes.flatMap((change) => change.files)) {
      this.#unwritten.set(`${file.package.name} ${file.file}`, file);
    }
    const problems = changes.flatMap((change) => change.problems);
    if (this.#unwritten.size === 0) return undefined;
    const updates = [...this.#unwritten.values()].map((file): FileUpdate => ({
      origin: originOf(file),
      declarations: placedDeclarations(file),
    }));
    const report = await this.#updater.apply(updates, {
      contested: this.#contested,
      ...(signal === undefined ? {} : { signal }),
    });
    if (report === undefined) return { how: "build", report: await this.#build() };
    this.#unwritten.clear();
    const elapsedMs = performance.now() - started;
    return { how: "update", paths: changed, problems, ...report, elapsedMs };
  }

  /** Gives the index free. */
  close(): void {
    this.#updater?.close();
    this.#updater = undefined;
  }

  async #build(): Promise<BuildReport> {
    this.close();
    const projects: ScannedProject[] = [];
    const contested = new Set<string>();
    const options = this.#options();
    const report = await buildIndex({
      ...options,
      onDuplicate: (name) => contested.add(name),
      read: (source, how) => {
        const project = parseLakeSource(source);
        return project === undefined
          ? readSource(source, how)
          : keptDeclarations(project, how ?? {}, projects);
      },
    });
    for (const project of projects) project.prepareForChanges();
    this.#projects = projects;
    this.#unwritten.clear();
    this.#contested = contested;
    this.#updater = IndexUpdater.open(options.index, options.embedder);
    return report;
  }

  /** A lakefile or manifest says which libraries there are, and what they depend on. */
  #concernsProject(path: string): boolean {
    return this.folders.some((folder) => PROJECT_FILES.some((name) => path === join(folder, name)));
  }
}

/** Whether a file was written, or put in its place, since a time in ms. */
function isNewer({ mtimeMs, ctimeMs }: Stats, time: number): boolean {
  return Math.max(mtimeMs, ctimeMs) >= time;
}

/** Reads a project as `readSource` does, and keeps it. */
async function* keptDeclarations(
  source: LakeSource,
  options: SourceOptions,
  projects: ScannedProject[],
): AsyncGenerator<Declaration[]> {
  const project = await ScannedProject.scan(source, readOptions(options));
  projects.push(project);
  yield* projectDeclarations(project, options);
}
