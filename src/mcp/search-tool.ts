import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { briefDescription, briefStatement, place, shortened } from "../service/brief.js";
import { publicFailure } from "../service/failures.js";
import type { FindRequest, Hit } from "../service/questions.js";
import {
  kindsOf,
  kindWords,
  modulePrefix,
  MOST_QUERIES,
  ownOnly,
  packageName,
  queryText,
} from "../service/requests.js";
import { type Answer, fitting, maxTokens, type Size } from "./context-budget.js";
import { READS_THE_INDEX, type ToolParts, toolResult } from "./tool.js";

const DESCRIPTION = `Find Lean 4 / Mathlib declarations (theorems, definitions, instances, ...) by what they say.

Use it before you write a Lean proof step or cite a lemma: it tells you which lemma exists, its exact name and its exact statement. Write each query as the statement you wish existed ("the image of a compact set under a continuous map is compact"), or as Lean ("IsCompact s → ContinuousOn f s → IsCompact (f '' s)"), LaTeX, or a guessed name. Several different wordings in one call find more than one; results come best first. It searches meaning and words; it does not prove or check anything.`;

const input = z.strictObject({
  queries: z
    .array(queryText)
    .min(1)
    .max(MOST_QUERIES)
    .describe("One or several queries; each is answered on its own."),
  kinds: kindWords.optional(),
  module: modulePrefix.optional(),
  package: packageName.optional(),
  own: ownOnly.optional(),
  limit: z.number().int().min(1).max(50).default(8).describe("How many results for each query."),
  max_tokens: maxTokens,
});

const result = z.object({
  name: z.string().describe("The full name, as to be written in Lean."),
  kind: z.string(),
  module: z.string().describe("The module to import, and the line where known."),
  statement: z.string().describe("In Lean; '…' where it was shortened."),
  description: z.string().optional(),
  used_by: z.number().describe("How many declarations use it."),
  note: z.string().optional().describe("Why it is here, where that is special."),
});

const output = z.object({
  answers: z.array(
    z.object({
      query: z.string(),
      results: z.array(result).describe("Best first."),
      left_out: z.number().optional().describe("Results found but left out to save room."),
      problem: z.string().optional().describe("Why this query could not be answered."),
    }),
  ),
});

type Output = z.infer<typeof output>;

/** One query with what was found, or why nothing was. */
interface Outcome {
  readonly query: string;
  readonly hits: readonly Hit[];
  readonly problem?: string;
}

export function addSearchTool(server: McpServer, parts: ToolParts): void {
  server.registerTool(
    "search",
    {
      title: "Search Lean declarations",
      description: DESCRIPTION,
      inputSchema: input,
      outputSchema: output,
      annotations: READS_THE_INDEX,
    },
    ({ queries, kinds, module = "", limit, max_tokens: tokens, ...places }, { signal }) =>
      toolResult(parts, async () => {
        const outcomes = await Promise.all(
          queries.map((query) =>
            outcome(parts, { query, kinds: kindsOf(kinds), module, limit, ...places }, signal),
          ),
        );
        return fitting(tokens, (size) => write(outcomes, size));
      }),
  );
}

/** One query among several that makes no sense must not take the others' answers with it. */
async function outcome(
  { service }: ToolParts,
  request: FindRequest,
  signal: AbortSignal,
): Promise<Outcome> {
  const { query } = request;
  try {
    return { query, hits: await service.ask("find", request, signal) };
  } catch (error) {
    const { kind, message } = publicFailure(error);
    if (kind !== "request") throw error;
    return { query, hits: [], problem: message };
  }
}

function write(outcomes: readonly Outcome[], size: Size): Answer<Output> {
  const answers = outcomes.map(({ query, hits, problem }) => {
    const shown = hits.slice(0, size.entries);
    const leftOut = hits.length - shown.length;
    return {
      // The agent knows its query: the start of a long one will do.
      query: shortened(query, Math.min(200, size.statement)),
      results: shown.map((hit) => asResult(hit, size)),
      ...(leftOut > 0 ? { left_out: leftOut } : {}),
      ...(problem === undefined ? {} : { problem }),
    };
  });
  return { structured: { answers }, text: answers.map(asText).join("\n\n") };
}

function asResult({ declaration, usedBy, reasons }: Hit, size: Size): z.infer<typeof result> {
  const description = briefDescription(declaration, size.description);
  return {
    name: declaration.name,
    kind: declaration.kind,
    module: place(declaration),
    statement: briefStatement(declaration, size.statement),
    ...(description === "" ? {} : { description }),
    used_by: usedBy,
    ...(reasons[0] === undefined ? {} : { note: reasons[0] }),
  };
}

function asText({ query, results, left_out: leftOut, problem }: Output["answers"][number]): string {
  if (problem !== undefined) return `"${query}": ${problem}`;
  if (results.length === 0) return `"${query}": nothing found; use other words or fewer filters.`;
  const lines = results.map(({ name, module, statement, description, used_by: usedBy }, at) =>
    [
      `${at + 1}. ${name}  [${module}, used by ${usedBy}]`,
      `   ${statement}`,
      ...(description === undefined ? [] : [`   ${description}`]),
    ].join("\n"),
  );
  const more = leftOut === undefined ? [] : [`(${leftOut} more: raise max_tokens to see them)`];
  return [`"${query}":`, ...lines, ...more].join("\n");
}
