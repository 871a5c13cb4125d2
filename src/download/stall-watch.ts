/** Aborts a request if it waits for the network for too long. Started anew with every sign of life. */
export class StallWatch {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number, signal: AbortSignal | undefined) {
    this.#timeoutMs = timeoutMs;
    this.signal =
      signal === undefined
        ? this.#controller.signal
        : AbortSignal.any([signal, this.#controller.signal]);
  }

  get stalled(): boolean {
    return this.#controller.signal.aborted;
  }

  start(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#controller.abort();
    }, this.#timeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
