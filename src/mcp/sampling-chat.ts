import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { RequestId } from "@modelcontextprotocol/sdk/types.js";
import { errorMessage } from "../errors.js";
import type { ClientAnswer, ClientModel } from "../service/premises/client-completions.js";

/** The longest time for one answer, in ms: a person may have to allow it. A run's budget ends it sooner. */
const LONGEST_WAIT_MS = 1_800_000;

/**
 * The client's own language model, by MCP's sampling.
 * Protocol: MCP 2025-11-25, "Sampling".
 *
 * @param requestId the request during which it is asked: over HTTP, questions go down its stream.
 * @returns undefined where the client does not offer it.
 */
export function samplingModel(server: McpServer, requestId: RequestId): ClientModel | undefined {
  if (server.server.getClientCapabilities()?.sampling === undefined) return undefined;
  return async ({ system, turns, maxTokens }, signal) => {
    const messages = turns.map(({ role, content }) => ({
      role,
      content: { type: "text" as const, text: content },
    }));
    try {
      const result = await server.server.createMessage(
        {
          ...{ messages, systemPrompt: system, maxTokens },
          // Planning a proof wants the best model that there is.
          modelPreferences: { intelligencePriority: 0.9 },
        },
        { signal, timeout: LONGEST_WAIT_MS, relatedRequestId: requestId },
      );
      return answerOf(result);
    } catch (error) {
      throw new Error(`Your language model did not answer (${errorMessage(error)}).`, {
        cause: error,
      });
    }
  };
}

type SamplingResult = Awaited<ReturnType<McpServer["server"]["createMessage"]>>;

/** Pictures and sounds are no answer: what is left of such an answer is empty. */
function answerOf({ content, model, stopReason }: SamplingResult): ClientAnswer {
  const blocks = Array.isArray(content) ? content : [content];
  const text = blocks.map((block) => (block.type === "text" ? block.text : "")).join("");
  return { text, model, isCutOff: stopReason === "maxTokens" };
}
