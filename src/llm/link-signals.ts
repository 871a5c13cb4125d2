import { setMaxListeners } from "node:events";
import { interrupted } from "../network/retry.js";

/** Several signals as one. */
export interface LinkedSignal {
  /** Aborted when any of them is. */
  readonly signal: AbortSignal;
  /**
   * Runs work, and does not wait for its end once a signal is aborted.
   *
   * @throws UserError `interrupted`, or what the work throws.
   */
  race<T>(work: () => Promise<T>): Promise<T>;
  /** Takes the listeners off the signals, which may live much longer. */
  release(): void;
}

export function linkSignals(signals: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const given = signals.filter((signal) => signal !== undefined);
  const abort = (): void => controller.abort();
  for (const signal of given) {
    // Node warns of more than 10 listeners, as they may have been forgotten; questions under way can
    // be many more.
    setMaxListeners(0, signal);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  }
  return {
    signal: controller.signal,
    race: (work) =>
      new Promise((resolve, reject) => {
        const stop = (): void => reject(interrupted());
        if (controller.signal.aborted) {
          stop();
          return;
        }
        controller.signal.addEventListener("abort", stop);
        work().then(resolve, reject);
      }),
    release: () => {
      for (const signal of given) signal.removeEventListener("abort", abort);
    },
  };
}
