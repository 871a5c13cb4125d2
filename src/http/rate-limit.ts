/** How many clients are remembered; the longest silent ones are forgotten first. */
const MOST_CLIENTS = 10_000;

interface Bucket {
  tokens: number;
  /** In ms. */
  filledAt: number;
}

/**
 * A token bucket for every client: so many requests a second on average, and twice that many at once
 * after a pause.
 */
export class RateLimit {
  readonly #perSecond: number;
  readonly #now: () => number;
  /** In the order of last use. */
  readonly #buckets = new Map<string, Bucket>();

  /** @param now the time in ms, from any start. */
  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#now = now;
  }

  /**
   * Counts a request.
   *
   * @returns how long to wait before it would be taken, in ms; 0 where it is taken.
   */
  take(client: string): number {
    const now = this.#now();
    const most = 2 * this.#perSecond;
    const known = this.#buckets.get(client);
    const gained = known === undefined ? most : ((now - known.filledAt) / 1000) * this.#perSecond;
    const tokens = Math.min(most, (known?.tokens ?? 0) + gained);
    const isTaken = tokens >= 1;
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: isTaken ? tokens - 1 : tokens, filledAt: now });
    if (this.#buckets.size > MOST_CLIENTS) {
      const [longestSilent] = this.#buckets.keys();
      if (longestSilent !== undefined) this.#buckets.delete(longestSilent);
    }
    return isTaken ? 0 : Math.ceil(((1 - tokens) / this.#perSecond) * 1000);
  }
}
