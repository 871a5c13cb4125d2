import { statSync } from "node:fs";
import { join } from "node:path";
import type { Declaration } from "../declaration.js";
import { PROJECT_FILES } from "../corpus/lake/changed-files.js";
import { ScannedProject, originOf, type ProjectChange } from "../corpus/lake/scanned-project.js";
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

/**
 * Keeps an index in line with Lake projects while their files are edited. What the files say is kept in
 * memory, so that a change is read, resolved and written in a fraction of a second.
 */
export class IndexWatch {
  readonly #options: () => BuildOptions;
  #projects: ScannedProject[] = [];
  /** Names that several files or sources declare: which of them counts, only a build can tell. */
  #contested = new Set<string>();
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
    const folders = this.#projects.flatMap(({ watched }) => watched.map(({ folder }) => folder));
    return [...new Set(folders)];
  }

  /** The files that are known, and may have changed since a time in ms: those that did, or are gone. */
  changedSince(time: number): string[] {
    const files = this.#projects.flatMap((project) => [...project.paths]);
    return files.filter((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats === undefined || stats.mtimeMs >= time;
    });
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
    const files = changes.flatMap((change) => change.files);
    const problems = changes.flatMap((change) => change.problems);
    if (files.length === 0) return undefined;
    const updates = files.map((file): FileUpdate => ({
      origin: originOf(file),
      declarations: placedDeclarations(file),
    }));
    const report = await this.#updater.apply(updates, {
      contested: this.#contested,
      ...(signal === undefined ? {} : { signal }),
    });
    if (report === undefined) return { how: "build", report: await this.#build() };
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
    this.#contested = contested;
    this.#updater = IndexUpdater.open(options.index, options.embedder);
    return report;
  }

  /** A lakefile or manifest says which libraries there are, and what they depend on. */
  #concernsProject(path: string): boolean {
    return this.folders.some((folder) => PROJECT_FILES.some((name) => path === join(folder, name)));
  }
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
