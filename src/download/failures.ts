import { errorCode, errorMessage, UserError } from "../errors.js";
import { RetryableFailure, serverDelayMs } from "../network/retry.js";

/** What arrived is not the file that was announced: worth one fresh start, but no more. */
export class WrongContent extends Error {
  override readonly name = "WrongContent";
  readonly final: UserError;

  constructor(message: string) {
    super(message);
    this.final = new UserError(
      "unavailable",
      `${message}, twice: what was fetched has been deleted; try later, or from another place`,
    );
  }
}

/** What a request is for, in the words of a sentence. */
export interface Wanted {
  /** `data set OWNER/NAME` */
  readonly what: string;
  /** Where it was looked for. */
  readonly where: string;
  /** What to check if it is not there: `check the id`. */
  readonly advice: string;
  /** Whether it is on a hub, where an access token may open it. */
  readonly isOnHub: boolean;
}

/** The parts of an answer that tell why it is not what was asked for. */
export interface Refusal {
  readonly status: number;
  readonly url: URL;
  /** Whether an access token was sent to the host that was asked first. */
  readonly sentToken: boolean;
  header(name: string): string | undefined;
}

const OTHER_MEANS = `a file fetched by other means can be indexed with "lemmascope index FILE"`;

/** An address for people: without a query, which may hold a signature. */
export function shown(url: URL): string {
  return url.origin + url.pathname;
}

/** Ctrl-C. */
export function interrupted(): UserError {
  return new UserError(
    "interrupted",
    "interrupted; what has arrived is kept, and the same command goes on from there",
  );
}

const NETWORK_REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name cannot be looked up",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  ETIMEDOUT: "no answer in time",
  UND_ERR_CONNECT_TIMEOUT: "no answer in time",
  ENETUNREACH: "there is no way to it",
  ENETDOWN: "there is no way to it",
  EHOSTUNREACH: "there is no way to it",
};

/** The sentence for a host that cannot be talked to, for the reason given. */
export function unreachable(url: URL, reason: string): RetryableFailure {
  return new RetryableFailure(
    reason,
    new UserError(
      "unavailable",
      `cannot fetch from ${url.host} (${reason}): check the network and the proxy settings (HTTPS_PROXY, HTTP_PROXY, NO_PROXY); ${OTHER_MEANS}`,
    ),
  );
}

/** What an error of the network layer means. */
export function networkFailure(error: unknown, url: URL): RetryableFailure | UserError {
  const code = errorCode(error) ?? "";
  const message = errorMessage(error);
  const proxyStatus = /^Proxy response \((\d+)\)/.exec(message)?.[1];
  if (proxyStatus !== undefined) {
    const reason = `the proxy answered ${proxyStatus}`;
    if (proxyStatus.startsWith("5")) return unreachable(url, reason);
    return new UserError(
      "unavailable",
      `${reason} instead of connecting to ${url.host}: check the proxy settings and its user name and password; ${OTHER_MEANS}`,
      { cause: error },
    );
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ISSUER/.test(code)) {
    return new UserError(
      "unavailable",
      `the certificate of ${url.host} cannot be trusted (${code}): behind a proxy that opens TLS, set NODE_EXTRA_CA_CERTS to its certificate; ${OTHER_MEANS}`,
      { cause: error },
    );
  }
  return unreachable(url, NETWORK_REASONS[code] ?? (message === "" ? code : message));
}

/** What an answer that is not a success means. `X-Error-Code` is the hub's own word for it. */
export function statusFailure(answer: Refusal, wanted: Wanted): RetryableFailure | UserError {
  const { status } = answer;
  const { what, where, advice } = wanted;
  if (status === 404 || status === 410) {
    const subject =
      answer.header("x-error-code") === "RevisionNotFound" ? `such revision of ${what}` : what;
    return new UserError("badInput", `no ${subject} at ${where}; ${advice}`);
  }
  if (status === 401 || status === 403) {
    if (!wanted.isOnHub) {
      return new UserError(
        "unavailable",
        `the ${what} at ${where} may not be read (status ${status}): ${advice}; ${OTHER_MEANS}`,
      );
    }
    // To someone who has not signed in, the hub answers 401 for data sets that do not exist, too.
    const remedy = answer.sentToken
      ? "the access token in HF_TOKEN does not allow reading it"
      : "to read a private or gated one, set HF_TOKEN to an access token of an account that may";
    return new UserError(
      "unavailable",
      `the ${what} at ${where} does not exist, is private or is gated (status ${status}): ${advice}; ${remedy}`,
    );
  }
  const final = new UserError(
    "unavailable",
    `${answer.url.host} answered with status ${status} for the ${what}: try again later; ${OTHER_MEANS}`,
  );
  if (status === 429 || status === 408 || status >= 500) {
    return new RetryableFailure(`status ${status}`, final, serverDelayMs(answer));
  }
  return final;
}

const WRITE_REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space and run the same command again to go on",
  EDQUOT: "the disk quota is used up; free some space and run the same command again to go on",
  EFBIG: "it would be larger than a file may be there; choose another directory, or lift the limit",
  EACCES: "writing there is not permitted; choose another directory",
  EPERM: "writing there is not permitted; choose another directory",
  EROFS: "the file system is read-only; choose another directory",
  ENOTDIR: "a file is where a directory should be; choose another directory",
  EEXIST: "a file is where a directory should be; choose another directory",
  EISDIR: "a directory is where the file should be; choose another directory",
};

/** What a failure to write a local file means. */
export function writeFailure(error: unknown, path: string): UserError {
  const reason = WRITE_REASONS[errorCode(error) ?? ""] ?? errorMessage(error);
  return new UserError("io", `cannot write ${path}: ${reason}`, { cause: error });
}

/**
 * Runs something that fails only where the file system does.
 *
 * @throws UserError `io`, naming `path`
 */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw writeFailure(error, path);
  }
}
