import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { Logger } from "pino";
import { z } from "zod";
import { UserError } from "../errors.js";
import { readProblem } from "../prove/problem.js";
import type { ProveProgress, ProveReport } from "../prove/prove-run.js";
import { RETRIEVALS } from "../prove/retriever.js";
import { runFields, secondsField, theoremFields } from "../service/premises/premise-requests.js";
import type { ProvingService } from "../service/proving/proving-service.js";
import { type Answer, fitting, maxTokens, type Size } from "./context-budget.js";
import { leanResult } from "./lean-result.js";
import { progressTeller } from "./progress.js";
import { checkAnswer, checkFields, checkText } from "./verify-tool.js";

/** How long a run may take where the agent says nothing, in seconds. */
const SECONDS = 300;

const DESCRIPTION = `Have the server's language model prove a Lean 4 theorem, with Lean checking each attempt.

Give a whole Lean file that ends with a named theorem and a sorry. Premises are retrieved, a proof is written and checked, and errors go back to the model with what the library has for them. The answer holds the proof ("proved": true), or the attempt that came closest with its errors, which you may mend and have checked with "verify". It takes minutes and costs the server's model several calls: for a step that you can write yourself, use "search" and "verify".`;

const input = z.strictObject({
  statement: theoremFields.theorem.describe(
    "A whole Lean file that ends with a named theorem and a sorry.",
  ),
  informal: theoremFields.informal,
  informal_proof: runFields.informal_proof,
  retrieval: z
    .enum(RETRIEVALS)
    .default("standard")
    .describe(
      '"standard": premises by the statement alone; "reasoning": by a planned proof, which takes longer; "none".',
    ),
  rounds: z.number().int().min(1).max(16).default(8).describe("How many attempts at most."),
  candidates: z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(1)
    .describe("How many proofs are worked on at the same time."),
  max_calls: runFields.max_calls,
  max_model_tokens: runFields.max_model_tokens,
  max_seconds: secondsField(SECONDS),
  max_tokens: maxTokens,
});

const output = z.object({
  ...checkFields,
  outcome: z.string(),
  code: z.string().optional().describe("The proof, or the attempt that came closest; whole."),
  attempts: z.number(),
  premises: z.array(z.string()).describe("Names that the model was given at first."),
  notes: z.array(z.string()),
  model_calls: z.number(),
  model_tokens: z.number(),
});

type Output = z.infer<typeof output>;

export interface ProveToolParts {
  readonly proving: ProvingService;
  readonly logger: Logger;
}

/** Adds the tool that proves theorems; only where whoever runs the server wants it. */
export function addProveTool(server: McpServer, { proving, logger }: ProveToolParts): void {
  server.registerTool(
    "prove",
    {
      title: "Prove a Lean theorem",
      description: DESCRIPTION,
      inputSchema: input,
      outputSchema: output,
      annotations: {
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: true,
      },
    },
    ({ statement, informal, informal_proof: informalProof, ...asked }, extra) =>
      leanResult(logger, async () => {
        const problem = readProblem(statement, {
          source: "The statement",
          informal,
          informalProof,
        });
        const { max_seconds: seconds, max_tokens: tokens } = asked;
        const timeUp = AbortSignal.timeout(seconds * 1000);
        const { retrieval, rounds, candidates } = asked;
        const budget = { calls: asked.max_calls, tokens: asked.max_model_tokens, seconds };
        try {
          const report = await proving.prove(
            { problem, retrieval, rounds, candidates, budget },
            {
              signal: AbortSignal.any([extra.signal, timeUp]),
              onProgress: progressTeller(extra, words),
            },
          );
          return fitting(tokens, (size) => write(report, size));
        } catch (error) {
          const isStopped = error instanceof UserError && error.exit === "interrupted";
          if (!isStopped || !timeUp.aborted) throw error;
          throw new UserError(
            "usage",
            `The ${seconds} seconds were over before there was any attempt: raise max_seconds.`,
          );
        }
      }),
  );
}

function write(report: ProveReport, size: Size): Answer<Output> {
  const { outcome, best, attempts, starting, notes, usage } = report;
  const checked: Pick<Output, "proved" | "failure" | "messages" | "axioms" | "left_out"> =
    best?.verdict === undefined
      ? { proved: false, failure: "No attempt was checked.", messages: [], axioms: [] }
      : checkAnswer(best.verdict, size);
  const structured: Output = {
    ...{ ...checked, outcome, attempts: attempts.length },
    ...(best?.code === undefined ? {} : { code: best.code }),
    premises: starting.premises.map(({ name }) => name).slice(0, size.entries),
    notes: [...notes],
    model_calls: usage.calls,
    model_tokens: usage.promptTokens + usage.completionTokens,
  };
  const code = best?.code === undefined ? [] : [`\`\`\`lean\n${best.code.trimEnd()}\n\`\`\``];
  const cost = `${attempts.length} attempts, ${usage.calls} calls, ${structured.model_tokens} tokens`;
  const text = [...notes, ...code, checkText(structured), `(${outcome}: ${cost})`].join("\n\n");
  return { structured, text };
}

/** Where a run stands, in words. */
function words({ stage, candidate, round }: ProveProgress): string {
  if (stage === "retrieve") return "looking for premises";
  const doing = stage === "ask" ? "waiting for" : "checking";
  return `candidate ${candidate}: ${doing} attempt ${round}`;
}
