import type { Dispatcher } from "undici";
import { errorMessage, UserError } from "../../errors.js";
import { AnswerTooLong, boundedFetch } from "../../network/bounded-fetch.js";
import { type Environment, wayTo } from "../../network/proxy.js";
import {
  interrupted,
  RetryableFailure,
  type RetryOptions,
  serverDelayMs,
  withRetries,
} from "../../network/retry.js";
import { kiminaAnswer, type KiminaResult } from "./kimina-answer.js";

export interface KiminaServerOptions extends Pick<RetryOptions, "retry" | "onRetry"> {
  /** Where the server is: `http://localhost:8000`, without `/verify`. */
  readonly baseUrl: string;
  /** Sent as the bearer of the `Authorization` header. */
  readonly apiKey: string | undefined;
  /** How long the server may take for one check, in ms. */
  readonly timeoutMs: number;
  /** How often a request that failed is tried again. */
  readonly maxRetries: number;
  /** Where proxies are read from, as `process.env`. */
  readonly environment: Environment;
}

/** Beyond the checks themselves: for a place in the server's queue and for importing, in ms. */
const QUEUE_MS = 120_000;
const MOST_BYTES = 64 * 2 ** 20;

/** `POST /verify` of a Kimina Lean Server, tried again where that can help. */
export class KiminaServer {
  readonly #options: KiminaServerOptions;
  readonly #dispatcher: Dispatcher;
  readonly #fetch: typeof fetch;
  readonly #url: URL;

  /** @throws UserError `usage` if a proxy setting cannot be used. */
  constructor(options: KiminaServerOptions) {
    const { baseUrl, apiKey, environment } = options;
    this.#options = options;
    this.#url = new URL(`${baseUrl.replace(/\/+$/, "")}/verify`);
    this.#dispatcher = wayTo(this.#url, environment, 30_000);
    this.#fetch = boundedFetch({ dispatcher: this.#dispatcher, apiKey, mostBytes: MOST_BYTES });
  }

  /**
   * What Lean says of each text, in their order.
   *
   * @throws UserError `unavailable`, `interrupted`
   */
  async verify(texts: readonly string[], signal: AbortSignal): Promise<KiminaResult[]> {
    const { retry, onRetry, maxRetries, timeoutMs } = this.#options;
    const body = JSON.stringify({
      codes: texts.map((proof, at) => ({ custom_id: String(at), proof })),
      timeout: Math.ceil(timeoutMs / 1000),
    });
    try {
      return await withRetries(
        () => this.#attempt(body, texts.length, signal),
        () => 0,
        {
          retry: { ...retry, maxFailures: maxRetries + 1 },
          ...(onRetry === undefined ? {} : { onRetry }),
          signal,
        },
      );
    } catch (error) {
      throw signal.aborted ? interrupted() : error;
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #attempt(body: string, count: number, signal: AbortSignal): Promise<KiminaResult[]> {
    // The server works through a batch with as many processes as it has, at worst with one.
    const patience = AbortSignal.timeout(this.#options.timeoutMs * count + QUEUE_MS);
    let response: Response;
    try {
      response = await this.#fetch(this.#url, {
        method: "POST",
        body,
        signal: AbortSignal.any([signal, patience]),
      });
    } catch (error) {
      if (signal.aborted) throw interrupted();
      if (patience.aborted) throw this.#failure("no answer in time", true);
      if (error instanceof AnswerTooLong) throw this.#failure(error.message, false);
      throw this.#failure(networkReason(error), true);
    }
    if (!response.ok) throw await this.#refused(response);
    const results = readResults(await response.text(), count);
    if (results === undefined) throw this.#failure("it answered something else than results", true);
    return results;
  }

  async #refused(response: Response): Promise<Error> {
    const { status, headers } = response;
    const { baseUrl, apiKey } = this.#options;
    if (status === 401 || status === 403) {
      const remedy =
        apiKey === undefined
          ? 'set "apiKeyVariable" in the settings of the server to the name of an environment variable that holds its key'
          : "check the key";
      return new UserError(
        "unavailable",
        `The Lean server at ${baseUrl} does not let us in (status ${status}): ${remedy}.`,
      );
    }
    const said = /"message":"([^"]*)/.exec(await response.text())?.[1] ?? "";
    const reason = `status ${status}${said === "" ? "" : `: ${said.slice(0, 200)}`}`;
    const isPassing = status === 408 || status === 429 || status >= 500;
    const delay = serverDelayMs({ header: (name) => headers.get(name) ?? undefined });
    return this.#failure(reason, isPassing, delay);
  }

  #failure(reason: string, isPassing: boolean, delayMs?: number): Error {
    const final = new UserError(
      "unavailable",
      `The Lean server at ${this.#options.baseUrl} cannot be used (${reason}): check that it runs and its address.`,
    );
    return isPassing ? new RetryableFailure(reason, final, delayMs) : final;
  }
}

/** The results in the order of the texts; undefined where one is missing, or it is no answer. */
function readResults(text: string, count: number): KiminaResult[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = kiminaAnswer.safeParse(value);
  if (!parsed.success) return undefined;
  const byId = new Map(parsed.data.results.map((result) => [result.custom_id, result]));
  const results = Array.from({ length: count }, (_, at) => byId.get(String(at)));
  return results.every((result) => result !== undefined) ? results : undefined;
}

function networkReason(error: unknown): string {
  let last = error;
  while (last instanceof Error && last.cause !== undefined) last = last.cause;
  return errorMessage(last) || errorMessage(error);
}
