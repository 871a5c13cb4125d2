import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { UserError } from "../../src/errors.js";
import { measureLoad } from "./load.js";
import { loadQueries } from "./queries.js";

const MAIN = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));

/**
 * Starts `lemmascope serve` over an index, asks it as fast as so many clients can, and prints what came
 * of it as JSON: `node dist/benchmark/serve/main.js --index mathlib.sqlite --data FOLDER`.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      index: { type: "string" },
      data: { type: "string", default: "../shared/benchmarks" },
      clients: { type: "string", default: "32" },
      seconds: { type: "string", default: "60" },
      workers: { type: "string" },
    },
  });
  if (values.index === undefined) throw new UserError("usage", "Name an index: --index PATH.");
  const queries = await loadQueries(resolve(values.data));
  const workers = values.workers === undefined ? [] : ["--workers", values.workers];
  const args = ["serve", "--index", resolve(values.index), "--port", "0", "--rate", "100000"];
  const server = spawn(process.execPath, [MAIN, ...args, ...workers], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    const address = await listening(createInterface({ input: server.stderr }));
    while ((await fetch(`${address}/ready`)).status !== 200) await sleep(100);
    const report = await measureLoad({
      address,
      queries,
      clients: Number(values.clients),
      durationMs: Number(values.seconds) * 1000,
    });
    const machine = { cores: availableParallelism(), node: process.version };
    process.stdout.write(`${JSON.stringify({ machine, ...report }, undefined, 2)}\n`);
  } finally {
    if (server.exitCode === null) {
      server.kill("SIGINT");
      await once(server, "exit");
    }
  }
}

async function listening(lines: AsyncIterable<string>): Promise<string> {
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    const address = /Listening on (http:\/\/[^,\s]+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new UserError("unavailable", `The server did not start: ${said.join(" ")}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
