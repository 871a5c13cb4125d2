import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { Logger } from "pino";
import { z } from "zod";
import { shortened } from "../service/brief.js";
import type { Checker, Position, Verdict } from "../verify/verdict.js";
import { type Answer, fitting, maxTokens, type Size } from "./context-budget.js";
import { leanResult } from "./lean-result.js";

/** The longest Lean file that is checked, in UTF-16 units. */
const LONGEST_CODE = 200_000;

const DESCRIPTION = `Have Lean check a Lean 4 file, and get its errors, warnings, remaining goals and axioms.

Use it after every change of a proof. Give a whole file with its imports. With "statement" (a file that ends with a theorem and a sorry) it also tells whether the file proves exactly that theorem: no sorry, no further axioms, the same statement. Code that runs programs (#eval, macros, native_decide, ...) is refused before Lean sees it. A check takes seconds to minutes. It repairs and searches nothing: for unknown names ask "lookup", for open goals "search".`;

const input = z.strictObject({
  code: z.string().min(1).max(LONGEST_CODE).describe("A whole Lean file, with its imports."),
  statement: z
    .string()
    .min(1)
    .max(LONGEST_CODE)
    .optional()
    .describe("What the file is to prove: a Lean file that ends with a named theorem and a sorry."),
  max_tokens: maxTokens,
});

const message = z.object({
  severity: z.enum(["error", "warning", "info", "sorry", "refused"]),
  line: z.number().optional().describe("In the code, from 1."),
  column: z.number().optional().describe("From 0, in code points."),
  text: z.string().describe("What Lean says; '…' where it was shortened."),
});

/** What came of a check, as tools show it. */
export const checkFields = {
  proved: z
    .boolean()
    .describe("Whether the statement is proved; without one, each theorem of the file."),
  failure: z.string().optional().describe("Why it is not proved, in a sentence."),
  messages: z.array(message),
  left_out: z.number().optional().describe("Messages left out to save room."),
  axioms: z.array(z.string()),
} as const;

const output = z.object({ ...checkFields, seconds: z.number() });
export type CheckAnswer = Omit<z.infer<typeof output>, "seconds">;

export interface VerifyToolParts {
  readonly checker: Checker;
  readonly logger: Logger;
}

/** Adds the tool that has Lean check code; only where there is Lean. */
export function addVerifyTool(server: McpServer, { checker, logger }: VerifyToolParts): void {
  server.registerTool(
    "verify",
    {
      title: "Check a Lean file",
      description: DESCRIPTION,
      inputSchema: input,
      outputSchema: output,
      annotations: {
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      },
    },
    ({ code, statement, max_tokens: tokens }, { signal }) =>
      leanResult(logger, async () => {
        const candidate = { code, ...(statement === undefined ? {} : { statement }) };
        const verdict = await checker.check(candidate, { signal });
        const seconds = Number((verdict.elapsedMs / 1000).toFixed(1));
        return fitting(tokens, (size): Answer<z.infer<typeof output>> => {
          const structured = { ...checkAnswer(verdict, size), seconds };
          return { structured, text: `${checkText(structured)} (${seconds} s)` };
        });
      }),
  );
}

/** A verdict in a size. Errors come first, as they are what is to be mended. */
export function checkAnswer(verdict: Verdict, size: Size): CheckAnswer {
  const { proved, failure, axioms } = verdict;
  const messages = messagesOf(verdict);
  const kept = messages.slice(0, size.entries);
  const leftOut = messages.length - kept.length;
  return {
    proved,
    ...(failure === undefined ? {} : { failure: shortened(failure.sentence, 300) }),
    messages: kept.map(({ text, ...rest }) => ({ ...rest, text: shortened(text, size.statement) })),
    ...(leftOut > 0 ? { left_out: leftOut } : {}),
    axioms: [...axioms],
  };
}

type Message = CheckAnswer["messages"][number];

function messagesOf({ diagnostics, sorries, refused }: Verdict): Message[] {
  const told = diagnostics.map(({ severity, about, start, message: text }): Message => {
    if (about === "candidate") return { severity, ...place(start), text };
    return { severity, text: `about the ${about}: ${text}` };
  });
  const of = (...severities: Message["severity"][]): Message[] =>
    told.filter(({ severity }) => severities.includes(severity));
  return [
    ...refused.map(({ sentence, position }): Message => ({
      ...{ severity: "refused", text: sentence },
      ...place(position),
    })),
    ...of("error"),
    ...sorries.map(({ start, goal }): Message => ({
      severity: "sorry",
      ...place(start),
      text: goal,
    })),
    ...of("warning", "info"),
  ];
}

function place(position: Position | undefined): { line?: number; column?: number } {
  return position === undefined ? {} : { line: position.line, column: position.column };
}

/** The same for people and for models that read text. */
export function checkText({
  proved,
  failure = "",
  messages,
  axioms,
  left_out: leftOut,
}: CheckAnswer): string {
  const lines = messages.map(({ severity, line, column, text }) => {
    const where = line === undefined ? "" : `${line}:${column ?? 0}: `;
    return `${where}${severity}: ${text}`;
  });
  const more = leftOut === undefined ? [] : [`(${leftOut} more: raise max_tokens to see them)`];
  const rests = axioms.length === 0 ? [] : [`Axioms: ${axioms.join(", ")}`];
  return [...lines, ...more, ...rests, proved ? "Proved." : `Not proved: ${failure}`].join("\n");
}
