import { fileURLToPath } from "node:url";
import pLimit, { type LimitFunction } from "p-limit";
import { Piscina } from "piscina";
import { BusyError } from "./failures.js";
import type { DeclarationService, QuestionName, Questions, Readiness } from "./questions.js";
import { replied } from "./replied.js";
import type { Reply, ThreadData } from "./open-index.js";
import type { Task } from "./search-thread.js";
import { abortError, unlessAborted } from "./unless-aborted.js";

const THREAD_FILE = fileURLToPath(new URL("./search-thread.js", import.meta.url));

export interface SearchPoolOptions extends ThreadData {
  /** How many questions are answered at a time, each by a thread with the index and the models. */
  readonly threads: number;
  /** How many questions may wait for a thread before more are refused. */
  readonly mostWaiting: number;
}

/** Answers questions on threads of their own, so that whoever asks stays responsive. */
export class SearchPool implements DeclarationService {
  readonly threads: number;
  readonly #pool: Piscina;
  readonly #turns: LimitFunction;
  readonly #mostWaiting: number;
  #readiness: Readiness | undefined;
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;

  /** Starts the threads; they open the index by themselves, and questions wait for it. */
  constructor({ threads, mostWaiting, indexPath, remote }: SearchPoolOptions) {
    this.threads = threads;
    this.#mostWaiting = mostWaiting;
    this.#turns = pLimit(threads);
    const threadData: ThreadData = { indexPath, remote };
    this.#pool = new Piscina({
      filename: THREAD_FILE,
      minThreads: threads,
      maxThreads: threads,
      workerData: threadData,
    });
  }

  /** What is searched, once a thread has been able to answer; undefined until then. */
  get readiness(): Readiness | undefined {
    return this.#isClosed ? undefined : this.#readiness;
  }

  /** How many questions wait for a thread. */
  get waiting(): number {
    return this.#turns.pendingCount;
  }

  /** How many questions are being answered. */
  get active(): number {
    return this.#turns.activeCount;
  }

  /**
   * Has every thread open the index.
   *
   * @returns when the first one has.
   * @throws UnusableIndexError where it cannot be opened, or the models cannot.
   */
  async open(): Promise<Readiness> {
    const opening = Array.from({ length: this.threads }, () => this.ask("ready", null));
    // One failure is told by the race; the others say the same.
    void Promise.allSettled(opening);
    return (this.#readiness = await Promise.any(opening).catch((error: unknown) => {
      throw error instanceof AggregateError ? error.errors[0] : error;
    }));
  }

  async ask<Name extends QuestionName>(
    name: Name,
    request: Questions[Name]["request"],
    signal?: AbortSignal,
  ): Promise<Questions[Name]["answer"]> {
    if (signal?.aborted === true) throw abortError();
    if (this.#isClosed || this.waiting >= this.#mostWaiting) throw new BusyError();
    const task: Task<Name> = { name, request };
    const answering = this.#turns(async () => {
      if (signal?.aborted === true) throw abortError();
      const reply = (await this.#pool.run(task)) as Reply<Questions[Name]["answer"]>;
      if (reply.ok && reply.readiness !== undefined) this.#readiness = reply.readiness;
      return reply;
    });
    this.#underWay.add(answering);
    const settled = (): unknown => this.#underWay.delete(answering);
    answering.then(settled, settled);
    // A search cannot be stopped half-way without its thread; it takes some 50 ms.
    return replied(await unlessAborted(answering, signal));
  }

  /** Answers what was asked so far, refuses new questions, and ends the threads. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#underWay);
    await this.#pool.close();
  }
}
