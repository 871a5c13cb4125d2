import type { Role } from "../config/llm-settings.js";
import { BudgetSpent, UnusableAnswer } from "./chat.js";
import {
  type Completion,
  type CompletionRequest,
  type Completions,
  type ModelChoice,
  requestKey,
} from "./completions.js";
import type { AnswerLog, Outcome } from "./recording-file.js";

/** Writes down what came of each request, kept answers included, so that a replay misses nothing. */
export class RecordedCompletions implements Completions {
  readonly #inner: Completions;
  readonly #log: AnswerLog;
  readonly #choiceFor: (role: Role) => ModelChoice;

  constructor(inner: Completions, log: AnswerLog, choiceFor: (role: Role) => ModelChoice) {
    this.#inner = inner;
    this.#log = log;
    this.#choiceFor = choiceFor;
  }

  async complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion> {
    try {
      const completion = await this.#inner.complete(request, signal);
      const { text, isCutOff, promptTokens, completionTokens, calls } = completion;
      this.#record(request, completion.model, {
        ...{ outcome: "answer", text, isCutOff, promptTokens, completionTokens, calls },
      });
      return completion;
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome !== undefined) this.#record(request, "", outcome);
      throw error;
    }
  }

  forget(requests: readonly CompletionRequest[]): void {
    this.#inner.forget(requests);
  }

  async close(): Promise<void> {
    await this.#inner.close();
    this.#log.close();
  }

  #record(request: CompletionRequest, answeredBy: string, result: Outcome): void {
    const choice = this.#choiceFor(request.role);
    this.#log.append({
      key: requestKey(request, choice),
      role: request.role,
      ...choice,
      messages: [
        { role: "system", content: request.system },
        { role: "user", content: request.user },
        ...request.turns,
      ],
      answeredBy,
      result,
    });
  }
}

/** What of a failure is worth replaying; undefined for those that another run need not meet. */
function outcomeOf(error: unknown): Outcome | undefined {
  if (error instanceof UnusableAnswer) return { outcome: "unusable", problem: error.problem };
  if (error instanceof BudgetSpent) {
    return { outcome: "budget spent", part: error.part, message: error.message };
  }
  return undefined;
}
