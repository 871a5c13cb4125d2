import type { z } from "zod";
import type { Role } from "../config/llm-settings.js";
import { UserError } from "../errors.js";

export { type Role, ROLES } from "../config/llm-settings.js";

/** One question to a language model. */
export interface ChatRequest<T> {
  /** What the model is asked to do, which decides the model. */
  readonly role: Role;
  /** What it is told of its task. */
  readonly system: string;
  readonly user: string;
  /**
   * What the answer must be: a JSON object. Its JSON schema is sent where the server does JSON
   * schema, and described in the prompt otherwise. What its refinements refuse, the model is told
   * as well.
   */
  readonly schema: z.ZodType<T>;
  /** Small letters and underscores. */
  readonly schemaName: string;
  readonly signal?: AbortSignal;
}

/** A question that is answered with a text. */
export type TextRequest = Omit<ChatRequest<never>, "schema" | "schemaName">;

/** What was spent. */
export interface Usage {
  /** Requests sent, repairs and retries included. */
  readonly calls: number;
  /** As the server counts them; estimated where it does not say. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Answers that cost nothing, as they were kept from before. */
  readonly cachedAnswers: number;
}

export interface ChatAnswer<T> {
  readonly value: T;
  /** As the model wrote it. */
  readonly text: string;
  /** The model, as the server names it. */
  readonly model: string;
  /** What this answer cost. */
  readonly usage: Usage;
  /** From asking to answering, in ms, waits included. */
  readonly elapsedMs: number;
  /** Where it came from; `model` where any part of it was paid for. */
  readonly source: "model" | "cache" | "recording";
  /** Whether the first answer could not be used, and this is the second. */
  readonly repaired: boolean;
}

/** Language models by role. Any number of questions may be asked at the same time. */
export interface Chat {
  /**
   * Asks for an answer that follows a schema. One that does not is sent back once with what is
   * wrong.
   *
   * @throws BudgetSpent where the run may cost no more.
   * @throws UnusableAnswer where the model did not answer as it was asked to.
   * @throws UserError `usage` (no model for the role), `unavailable` (the server failed; more
   * questions would fare no better), `badInput` (the recording has no answer), `interrupted`
   */
  ask<T>(request: ChatRequest<T>): Promise<ChatAnswer<T>>;
  /** Asks for a text; what a model thinks in `<think>` before it is taken off. Throws as `ask`. */
  askText(request: TextRequest): Promise<ChatAnswer<string>>;
  /** What everything so far cost, failures included. */
  readonly usage: Usage;
  /** Cuts what is under way, and closes files and connections. */
  close(): Promise<void>;
}

/** What ran out. */
export type BudgetPart = "calls" | "tokens" | "seconds" | "money";

/** The run may cost no more: what it has is to be used, and nothing more asked. */
export class BudgetSpent extends UserError {
  readonly part: BudgetPart;

  constructor(part: BudgetPart, message: string) {
    super("unavailable", message);
    this.part = part;
  }
}

/** A model answered, but not so that the answer could be used. Another question may fare better. */
export class UnusableAnswer extends UserError {
  /** What was wrong, as the rest of a sentence after a colon. */
  readonly problem: string;

  /**
   * @param asked who was asked.
   * @param problem what was wrong, in one line without a full stop.
   * @param text what the model wrote, of which the beginning is shown.
   */
  constructor(asked: { readonly role: Role; readonly model: string }, problem: string, text = "") {
    const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
    const beginning = line.length > 120 ? `${line.slice(0, 120)}…` : line;
    const shown = beginning === "" ? "" : ` It began: ${beginning}`;
    super(
      "unavailable",
      `The model "${asked.model}" (role "${asked.role}") gave no usable answer: ${problem}.${shown}`,
    );
    this.problem = problem;
  }
}
