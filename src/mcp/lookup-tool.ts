import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { documentationUrl } from "../declaration.js";
import { briefDescription, briefStatement, place } from "../service/brief.js";
import type { LookedUp } from "../service/questions.js";
import { MOST_QUERIES, nameText } from "../service/requests.js";
import { type Answer, fitting, maxTokens, type Size } from "./context-budget.js";
import { READS_THE_INDEX, type ToolParts, toolResult } from "./tool.js";

const DESCRIPTION = `Look Lean 4 / Mathlib declarations up by name: does it exist, and what exactly does it say?

Use it to check every name you remember or guess before you write it into a proof. A name may be whole ("IsCompact.exists_isMinOn") or only its end ("exists_isMinOn"), and capitals may be wrong. For a name that does not exist the answer says so and lists the names that are like it.`;

const input = z.strictObject({
  names: z.array(nameText).min(1).max(MOST_QUERIES).describe("The names to look up."),
  max_tokens: maxTokens,
});

const entry = z.object({
  asked: z.string(),
  exists: z.boolean().describe("False: do not use this name."),
  name: z.string().optional().describe("The full name, where it differs from what was asked too."),
  exact: z.boolean().optional().describe("Whether the name is exactly what was asked."),
  kind: z.string().optional(),
  module: z.string().optional().describe("The module to import, and the line where known."),
  statement: z.string().optional(),
  description: z.string().optional(),
  used_by: z.number().optional(),
  doc_url: z.string().optional(),
  near: z.array(z.string()).optional().describe("Existing names like it, most alike first."),
});

const output = z.object({ answers: z.array(entry) });

type Entry = z.infer<typeof entry>;

export function addLookupTool(server: McpServer, parts: ToolParts): void {
  server.registerTool(
    "lookup",
    {
      title: "Look up declarations by name",
      description: DESCRIPTION,
      inputSchema: input,
      outputSchema: output,
      annotations: READS_THE_INDEX,
    },
    ({ names, max_tokens: tokens }, { signal }) =>
      toolResult(parts, async () => {
        const found = await Promise.all(
          names.map((name) => parts.service.ask("lookUp", { name }, signal)),
        );
        return fitting(tokens, (size) => write(found, size));
      }),
  );
}

function write(found: readonly LookedUp[], size: Size): Answer<z.infer<typeof output>> {
  const answers = found.map((item) => asEntry(item, size));
  return { structured: { answers }, text: answers.map(asText).join("\n\n") };
}

function asEntry(item: LookedUp, size: Size): Entry {
  if (!item.found) {
    return { asked: item.asked, exists: false, near: item.near.slice(0, size.entries) };
  }
  const { declaration } = item;
  const description = briefDescription(declaration, size.description);
  const url = documentationUrl(declaration);
  return {
    asked: item.asked,
    exists: true,
    name: declaration.name,
    exact: item.exact,
    kind: declaration.kind,
    module: place(declaration),
    statement: briefStatement(declaration, size.statement),
    ...(description === "" ? {} : { description }),
    used_by: item.usedBy,
    ...(url === undefined ? {} : { doc_url: url }),
  };
}

function asText(entry: Entry): string {
  const { asked, exists, name, exact, near = [], module, statement, description } = entry;
  if (!exists) {
    const others = near.length === 0 ? "no name is like it" : `near it: ${near.join(", ")}`;
    return `${asked}: does NOT exist; ${others}.`;
  }
  const head = exact === true ? `${asked}: exists` : `${asked}: its full name is ${name ?? ""}`;
  const lines = [`${head}  [${module ?? ""}, used by ${entry.used_by ?? 0}]`, statement ?? ""];
  if (description !== undefined) lines.push(description);
  return lines.join("\n   ");
}
