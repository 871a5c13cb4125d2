import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { setTimeout as sleep } from "node:timers/promises";
import { markedProcesses, memoryOf, processTable } from "./process-table.js";

/** How often the memory of a group is looked at, in ms. */
const MEMORY_INTERVAL_MS = 200;
const MARK = "LEMMASCOPE_PROCESS_GROUP";

export interface GroupOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How much memory all processes together may take, in bytes. */
  readonly memoryBytes: number;
}

/** How a program ended. */
export interface Exit {
  /** Undefined where it was killed or never started. */
  readonly code: number | undefined;
  /** Why it could not be started, such as `ENOENT`; empty where it was. */
  readonly startError: string;
}

/** Groups that would outlive this process. */
const running = new Set<ProcessGroup>();
let exitWatched = false;

/** A program and all that it starts, which end together. Linux and macOS. */
export class ProcessGroup {
  readonly #subprocess: ReturnType<typeof start>;
  readonly #mark: string;
  readonly #watch = new AbortController();
  /** Ends when the program has ended, with its exit code; undefined where it was killed. */
  readonly exited: Promise<Exit>;
  /** Whether it was killed for its memory. */
  outOfMemory = false;

  constructor(options: GroupOptions) {
    this.#mark = randomBytes(12).toString("hex");
    this.#subprocess = start(options, this.#mark);
    // The promise of the library waits for the output too, which children may hold open.
    this.exited = Promise.race([
      new Promise<Exit>((resolve) => {
        this.#subprocess.once("exit", (code) =>
          resolve({ code: code ?? undefined, startError: "" }),
        );
      }),
      this.#subprocess.then(({ exitCode, code }) => ({
        code: exitCode,
        startError: this.#subprocess.pid === undefined ? (code ?? "unknown error") : "",
      })),
    ]);
    running.add(this);
    if (!exitWatched) {
      exitWatched = true;
      process.on("exit", () => {
        for (const group of running) group.#kill();
      });
    }
    void this.#watchMemory(options.memoryBytes);
  }

  get stdin(): NodeJS.WritableStream {
    return this.#subprocess.stdin;
  }

  get stdout(): NodeJS.ReadableStream {
    return this.#subprocess.stdout;
  }

  get stderr(): NodeJS.ReadableStream {
    return this.#subprocess.stderr;
  }

  /** Memory of the whole group, in bytes. */
  async memory(): Promise<number> {
    return memoryOf(await this.#members());
  }

  /** Kills all of it, whatever has left the group included, and waits until it is gone. */
  async end(): Promise<void> {
    this.#watch.abort();
    this.#kill();
    await this.exited;
    // What forks while it is looked for is found the next time.
    for (let round = 0; round < 10; round += 1) {
      const strays = await markedProcesses(`${MARK}=${this.#mark}`);
      if (strays.length === 0) break;
      for (const pid of strays) killQuietly(pid);
      await sleep(20);
    }
    const { stdin, stdout, stderr } = this.#subprocess;
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
    running.delete(this);
  }

  #kill(): void {
    const { pid } = this.#subprocess;
    if (pid !== undefined) killQuietly(-pid);
  }

  async #members() {
    const { pid } = this.#subprocess;
    const table = await processTable();
    const own = new Set([pid]);
    // Children come after their parents in time, mostly also in number; three rounds find the rest.
    for (let round = 0; round < 3; round += 1) {
      for (const entry of table) {
        if (entry.group === pid || own.has(entry.parent)) own.add(entry.pid);
      }
    }
    return table.filter((entry) => own.has(entry.pid));
  }

  async #watchMemory(limit: number): Promise<void> {
    const { signal } = this.#watch;
    try {
      do await sleep(MEMORY_INTERVAL_MS, undefined, { signal, ref: false });
      while ((await this.memory()) <= limit);
    } catch {
      // It has ended before.
      return;
    }
    if (signal.aborted) return;
    this.outOfMemory = true;
    this.#kill();
  }
}

function start({ command, args, cwd, environment }: GroupOptions, mark: string) {
  return execa(command, [...args], {
    cwd,
    env: { ...environment, [MARK]: mark },
    extendEnv: false,
    // A session of its own, so that a signal reaches all of it.
    detached: true,
    cleanup: false,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    buffer: false,
    reject: false,
  });
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
