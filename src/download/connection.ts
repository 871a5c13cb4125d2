import { request } from "undici";
import { UserError } from "../errors.js";
import { type Environment, proxyAgent } from "../network/proxy.js";
import { interrupted, networkFailure, shown, unreachable, type Refusal } from "./failures.js";
import { ResponseBody } from "./response-body.js";
import { StallWatch } from "./stall-watch.js";

export interface ConnectionOptions {
  /** Where proxies are read from: `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, lower case first. */
  readonly env?: Environment;
  /** An access token, and the only origin that it is sent to. */
  readonly token?: { readonly value: string; readonly origin: string };
  /** How long nothing may arrive before the connection counts as dead, in ms; 30 s if absent. */
  readonly stallTimeoutMs?: number;
}

/** What a server answered. The body has to be read or discarded. */
export interface Answer extends Refusal {
  /** The bytes as sent, with no content coding undone. */
  readonly body: ResponseBody;
}

/** A way to the network: proxies, redirects, the access token and dead connections are its affair. */
export interface Connection {
  /**
   * Asks for an address, following redirects.
   *
   * @throws RetryableFailure if the network failed; here, or while the body is read.
   * @throws UserError if it failed for good.
   */
  get(url: URL, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

const DEFAULT_STALL_TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** @throws UserError `usage` if a proxy setting or the token cannot be used. */
export function connect(options: ConnectionOptions = {}): Connection {
  const dispatcher = proxyAgent(options.env ?? process.env);
  const { token } = options;
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token.value)) {
    throw new UserError("usage", "the access token in HF_TOKEN has characters that no token has");
  }
  const stallTimeoutMs = options.stallTimeoutMs ?? DEFAULT_STALL_TIMEOUT_MS;

  async function hop(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<Omit<Answer, "sentToken">> {
    const watch = new StallWatch(stallTimeoutMs, signal);
    const explain = (error: unknown): Error => {
      if (signal?.aborted === true) return interrupted();
      if (watch.stalled) return unreachable(url, `nothing arrived for ${stallTimeoutMs / 1000} s`);
      return networkFailure(error, url);
    };
    watch.start();
    try {
      const response = await request(url, {
        dispatcher,
        signal: watch.signal,
        // The watch also covers connecting and pauses while the disk is slow; undici's own do not.
        headersTimeout: 0,
        bodyTimeout: 0,
        headers: {
          ...headers,
          "user-agent": "lemmascope",
          "accept-encoding": "identity",
          ...(token?.origin === url.origin ? { authorization: `Bearer ${token.value}` } : {}),
        },
      });
      return {
        url,
        status: response.statusCode,
        header: (name) => headerText(response.headers[name]),
        body: new ResponseBody(response.body, watch, explain),
      };
    } catch (error) {
      watch.stop();
      throw explain(error);
    }
  }

  return {
    async get(url, headers, signal) {
      let target = url;
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
        const answer = await hop(target, headers, signal);
        if (!REDIRECTS.has(answer.status)) {
          return { ...answer, sentToken: token?.origin === url.origin };
        }
        await answer.body.discard();
        target = redirectTarget(answer.url, answer.header("location"));
      }
      throw new UserError("unavailable", `${shown(url)} redirects without end`);
    },
    close: () => dispatcher.destroy(),
  };
}

/**
 * Where a redirect leads.
 *
 * @throws UserError `unavailable` if it leads nowhere, or from https to plain http.
 */
export function redirectTarget(from: URL, location = ""): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (location === "" || target === undefined || !/^https?:$/.test(target.protocol)) {
    throw new UserError("unavailable", `${shown(from)} redirects to no usable address`);
  }
  if (from.protocol === "https:" && target.protocol === "http:") {
    throw new UserError(
      "unavailable",
      `${shown(from)} redirects from https to plain http at ${target.host}, which is not followed`,
    );
  }
  return target;
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}
