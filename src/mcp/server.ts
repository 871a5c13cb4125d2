import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { VERSION } from "../package-root.js";
import { addDeclarationResource } from "./declaration-resource.js";
import { addLookupTool } from "./lookup-tool.js";
import { addPremisesTool } from "./premises-tool.js";
import { addProveTool } from "./prove-tool.js";
import { addRelatedTool } from "./related-tool.js";
import { addSearchTool } from "./search-tool.js";
import { addSketchPrompt } from "./sketch-prompt.js";
import { addSketchTool } from "./sketch-tool.js";
import type { ToolParts } from "./tool.js";
import { addVerifyTool } from "./verify-tool.js";

const INSTRUCTIONS = `lemmascope knows the declarations of Lean 4's Mathlib (or of the corpus it was given): names, statements, docstrings, and which uses which. It answers from a local index.

- "search" finds declarations by what they say. Put several wordings of one need into one call.
- "lookup" tells whether names exist. Check every name from memory before you rely on it.
- "related" shows what surrounds a declaration; use it to go from something close to the right variant.
- "premises_from_sketch" takes your proof plan (steps, queries, guessed names, wished-for lemmas) and gives the ranked premises, the steps that nothing supports, and the guessed names that do not exist. For a whole proof, start here.
- "premises" does the planning, too, where a language model is configured or you offer sampling.

The prompt "find_premises" teaches how to find what a whole proof needs. Answers are shortened to some 2,000 tokens; max_tokens asks for more. Names are given as Lean wants them.`;

const WITHOUT_LEAN = " Nothing here checks a proof.";

const WITH_LEAN = ' "verify" has Lean check a file: use it after each change of a proof.';

const WITH_PROVING =
  ' "prove" has the server\'s language model write a whole proof, which takes minutes.';

/** More elements than any sensible call has; the schemas say what each tool takes. */
const MOST_INPUT_ELEMENTS = 1000;

/** An MCP server with all that lemmascope offers, ready to be connected to a transport. */
export function createMcpServer(parts: ToolParts): McpServer {
  const { lean, logger } = parts;
  const server = new McpServer(
    { name: "lemmascope", title: "lemmascope: Lean premise search", version: VERSION },
    { instructions: instructions(parts), maxToolInputElements: MOST_INPUT_ELEMENTS },
  );
  addSearchTool(server, parts);
  addLookupTool(server, parts);
  addRelatedTool(server, parts);
  addPremisesTool(server, parts);
  addSketchTool(server, parts);
  if (lean !== undefined) addVerifyTool(server, { checker: lean.checker, logger });
  if (lean?.proving !== undefined) addProveTool(server, { proving: lean.proving, logger });
  addDeclarationResource(server, parts);
  addSketchPrompt(server);
  return server;
}

function instructions({ lean }: ToolParts): string {
  if (lean === undefined) return `${INSTRUCTIONS}${WITHOUT_LEAN}`;
  return `${INSTRUCTIONS}${WITH_LEAN}${lean.proving === undefined ? "" : WITH_PROVING}`;
}
