import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { MessageLines } from "./message-lines.js";
import { createMcpServer } from "./server.js";
import type { ToolParts } from "./tool.js";

export interface StdioOptions extends ToolParts {
  readonly input: Readable;
  readonly output: Writable;
  /** Ends the conversation. */
  readonly signal: AbortSignal;
  /** Called when no more will be asked: resolves when all that was asked is answered. */
  readonly settle: () => Promise<void>;
}

/** Speaks MCP over a pair of streams, one message a line, until the input ends or the signal comes. */
export async function serveStdio(options: StdioOptions): Promise<void> {
  const { input, output, signal, settle, logger } = options;
  const server = createMcpServer(options);
  const lines = new MessageLines((error) => {
    logger.warn({ problem: error.error.message }, "refused a message");
    output.write(`${JSON.stringify(error)}\n`);
  });
  const ended = once(lines, "end", { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  input.on("error", (error) => lines.destroy(error));
  input.pipe(lines);
  await server.connect(new StdioServerTransport(lines, output));
  await ended;
  input.unpipe(lines);
  await settle();
  // What was answered last is written in this turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  await server.close();
}
