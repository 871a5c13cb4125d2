import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { z } from "zod";
import { LeanLibrary } from "../../src/corpus/lean-source/lean-library.js";
import { scanLeanFile } from "../../src/corpus/lean-source/scan-lean-file.js";
import type { ScannedFile } from "../../src/corpus/lean-source/source-declaration.js";
import { type GeneratedFile, generatedLibrary } from "./generated-library.js";

/**
 * Measures how fast Lean source is read, on a generated load: `node dist/benchmark/lean-source/run.js`
 * with a number of files (3,000 if none is given). Prints MB of UTF-8 source a second, each figure the
 * best of three rounds.
 */
const FILE_SIZE = 13_600;
const ROUNDS = 5;
const SEED = 20260101;

const workerTask = z.object({ files: z.number().int(), seed: z.number().int() });

if (isMainThread) await main();
else serve();

async function main(): Promise<void> {
  const count = z.coerce
    .number()
    .int()
    .positive()
    .parse(process.argv[2] ?? "3000");
  const files = [...generatedLibrary(count, FILE_SIZE, SEED)];
  const megabytes = sizeOf(files);
  print(`${count} files, ${megabytes.toFixed(1)} MB of generated source`);

  let scanned: ScannedFile[] = [];
  const scan = median(() => {
    scanned = files.map(({ module, text }) => scanLeanFile(text, { module }));
  });
  print(`first pass, one thread: ${(megabytes / scan).toFixed(1)} MB/s`);

  let declarations = 0;
  const resolve = median(() => {
    const library = new LeanLibrary();
    for (const file of scanned) library.set(file.module, file);
    declarations = 0;
    for (const file of library.files()) declarations += library.declarations(file).length;
  });
  print(
    `second pass, one thread: ${(megabytes / resolve).toFixed(1)} MB/s, ${declarations} records`,
  );
  print(`both passes, one thread: ${(megabytes / (scan + resolve)).toFixed(1)} MB/s`);

  const threads = Math.min(2, availableParallelism());
  const seconds = await inThreads(threads, Math.ceil(count / threads));
  print(`first pass, ${threads} threads: ${(megabytes / seconds).toFixed(1)} MB/s`);
  const both = megabytes / (seconds + resolve);
  print(`both passes, the first in ${threads} threads: ${both.toFixed(1)} MB/s`);
  print(`(medians of ${ROUNDS} rounds, from memory; benchmark/lake-project reads from the disk)`);
}

function sizeOf(files: readonly GeneratedFile[]): number {
  return files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1e6;
}

/** The median of the seconds that a round takes. */
function median(round: () => void): number {
  const seconds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    round();
    return (performance.now() - start) / 1000;
  });
  return seconds.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}

/** Each thread makes its own files and reads them in rounds; the slowest thread's median round counts. */
async function inThreads(threads: number, files: number): Promise<number> {
  const seconds = Array.from({ length: threads }, (_, index) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { files, seed: SEED + index },
    });
    return new Promise<number>((resolve, reject) => {
      worker.once("message", (message) => resolve(z.number().parse(message)));
      worker.once("error", reject);
    });
  });
  return Math.max(...(await Promise.all(seconds)));
}

function serve(): void {
  const task = workerTask.parse(workerData);
  const files = [...generatedLibrary(task.files, FILE_SIZE, task.seed)];
  const seconds = median(() => {
    for (const { module, text } of files) scanLeanFile(text, { module });
  });
  parentPort?.postMessage(seconds);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
