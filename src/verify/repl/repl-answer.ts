import { z } from "zod";
import { leanMessage, leanSorry } from "../lean-run.js";

const wholeNumber = z.number().int().nonnegative();
const messages = z.array(leanMessage).default([]);
const sorries = z.array(leanSorry).default([]);

const commandAnswer = z.object({ env: wholeNumber, messages, sorries });
const proofAnswer = z.object({
  proofState: wholeNumber,
  goals: z.array(z.string()),
  /** `Completed`, `Incomplete: …` or `Error: …`; older versions leave it out. */
  proofStatus: z.string().optional(),
  traces: z.array(z.string()).default([]),
  messages,
  sorries,
});
const errorAnswer = z.object({ message: z.string() });

/**
 * What the REPL answers (leanprover-community/repl, REPL/JSON.lean): to a command, with the number of
 * the new environment; to a tactic, with that of the new proof state; or that it could do neither.
 */
export type ReplAnswer =
  | ({ readonly kind: "command" } & z.infer<typeof commandAnswer>)
  | ({ readonly kind: "proof" } & z.infer<typeof proofAnswer>)
  | ({ readonly kind: "error" } & z.infer<typeof errorAnswer>);

/** An answer, or undefined where the text is none. */
export function readReplAnswer(text: string): ReplAnswer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const command = commandAnswer.safeParse(value);
  if (command.success) return { kind: "command", ...command.data };
  const proof = proofAnswer.safeParse(value);
  if (proof.success) return { kind: "proof", ...proof.data };
  const error = errorAnswer.safeParse(value);
  return error.success ? { kind: "error", ...error.data } : undefined;
}

/**
 * Cuts a stream of text into answers, which are followed by a blank line each. Lines before the
 * first brace of an answer are none of it.
 */
export class AnswerSplitter {
  #line = "";
  #lines: string[] = [];
  #length = 0;

  /** How much of an answer has arrived without its end, in UTF-16 code units. */
  get pending(): number {
    return this.#length + this.#line.length;
  }

  /** @returns the answers that this piece completes. */
  push(piece: string): string[] {
    const answers: string[] = [];
    const [first = "", ...rest] = piece.split("\n");
    this.#line += first;
    for (const next of rest) {
      this.#endLine(answers);
      this.#line = next;
    }
    return answers;
  }

  #endLine(answers: string[]): void {
    if (this.#line.trim() !== "") {
      const begins = this.#lines.length > 0 || this.#line.startsWith("{");
      if (begins) this.#lines.push(this.#line);
      this.#length += this.#line.length;
      return;
    }
    if (this.#lines.length > 0) answers.push(this.#lines.join("\n"));
    this.#lines = [];
    this.#length = 0;
  }
}
