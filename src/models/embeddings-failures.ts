import type { RemoteEmbedderSettings } from "../config/embedder-settings.js";
import { RetryableFailure, serverDelayMs } from "../download/failures.js";
import { errorCode, errorMessage, UserError } from "../errors.js";

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

/** An HTTP answer that is no success. */
export interface EmbeddingsRefusal {
  readonly status: number;
  /** What the server says is wrong; empty where it says nothing. */
  readonly message: string;
  readonly header: (name: string) => string | undefined;
}

/** Ctrl-C, or whoever else lost interest. */
export function interrupted(): UserError {
  return new UserError("interrupted", "Interrupted.");
}

/** What the failures of one embeddings server mean, in sentences for those who configured it. */
export class EmbeddingsFailures {
  readonly #settings: RemoteEmbedderSettings;
  readonly #apiKey: string | undefined;
  readonly #server: string;

  constructor(settings: RemoteEmbedderSettings, apiKey: string | undefined) {
    this.#settings = settings;
    this.#apiKey = apiKey;
    this.#server = `The embeddings server at ${settings.baseUrl}`;
  }

  /** A status other than 2xx. @param texts how many the request carried. */
  refused(
    { status, message, header }: EmbeddingsRefusal,
    texts: number,
  ): RetryableFailure | BatchTooLarge | UserError {
    const said = message === "" ? `status ${status}` : `status ${status}: ${this.#quoted(message)}`;
    if (status >= 300 && status < 400) return this.#redirected(status, header("location"));
    if (status === 401 || status === 403) return this.#keyRefused(said);
    if (status === 404) return this.#notFound(said, message);
    if (status === 413 || ([400, 422].includes(status) && TOO_MUCH.test(message))) {
      const advice =
        texts > 1
          ? `lower the embedder's "batchSize" or "maxCharacters"`
          : `lower the embedder's "maxCharacters", so that longer texts are cut`;
      return new BatchTooLarge(
        unavailable(`${this.#server} takes no ${texts} texts so long (${said}): ${advice}.`),
      );
    }
    if (status === 429) {
      const final = unavailable(
        `${this.#server} has too much to do (${said}): try again later, or lower the embedder's "concurrency".`,
      );
      return new RetryableFailure(`status ${status}`, final, serverDelayMs({ header }));
    }
    if (status === 408 || status >= 500) {
      const final = unavailable(
        `${this.#server} failed (${said}): its log says why; try again when it is well.`,
      );
      return new RetryableFailure(`status ${status}`, final, serverDelayMs({ header }));
    }
    return unavailable(
      `${this.#server} refuses the request (${said}): check the embedder's "model" and "dimensions".`,
    );
  }

  /** A success whose content is none. @param how what is wrong, to stand in brackets. */
  wrongAnswer(how: string): UserError {
    return unavailable(
      `${this.#server} did not answer with the vectors asked for (${this.#quoted(how)}): check that "${this.#settings.model}" is an embedding model, that it can give the dimensions asked for, and that the address is that of an OpenAI-compatible interface.`,
    );
  }

  tookTooLong(): RetryableFailure {
    const limit = `${this.#settings.timeoutMs / 1000} s`;
    return new RetryableFailure(
      `no answer within ${limit}`,
      unavailable(
        `${this.#server} gave no whole answer within ${limit}: raise the embedder's "timeoutMs", or lower its "batchSize" or "concurrency".`,
      ),
    );
  }

  /**
   * An error of the network layer.
   *
   * @param hasAnswered whether the server was there before: then it may come back, while one that
   * nobody started will not.
   */
  network(error: unknown, hasAnswered: boolean): RetryableFailure | UserError {
    const { code, message } = innermost(error);
    if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ISSUER/.test(code)) {
      return unavailable(
        `The certificate of ${this.#settings.baseUrl} cannot be trusted (${code}): set NODE_EXTRA_CA_CERTS to the certificate of the authority that signed it.`,
      );
    }
    const nobodyThere = NOBODY_THERE[code];
    if (nobodyThere !== undefined) {
      const final = unavailable(
        `No embeddings server answers at ${this.#settings.baseUrl} (${nobodyThere}): start it, for example with "ollama serve", or set the embedder's "baseUrl" or LEMMASCOPE_EMBEDDER_URL to where it is.`,
      );
      return hasAnswered ? new RetryableFailure(nobodyThere, final) : final;
    }
    const reason = CUT.has(code) ? "the connection was cut" : this.#quoted(message);
    return new RetryableFailure(
      reason,
      unavailable(
        `${this.#server} cannot be talked to (${reason}): check the network, and whether the server still runs.`,
      ),
    );
  }

  #redirected(status: number, location = ""): UserError {
    const to =
      location !== "" && URL.canParse(location, this.#settings.baseUrl)
        ? new URL(location, this.#settings.baseUrl)
        : undefined;
    const where = to === undefined ? "nowhere" : `to ${to.origin}${to.pathname}`;
    return unavailable(
      `${this.#server} redirects ${where} (status ${status}), which is not followed: set the embedder's "baseUrl" to the final address.`,
    );
  }

  #keyRefused(said: string): UserError {
    const { apiKeyVariable } = this.#settings;
    return unavailable(
      apiKeyVariable === undefined
        ? `${this.#server} asks for a key (${said}): set the embedder's "apiKeyVariable" to the name of an environment variable that holds it.`
        : `${this.#server} does not accept the key in ${apiKeyVariable} (${said}): check the key and what it allows.`,
    );
  }

  #notFound(said: string, message: string): UserError {
    const { baseUrl, model } = this.#settings;
    if (/model/i.test(message) || message.includes(model)) {
      return unavailable(
        `${this.#server} has no model "${model}" (${said}): set the embedder's "model" to one that it serves, or fetch it there first, with Ollama by "ollama pull ${model}".`,
      );
    }
    return unavailable(
      `There is nothing at ${baseUrl}/embeddings (${said}): correct the embedder's "baseUrl", which mostly ends in /v1.`,
    );
  }

  /** A text from elsewhere, fit for one line of a terminal, and without the key. */
  #quoted(text: string): string {
    const known = this.#apiKey === undefined ? text : text.replaceAll(this.#apiKey, "…");
    const line = known.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
    return line.length > 200 ? `${line.slice(0, 200)}…` : line;
  }
}

/** How servers that do not use status 413 say that there were too many or too long texts. */
const TOO_MUCH =
  /too (?:long|large|many)|batch size|context length|(?:maximum|max|more than|less than|exceed).*tokens/i;

const NOBODY_THERE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name cannot be looked up",
  ENETUNREACH: "there is no way to it",
  EHOSTUNREACH: "there is no way to it",
};

const CUT: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

function unavailable(message: string): UserError {
  return new UserError("unavailable", message);
}

/** The error at the end of a chain of causes, where the network layer says what happened. */
function innermost(error: unknown): { readonly code: string; readonly message: string } {
  let last = error;
  for (let depth = 0; depth < 5; depth += 1) {
    const { cause } = last instanceof Error ? last : {};
    if (cause === undefined) break;
    last = cause;
  }
  return { code: errorCode(last) ?? "", message: errorMessage(last) };
}
