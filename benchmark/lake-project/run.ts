import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { readLakeProject } from "../../src/corpus/lake/read-lake-project.js";
import { buildIndex } from "../../src/index/build.js";
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
  await embedder?.close();
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
