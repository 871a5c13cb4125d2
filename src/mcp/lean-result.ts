import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { Logger } from "pino";
import { UserError } from "../errors.js";
import type { Answer } from "./context-budget.js";
import { toolResult } from "./tool.js";

/**
 * Like {@link toolResult}, for work with Lean: where Lean or a language model cannot be used, the client
 * is told so, and the log has the reason.
 */
export function leanResult(
  logger: Logger,
  work: () => Promise<Answer<Record<string, unknown>>>,
): Promise<CallToolResult> {
  return toolResult({ logger }, async () => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError) || !/^(?:unavailable|io)$/.test(error.exit)) throw error;
      logger.error({ err: error }, "request failed");
      throw new UserError(
        "usage",
        "Lean or the language model cannot be used now; the server's log says why, and lemmascope doctor what to do.",
      );
    }
  });
}
