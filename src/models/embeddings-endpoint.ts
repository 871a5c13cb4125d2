import type { RemoteEmbedderSettings } from "../config/embedder-settings.js";
import { ModelServer, readKey } from "../network/model-server.js";
import type { Environment } from "../network/proxy.js";
import type { RetryOptions } from "../network/retry.js";
import { readAnswer } from "./embeddings-answer.js";
import { EmbeddingsFailures } from "./embeddings-failures.js";

export interface EndpointOptions extends Pick<RetryOptions, "retry" | "onRetry"> {
  /** Where the key and proxies are read from, as `process.env`. */
  readonly env: Environment;
}

/** Room for a vector of 16,384 numbers as JSON, and for what stands around vectors. */
const MOST_BYTES_A_TEXT = 512 * 1024;
const MOST_BYTES_AROUND = 1024 * 1024;

/** `POST /embeddings` of an OpenAI-compatible server, tried again where that can help. */
export class EmbeddingsEndpoint {
  readonly #settings: RemoteEmbedderSettings;
  readonly #failures: EmbeddingsFailures;
  readonly #server: ModelServer;

  private constructor(
    settings: RemoteEmbedderSettings,
    failures: EmbeddingsFailures,
    server: ModelServer,
  ) {
    this.#settings = settings;
    this.#failures = failures;
    this.#server = server;
  }

  /** @throws UserError `usage` if the key is missing or a proxy setting cannot be used. */
  static async open(
    settings: RemoteEmbedderSettings,
    options: EndpointOptions,
  ): Promise<EmbeddingsEndpoint> {
    const { baseUrl, timeoutMs, maxRetries, batchSize } = settings;
    const apiKey = readKey(settings.apiKeyVariable, options.env, {
      use: "the key of the embeddings server",
      remedy: `take "apiKeyVariable" out of the embedder's settings`,
    });
    const mostBytes = MOST_BYTES_AROUND + batchSize * MOST_BYTES_A_TEXT;
    return new EmbeddingsEndpoint(
      settings,
      new EmbeddingsFailures(settings, apiKey),
      await ModelServer.open({ ...options, baseUrl, apiKey, timeoutMs, maxRetries, mostBytes }),
    );
  }

  /**
   * The vectors of texts, in their order and of length 1.
   *
   * @param dimensions how long vectors must be; where undefined, as long as each other.
   * @throws BatchTooLarge if the server may take fewer texts at a time, or shorter ones.
   * @throws UserError `unavailable`, `interrupted`
   */
  embed(
    texts: readonly string[],
    dimensions: number | undefined,
    signal?: AbortSignal,
  ): Promise<Float32Array[]> {
    const failures = this.#failures;
    const { model, dimensions: wanted } = this.#settings;
    return this.#server.request(
      async (client, requestSignal) => {
        const answer: unknown = await client.embeddings.create(
          {
            model,
            input: [...texts],
            encoding_format: "float",
            ...(wanted === undefined ? {} : { dimensions: wanted }),
          },
          { signal: requestSignal },
        );
        return readAnswer(answer, texts.length, dimensions);
      },
      {
        failures,
        refused: (refusal) => failures.batchRefused(refusal, texts.length),
        wrongAnswer: (how) => failures.wrongAnswer(how),
      },
      signal,
    );
  }

  /** Cuts all connections. */
  close(): Promise<void> {
    return this.#server.close();
  }
}
