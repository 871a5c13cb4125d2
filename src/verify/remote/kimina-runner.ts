import pLimit from "p-limit";
import { type CheckFile, fileText } from "../compose.js";
import type { LeanRun, LeanRunner } from "../lean-run.js";
import { tookTooLong } from "../process/run-group.js";
import { shifted } from "../repl/repl-runner.js";
import { interrupted } from "../../network/retry.js";
import type { CheckOptions } from "../verdict.js";
import type { KiminaResult } from "./kimina-answer.js";
import { KiminaServer, type KiminaServerOptions } from "./kimina-server.js";

export interface KiminaOptions extends KiminaServerOptions {
  /** How many checks one request carries at most. */
  readonly batchSize: number;
  /** How many requests are under way at the same time at most. */
  readonly concurrency: number;
}

/** How long a check waits for others to go with it, in ms. */
const BATCH_WAIT_MS = 10;

interface Waiting {
  readonly file: CheckFile;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (run: LeanRun) => void;
  readonly reject: (error: unknown) => void;
}

/** Checks files on a Kimina Lean Server; checks that are asked for together travel together. */
export class KiminaRunner implements LeanRunner {
  readonly name = "remote";
  readonly #options: KiminaOptions;
  readonly #server: KiminaServer;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #closing = new AbortController();
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: KiminaOptions) {
    this.#options = options;
    this.#server = new KiminaServer(options);
    this.#limit = pLimit(options.concurrency);
  }

  run(file: CheckFile, { signal }: CheckOptions = {}): Promise<LeanRun> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true || this.#closing.signal.aborted) {
        reject(interrupted());
        return;
      }
      const onAbort = (): void => reject(interrupted());
      const settled = <T>(settle: (value: T) => void) => {
        return (value: T): void => {
          signal?.removeEventListener("abort", onAbort);
          settle(value);
        };
      };
      signal?.addEventListener("abort", onAbort);
      this.#waiting.push({ file, signal, resolve: settled(resolve), reject: settled(reject) });
      if (this.#waiting.length >= this.#options.batchSize) this.#send();
      else this.#timer ??= setTimeout(() => this.#send(), BATCH_WAIT_MS);
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#closing.abort();
    for (const { reject } of this.#waiting.splice(0)) reject(interrupted());
    await this.#server.close();
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    void this.#limit(() => this.#sendBatch(batch));
  }

  async #sendBatch(batch: readonly Waiting[]): Promise<void> {
    const wanted = batch.filter(({ signal }) => signal?.aborted !== true);
    if (wanted.length === 0) return;
    // A request ends early only when nobody waits for it any more.
    const signals = wanted.map(({ signal }) => signal);
    const abandoned = new AbortController();
    const look = (): void => {
      if (signals.every((signal) => signal?.aborted === true)) abandoned.abort();
    };
    for (const signal of signals) signal?.addEventListener("abort", look);
    try {
      const results = await this.#server.verify(
        wanted.map(({ file }) => fileText(file)),
        AbortSignal.any([abandoned.signal, this.#closing.signal]),
      );
      wanted.forEach(({ file, resolve }, at) => resolve(this.#runOf(file, results[at])));
    } catch (error) {
      for (const { reject } of wanted) reject(error);
    } finally {
      for (const signal of signals) signal?.removeEventListener("abort", look);
    }
  }

  #runOf(file: CheckFile, result: KiminaResult | undefined): LeanRun {
    const none = { messages: [], sorries: [] };
    const error = result?.error ?? "";
    if (/timed? ?out/i.test(error)) {
      return { ...none, failure: tookTooLong(this.#options.timeoutMs) };
    }
    if (/memory/i.test(error)) {
      const sentence = "The Lean server ran out of memory for this check.";
      return { ...none, failure: { kind: "memory", sentence } };
    }
    const response = result?.response;
    if (error !== "" || response == null || "message" in response) {
      const said =
        error !== ""
          ? error
          : response != null && "message" in response
            ? response.message
            : "nothing";
      const sentence = `The Lean server could not check it (${said.slice(0, 200)}).`;
      return { ...none, failure: { kind: "crash", sentence } };
    }
    const lines = missingLines(file, response.messages);
    return {
      messages: response.messages.map((message) => shifted(message, lines)),
      sorries: response.sorries.map((sorry) => ({
        ...sorry,
        pos: sorry.pos && { ...sorry.pos, line: sorry.pos.line + lines },
        endPos: sorry.endPos && { ...sorry.endPos, line: sorry.endPos.line + lines },
      })),
      failure: undefined,
    };
  }
}

/**
 * How many lines the server does not count: it takes the imports off, and only some versions add
 * their lines again (server/split.py). Where the answer to the last question stands tells which.
 */
function missingLines(
  file: CheckFile,
  messages: readonly { pos: { line: number }; data: string }[],
): number {
  const imports = file.imports.length;
  const question = file.questions.at(-1);
  if (question === undefined) return imports;
  const name = question.theorem.replace(/^_root_\./, "");
  const counted = messages.some(
    ({ pos, data }) => pos.line === question.line && data.includes(`'${name}' `),
  );
  return counted ? 0 : imports;
}
