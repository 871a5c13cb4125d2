import type { Command } from "commander";
import { z } from "zod";
import { listed, wholeNumber } from "./context.js";

/** What every server over HTTP can be told. */
export const httpFlags = z.object({
  workers: z.number().optional(),
  modelRuns: z.number().optional(),
  host: z.string().default("127.0.0.1"),
  port: z.number(),
  allowHost: z.array(z.string().min(1)).default([]),
  token: z.boolean().default(true),
  rate: z.number().default(100),
});
export type HttpFlags = z.infer<typeof httpFlags>;

/** Adds `--workers` and `--model-runs`. */
function addWorkersOptions(command: Command): Command {
  return command
    .option(
      "--workers <COUNT>",
      "searches at a time, 150 MB each (default: 2, for an agent of one's own 1)",
      wholeNumber("--workers", 1, 64),
    )
    .option(
      "--model-runs <COUNT>",
      "premise runs with a language model at a time (default: 4)",
      wholeNumber("--model-runs", 1, 1000),
    );
}

/** Adds the flags of {@link httpFlags}. */
export function addHttpOptions(command: Command, port: number): Command {
  return addWorkersOptions(command)
    .option("--host <ADDRESS>", "the address to listen on (default: 127.0.0.1, this machine only)")
    .option(
      "--port <PORT>",
      "the port to listen on, 0 for any free one",
      wholeNumber("--port", 0, 65_535),
      port,
    )
    .option(
      "--allow-host <NAMES>",
      "further host names under which clients and web pages may call it",
      listed((name) => name.toLowerCase()),
    )
    .option(
      "--rate <COUNT>",
      "requests a second that one client may send (default: 100)",
      wholeNumber("--rate", 1, 1_000_000),
    )
    .option("--no-token", "let anyone in who can reach --host, without LEMMASCOPE_TOKEN");
}
