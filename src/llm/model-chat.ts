import { answerFormat } from "./answer-format.js";
import type { Budget } from "./budget.js";
import {
  type Chat,
  type ChatAnswer,
  type ChatRequest,
  type TextRequest,
  UnusableAnswer,
  type Usage,
} from "./chat.js";
import type { Completion, CompletionRequest, Completions } from "./completions.js";
import { readAnswer, withoutThinking } from "./read-answer.js";

/** How much of an answer that could not be used is sent back, in UTF-16 code units. */
const MOST_QUOTED = 8000;

/** Questions and answers over completions, wherever those come from. */
export class ModelChat implements Chat {
  readonly #completions: Completions;
  readonly #budget: Budget;
  #cachedAnswers = 0;

  /** @param completions closed with the chat. */
  constructor(completions: Completions, budget: Budget) {
    this.#completions = completions;
    this.#budget = budget;
  }

  get usage(): Usage {
    return { ...this.#budget.spent, cachedAnswers: this.#cachedAnswers };
  }

  async ask<T>(request: ChatRequest<T>): Promise<ChatAnswer<T>> {
    const begun = performance.now();
    const { role, schema, schemaName, signal } = request;
    const question: CompletionRequest = {
      role,
      system: sendable(request.system),
      user: sendable(request.user),
      turns: [],
      format: answerFormat(schema, schemaName),
    };
    const first = await this.#complete(question, signal);
    const read = readAnswer(first.text, schema);
    if (read.ok) return answered(read.value, [first], begun);
    const problem = first.isCutOff ? `${CUT_OFF}, so that ${read.problem}` : read.problem;
    const repair: CompletionRequest = {
      ...question,
      turns: [
        { role: "assistant", content: sendable(first.text.slice(0, MOST_QUOTED)) },
        { role: "user", content: repairRequest(problem, first.isCutOff) },
      ],
    };
    const second = await this.#complete(repair, signal);
    const again = readAnswer(second.text, schema);
    if (again.ok) return answered(again.value, [first, second], begun);
    this.#completions.forget([question, repair]);
    const last = second.isCutOff ? `${CUT_OFF}, so that ${again.problem}` : again.problem;
    const { model, text } = second;
    throw new UnusableAnswer({ role, model }, `${last}, also when asked to correct it`, text);
  }

  async askText({ role, system, user, signal }: TextRequest): Promise<ChatAnswer<string>> {
    const begun = performance.now();
    const question: CompletionRequest = {
      role,
      system: sendable(system),
      user: sendable(user),
      turns: [],
      format: undefined,
    };
    const completion = await this.#complete(question, signal);
    const { text, model, isCutOff } = completion;
    const value = withoutThinking(text);
    if (!isCutOff && value !== "") return answered(value, [completion], begun);
    this.#completions.forget([question]);
    const problem = isCutOff
      ? `${CUT_OFF}; raise its profile's "maxTokens"`
      : "it holds nothing beside its thinking";
    throw new UnusableAnswer({ role, model }, problem, text);
  }

  async close(): Promise<void> {
    this.#budget.close();
    await this.#completions.close();
  }

  async #complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion> {
    this.#budget.checkTime();
    const completion = await this.#completions.complete(request, signal);
    if (completion.source === "cache") this.#cachedAnswers += 1;
    return completion;
  }
}

const CUT_OFF = "it was cut off at the token limit";

function repairRequest(problem: string, isCutOff: boolean): string {
  const shorter = isCutOff ? " Be much shorter." : "";
  return `That answer could not be used: ${problem}. Answer again with one corrected JSON object and nothing else.${shorter}`;
}

/** @param rounds what was said, of which the last is the answer. */
function answered<T>(value: T, rounds: readonly Completion[], begun: number): ChatAnswer<T> {
  const sum = (count: (round: Completion) => number): number =>
    rounds.reduce((total, round) => total + count(round), 0);
  const sources = rounds.map(({ source }) => source);
  const last = rounds.at(-1);
  return {
    value,
    text: last?.text ?? "",
    model: last?.model ?? "",
    usage: {
      calls: sum(({ calls }) => calls),
      promptTokens: sum(({ promptTokens }) => promptTokens),
      completionTokens: sum(({ completionTokens }) => completionTokens),
      cachedAnswers: sum(({ source }) => (source === "cache" ? 1 : 0)),
    },
    elapsedMs: performance.now() - begun,
    source: sources.includes("model") ? "model" : (sources[0] ?? "model"),
    repaired: rounds.length > 1,
  };
}

/** Halves of surrogate pairs cannot be written in UTF-8, and servers refuse them. */
function sendable(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}
