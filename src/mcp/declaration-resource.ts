import { type McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { type Declaration, documentationUrl, leanStatement } from "../declaration.js";
import { place } from "../service/brief.js";
import { told, type ToolParts } from "./tool.js";

/** The most completions that MCP lets a server send at once. */
const MOST_COMPLETIONS = 100;

/** Adds `lemmascope://declaration/NAME`, each declaration as a page, with completion of names. */
export function addDeclarationResource(server: McpServer, parts: ToolParts): void {
  const template = new ResourceTemplate("lemmascope://declaration/{name}", {
    // There are too many declarations to list: search finds them.
    list: undefined,
    complete: { name: (beginning) => completions(parts, beginning) },
  });
  server.registerResource(
    "declaration",
    template,
    {
      title: "A Lean declaration",
      description:
        "One declaration by its full name: statement, docstring, where it stands, what it uses.",
      mimeType: "text/markdown",
    },
    async (uri, variables, { signal }) => {
      const name = decoded(String(variables["name"]));
      const found = await answered(parts, () => parts.service.ask("lookUp", { name }, signal));
      if (!found.found || !found.exact) {
        const near = found.found ? [found.declaration.name] : found.near;
        const others = near.length === 0 ? "" : `; near it: ${near.join(", ")}`;
        throw new McpError(-32002, `There is no declaration ${name}${others}`);
      }
      const text = asMarkdown(found.declaration, found.usedBy);
      return { contents: [{ uri: uri.href, mimeType: "text/markdown", text }] };
    },
  );
}

async function completions(
  { service, logger }: Omit<ToolParts, "premises">,
  beginning: string,
): Promise<string[]> {
  if (beginning === "") return [];
  const request = { beginning, limit: MOST_COMPLETIONS };
  return [...(await answered({ service, logger }, () => service.ask("complete", request)))];
}

/** Failures outside of tools go to the client as protocol errors. */
async function answered<T>(
  { logger }: Omit<ToolParts, "premises">,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new McpError(ErrorCode.InternalError, told(logger, error));
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function asMarkdown(declaration: Declaration, usedBy: number): string {
  const { docstring, informalName, informalDescription, references } = declaration;
  const informal = [informalName, informalDescription].filter((text) => text !== "").join(". ");
  const url = documentationUrl(declaration);
  const parts = [
    `# ${declaration.name}`,
    `${declaration.kind} in ${place(declaration)}, used by ${usedBy} declarations`,
    `\`\`\`lean\n${leanStatement(declaration)}\n\`\`\``,
    docstring,
    informal,
    references.length === 0 ? "" : `Uses: ${references.join(", ")}`,
    url === undefined ? "" : `Documentation: ${url}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}
