import { UserError } from "../../errors.js";
import { interrupted } from "../../network/retry.js";
import { type CheckFile, importLines } from "../compose.js";
import type { LeanMessage, LeanRun, LeanRunner } from "../lean-run.js";
import type { GroupOptions } from "../process/process-group.js";
import type { CheckOptions } from "../verdict.js";
import { ReplFailure, ReplProcess } from "./repl-process.js";

export interface ReplOptions extends GroupOptions {
  /** How many processes there are at the same time. */
  readonly processes: number;
  /** How long one check may take, in ms. */
  readonly timeoutMs: number;
  /** How long importing may take, in ms. */
  readonly importTimeoutMs: number;
  /** After how many checks a process is replaced by a new one. */
  readonly mostUses: number;
}

/** A process with the environments that it has imported. */
interface Worker {
  readonly process: ReplProcess;
  /** The number of the environment after each set of imports. */
  readonly imported: Map<string, number>;
  uses: number;
}

/** A process is replaced when it takes more than this part of the memory that it may take. */
const TIRED_AT = 0.75;

/** Checks files with REPL processes that keep what they have imported; others wait in a queue. */
export class ReplRunner implements LeanRunner {
  readonly name = "repl";
  readonly #options: ReplOptions;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  readonly #queue: (() => void)[] = [];
  #busy = 0;
  #closed = false;

  constructor(options: ReplOptions) {
    this.#options = options;
  }

  async run(file: CheckFile, { signal }: CheckOptions = {}): Promise<LeanRun> {
    await this.#turn(signal);
    try {
      const header = importLines(file.imports);
      const worker = this.#worker(header);
      const isFresh = worker.uses === 0;
      const run = await this.#ask(worker, header, file, signal);
      // An old process may have been tired; what a fresh one cannot do, no other can.
      if (isFresh || run.failure?.kind !== "crash") return run;
      return await this.#ask(this.#newWorker(), header, file, signal);
    } finally {
      this.#busy -= 1;
      this.#queue.shift()?.();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const next of this.#queue.splice(0)) next();
    await Promise.all([...this.#all].map((worker) => this.#retire(worker)));
  }

  /** Waits until there is room for one more. */
  async #turn(signal: AbortSignal | undefined): Promise<void> {
    while (this.#busy >= this.#options.processes && !this.#closed) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal?.removeEventListener("abort", go);
          const at = this.#queue.indexOf(go);
          if (at !== -1) this.#queue.splice(at, 1);
          resolve();
        };
        this.#queue.push(go);
        signal?.addEventListener("abort", go);
      });
      if (signal?.aborted === true) {
        // A place that it was given meanwhile goes to the next.
        if (this.#busy < this.#options.processes) this.#queue.shift()?.();
        throw interrupted();
      }
    }
    if (this.#closed) throw new UserError("interrupted", "The checker was closed.");
    this.#busy += 1;
  }

  /** One that has imported the same before, or any other, or a new one. */
  #worker(header: string): Worker {
    const at = this.#idle.findIndex(({ imported }) => imported.has(header));
    const [known] = at === -1 ? this.#idle.splice(0, 1) : this.#idle.splice(at, 1);
    return known ?? this.#newWorker();
  }

  #newWorker(): Worker {
    const worker = { process: new ReplProcess(this.#options), imported: new Map(), uses: 0 };
    this.#all.add(worker);
    return worker;
  }

  async #ask(
    worker: Worker,
    header: string,
    file: CheckFile,
    signal: AbortSignal | undefined,
  ): Promise<LeanRun> {
    try {
      return await this.#check(worker, header, file, signal);
    } catch (error) {
      if (!(error instanceof ReplFailure)) throw error;
      return { messages: [], sorries: [], failure: error.failure };
    } finally {
      await this.#release(worker);
    }
  }

  async #check(
    worker: Worker,
    header: string,
    file: CheckFile,
    signal: AbortSignal | undefined,
  ): Promise<LeanRun> {
    const { timeoutMs, importTimeoutMs } = this.#options;
    worker.uses += 1;
    let env = worker.imported.get(header);
    if (header !== "" && env === undefined) {
      const answer = await worker.process.ask({ cmd: header }, importTimeoutMs, signal);
      if (answer.kind !== "command")
        return unexpected(answer.kind === "error" ? answer.message : "");
      // With its errors an environment is of no use to others.
      if (answer.messages.some(({ severity }) => severity === "error")) {
        return { messages: answer.messages, sorries: [], failure: undefined };
      }
      env = answer.env;
      worker.imported.set(header, env);
    }
    const request = { cmd: file.body, ...(env === undefined ? {} : { env }) };
    const answer = await worker.process.ask(request, timeoutMs, signal);
    if (answer.kind !== "command") return unexpected(answer.kind === "error" ? answer.message : "");
    const shift = file.imports.length;
    return {
      messages: answer.messages.map((message) => shifted(message, shift)),
      sorries: answer.sorries.map((sorry) => ({
        ...sorry,
        pos: down(sorry.pos, shift),
        endPos: down(sorry.endPos, shift),
      })),
      failure: undefined,
    };
  }

  async #release(worker: Worker): Promise<void> {
    const { mostUses, memoryBytes } = this.#options;
    const isTired =
      this.#closed ||
      !worker.process.isUsable ||
      worker.uses >= mostUses ||
      (await worker.process.memory()) > TIRED_AT * memoryBytes;
    if (isTired) await this.#retire(worker);
    else this.#idle.push(worker);
  }

  async #retire(worker: Worker): Promise<void> {
    await worker.process.end();
    this.#all.delete(worker);
  }
}

/** Moves a message of the body to its line in the whole file. */
export function shifted(message: LeanMessage, lines: number): LeanMessage {
  return { ...message, pos: down(message.pos, lines), endPos: down(message.endPos, lines) };
}

function down<P extends { line: number; column: number } | undefined>(place: P, lines: number): P {
  return place === undefined ? place : { ...place, line: place.line + lines };
}

function unexpected(said: string): LeanRun {
  const sentence = `The REPL could not do what it was asked${said === "" ? "" : ` (${said})`}.`;
  return { messages: [], sorries: [], failure: { kind: "crash", sentence } };
}
