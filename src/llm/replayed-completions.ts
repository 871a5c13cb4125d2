import type { Role } from "../config/llm-settings.js";
import { UserError } from "../errors.js";
import { interrupted } from "../network/retry.js";
import type { Budget } from "./budget.js";
import { BudgetSpent, UnusableAnswer } from "./chat.js";
import {
  type Completion,
  type CompletionRequest,
  type Completions,
  type ModelChoice,
  requestKey,
} from "./completions.js";
import type { RecordingEntry } from "./recording-file.js";

/** Answers to be given again. */
export interface Replay {
  /** Where they come from, for messages: "The recording answers.jsonl". */
  readonly source: string;
  readonly entries: readonly RecordingEntry[];
}

/**
 * Answers from a recording, without server, key or profiles: models and parameters are those of the
 * recording. A question that was asked several times gets its answers in their order, then the last
 * one again. What was spent is counted as it was then.
 */
export class ReplayedCompletions implements Completions {
  readonly #source: string;
  readonly #onAnswer: ((entry: RecordingEntry) => void) | undefined;
  readonly #budget: Budget;
  readonly #entries = new Map<string, RecordingEntry[]>();
  readonly #choices = new Map<Role, Map<string, ModelChoice>>();
  #questions = 0;

  /** @param onAnswer told of every answer that is given. */
  constructor(
    { source, entries }: Replay,
    budget: Budget,
    onAnswer?: (entry: RecordingEntry) => void,
  ) {
    this.#source = source;
    this.#onAnswer = onAnswer;
    this.#budget = budget;
    for (const entry of entries) this.#add(entry);
  }

  async complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion> {
    // Callers must not be able to tell a replay by answers that come in the same tick.
    await Promise.resolve();
    if (signal?.aborted === true) throw interrupted();
    this.#budget.checkTime();
    this.#questions += 1;
    const entry = this.#next(request);
    this.#onAnswer?.(entry);
    const { role, model, answeredBy, result } = entry;
    if (result.outcome === "unusable") throw new UnusableAnswer({ role, model }, result.problem);
    if (result.outcome === "budget spent") throw new BudgetSpent(result.part, result.message);
    const { text, isCutOff, calls, promptTokens, completionTokens } = result;
    this.#budget.charge(calls, { promptTokens, completionTokens });
    return {
      text,
      model: answeredBy,
      isCutOff,
      calls,
      promptTokens,
      completionTokens,
      source: "recording",
    };
  }

  forget(): void {
    // A recording stays as it is.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #add(entry: RecordingEntry): void {
    const { key, role, model, parameters, result } = entry;
    const choices = this.#choices.get(role) ?? new Map<string, ModelChoice>();
    const { temperature, maxTokens, jsonMode } = parameters;
    choices.set(JSON.stringify([model, temperature, maxTokens, jsonMode]), { model, parameters });
    this.#choices.set(role, choices);
    const known = this.#entries.get(key) ?? [];
    // A run that ended early and was gone on with later is replayed as one.
    const answered = known.filter(({ result: before }) => before.outcome !== "budget spent");
    const isEnd = result.outcome === "budget spent";
    this.#entries.set(key, isEnd && answered.length > 0 ? answered : [...answered, entry]);
  }

  #next(request: CompletionRequest): RecordingEntry {
    for (const choice of this.#choices.get(request.role)?.values() ?? []) {
      const entries = this.#entries.get(requestKey(request, choice));
      const [entry] = entries ?? [];
      if (entry === undefined) continue;
      if ((entries?.length ?? 0) > 1) entries?.shift();
      return entry;
    }
    throw new UserError(
      "badInput",
      `${this.#source} has no answer to question ${this.#questions} (role "${request.role}"): it was made for another question or index, or by another version of lemmascope; record it again.`,
    );
  }
}
