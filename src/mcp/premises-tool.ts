import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import {
  runBudget,
  runFields,
  secondsField,
  theoremFields,
  theoremText,
} from "../service/premises/premise-requests.js";
import { progressWords } from "../service/premises/premise-words.js";
import { fitting, maxTokens } from "./context-budget.js";
import { premiseOutput, writePremises } from "./premise-answer.js";
import { progressTeller } from "./progress.js";
import { samplingModel } from "./sampling-chat.js";
import { type ToolParts, toolResult } from "./tool.js";

/** Many clients give up on a call after a minute. */
const SECONDS = 50;

const DESCRIPTION = `Find the set of Lean 4 / Mathlib declarations (theorems, definitions, instances) that a proof of a whole theorem needs.

Give the theorem in Lean or in words, and get the premises its proof will likely use, ranked, with exact names, statements, and the proof step each one serves. Unlike "search", which answers one query, this plans a proof first and searches for every step of the plan. The plan is made by the server's language model or, where it has none, by yours (MCP sampling); where there is neither, the statement alone is used, which finds less: then, or if you want to plan yourself, prefer "premises_from_sketch". "language_model" and "summary" in the answer say which it was. Takes seconds without a language model, up to max_seconds with one. It proves and checks nothing.`;

const input = z.strictObject({
  ...theoremFields,
  ...runFields,
  max_seconds: secondsField(SECONDS),
  limit: z.number().int().min(1).max(100).default(20).describe("How many premises."),
  max_tokens: maxTokens,
});

/** Adds the tool that goes from a theorem to the premises of its proof. */
export function addPremisesTool(server: McpServer, parts: ToolParts): void {
  server.registerTool(
    "premises",
    {
      title: "Find what a proof needs",
      description: DESCRIPTION,
      inputSchema: input,
      outputSchema: premiseOutput,
      // A language model takes part, which may be elsewhere and answers differently each time.
      annotations: {
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: true,
      },
    },
    ({ limit, mode, rounds, max_tokens: tokens, ...asked }, extra) =>
      toolResult(parts, async () => {
        const found = await parts.premises.find(
          {
            theorem: theoremText(asked),
            ...{ mode, rounds, limit, budget: runBudget(asked) },
          },
          {
            signal: extra.signal,
            onProgress: progressTeller(extra, progressWords),
            clientModel: samplingModel(server, extra.requestId),
          },
        );
        return fitting(tokens, (size) => writePremises(found, size));
      }),
  );
}
