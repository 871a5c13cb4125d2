import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** A running process. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Memory of its own, in bytes: files that are mapped, as Lean maps its libraries, left out. */
  readonly memoryBytes: number;
}

const run = promisify(execFile);

/** All processes: from /proc on Linux, elsewhere from `ps`, whose memory counts mapped files too. */
export function processTable(): Promise<ProcessEntry[]> {
  return process.platform === "linux" ? fromProc() : fromPs();
}

/**
 * Processes that have a mark in their environment, which children inherit even where they leave
 * their process group; Linux only, elsewhere none are found.
 *
 * @param mark `NAME=value`
 */
export async function markedProcesses(mark: string): Promise<number[]> {
  if (process.platform !== "linux") return [];
  const found = await Promise.all(
    (await processIds()).map(async (pid) => {
      const environment = await readOrEmpty(`/proc/${pid}/environ`);
      return environment.split("\0").includes(mark) ? [pid] : [];
    }),
  );
  return found.flat();
}

async function fromProc(): Promise<ProcessEntry[]> {
  const entries = await Promise.all(
    (await processIds()).map(async (pid) => {
      // The name, in brackets, may hold anything (proc(5)): what counts comes after the last one.
      const stat = await readOrEmpty(`/proc/${pid}/stat`);
      const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (group === undefined || state === "Z") return [];
      return [{ pid, parent: Number(parent), group: Number(group), memoryBytes: 0 }];
    }),
  );
  return entries.flat();
}

/** Memory of processes together, in bytes. */
export async function memoryOf(entries: readonly ProcessEntry[]): Promise<number> {
  const sizes = await Promise.all(
    entries.map(async ({ pid, memoryBytes }) => {
      if (process.platform !== "linux") return memoryBytes;
      const status = await readOrEmpty(`/proc/${pid}/status`);
      const kibibytes = (field: string): number =>
        Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
      return 1024 * (kibibytes("RssAnon") + kibibytes("RssShmem") + kibibytes("VmSwap"));
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function fromPs(): Promise<ProcessEntry[]> {
  try {
    const { stdout } = await run("ps", ["-axo", "pid=,ppid=,pgid=,rss="]);
    return stdout
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number))
      .map(([pid = 0, parent = 0, group = 0, rss = 0]) => ({
        pid,
        parent,
        group,
        memoryBytes: rss * 1024,
      }));
  } catch {
    return [];
  }
}

async function processIds(): Promise<number[]> {
  return (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Processes end while they are looked at. */
async function readOrEmpty(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
