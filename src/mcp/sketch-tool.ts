import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { UserError } from "../errors.js";
import {
  asSketch,
  sketchFields,
  sketchProblem,
  theoremFields,
  theoremText,
} from "../service/premises/premise-requests.js";
import { fitting, maxTokens } from "./context-budget.js";
import { premiseOutput, writePremises } from "./premise-answer.js";
import { READS_THE_INDEX, type ToolParts, toolResult } from "./tool.js";

const DESCRIPTION = `Turn your own proof plan into the ranked set of Lean 4 / Mathlib declarations it needs, in one call and without any other language model.

Plan the proof first, then send: the theorem, your steps (what each shows, why, and 1 to 3 queries each), further queries, 10 to 25 guessed full names, and Lean statements of lemmas you wish existed. Everything is looked up at once and pooled: you get the premises ranked by all evidence together, which steps each one serves, the steps that NOTHING found supports (rethink those), and the guessed names that do NOT exist, with the names like them. This finds much more than single searches. Read the result, repair the plan, and call again with the changed steps only.`;

const input = z.strictObject({
  theorem: theoremFields.theorem
    .optional()
    .describe("The theorem to be proved, in Lean or in words. Optional, but it helps the ranking."),
  theorem_name: theoremFields.theorem_name,
  informal: theoremFields.informal,
  ...sketchFields,
  limit: z.number().int().min(1).max(100).default(20).describe("How many premises."),
  max_tokens: maxTokens,
});

/** Adds the tool for agents that are themselves the language model. */
export function addSketchTool(server: McpServer, parts: ToolParts): void {
  server.registerTool(
    "premises_from_sketch",
    {
      title: "Find what your proof plan needs",
      description: DESCRIPTION,
      inputSchema: input,
      outputSchema: premiseOutput,
      annotations: READS_THE_INDEX,
    },
    ({ limit, max_tokens: tokens, ...asked }, { signal }) =>
      toolResult(parts, async () => {
        const sketch = asSketch(asked);
        const problem = sketchProblem(sketch);
        if (problem !== undefined) throw new UserError("badInput", problem);
        const request = { theorem: theoremText(asked), sketch, limit };
        const found = await parts.premises.find(request, { signal });
        return fitting(tokens, (size) => writePremises(found, size));
      }),
  );
}
