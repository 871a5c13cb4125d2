import { UserError } from "../../errors.js";
import { interrupted } from "../../network/retry.js";
import { type GroupOptions, ProcessGroup } from "../process/process-group.js";
import { tookTooLong, tookTooMuchMemory, wroteTooMuch } from "../process/run-group.js";
import type { Failure, RunFailureKind } from "../verdict.js";
import { AnswerSplitter, readReplAnswer, type ReplAnswer } from "./repl-answer.js";

/** How long an answer may be, in UTF-16 code units. */
const MOST_CHARACTERS = 8 * 2 ** 20;

/** The process gave no usable answer, and is of no more use. */
export class ReplFailure extends Error {
  override readonly name = "ReplFailure";
  readonly failure: Failure<RunFailureKind>;

  constructor(failure: Failure<RunFailureKind>) {
    super(failure.sentence);
    this.failure = failure;
  }
}

/** Waits for one answer. */
interface Waiting {
  readonly resolve: (answer: ReplAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A running REPL, which is asked one thing at a time: JSON with a blank line after it. */
export class ReplProcess {
  readonly #group: ProcessGroup;
  readonly #options: GroupOptions;
  readonly #splitter = new AnswerSplitter();
  #waiting: Waiting | undefined;
  #error: Error | undefined;
  #said = "";

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#group = new ProcessGroup(options);
    this.#group.stdin.on("error", () => undefined);
    this.#group.stdout.setEncoding("utf8");
    this.#group.stdout.on("data", (piece: string) => this.#read(piece));
    this.#group.stderr.setEncoding("utf8");
    this.#group.stderr.on("data", (piece: string) => {
      this.#said = (this.#said + piece).slice(-400);
    });
    void this.#group.exited.then(({ code, startError }) => this.#ended(code, startError));
  }

  /** Whether it can be asked. */
  get isUsable(): boolean {
    return this.#error === undefined;
  }

  /** Memory of the process and its children, in bytes. */
  memory(): Promise<number> {
    return this.#group.memory();
  }

  /**
   * Asks one thing and waits for the answer.
   *
   * @param request an object as REPL/JSON.lean describes them: `{cmd, env}`, `{tactic, proofState}`.
   * @param timeoutMs how long the answer may take.
   * @throws ReplFailure where there is none; then the process has been ended.
   * @throws UserError `unavailable` where it could not be started; `interrupted`
   */
  async ask(request: object, timeoutMs: number, signal?: AbortSignal): Promise<ReplAnswer> {
    if (this.#error !== undefined) throw this.#error;
    if (this.#waiting !== undefined) throw new Error("the REPL was asked before it had answered");
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => this.#fail(interrupted());
    try {
      return await new Promise<ReplAnswer>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        timer = setTimeout(() => this.#fail(new ReplFailure(tookTooLong(timeoutMs))), timeoutMs);
        signal?.addEventListener("abort", onAbort);
        if (signal?.aborted === true) onAbort();
        else this.#group.stdin.write(`${JSON.stringify(request)}\n\n`);
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      this.#waiting = undefined;
      if (!this.isUsable) await this.#group.end();
    }
  }

  async end(): Promise<void> {
    this.#fail(new UserError("interrupted", "The check was stopped."));
    await this.#group.end();
  }

  #read(piece: string): void {
    for (const text of this.#splitter.push(piece)) {
      const answer = readReplAnswer(text);
      if (answer === undefined || this.#waiting === undefined) {
        const sentence = `The REPL wrote what is no answer: ${text.slice(0, 200)}.`;
        this.#fail(new ReplFailure({ kind: "garbled", sentence }));
        return;
      }
      this.#waiting.resolve(answer);
      this.#waiting = undefined;
    }
    if (this.#splitter.pending > MOST_CHARACTERS) {
      this.#fail(new ReplFailure(wroteTooMuch(MOST_CHARACTERS)));
    }
  }

  #ended(code: number | undefined, startError: string): void {
    if (startError !== "") {
      const sentence = `${this.#options.command} cannot be started (${startError}).`;
      this.#fail(new UserError("unavailable", sentence));
    } else if (this.#group.outOfMemory) {
      this.#fail(new ReplFailure(tookTooMuchMemory(this.#options.memoryBytes)));
    } else {
      const how = code === undefined ? "was killed" : `ended with status ${code}`;
      const said = this.#said.trim().split("\n").at(-1) ?? "";
      const sentence = `The REPL ${how} without an answer${said === "" ? "" : ` (${said})`}.`;
      this.#fail(new ReplFailure({ kind: "crash", sentence }));
    }
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#waiting?.reject(this.#error);
  }
}
