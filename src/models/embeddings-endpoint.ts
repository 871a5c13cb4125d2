import type { OpenAI } from "openai";
import type { Dispatcher } from "undici";
import { z } from "zod";
import type { RemoteEmbedderSettings } from "../config/embedder-settings.js";
import { type RetryOptions, withRetries } from "../download/retry.js";
import { UserError } from "../errors.js";
import { AnswerTooLong, boundedFetch, wayTo } from "./bounded-fetch.js";
import { readAnswer, WrongAnswer } from "./embeddings-answer.js";
import { EmbeddingsFailures, interrupted } from "./embeddings-failures.js";

export interface EndpointOptions extends Pick<RetryOptions, "retry" | "onRetry"> {
  /** Where the key and proxies are read from, as `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Room for a vector of 16,384 numbers as JSON, and for what stands around vectors. */
const MOST_BYTES_A_TEXT = 512 * 1024;
const MOST_BYTES_AROUND = 1024 * 1024;

const refusalBody = z.object({ message: z.string() });

/** `POST /embeddings` of an OpenAI-compatible server, tried again where that can help. */
export class EmbeddingsEndpoint {
  readonly #settings: RemoteEmbedderSettings;
  readonly #options: EndpointOptions;
  readonly #failures: EmbeddingsFailures;
  readonly #dispatcher: Dispatcher;
  readonly #client: OpenAI;
  readonly #errors: typeof OpenAI;
  #hasAnswered = false;
  #closed = false;

  private constructor(
    settings: RemoteEmbedderSettings,
    options: EndpointOptions,
    library: typeof OpenAI,
  ) {
    const apiKey = readKey(settings, options.env);
    this.#settings = settings;
    this.#options = options;
    this.#errors = library;
    this.#failures = new EmbeddingsFailures(settings, apiKey);
    this.#dispatcher = wayTo(new URL(settings.baseUrl), options.env, settings.timeoutMs);
    const mostBytes = MOST_BYTES_AROUND + settings.batchSize * MOST_BYTES_A_TEXT;
    this.#client = new library({
      baseURL: settings.baseUrl,
      timeout: settings.timeoutMs,
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

  /** @throws UserError `usage` if the key is missing or a proxy setting cannot be used. */
  static async open(
    settings: RemoteEmbedderSettings,
    options: EndpointOptions,
  ): Promise<EmbeddingsEndpoint> {
    // Loaded only here: it takes long, and most runs embed nothing remotely.
    const { OpenAI: library } = await import("openai");
    return new EmbeddingsEndpoint(settings, options, library);
  }

  /**
   * The vectors of texts, in their order and of length 1.
   *
   * @param dimensions how long vectors must be; where undefined, as long as each other.
   * @throws BatchTooLarge if the server may take fewer texts at a time, or shorter ones.
   * @throws UserError `unavailable`, `interrupted`
   */
  async embed(
    texts: readonly string[],
    dimensions: number | undefined,
    signal?: AbortSignal,
  ): Promise<Float32Array[]> {
    const { retry, onRetry } = this.#options;
    try {
      return await withRetries(
        () => this.#attempt(texts, dimensions, signal),
        () => 0,
        {
          retry: { ...retry, maxFailures: this.#settings.maxRetries + 1 },
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

  async #attempt(
    texts: readonly string[],
    dimensions: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Float32Array[]> {
    if (this.#closed) throw new Error("the embedder was closed before");
    if (signal?.aborted === true) throw interrupted();
    // The client never takes its listener off a signal, so that each request needs its own.
    const request = new AbortController();
    const abort = (): void => request.abort();
    signal?.addEventListener("abort", abort);
    try {
      const answer: unknown = await this.#client.embeddings.create(
        {
          model: this.#settings.model,
          input: [...texts],
          encoding_format: "float",
          ...(this.#settings.dimensions === undefined
            ? {}
            : { dimensions: this.#settings.dimensions }),
        },
        { signal: request.signal },
      );
      this.#hasAnswered = true;
      return readAnswer(answer, texts.length, dimensions);
    } catch (error) {
      throw this.#explained(error, texts.length);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  #explained(error: unknown, texts: number): unknown {
    if (error instanceof WrongAnswer) return this.#failures.wrongAnswer(error.message);
    if (error instanceof SyntaxError) return this.#failures.wrongAnswer("a text that is not JSON");
    if (error instanceof this.#errors.APIUserAbortError) return interrupted();
    if (error instanceof this.#errors.APIConnectionTimeoutError) {
      return this.#failures.tookTooLong();
    }
    if (error instanceof this.#errors.APIConnectionError) {
      const { cause } = error;
      if (cause instanceof AnswerTooLong) return this.#failures.wrongAnswer(cause.message);
      return this.#failures.network(error, this.#hasAnswered);
    }
    if (!(error instanceof this.#errors.APIError)) return error;
    this.#hasAnswered = true;
    const { status, headers, error: body } = error as InstanceType<typeof OpenAI.APIError>;
    const refusal = refusalBody.safeParse(body);
    return this.#failures.refused(
      {
        status: status ?? 0,
        message: refusal.success ? refusal.data.message : "",
        header: (name) => headers?.get(name) ?? undefined,
      },
      texts,
    );
  }
}

function readKey(
  { apiKeyVariable }: RemoteEmbedderSettings,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (apiKeyVariable === undefined) return undefined;
  const key = env[apiKeyVariable]?.trim() ?? "";
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new UserError(
    "usage",
    key === ""
      ? `The environment variable ${apiKeyVariable}, which is to hold the key of the embeddings server, is not set: set it, or take "apiKeyVariable" out of the embedder's settings.`
      : `The key in the environment variable ${apiKeyVariable} has characters that no key has.`,
  );
}
