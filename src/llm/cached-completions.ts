import type { Role } from "../config/llm-settings.js";
import { UserError } from "../errors.js";
import {
  type Completion,
  type CompletionRequest,
  type Completions,
  type ModelChoice,
  requestKey,
} from "./completions.js";
import { linkSignals } from "./link-signals.js";
import type { KeptAnswer, ResponseCache } from "./response-cache.js";

/** Asks for nothing twice: not what was answered before, and not what is being asked already. */
export class CachedCompletions implements Completions {
  readonly #inner: Completions;
  readonly #cache: ResponseCache;
  readonly #choiceFor: (role: Role) => ModelChoice;
  readonly #underWay = new Map<string, Promise<Completion>>();

  /** @param choiceFor the model of a role and its parameters, on which answers depend. */
  constructor(inner: Completions, cache: ResponseCache, choiceFor: (role: Role) => ModelChoice) {
    this.#inner = inner;
    this.#cache = cache;
    this.#choiceFor = choiceFor;
  }

  async complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion> {
    const key = this.#key(request);
    for (;;) {
      const kept = this.#cache.get(key);
      if (kept !== undefined) return cached(kept);
      const other = this.#underWay.get(key);
      if (other === undefined) return await this.#ask(key, request, signal);
      const linked = linkSignals([signal]);
      try {
        return cached(await linked.race(() => other));
      } catch (error) {
        // Whoever asked first may have lost interest, which is no reason for others to fail.
        const isTheirs = error instanceof UserError && error.exit === "interrupted";
        if (signal?.aborted === true || !isTheirs) throw error;
      } finally {
        linked.release();
      }
    }
  }

  forget(requests: readonly CompletionRequest[]): void {
    this.#cache.delete(requests.map((request) => this.#key(request)));
    this.#inner.forget(requests);
  }

  async close(): Promise<void> {
    await this.#inner.close();
    this.#cache.close();
  }

  async #ask(
    key: string,
    request: CompletionRequest,
    signal: AbortSignal | undefined,
  ): Promise<Completion> {
    const asking = this.#inner.complete(request, signal);
    this.#underWay.set(key, asking);
    try {
      const completion = await asking;
      this.#cache.set(key, request.role, completion);
      return completion;
    } finally {
      this.#underWay.delete(key);
    }
  }

  #key(request: CompletionRequest): string {
    return requestKey(request, this.#choiceFor(request.role));
  }
}

/** An answer that costs nothing any more. */
function cached({ text, model, isCutOff }: KeptAnswer): Completion {
  return {
    text,
    model,
    isCutOff,
    promptTokens: 0,
    completionTokens: 0,
    calls: 0,
    source: "cache",
  };
}
