import pLimit from "p-limit";
import { formatInstruction } from "../../llm/answer-format.js";
import { type Budget, estimatedTokens } from "../../llm/budget.js";
import { BudgetSpent, UnusableAnswer } from "../../llm/chat.js";
import type { Completion, CompletionRequest, Completions, Turn } from "../../llm/completions.js";
import { linkSignals } from "../../llm/link-signals.js";
import { interrupted } from "../../network/retry.js";

/** A conversation that a client's language model is to go on with. */
export interface ClientQuestion {
  readonly system: string;
  /** From the first question on; the last one is the user's. */
  readonly turns: readonly Turn[];
  /** How long the answer may be, in tokens. */
  readonly maxTokens: number;
}

/** What a client's language model said. */
export interface ClientAnswer {
  readonly text: string;
  readonly model: string;
  /** Whether the end is missing. */
  readonly isCutOff: boolean;
}

/** Asks the language model of a client. Rejects with a UserError where it does not answer. */
export type ClientModel = (question: ClientQuestion, signal: AbortSignal) => Promise<ClientAnswer>;

/** How long an answer of a client's model may be, in tokens: as long as a profile's where nothing is said. */
const MOST_TOKENS = 4096;

/** How many questions a client's model gets at a time. */
const AT_A_TIME = 4;

/** Answers that the client's own language model gives, within a budget. */
export class ClientCompletions implements Completions {
  readonly #model: ClientModel;
  readonly #budget: Budget;
  readonly #inTurn = pLimit(AT_A_TIME);
  readonly #closing = new AbortController();

  constructor(model: ClientModel, budget: Budget) {
    this.#model = model;
    this.#budget = budget;
  }

  async complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion> {
    const linked = linkSignals([this.#budget.signal, this.#closing.signal, signal]);
    try {
      return await linked.race(() => this.#inTurn(() => this.#ask(request, linked.signal)));
    } catch (error) {
      if (signal?.aborted === true) throw interrupted();
      if (!(error instanceof BudgetSpent)) this.#budget.checkTime();
      throw error;
    } finally {
      linked.release();
    }
  }

  forget(): void {
    // Clients are asked anew each time.
  }

  close(): Promise<void> {
    this.#closing.abort();
    return Promise.resolve();
  }

  async #ask(request: CompletionRequest, signal: AbortSignal): Promise<Completion> {
    if (signal.aborted) throw interrupted();
    const question = questionOf(request);
    const promptTokens = estimatedTokens(JSON.stringify(question));
    const room = await this.#budget.reserve(promptTokens + question.maxTokens, signal);
    let cost: { promptTokens: number; completionTokens: number } | undefined;
    try {
      const answer = await this.#model(question, signal);
      cost = { promptTokens, completionTokens: estimatedTokens(answer.text) };
      if (answer.text.trim() === "") {
        throw new UnusableAnswer({ role: request.role, model: answer.model }, "it is empty");
      }
      return { ...answer, ...cost, calls: 1, source: "model" };
    } finally {
      room.settle(cost);
    }
  }
}

/** What the answer must be stands with the question: clients may leave out what the system says. */
function questionOf({ system, user, turns, format }: CompletionRequest): ClientQuestion {
  const content = format === undefined ? user : `${user}\n\n${formatInstruction(format)}`;
  return { system, turns: [{ role: "user", content }, ...turns], maxTokens: MOST_TOKENS };
}
