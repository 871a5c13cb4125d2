import { errorCode, errorMessage, UserError } from "../errors.js";
import { RetryableFailure, serverDelayMs } from "./retry.js";

/** How sentences speak of a server, and where its user can change something. */
export interface ModelServerTerms {
  /** What it is: `embeddings server`. */
  readonly kind: string;
  /** Whose settings they are: `the embedder's`. */
  readonly owner: string;
  readonly baseUrl: string;
  /** What is asked for there: `/embeddings`. */
  readonly path: string;
  readonly model: string;
  readonly timeoutMs: number;
  readonly apiKeyVariable: string | undefined;
  /** The environment variable that can name the address. */
  readonly addressVariable: string;
  /** What to do beside raising `timeoutMs` where answers take too long: `lower its "batchSize"`. */
  readonly whenSlow: string;
  /** The settings to check where a request is refused: `"model" and "dimensions"`. */
  readonly whenRefused: string;
}

/** An HTTP answer that is no success. */
export interface Refusal {
  readonly status: number;
  /** What the server says is wrong; empty where it says nothing. */
  readonly message: string;
  readonly header: (name: string) => string | undefined;
}

/** A success that does not hold what was asked for. Its message ends a sentence in brackets. */
export class WrongAnswer extends Error {
  override readonly name = "WrongAnswer";
}

/** What the failures of one OpenAI-compatible server mean, for those who configured it. */
export class ModelServerFailures {
  /** The server as the beginning of a sentence. */
  protected readonly server: string;
  readonly #terms: ModelServerTerms;
  readonly #apiKey: string | undefined;

  constructor(terms: ModelServerTerms, apiKey: string | undefined) {
    this.#terms = terms;
    this.#apiKey = apiKey;
    this.server = `The ${terms.kind} at ${terms.baseUrl}`;
  }

  /** A status other than 2xx. */
  refused({ status, message, header }: Refusal): RetryableFailure | UserError {
    const { owner, whenRefused } = this.#terms;
    const said = this.said(status, message);
    if (status >= 300 && status < 400) return this.#redirected(status, header("location"));
    if (status === 401 || status === 403) return this.#keyRefused(said);
    if (status === 404) return this.#notFound(said, message);
    if (status === 429) {
      if (QUOTA_USED_UP.test(message)) {
        return unavailable(
          `${this.server} gives no more answers (${said}): the quota or credit of the account is used up.`,
        );
      }
      const final = unavailable(
        `${this.server} has too much to do (${said}): try again later, or lower ${owner} "concurrency".`,
      );
      return new RetryableFailure(`status ${status}`, final, serverDelayMs({ header }));
    }
    if (status === 408 || status >= 500) {
      const final = unavailable(
        `${this.server} failed (${said}): its log says why; try again when it is well.`,
      );
      return new RetryableFailure(`status ${status}`, final, serverDelayMs({ header }));
    }
    return unavailable(
      `${this.server} refuses the request (${said}): check ${owner} ${whenRefused}.`,
    );
  }

  tookTooLong(): RetryableFailure {
    const { owner, timeoutMs, whenSlow } = this.#terms;
    const limit = `${timeoutMs / 1000} s`;
    return new RetryableFailure(
      `no answer within ${limit}`,
      unavailable(
        `${this.server} gave no whole answer within ${limit}: raise ${owner} "timeoutMs", or ${whenSlow}.`,
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
    const { baseUrl, kind, owner, addressVariable } = this.#terms;
    const { code, message } = innermost(error);
    if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ISSUER/.test(code)) {
      return unavailable(
        `The certificate of ${baseUrl} cannot be trusted (${code}): set NODE_EXTRA_CA_CERTS to the certificate of the authority that signed it.`,
      );
    }
    const nobodyThere = NOBODY_THERE[code];
    if (nobodyThere !== undefined) {
      const final = unavailable(
        `No ${kind} answers at ${baseUrl} (${nobodyThere}): start it, for example with "ollama serve", or set ${owner} "baseUrl" or ${addressVariable} to where it is.`,
      );
      return hasAnswered ? new RetryableFailure(nobodyThere, final) : final;
    }
    const reason = CUT.has(code) ? "the connection was cut" : this.quoted(message);
    return new RetryableFailure(
      reason,
      unavailable(
        `${this.server} cannot be talked to (${reason}): check the network, and whether the server still runs.`,
      ),
    );
  }

  /** A status and what the server says of it, to stand in brackets. */
  protected said(status: number, message: string): string {
    return message === "" ? `status ${status}` : `status ${status}: ${this.quoted(message)}`;
  }

  /** A text from elsewhere, fit for one line of a terminal, and without the key. */
  quoted(text: string): string {
    const known = this.#apiKey === undefined ? text : text.replaceAll(this.#apiKey, "…");
    const line = known.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
    return line.length > 200 ? `${line.slice(0, 200)}…` : line;
  }

  #redirected(status: number, location = ""): UserError {
    const { baseUrl, owner } = this.#terms;
    const to =
      location !== "" && URL.canParse(location, baseUrl) ? new URL(location, baseUrl) : undefined;
    const where = to === undefined ? "nowhere" : `to ${to.origin}${to.pathname}`;
    return unavailable(
      `${this.server} redirects ${where} (status ${status}), which is not followed: set ${owner} "baseUrl" to the final address.`,
    );
  }

  #keyRefused(said: string): UserError {
    const { apiKeyVariable, owner } = this.#terms;
    return unavailable(
      apiKeyVariable === undefined
        ? `${this.server} asks for a key (${said}): set ${owner} "apiKeyVariable" to the name of an environment variable that holds it.`
        : `${this.server} does not accept the key in ${apiKeyVariable} (${said}): check the key and what it allows.`,
    );
  }

  #notFound(said: string, message: string): UserError {
    const { baseUrl, model, owner, path } = this.#terms;
    if (/model/i.test(message) || message.includes(model)) {
      return unavailable(
        `${this.server} has no model "${model}" (${said}): set ${owner} "model" to one that it serves, or fetch it there first, with Ollama by "ollama pull ${model}".`,
      );
    }
    return unavailable(
      `There is nothing at ${baseUrl}${path} (${said}): correct ${owner} "baseUrl", which mostly ends in /v1.`,
    );
  }
}

/** A failure of a service, as a sentence. */
export function unavailable(message: string): UserError {
  return new UserError("unavailable", message);
}

/** How providers say with status 429 that waiting does not help. */
const QUOTA_USED_UP = /(?:exceeded|out of|insufficient|used up)\b.*\b(?:quota|credit|balance)/i;

const NOBODY_THERE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name cannot be looked up",
  ENETUNREACH: "there is no way to it",
  EHOSTUNREACH: "there is no way to it",
};

const CUT: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

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
