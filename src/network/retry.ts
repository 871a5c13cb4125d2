import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors.js";

/** A failure that may pass: worth another attempt, and a sentence for when attempts run out. */
export class RetryableFailure extends Error {
  override readonly name = "RetryableFailure";
  readonly final: UserError;
  /** How long the server asks to be left alone, if it says so. */
  readonly retryAfterMs: number | undefined;

  constructor(reason: string, final: UserError, retryAfterMs?: number) {
    super(reason, { cause: final });
    this.final = final;
    this.retryAfterMs = retryAfterMs;
  }
}

/** How patient a client is. */
export interface RetryPolicy {
  /** Failures in a row, without a byte of progress between them, after which it gives up. */
  readonly maxFailures: number;
  /** The wait after the first failure, in ms; it doubles with each further one. */
  readonly baseDelayMs: number;
  /** The longest wait of its own choosing, in ms. */
  readonly maxDelayMs: number;
  /** The longest wait that a server may ask for, in ms; if it asks for more, that is a failure. */
  readonly maxServerDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  maxFailures: 5,
  baseDelayMs: 500,
  maxDelayMs: 30_000,
  maxServerDelayMs: 600_000,
};

/** Told before each wait. */
export interface RetryNotice {
  readonly reason: string;
  /** Failures in a row so far. */
  readonly failures: number;
  readonly delayMs: number;
}

export interface RetryOptions {
  readonly retry?: Partial<RetryPolicy>;
  readonly signal?: AbortSignal;
  readonly onRetry?: (notice: RetryNotice) => void;
}

/**
 * The wait before attempt `failures + 1`, in ms: exponential back-off, of which the upper half is
 * left to chance, so that many clients of one server do not come back at once.
 */
export function backoffMs(failures: number, policy: RetryPolicy, random = Math.random()): number {
  const full = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (failures - 1));
  return full * (0.5 + 0.5 * random);
}

/**
 * Runs `attempt` until it succeeds. A `RetryableFailure` is tried again after a wait; every other
 * error ends it.
 *
 * @param progress A number that grows while attempts get further than any before them. Growth
 * forgives earlier failures, so that a long file over a poor line arrives in the end.
 * @throws UserError what the last failure says, or `interrupted`
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  progress: () => number,
  options: RetryOptions,
): Promise<T> {
  const policy = { ...DEFAULT_RETRY, ...options.retry };
  for (let failures = 0; ;) {
    const before = progress();
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof RetryableFailure)) throw error;
      failures = progress() > before ? 1 : failures + 1;
      const asked = error.retryAfterMs ?? 0;
      if (failures >= policy.maxFailures || asked > policy.maxServerDelayMs) throw error.final;
      const delayMs = Math.max(asked, backoffMs(failures, policy));
      options.onRetry?.({ reason: error.message, failures, delayMs });
      await pause(delayMs, options.signal);
    }
  }
}

/**
 * How long a server asks to wait, in ms: `Retry-After` (RFC 9110, section 10.2.3; seconds or a
 * date), or the `t` of the hub's `RateLimit` (draft-ietf-httpapi-ratelimit-headers, version 9).
 */
export function serverDelayMs(
  answer: { readonly header: (name: string) => string | undefined },
  now = Date.now(),
): number | undefined {
  const retryAfter = answer.header("retry-after")?.trim();
  if (retryAfter !== undefined && /^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter ?? "");
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  const reset = /;\s*t=(\d+)/.exec(answer.header("ratelimit") ?? "")?.[1];
  return reset === undefined ? undefined : Number(reset) * 1000;
}

/** Ctrl-C, or whoever else lost interest. */
export function interrupted(): UserError {
  return new UserError("interrupted", "Interrupted.");
}

async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(delayMs, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw interrupted();
  }
}
