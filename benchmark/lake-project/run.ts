import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { readLakeProject } from "../../src/corpus/lake/read-lake-project.js";
import { buildIndex, type BuildOptions } from "../../src/index/build.js";
import { IndexWatch } from "../../src/index/watch.js";
import { lakeSourceText } from "../../src/corpus/lake/lake-source.js";
import { StaticEmbedder } from "../../src/models/static-embedder.js";
import { generatedLibrary } from "../lean-source/generated-library.js";

/**
 * Measures how fast a Lake project on the disk is read and indexed, on generated files of Mathlib's
 * shape: `node dist/benchmark/lake-project/run.js` with a number of files (7,520 if none is given, as
 * many as Mathlib has). Writes to the folder for temporary files, and removes it.
 */
const FILE_SIZE = 13_600;
const SEED = 20260102;

/** How many files are changed in each way while the project is watched. */
const CHANGES = 15;

const files = z.coerce
  .number()
  .int()
  .positive()
  .parse(process.argv[2] ?? "7520");
const place = mkdtempSync(join(tmpdir(), "lemmascope-benchmark-"));
try {
  await measure(join(place, "project"), join(place, "index.sqlite"));
} finally {
  rmSync(place, { recursive: true, force: true });
}

async function measure(folder: string, index: string): Promise<void> {
  const megabytes = writeProject(folder) / 1e6;
  print(`${files} files, ${megabytes.toFixed(1)} MB, ${availableParallelism()} cores`);
  const source = { folder, dependencies: "none", libraries: [] } as const;

  const cpu = process.cpuUsage();
  const started = performance.now();
  let scanned = started;
  let declarations = 0;
  for await (const read of readLakeProject(source, {
    onProgress: ({ phase }) => {
      if (phase === "scanning") scanned = performance.now();
    },
  })) {
    declarations += read.declarations.length;
  }
  const scanning = (scanned - started) / 1000;
  const reading = (performance.now() - started) / 1000;
  const resolving = reading - scanning;
  const { user, system } = process.cpuUsage(cpu);
  print(`scanned in ${scanning.toFixed(1)} s: ${(megabytes / scanning).toFixed(1)} MB/s`);
  print(`resolved in ${resolving.toFixed(1)} s: ${declarations} declarations`);
  print(
    `read, both passes: ${(megabytes / reading).toFixed(1)} MB/s; ` +
      `${((user + system) / 1e6).toFixed(1)} s of processor time`,
  );

  const embedder = await StaticEmbedder.load();
  const build = { index, sources: [lakeSourceText(source)] };
  for (const what of ["indexed", "found to be up to date"]) {
    const report = await buildIndex({ ...build, ...(embedder === undefined ? {} : { embedder }) });
    print(`${what} in ${(report.elapsedMs / 1000).toFixed(1)} s`);
  }
  await measureChanges(folder, () => ({
    ...build,
    ...(embedder === undefined ? {} : { embedder }),
  }));
  await embedder?.close();
}

/** How long it takes from a saved file to an index that has it, while the project is watched. */
async function measureChanges(folder: string, options: () => BuildOptions): Promise<void> {
  const { watch } = await IndexWatch.start(options);
  try {
    const megabytes = process.memoryUsage.rss() / 1e6;
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".lean"))
      .sort()
      .map((path) => join(folder, path));
    const changes: Record<string, (text: string, number: number) => string> = {
      "adding a theorem": (text, number) =>
        `public theorem watched_${number} (a b : Nat) (h : a = b) : b = a := h.symm\n${text}`,
      "renaming a theorem": (text, number) =>
        text.replace(/\btheorem (\w+)/, `theorem $1_renamed_${number}`),
    };
    for (const [what, change] of Object.entries(changes)) {
      const times: number[] = [];
      let touched = 0;
      for (let number = 0; number < CHANGES; number += 1) {
        const path = paths[(number * 997) % paths.length] ?? "";
        const { head, body } = splitHead(readFileSync(path, "utf8"));
        writeFileSync(path, head + change(body, number));
        const began = performance.now();
        const report = await watch.change([path]);
        times.push(performance.now() - began);
        if (report?.how === "update") touched += report.added + report.changed + report.removed;
      }
      times.sort((a, b) => a - b);
      const [median = 0, most = 0] = [times[times.length >> 1], times.at(-1)];
      print(
        `${what} in a watched file: median ${median.toFixed(0)} ms, at most ${most.toFixed(0)} ms, ` +
          `n = ${CHANGES}, ${touched} declarations written or removed`,
      );
    }
    print(`watching takes ${megabytes.toFixed(0)} MB of memory`);
  } finally {
    watch.close();
  }
}

/** Imports come before everything else. */
function splitHead(text: string): { head: string; body: string } {
  const end = text.lastIndexOf("\nimport ");
  const line = end === -1 ? text.lastIndexOf("\npublic import ") : end;
  const cut = line === -1 ? 0 : text.indexOf("\n", line + 1) + 1;
  return { head: text.slice(0, cut), body: text.slice(cut) };
}

/** @returns how many bytes of source the project has. */
function writeProject(folder: string): number {
  mkdirSync(folder);
  writeFileSync(join(folder, "lakefile.toml"), '[[lean_lib]]\nname = "Generated"\n');
  let bytes = 0;
  for (const { module, text } of generatedLibrary(files, FILE_SIZE, SEED)) {
    const path = join(folder, `${module.replaceAll(".", "/")}.lean`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    bytes += Buffer.byteLength(text);
  }
  return bytes;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
