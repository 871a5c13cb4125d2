import { UserError } from "../../errors.js";
import {
  BudgetSpent,
  type Chat,
  type ChatAnswer,
  type ChatRequest,
  type TextRequest,
  UnusableAnswer,
  type Usage,
} from "../../llm/chat.js";

/** A language model cannot be used. Its message is for clients; the cause is for the log. */
export class ModelFailure extends UserError {
  constructor(message: string, cause: unknown) {
    super("unavailable", message, { cause });
  }
}

/** A chat whose failures tell clients nothing of the operator's servers. */
export class GuardedChat implements Chat {
  readonly #inner: Chat;
  readonly #describe: (error: UserError) => string;

  /** @param describe what a client may know of a failure. */
  constructor(inner: Chat, describe: (error: UserError) => string) {
    this.#inner = inner;
    this.#describe = describe;
  }

  get usage(): Usage {
    return this.#inner.usage;
  }

  /** @throws ModelFailure where the inner chat throws anything that ends a run for good. */
  ask<T>(request: ChatRequest<T>): Promise<ChatAnswer<T>> {
    return this.#guarded(() => this.#inner.ask(request));
  }

  /** @throws ModelFailure as `ask` does */
  askText(request: TextRequest): Promise<ChatAnswer<string>> {
    return this.#guarded(() => this.#inner.askText(request));
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const isHarmless = error instanceof BudgetSpent || error instanceof UnusableAnswer;
      if (isHarmless || !(error instanceof UserError) || error.exit === "interrupted") throw error;
      throw new ModelFailure(this.#describe(error), error);
    }
  }
}
