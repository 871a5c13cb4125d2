import { createHash } from "node:crypto";
import type { LlmProfile, Role } from "../config/llm-settings.js";
import type { AnswerFormat } from "./answer-format.js";

/** What was said after the first question. */
export interface Turn {
  readonly role: "assistant" | "user";
  readonly content: string;
}

/** A conversation that a model is to go on with. */
export interface CompletionRequest {
  readonly role: Role;
  readonly system: string;
  readonly user: string;
  readonly turns: readonly Turn[];
  /** What the answer must be; undefined for a text. */
  readonly format: AnswerFormat | undefined;
}

/** What a model said, whether or not it is any use. */
export interface Completion {
  readonly text: string;
  /** The model, as the server names it. */
  readonly model: string;
  /** Whether the answer is longer than it was allowed to be, and its end missing. */
  readonly isCutOff: boolean;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** How many requests it took; 0 where it was kept from before. */
  readonly calls: number;
  readonly source: "model" | "cache" | "recording";
}

/** Where the answers of models come from. */
export interface Completions {
  /** @throws as `Chat.ask` */
  complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion>;
  /** Told that the answers to these requests led to nothing, so that they are not given again. */
  forget(requests: readonly CompletionRequest[]): void;
  close(): Promise<void>;
}

/** What an answer depends on beside the conversation. The server's address is not of it. */
export interface ModelChoice {
  readonly model: string;
  readonly parameters: {
    /** Null where it is left to the server. */
    readonly temperature: number | null;
    readonly maxTokens: number;
    readonly jsonMode: LlmProfile["jsonMode"];
  };
}

export function choiceOf(profile: LlmProfile): ModelChoice {
  const { model, temperature = null, maxTokens, jsonMode } = profile;
  return { model, parameters: { temperature, maxTokens, jsonMode } };
}

/** What tells a request from all others: a SHA-256 in hexadecimal. */
export function requestKey(request: CompletionRequest, choice: ModelChoice): string {
  const { role, system, user, turns, format } = request;
  const { model, parameters } = choice;
  const { temperature, maxTokens, jsonMode } = parameters;
  return createHash("sha256")
    .update(
      JSON.stringify([
        role,
        model,
        [temperature, maxTokens, jsonMode],
        system,
        user,
        turns.map((turn) => [turn.role, turn.content]),
        format === undefined ? null : [format.name, format.jsonSchema],
      ]),
    )
    .digest("hex");
}
