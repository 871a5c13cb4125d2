import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import type { Neighbours, Related } from "../service/questions.js";
import { nameText } from "../service/requests.js";
import { type Answer, fitting, maxTokens, type Size } from "./context-budget.js";
import { READS_THE_INDEX, type ToolParts, toolResult } from "./tool.js";

const DESCRIPTION = `Explore around one Lean 4 / Mathlib declaration: what it uses, what uses it, and what stands next to it in its file.

Use it when search found something close but not quite right: variants of a lemma (other hypotheses, the "iff" form, the dual) are usually its siblings, and what uses a definition are the lemmas about it.`;

const input = z.strictObject({
  name: nameText,
  limit: z.number().int().min(1).max(200).default(15).describe("How many names of each list."),
  max_tokens: maxTokens,
});

const names = z.object({
  total: z.number().describe("How many there are in all."),
  names: z.array(z.string()),
});

const output = z.object({
  asked: z.string(),
  exists: z.boolean(),
  name: z.string().optional(),
  module: z.string().optional(),
  uses: names.optional().describe("What its statement and proof refer to, in that order."),
  used_by: names.optional().describe("What refers to it, the most used first."),
  siblings: names.optional().describe("Its neighbours in the same file, in the file's order."),
  near: z.array(z.string()).optional().describe("Where it does not exist: names like it."),
});

type Output = z.infer<typeof output>;

export function addRelatedTool(server: McpServer, parts: ToolParts): void {
  server.registerTool(
    "related",
    {
      title: "What surrounds a declaration",
      description: DESCRIPTION,
      inputSchema: input,
      outputSchema: output,
      annotations: READS_THE_INDEX,
    },
    ({ name, limit, max_tokens: tokens }, { signal }) =>
      toolResult(parts, async () => {
        const found = await parts.service.ask("related", { name, limit }, signal);
        return fitting(tokens, (size) => write(found, size));
      }),
  );
}

function write(found: Related, size: Size): Answer<Output> {
  const { asked } = found;
  if (!found.found) {
    const near = found.near.slice(0, size.entries);
    const others = near.length === 0 ? "no name is like it" : `near it: ${near.join(", ")}`;
    const text = `${asked}: does NOT exist; ${others}.`;
    return { structured: { asked, exists: false, near }, text };
  }
  const { name, module } = found;
  const uses = asNames(found.uses, size);
  const usedBy = asNames(found.usedBy, size);
  const siblings = asNames(found.siblings, size);
  return {
    structured: { asked, exists: true, name, module, uses, used_by: usedBy, siblings },
    text: [
      `${name}  [${module}]`,
      asText("uses", uses),
      asText("used by", usedBy),
      asText("in the same file", siblings),
    ].join("\n"),
  };
}

function asNames({ shown, total }: Neighbours, size: Size): z.infer<typeof names> {
  return { total, names: shown.slice(0, size.entries).map(({ name }) => name) };
}

function asText(label: string, list: z.infer<typeof names>): string {
  const more = list.total - list.names.length;
  const end = more > 0 ? `${list.names.length > 0 ? ", " : ""}and ${more} more` : "";
  return `${label} (${list.total}): ${list.names.join(", ")}${end}`;
}
