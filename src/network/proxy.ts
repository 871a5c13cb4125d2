import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { errorMessage, UserError } from "../errors.js";

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * An agent that goes through the proxies of the environment.
 *
 * @param limits time limits of the connections, where undici's own do not fit.
 * @throws UserError `usage` for a variable that is no address.
 */
export function proxyAgent(env: Environment, limits: EnvHttpProxyAgent.Options = {}): Dispatcher {
  const read = (name: string): string => {
    const lower = env[name.toLowerCase()];
    return (lower === undefined || lower === "" ? env[name] : lower) ?? "";
  };
  try {
    return new EnvHttpProxyAgent({
      ...limits,
      // Empty strings keep undici from reading process.env on its own.
      httpProxy: read("HTTP_PROXY"),
      httpsProxy: read("HTTPS_PROXY"),
      noProxy: read("NO_PROXY"),
      // Plain http goes to the proxy as a request with the whole address, as curl does it: many
      // proxies allow CONNECT to port 443 only. https is tunnelled in any case.
      proxyTunnel: false,
    });
  } catch (error) {
    throw new UserError(
      "usage",
      `HTTP_PROXY or HTTPS_PROXY is not the address of a proxy, such as http://proxy.example:3128 (${errorMessage(error)})`,
      { cause: error },
    );
  }
}

/**
 * The way to a server: through the proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (lower
 * case first) name, but straight to this machine itself.
 *
 * @param timeoutMs how long connecting may take.
 * @throws UserError `usage` if a proxy setting cannot be used.
 */
export function wayTo(url: URL, env: Environment, timeoutMs: number): Dispatcher {
  // Whole requests are timed by the client.
  const limits = { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: timeoutMs } };
  if (/^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname)) return new Agent(limits);
  return proxyAgent(env, limits);
}
