import type { BudgetLimits } from "../config/llm-settings.js";
import { interrupted } from "../network/retry.js";
import { BudgetSpent } from "./chat.js";
import { costOf, type Prices } from "./cost.js";

/** Tokens of one request. */
export interface Tokens {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** How much money a run may cost. */
export interface MoneyLimit {
  /** In the money of the prices. */
  readonly most: number;
  readonly prices: Prices;
}

/** Room for one request. */
export interface Reservation {
  /** Called once when the request has ended. @param tokens what it cost; none where it failed. */
  settle(tokens?: Tokens): void;
}

/** The longest time that timers of JavaScript can be set to, in ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * What a run has spent and may still spend. Room is reserved before a request is sent and corrected
 * when it has ended, so that requests at the same time keep to the limits together.
 */
export class Budget {
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
  readonly #limits: BudgetLimits;
  readonly #money: MoneyLimit | undefined;
  readonly #deadline: number;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #waiting = new Set<() => void>();
  #calls = 0;
  #promptTokens = 0;
  #completionTokens = 0;
  #reservedTokens = 0;
  #reservedMoney = 0;
  #reservations = 0;

  /** The time begins to run. */
  constructor(limits: BudgetLimits, money?: MoneyLimit) {
    const timeUp = new AbortController();
    this.signal = timeUp.signal;
    this.#limits = limits;
    this.#money = money;
    const ms = (limits.seconds ?? Infinity) * 1000;
    this.#deadline = performance.now() + ms;
    if (ms <= LONGEST_TIMER_MS) {
      this.#timer = setTimeout(() => timeUp.abort(), ms);
      this.#timer.unref();
    }
  }

  get spent(): Tokens & { readonly calls: number } {
    return {
      calls: this.#calls,
      promptTokens: this.#promptTokens,
      completionTokens: this.#completionTokens,
    };
  }

  /** @throws BudgetSpent where the time is up. */
  checkTime(): void {
    const { seconds } = this.#limits;
    if (!this.signal.aborted && performance.now() < this.#deadline) return;
    throw new BudgetSpent("seconds", `The budget of ${seconds ?? 0} seconds is spent.`);
  }

  /**
   * Takes room for a call. Where only what others have reserved is in the way, it waits for those to
   * end, as they mostly need less.
   *
   * @param most how many tokens it may cost at most; their sum will do where no money is counted.
   * @throws BudgetSpent
   * @throws UserError `interrupted` after the signal
   */
  async reserve(most: number | Tokens, signal: AbortSignal): Promise<Reservation> {
    const asked = typeof most === "number" ? { promptTokens: most, completionTokens: 0 } : most;
    const tokens = asked.promptTokens + asked.completionTokens;
    const money = this.#costOf(asked);
    const { calls = Infinity, tokens: mostTokens = Infinity } = this.#limits;
    for (;;) {
      this.checkTime();
      if (signal.aborted) throw interrupted();
      if (this.#calls >= calls) {
        throw new BudgetSpent("calls", `The budget of ${calls} calls is spent.`);
      }
      const spent = this.#promptTokens + this.#completionTokens;
      const spentMoney = this.#costOf(this.spent);
      const mostMoney = this.#money?.most ?? Infinity;
      const fits = spent + this.#reservedTokens + tokens <= mostTokens;
      if (fits && spentMoney + this.#reservedMoney + money <= mostMoney) {
        return this.#take(tokens, money);
      }
      if (this.#reservations === 0) {
        if (fits) {
          throw new BudgetSpent(
            "money",
            `The budget of ${mostMoney} is spent: ${spentMoney.toFixed(4)} is used, and the next call may cost ${money.toFixed(4)}.`,
          );
        }
        throw new BudgetSpent(
          "tokens",
          `The budget of ${mostTokens} tokens is spent: ${spent} are used, and the next call may need ${tokens}.`,
        );
      }
      await this.#change(signal);
    }
  }

  /** Counts what a replayed answer cost when it was made. @throws BudgetSpent */
  charge(calls: number, tokens: Tokens): void {
    this.checkTime();
    const most = this.#limits;
    if (this.#calls + calls > (most.calls ?? Infinity)) {
      throw new BudgetSpent("calls", `The budget of ${most.calls ?? 0} calls is spent.`);
    }
    const added = tokens.promptTokens + tokens.completionTokens;
    const spent = this.#promptTokens + this.#completionTokens;
    if (spent + added > (most.tokens ?? Infinity)) {
      throw new BudgetSpent("tokens", `The budget of ${most.tokens ?? 0} tokens is spent.`);
    }
    this.#calls += calls;
    this.#add(tokens);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #take(tokens: number, money: number): Reservation {
    this.#calls += 1;
    this.#reservations += 1;
    this.#reservedTokens += tokens;
    this.#reservedMoney += money;
    return {
      settle: (cost) => {
        this.#reservations -= 1;
        this.#reservedTokens -= tokens;
        // Sums of fractions drift.
        this.#reservedMoney = this.#reservations === 0 ? 0 : this.#reservedMoney - money;
        if (cost !== undefined) this.#add(cost);
        for (const wake of [...this.#waiting]) wake();
      },
    };
  }

  /** In the money of the prices; 0 where there are none. */
  #costOf({ promptTokens, completionTokens }: Tokens): number {
    if (this.#money === undefined) return 0;
    return costOf({ prompt: promptTokens, answer: completionTokens }, this.#money.prices);
  }

  #add({ promptTokens, completionTokens }: Tokens): void {
    this.#promptTokens += promptTokens;
    this.#completionTokens += completionTokens;
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }
}

/**
 * About how many tokens a text has: tokenizers for English, mathematics and code need one for three
 * to four bytes, so that this is rather too many.
 */
export function estimatedTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3);
}
