import { z } from "zod";
import type { Room } from "../service/brief.js";

/** What an answer may take of an agent's context where the agent says nothing, in tokens. */
const DEFAULT_TOKENS = 1900;

/** How much of its context an agent gives to an answer. */
export const maxTokens = z
  .number()
  .int()
  .min(200)
  .max(50_000)
  .default(DEFAULT_TOKENS)
  .describe(
    `About how many tokens the answer may take (default ${DEFAULT_TOKENS}). Longer answers are shortened; ask for more to see all of it.`,
  );

/** One size of an answer. */
export interface Size extends Room {
  /** How many entries of each list. */
  readonly entries: number;
}

const LARGEST: Size = { statement: 4000, description: 4000, entries: Infinity };

/** From generous to bare: texts get shorter first, then lists. */
const SMALLER: readonly Size[] = [
  { statement: 1000, description: 600, entries: Infinity },
  { statement: 500, description: 250, entries: Infinity },
  { statement: 300, description: 150, entries: Infinity },
  { statement: 200, description: 80, entries: Infinity },
  { statement: 120, description: 0, entries: Infinity },
  { statement: 120, description: 0, entries: 16 },
  { statement: 120, description: 0, entries: 12 },
  { statement: 120, description: 0, entries: 6 },
  { statement: 100, description: 0, entries: 3 },
  { statement: 80, description: 0, entries: 1 },
  { statement: 40, description: 0, entries: 1 },
];

/** An answer in the two forms in which MCP carries it. */
export interface Answer<Structured extends Record<string, unknown>> {
  readonly structured: Structured;
  readonly text: string;
}

/**
 * The most generous size of an answer of which either form stays within so many tokens; the smallest
 * one where none does.
 *
 * @param write makes the answer in a size.
 */
export function fitting<Structured extends Record<string, unknown>>(
  tokens: number,
  write: (size: Size) => Answer<Structured>,
): Answer<Structured> {
  let answer = write(LARGEST);
  for (const size of SMALLER) {
    if (length(answer) <= tokens) break;
    answer = write(size);
  }
  return answer;
}

/** What the longer of an answer's forms takes, in tokens. */
function length({ structured, text }: Answer<Record<string, unknown>>): number {
  return Math.max(estimatedTokens(text), estimatedTokens(JSON.stringify(structured)));
}

/**
 * A cautious guess of how many tokens a language model reads in a text: three ASCII characters each,
 * where English prose has four and Lean about three; and one and a half for each other character.
 */
export function estimatedTokens(text: string): number {
  let other = 0;
  for (const character of text) if (character > "\x7f") other += 1;
  return Math.ceil((text.length - other) / 3 + 1.5 * other);
}
