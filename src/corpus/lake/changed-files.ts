import { once } from "node:events";
import type { Stats } from "node:fs";
import { basename, relative, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import { errorCode, errorMessage, UserError } from "../../errors.js";

/** How long nothing may happen before what happened is told, in ms: editors save in several steps. */
const QUIET_MS = 40;

/** However much goes on, it is told after this long, in ms. */
const LONGEST_WAIT_MS = 500;

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
  #wake: () => void = () => undefined;
  #failure: UserError | undefined;

  private constructor(folders: readonly string[]) {
    this.#watcher = watch([...folders], {
      ignored: (path, stats) => isIgnored(path, stats, folders),
      ignoreInitial: true,
      // What editors do in several steps is put together here, without a wait before removals.
      atomic: false,
    });
    const note = (path: string): void => {
      this.#changed.add(path);
      this.#wake();
    };
    this.#watcher.on("add", note).on("change", note).on("unlink", note);
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
    files.#check();
    return files;
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
