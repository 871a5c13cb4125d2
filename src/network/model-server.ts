import type { OpenAI } from "openai";
import type { Dispatcher } from "undici";
import { z } from "zod";
import { UserError } from "../errors.js";
import { AnswerTooLong, boundedFetch } from "./bounded-fetch.js";
import { type ModelServerFailures, type Refusal, WrongAnswer } from "./model-server-failures.js";
import { type Environment, wayTo } from "./proxy.js";
import { interrupted, type RetryOptions, withRetries } from "./retry.js";

export interface ModelServerOptions extends Pick<RetryOptions, "retry" | "onRetry"> {
  /** Where it is: `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** How long one request may take, from connecting to the answer's last byte, in ms. */
  readonly timeoutMs: number;
  /** How often a request that failed is tried again. */
  readonly maxRetries: number;
  /** How long an answer may be, in bytes. */
  readonly mostBytes: number;
  /** Where proxies are read from, as `process.env`. */
  readonly env: Environment;
}

/** What failures of one request mean. */
export interface Explanations {
  readonly failures: Pick<ModelServerFailures, "network" | "tookTooLong">;
  /** A status other than 2xx. */
  readonly refused: (refusal: Refusal) => Error;
  /** A success whose content is none. @param how what is wrong, to stand in brackets. */
  readonly wrongAnswer: (how: string) => Error;
}

const refusalBody = z.object({ message: z.string() });

/** A server that speaks the OpenAI protocol, asked again where that can help. */
export class ModelServer {
  readonly #options: ModelServerOptions;
  readonly #dispatcher: Dispatcher;
  readonly #client: OpenAI;
  readonly #errors: typeof OpenAI;
  #hasAnswered = false;
  #closed = false;

  private constructor(options: ModelServerOptions, library: typeof OpenAI) {
    const { baseUrl, apiKey, timeoutMs, mostBytes } = options;
    this.#options = options;
    this.#errors = library;
    this.#dispatcher = wayTo(new URL(baseUrl), options.env, timeoutMs);
    this.#client = new library({
      baseURL: baseUrl,
      timeout: timeoutMs,
      fetch: boundedFetch({ dispatcher: this.#dispatcher, apiKey, mostBytes }),
      // The client's own retries wait on after an abort, and know no difference between a server
      // that is down and one that was never there.
      maxRetries: 0,
      logLevel: "off",
      // The client insists on some key; what is sent is up to its `fetch`. Whatever is absent here
      // it would read from the environment.
      apiKey: "unused",
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
    });
  }

  /** Contacts nobody yet. @throws UserError `usage` if a proxy setting cannot be used. */
  static async open(options: ModelServerOptions): Promise<ModelServer> {
    // Loaded only here: it takes long, and most runs ask no server.
    const { OpenAI: library } = await import("openai");
    return new ModelServer(options, library);
  }

  /**
   * Runs requests until one succeeds or there is no more point in it.
   *
   * @param attempt makes one request with a client and a signal, and reads its answer. It may throw
   * `WrongAnswer`, `RetryableFailure`, or whatever ends it all.
   * @throws UserError `interrupted` after the signal; else what the explanations give.
   */
  async request<T>(
    attempt: (client: OpenAI, signal: AbortSignal) => Promise<T>,
    explanations: Explanations,
    signal?: AbortSignal,
  ): Promise<T> {
    const { retry, onRetry, maxRetries } = this.#options;
    try {
      return await withRetries(
        () => this.#once(attempt, explanations, signal),
        () => 0,
        {
          retry: { ...retry, maxFailures: maxRetries + 1 },
          ...(onRetry === undefined ? {} : { onRetry }),
          ...(signal === undefined ? {} : { signal }),
        },
      );
    } catch (error) {
      throw signal?.aborted === true ? interrupted() : error;
    }
  }

  /** Cuts all connections. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#dispatcher.destroy();
  }

  async #once<T>(
    attempt: (client: OpenAI, signal: AbortSignal) => Promise<T>,
    explanations: Explanations,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    if (this.#closed) throw new Error("the connection was closed before");
    if (signal?.aborted === true) throw interrupted();
    // The client never takes its listener off a signal, so that each request needs its own.
    const request = new AbortController();
    const abort = (): void => request.abort();
    signal?.addEventListener("abort", abort);
    try {
      const answer = await attempt(this.#client, request.signal);
      this.#hasAnswered = true;
      return answer;
    } catch (error) {
      throw this.#explained(error, explanations);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  #explained(error: unknown, { failures, refused, wrongAnswer }: Explanations): unknown {
    if (error instanceof WrongAnswer) return this.#answered(wrongAnswer(error.message));
    if (error instanceof SyntaxError) return this.#answered(wrongAnswer("a text that is not JSON"));
    if (error instanceof this.#errors.APIUserAbortError) return interrupted();
    if (error instanceof this.#errors.APIConnectionTimeoutError) return failures.tookTooLong();
    if (error instanceof this.#errors.APIConnectionError) {
      const { cause } = error;
      if (cause instanceof AnswerTooLong) return wrongAnswer(cause.message);
      return failures.network(error, this.#hasAnswered);
    }
    if (!(error instanceof this.#errors.APIError)) return error;
    const { status, headers, error: body } = error as InstanceType<typeof OpenAI.APIError>;
    const refusal = refusalBody.safeParse(body);
    return this.#answered(
      refused({
        status: status ?? 0,
        message: refusal.success ? refusal.data.message : "",
        header: (name) => headers?.get(name) ?? undefined,
      }),
    );
  }

  #answered(failure: Error): Error {
    this.#hasAnswered = true;
    return failure;
  }
}

/**
 * The key that an environment variable holds.
 *
 * @param use what the key is for: `the key of the embeddings server`.
 * @param remedy what to do where there is none, beside setting it.
 * @throws UserError `usage` where it is missing or cannot be a key.
 */
export function readKey(
  variable: string | undefined,
  env: Environment,
  { use, remedy }: { readonly use: string; readonly remedy: string },
): string | undefined {
  if (variable === undefined) return undefined;
  const key = env[variable]?.trim() ?? "";
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new UserError(
    "usage",
    key === ""
      ? `The environment variable ${variable}, which is to hold ${use}, is not set: set it, or ${remedy}.`
      : `The key in the environment variable ${variable} has characters that no key has.`,
  );
}
