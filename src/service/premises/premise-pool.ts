import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import pLimit, { type LimitFunction } from "p-limit";
import { Piscina } from "piscina";
import type { Logger } from "pino";
import { UserError } from "../../errors.js";
import { BusyError } from "../failures.js";
import type { Reply } from "../open-index.js";
import { replied } from "../replied.js";
import { abortError, unlessAborted } from "../unless-aborted.js";
import type {
  ModelSource,
  PremiseRunOptions,
  PremisesFound,
  PremisesRequest,
  PremiseService,
} from "./premise-service.js";
import type { PremiseTask, PremiseThreadData } from "./premise-thread.js";
import { RunFollower } from "./run-link.js";

const THREAD_FILE = fileURLToPath(new URL("./premise-thread.js", import.meta.url));

/** How long the thread stays after its last run, in ms; it holds an index and models. */
const IDLE_MS = 600_000;

export interface PremisePoolOptions extends PremiseThreadData {
  /** How many runs with a language model go on at a time. Those mostly wait. */
  readonly modelRuns: number;
  /** How many runs of each kind may wait before more are refused. */
  readonly mostWaiting: number;
  readonly logger: Logger;
}

/** Runs without a language model that go on at a time: they compute, all on one thread. */
const OTHER_RUNS = 2;

/**
 * Finds premises on a thread of its own, which starts with the first run: searches never wait for it,
 * and whoever asks stays responsive.
 */
export class PremisePool implements PremiseService {
  readonly #pool: Piscina;
  readonly #hasModel: boolean;
  readonly #turns: Readonly<Record<"model" | "other", LimitFunction>>;
  readonly #mostWaiting: number;
  readonly #logger: Logger;
  /** Those that ask language models, which may take minutes. */
  readonly #modelRuns = new Set<RunFollower>();
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(options: PremisePoolOptions) {
    const { indexPath, remote, models, modelRuns, mostWaiting, logger } = options;
    this.#hasModel = models.settings !== undefined;
    this.#turns = { model: pLimit(modelRuns), other: pLimit(OTHER_RUNS) };
    this.#mostWaiting = mostWaiting;
    this.#logger = logger;
    const threadData: PremiseThreadData = { indexPath, remote, models };
    this.#pool = new Piscina({
      filename: THREAD_FILE,
      minThreads: 0,
      maxThreads: 1,
      concurrentTasksPerWorker: modelRuns + OTHER_RUNS,
      idleTimeout: IDLE_MS,
      workerData: threadData,
    });
  }

  /** How many runs wait for their turn. */
  get waiting(): number {
    return this.#turns.model.pendingCount + this.#turns.other.pendingCount;
  }

  /** How many runs go on. */
  get active(): number {
    return this.#turns.model.activeCount + this.#turns.other.activeCount;
  }

  async find(request: PremisesRequest, options: PremiseRunOptions = {}): Promise<PremisesFound> {
    const { signal } = options;
    if (signal?.aborted === true) throw abortError();
    const source = this.#sourceFor(request, options);
    const turns = this.#turns[source === "none" ? "other" : "model"];
    if (this.#isClosed || turns.pendingCount >= this.#mostWaiting) throw new BusyError("runs");
    const running = turns(() => this.#run(request, source, options));
    this.#underWay.add(running);
    const settled = (): unknown => this.#underWay.delete(running);
    running.then(settled, settled);
    return replied(await unlessAborted(running, signal));
  }

  /**
   * Refuses new runs, lets those finish that were asked for, and ends the thread. Runs that ask
   * language models end with what they have.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const run of this.#modelRuns) run.end();
    await Promise.allSettled(this.#underWay);
    await this.#pool.close();
  }

  /** @throws UserError `usage` where the request wants a language model, and there is none. */
  #sourceFor({ sketch, mode }: PremisesRequest, { clientModel }: PremiseRunOptions): ModelSource {
    if (sketch !== undefined || mode === "none") return "none";
    if (this.#hasModel) return "configured";
    if (clientModel !== undefined) return "client";
    if (mode === undefined) return "none";
    throw new UserError(
      "usage",
      `There is no language model for the mode "${mode}": leave the mode out, or send a sketch of your own.`,
    );
  }

  async #run(
    request: PremisesRequest,
    source: ModelSource,
    { signal, onProgress, clientModel }: PremiseRunOptions,
  ): Promise<Reply<PremisesFound>> {
    if (signal?.aborted === true) throw abortError();
    if (this.#isClosed && source !== "none") throw new BusyError("runs");
    const { port1, port2 } = new MessageChannel();
    const follower = new RunFollower(port1, {
      // Whoever took the run back is told no more.
      onProgress: (progress) => {
        if (signal?.aborted !== true) onProgress?.(progress);
      },
      onProblem: (problem) => this.#logger.error({ problem }, "a language model cannot be used"),
      clientModel,
    });
    const end = (): void => follower.end();
    signal?.addEventListener("abort", end, { once: true });
    if (source !== "none") this.#modelRuns.add(follower);
    try {
      const task: PremiseTask = { request, source, port: port2 };
      return (await this.#pool.run(task, { transferList: [port2] })) as Reply<PremisesFound>;
    } finally {
      signal?.removeEventListener("abort", end);
      this.#modelRuns.delete(follower);
      follower.close();
    }
  }
}
