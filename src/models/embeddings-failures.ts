import type { RemoteEmbedderSettings } from "../config/embedder-settings.js";
import type { UserError } from "../errors.js";
import {
  ModelServerFailures,
  type Refusal,
  unavailable,
} from "../network/model-server-failures.js";
import type { RetryableFailure } from "../network/retry.js";

/** A request was too much for the server, which may take it in halves. */
export class BatchTooLarge extends Error {
  override readonly name = "BatchTooLarge";
  /** What to say where halves do not help. */
  readonly final: UserError;

  constructor(final: UserError) {
    super(final.message);
    this.final = final;
  }
}

/** What the failures of one embeddings server mean, in sentences for those who configured it. */
export class EmbeddingsFailures extends ModelServerFailures {
  readonly #model: string;

  constructor(settings: RemoteEmbedderSettings, apiKey: string | undefined) {
    super(
      {
        kind: "embeddings server",
        owner: "the embedder's",
        baseUrl: settings.baseUrl,
        path: "/embeddings",
        model: settings.model,
        timeoutMs: settings.timeoutMs,
        apiKeyVariable: settings.apiKeyVariable,
        addressVariable: "LEMMASCOPE_EMBEDDER_URL",
        whenSlow: `lower its "batchSize" or "concurrency"`,
        whenRefused: `"model" and "dimensions"`,
      },
      apiKey,
    );
    this.#model = settings.model;
  }

  /** A status other than 2xx. @param texts how many the request carried. */
  batchRefused(refusal: Refusal, texts: number): RetryableFailure | BatchTooLarge | UserError {
    const { status, message } = refusal;
    if (status !== 413 && !([400, 422].includes(status) && TOO_MUCH.test(message))) {
      return this.refused(refusal);
    }
    const advice =
      texts > 1
        ? `lower the embedder's "batchSize" or "maxCharacters"`
        : `lower the embedder's "maxCharacters", so that longer texts are cut`;
    return new BatchTooLarge(
      unavailable(
        `${this.server} takes no ${texts} texts so long (${this.said(status, message)}): ${advice}.`,
      ),
    );
  }

  /** A success whose content is none. @param how what is wrong, to stand in brackets. */
  wrongAnswer(how: string): UserError {
    return unavailable(
      `${this.server} did not answer with the vectors asked for (${this.quoted(how)}): check that "${this.#model}" is an embedding model, that it can give the dimensions asked for, and that the address is that of an OpenAI-compatible interface.`,
    );
  }
}

/** How servers that do not use status 413 say that there were too many or too long texts. */
const TOO_MUCH =
  /too (?:long|large|many)|batch size|context length|(?:maximum|max|more than|less than|exceed).*tokens/i;
