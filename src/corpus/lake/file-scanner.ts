import { availableParallelism } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { ModuleFile } from "./library-files.js";
import { type FileScan, scanFile } from "./scan-file.js";

const THREAD_FILE = fileURLToPath(new URL("./scan-thread.js", import.meta.url));

/** Up to this many files are scanned sooner than threads have started. */
const WITHOUT_THREADS = 50;

/** How many files a thread gets at a time: some 300 kB of source. */
const FILES_PER_TASK = 24;

/** More threads than this wait for the one that takes in what they found. */
const MOST_THREADS = 8;

/** Scans files of Lean source, many of them in worker threads. */
export class FileScanner {
  #pool: Piscina | undefined;

  /**
   * Scans files, in the order in which threads are done with them.
   *
   * @throws an AbortError after the signal.
   */
  async *scan(files: readonly ModuleFile[], signal?: AbortSignal): AsyncGenerator<FileScan[]> {
    if (files.length <= WITHOUT_THREADS && this.#pool === undefined) {
      for (const file of files) {
        signal?.throwIfAborted();
        yield [scanFile(file)];
        // Lets a pending Ctrl-C be heard between two files.
        await nextTurn();
      }
      return;
    }
    const pool = (this.#pool ??= new Piscina({
      filename: THREAD_FILE,
      minThreads: 1,
      maxThreads: Math.min(availableParallelism(), MOST_THREADS),
    }));
    const tasks: ModuleFile[][] = [];
    for (let at = 0; at < files.length; at += FILES_PER_TASK) {
      tasks.push(files.slice(at, at + FILES_PER_TASK));
    }
    // No more tasks are under way than keep every thread busy: what they find takes memory.
    const underWay = new Map<number, Promise<readonly [number, FileScan[]]>>();
    let next = 0;
    while (next < tasks.length || underWay.size > 0) {
      for (; next < tasks.length && underWay.size < 2 * pool.maxThreads; next += 1) {
        const number = next;
        const running = pool.run(tasks[number], signal === undefined ? {} : { signal });
        underWay.set(
          number,
          running.then((scans: FileScan[]) => [number, scans] as const),
        );
      }
      const [done, scans] = await Promise.race(underWay.values()).catch((error: unknown) => {
        void Promise.allSettled(underWay.values());
        throw error;
      });
      underWay.delete(done);
      yield scans;
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = undefined;
  }
}
