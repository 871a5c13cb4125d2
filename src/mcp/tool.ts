import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { Logger } from "pino";
import { publicFailure } from "../service/failures.js";
import type { PremiseService } from "../service/premises/premise-service.js";
import type { ProvingService } from "../service/proving/proving-service.js";
import type { DeclarationService } from "../service/questions.js";
import type { Checker } from "../verify/verdict.js";
import type { Answer } from "./context-budget.js";

/** What every tool, resource and prompt works with. */
export interface ToolParts {
  readonly service: DeclarationService;
  readonly premises: PremiseService;
  readonly logger: Logger;
  /** Absent where there is no Lean. */
  readonly lean?: LeanParts | undefined;
}

/** What the tools that need Lean work with. */
export interface LeanParts {
  readonly checker: Checker;
  /** Absent where nobody wants it offered. */
  readonly proving?: ProvingService | undefined;
}

/** Most tools only read, give the same for the same, and look at nothing but the index. */
export const READS_THE_INDEX = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

/** Makes the work of a tool into its result; a failure becomes one sentence for the agent. */
export async function toolResult(
  { logger }: Pick<ToolParts, "logger">,
  work: () => Promise<Answer<Record<string, unknown>>>,
): Promise<CallToolResult> {
  try {
    const { structured, text } = await work();
    return { structuredContent: structured, content: [{ type: "text", text }] };
  } catch (error) {
    return { content: [{ type: "text", text: told(logger, error) }], isError: true };
  }
}

/** What a client is told of a failure; what it is not told goes to the log. */
export function told(logger: Logger, error: unknown): string {
  const { kind, message } = publicFailure(error);
  if (kind === "unavailable" || kind === "defect") logger.error({ err: error }, "request failed");
  return message;
}
