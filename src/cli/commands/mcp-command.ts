import type { Command } from "commander";
import { z } from "zod";
import type { LeanParts } from "../../mcp/tool.js";
import { findLean } from "../../verify/lean-installation.js";
import { type Context, contextOf, wholeNumber } from "../context.js";
import { addHttpOptions, httpFlags } from "../http-options.js";
import { openPool, type Pools, startPools } from "../search-threads.js";

const PORT = 8766;
const PATH = "/mcp";

const mcpFlags = httpFlags.extend({
  http: z.boolean().default(false),
  sessions: z.number().default(100),
  idleMinutes: z.number().default(30),
  verify: z.boolean().default(false),
  prove: z.boolean().default(false),
});
type McpFlags = z.infer<typeof mcpFlags>;

export function addMcpCommand(program: Command): void {
  const command = program
    .command("mcp")
    .description("answer AI agents, by the Model Context Protocol")
    .option("--http", "over Streamable HTTP instead of standard input and output")
    .option(
      "--sessions <COUNT>",
      "with --http: how many clients at a time (default: 100)",
      wholeNumber("--sessions", 1, 10_000),
    )
    .option(
      "--idle-minutes <COUNT>",
      "with --http: when to close a client's silent session (default: 30)",
      wholeNumber("--idle-minutes", 1, 10_000),
    )
    .option("--prove", "offer to prove theorems, with Lean and the configured language model")
    .option("--verify", "with --http: offer to check proofs with Lean, to whoever may call it")
    .addHelpText(
      "after",
      `
Agents start it by themselves once they know of it: lemmascope init tells how. The flags from --host
on are for --http, which listens at ${PATH}; LEMMASCOPE_TOKEN is the secret that its clients present.
Where Lean is found, an agent of one's own can have proofs checked by it.

Examples:
  lemmascope mcp
  lemmascope mcp --http --port ${PORT}`,
    )
    .action(async (_options: unknown, self: Command) => {
      const flags = mcpFlags.parse(self.opts());
      const context = contextOf(self);
      if (flags.http) await serveHttp(context, flags);
      else await serveStandardStreams(context, flags);
    });
  addHttpOptions(command, PORT);
}

/** An agent's own server: one search at a time is enough, and half the memory. */
async function serveStandardStreams(
  context: Context,
  { workers: threads = 1, modelRuns, prove }: McpFlags,
): Promise<void> {
  const { logger, signal } = context;
  const pools = await startPools(context, { threads, modelRuns });
  let lean: LeanParts | undefined;
  try {
    lean = await leanParts(context, pools, prove);
    // The handshake need not wait for the index: the first answer tells where it cannot be used.
    const opening = openPool(context, pools.search).catch((error: unknown) => {
      logger.error({ err: error }, "the index cannot be used");
    });
    const { serveStdio } = await import("../../mcp/stdio.js");
    await serveStdio({
      service: pools.search,
      premises: pools.premises,
      lean,
      logger,
      signal,
      input: process.stdin,
      output: process.stdout,
      settle: () => pools.close(),
    });
    await opening;
  } finally {
    await lean?.checker.close();
    await pools.close();
    // An idle standard input would keep the process.
    process.stdin.destroy();
  }
}

async function serveHttp(context: Context, flags: McpFlags): Promise<void> {
  const [{ MOST_BYTES, runHttpServer }, { readJson }, { McpSessions }] = await Promise.all([
    import("../http-server.js"),
    import("../../http/read-json.js"),
    import("../../mcp/http-sessions.js"),
  ]);
  const limits = { most: flags.sessions, idleMs: flags.idleMinutes * 60_000 };
  // Lean runs what clients send: over a network that is for the operator to allow.
  const wantsLean = flags.verify || flags.prove;
  const openLean = wantsLean ? (await import("../lean-tools.js")).openLeanParts : undefined;
  await runHttpServer(context, flags, (pools) => {
    const { search: service, premises } = pools;
    const lean = openLean?.(context, pools, flags.prove);
    if (wantsLean && lean === undefined) context.notice(NO_LEAN);
    const sessions = new McpSessions({ service, premises, lean, logger: context.logger }, limits);
    return {
      addRoutes: ({ app }) => {
        app.all(PATH, async (request) => {
          const { raw, method } = request.req;
          const body = method === "POST" ? await readJson(raw, MOST_BYTES) : undefined;
          return sessions.handle(raw, body);
        });
      },
      close: async () => {
        await sessions.close();
        await lean?.checker.close();
      },
      announcement: (address) => `Listening on ${address}${PATH}.`,
    };
  });
}

const NO_LEAN =
  "There is no Lean that is ready, so nothing can be checked: lemmascope doctor says what to do.";

/** Undefined where there is no Lean; who has none does not wait for what it takes to run it. */
async function leanParts(
  context: Context,
  pools: Pools,
  proves: boolean,
): Promise<LeanParts | undefined> {
  const { verify } = context.settings;
  const hasNone = verify.checker !== "remote" && findLean(verify, process.env).lake === undefined;
  if (hasNone && !proves) return undefined;
  const { openLeanParts } = await import("../lean-tools.js");
  return openLeanParts(context, pools, proves);
}
