import type { Readable } from "node:stream";
import type { StallWatch } from "./stall-watch.js";

/** Bytes that may wait here for a slow disk before the network is told to wait. */
const MAX_WAITING_BYTES = 1 << 20;

/**
 * The bytes of an answer, collected from the moment they arrive. Reading a Node stream directly
 * would lose what it still holds when the connection breaks; here all of it comes out before the
 * error does, so that every attempt over a poor line gets further.
 *
 * Can be read once, or discarded.
 */
export class ResponseBody implements AsyncIterable<Uint8Array> {
  readonly #stream: Readable;
  readonly #watch: StallWatch;
  readonly #explain: (error: unknown) => Error;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #ending: { error?: unknown } | undefined;
  #wake: () => void = () => undefined;

  /** @param explain What an error of the stream means; its result is thrown. */
  constructor(stream: Readable, watch: StallWatch, explain: (error: unknown) => Error) {
    this.#stream = stream;
    this.#watch = watch;
    this.#explain = explain;
    watch.start();
    stream.on("data", (bytes: Uint8Array) => this.#arrived(bytes));
    stream.on("end", () => this.#ended({}));
    stream.on("error", (error) => this.#ended({ error }));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const bytes = this.#waiting.shift();
        if (bytes !== undefined) {
          this.#taken(bytes);
          yield bytes;
        } else if (this.#ending === undefined) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        } else if ("error" in this.#ending) {
          throw this.#explain(this.#ending.error);
        } else {
          return;
        }
      }
    } finally {
      this.#watch.stop();
      this.#stream.destroy();
    }
  }

  /** Reads over a short body, so that the connection can be used again, and cuts a long one. */
  async discard(): Promise<void> {
    const shortBytes = 65_536;
    let length = 0;
    try {
      for await (const bytes of this) {
        length += bytes.length;
        if (length > shortBytes) break;
      }
    } catch {
      // Nobody wants this body, so nobody minds that the rest is missing.
    }
  }

  #arrived(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes < MAX_WAITING_BYTES) {
      this.#watch.start();
    } else {
      this.#watch.stop();
      this.#stream.pause();
    }
    this.#wake();
  }

  #taken(bytes: Uint8Array): void {
    this.#waitingBytes -= bytes.length;
    if (this.#stream.isPaused() && this.#waitingBytes < MAX_WAITING_BYTES / 2) {
      this.#watch.start();
      this.#stream.resume();
    }
  }

  #ended(ending: { error?: unknown }): void {
    this.#watch.stop();
    this.#ending ??= ending;
    this.#wake();
  }
}
