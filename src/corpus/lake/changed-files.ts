import { once } from "node:events";
import { type Stats, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import { errorCode, errorMessage, UserError } from "../../errors.js";

/** How long nothing may happen before what happened is told, in ms: editors save in several steps. */
const QUIET_MS = 40;

/** However much goes on, it is told after this long, in ms. */
const LONGEST_WAIT_MS = 500;

/** How often the folders themselves are looked at, in ms. */
const FOLDERS_EVERY_MS = 1000;

/** The files beside Lean source that say what a project is. */
export const PROJECT_FILES = ["lakefile.lean", "lakefile.toml", "lake-manifest.json"] as const;

const PROJECT_FILE_NAMES: ReadonlySet<string> = new Set(PROJECT_FILES);

/**
 * Tells, in batches, which Lean files and files of the project are made, changed or removed below some
 * folders. Hidden folders are passed over, with all that Lake keeps in one.
 */
export class ChangedFiles {
  readonly #watcher: FSWatcher;
  readonly #changed = new Set<string>();
  readonly #present = new Set<string>();
  readonly #folderTimer: NodeJS.Timeout;
  #isReady = false;
  #hasLostFolder = false;
  #wake: () => void = () => undefined;
  #failure: UserError | undefined;

  private constructor(folders: readonly string[]) {
    this.#watcher = watch([...folders], {
      ignored: (path, stats) => isIgnored(path, stats, folders),
      // What editors do in several steps is put together here, without a wait before removals.
      atomic: false,
    });
    const note = (path: string): void => {
      this.#changed.add(path);
      this.#wake();
    };
    this.#watcher.on("change", note).on("unlink", note);
    this.#watcher.on("add", (path) => {
      if (this.#isReady) note(path);
      else this.#present.add(path);
    });
    const lose = (folder: string): void => {
      this.#hasLostFolder = true;
      note(join(folder, PROJECT_FILES[0]));
    };
    this.#watcher.on("unlinkDir", (path) => {
      if (folders.includes(path)) lose(path);
    });
    // Not always is it told that a folder at the top was moved, and never that it was made again.
    const identities = folders.map(identityOf);
    this.#folderTimer = setInterval(() => {
      folders.forEach((folder, at) => {
        const identity = identityOf(folder);
        if (identity === identities[at]) return;
        identities[at] = identity;
        lose(folder);
      });
    }, FOLDERS_EVERY_MS);
    this.#watcher.on("error", (error) => {
      this.#failure = describeFailure(error);
      this.#wake();
    });
  }

  /**
   * Begins to look; from when this resolves on, no change is missed.
   *
   * @throws UserError `io` where the system watches no more files.
   */
  static async of(folders: readonly string[]): Promise<ChangedFiles> {
    const files = new ChangedFiles(folders);
    await Promise.race([once(files.#watcher, "ready"), once(files.#watcher, "error")]);
    files.#isReady = true;
    try {
      files.#check();
    } catch (error) {
      await files.close();
      throw error;
    }
    return files;
  }

  /** The files that were there when it began to look. */
  get present(): Iterable<string> {
    return this.#present;
  }

  /**
   * Whether a folder was removed, moved or made again, which is told as a change of its lakefile: what
   * happens in it from then on is not told.
   */
  get hasLostFolder(): boolean {
    return this.#hasLostFolder;
  }

  /**
   * Waits for changes.
   *
   * @param timeoutMs how long to wait at most.
   * @returns the absolute paths; none after the signal or the time.
   * @throws UserError `io` where the system cannot watch any more.
   */
  async next(signal: AbortSignal, timeoutMs?: number): Promise<string[]> {
    if (this.#changed.size === 0) await this.#happening(signal, timeoutMs);
    const deadline = performance.now() + LONGEST_WAIT_MS;
    for (let known = 0; known < this.#changed.size && performance.now() < deadline;) {
      known = this.#changed.size;
      await this.#happening(signal, QUIET_MS);
    }
    this.#check();
    const changed = [...this.#changed];
    this.#changed.clear();
    return signal.aborted ? [] : changed;
  }

  async close(): Promise<void> {
    clearInterval(this.#folderTimer);
    await this.#watcher.close();
  }

  /** Until something happens, the signal comes, or the time is up. */
  #happening(signal: AbortSignal, timeoutMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => end(), timeoutMs);
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        this.#wake = () => undefined;
        resolve();
      };
      this.#wake = end;
      if (signal.aborted || this.#failure !== undefined) end();
      else signal.addEventListener("abort", end);
    });
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** Tells a folder from one that later has its name, which may get its number; "" where there is none. */
function identityOf(folder: string): string {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.dev} ${stats.ino} ${stats.birthtimeMs}`;
}

function isIgnored(path: string, stats: Stats | undefined, folders: readonly string[]): boolean {
  if (folders.includes(path)) return false;
  const folder = folders.find((each) => path.startsWith(each + sep)) ?? "";
  const parts = relative(folder, path).split(sep);
  if (parts.some((part) => part.startsWith(".") || part === "node_modules")) return true;
  if (stats?.isFile() !== true) return false;
  return !path.endsWith(".lean") && !PROJECT_FILE_NAMES.has(basename(path));
}

function describeFailure(error: unknown): UserError {
  const code = errorCode(error);
  if (code !== "ENOSPC" && code !== "EMFILE") {
    return new UserError("io", `The files cannot be watched (${errorMessage(error)}).`, {
      cause: error,
    });
  }
  return new UserError(
    "io",
    "The system watches no more files for this user: raise fs.inotify.max_user_watches and max_user_instances (Linux), or set CHOKIDAR_USEPOLLING=1 to look at the files every now and then instead.",
    { cause: error },
  );
}
