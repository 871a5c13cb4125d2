import type { MessagePort } from "node:worker_threads";
import { errorMessage, UserError } from "../../errors.js";
import type { PremiseProgress } from "../../premises/premise-run.js";
import type { ClientAnswer, ClientModel, ClientQuestion } from "./client-completions.js";

/** How often progress within a stage is told at most, in ms. */
const PROGRESS_MS = 250;

/** What a run's thread says while it runs. */
type FromRun =
  | { readonly kind: "progress"; readonly progress: PremiseProgress }
  | { readonly kind: "problem"; readonly message: string }
  | { readonly kind: "question"; readonly id: number; readonly question: ClientQuestion }
  | { readonly kind: "taken back"; readonly id: number };

/** What it is told. */
type ToRun =
  | { readonly kind: "abort" }
  | { readonly kind: "answer"; readonly id: number; readonly answer: ClientAnswer }
  | { readonly kind: "no answer"; readonly id: number; readonly message: string };

/** The end of the link on which the run is. */
export class RunLink {
  readonly #port: MessagePort;
  readonly #aborting = new AbortController();
  readonly #asked = new Map<
    number,
    { resolve: (answer: ClientAnswer) => void; reject: (error: UserError) => void }
  >();
  #lastId = 0;
  #told = { stage: "", round: 0, at: 0 };

  constructor(port: MessagePort) {
    this.#port = port;
    port.on("message", (message: ToRun) => this.#hear(message));
  }

  /** Aborted when the run is to end. */
  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  /** Tells how far the run is: each stage's beginning and end, and not too much between. */
  progress(progress: PremiseProgress): void {
    const { stage, round, done, total } = progress;
    const now = performance.now();
    const isSame = this.#told.stage === stage && this.#told.round === round;
    if (isSame && done < total && now - this.#told.at < PROGRESS_MS) return;
    this.#told = { stage, round, at: now };
    this.#say({ kind: "progress", progress });
  }

  /** Tells whoever runs the service what clients are not told. */
  problem(message: string): void {
    this.#say({ kind: "problem", message });
  }

  /** Asks the client's language model. */
  readonly ask: ClientModel = (question, signal) => {
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      const takeBack = (): void => {
        this.#asked.delete(id);
        this.#say({ kind: "taken back", id });
        reject(new UserError("interrupted", "Interrupted."));
      };
      const settled = (): void => signal.removeEventListener("abort", takeBack);
      this.#asked.set(id, {
        resolve: (answer) => {
          settled();
          resolve(answer);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      signal.addEventListener("abort", takeBack, { once: true });
      this.#say({ kind: "question", id, question });
    });
  };

  close(): void {
    this.#port.close();
  }

  #say(message: FromRun): void {
    this.#port.postMessage(message);
  }

  #hear(message: ToRun): void {
    if (message.kind === "abort") {
      this.#aborting.abort();
      return;
    }
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if (message.kind === "answer") asked?.resolve(message.answer);
    else asked?.reject(new UserError("unavailable", message.message));
  }
}

/** Who hears what a run says. */
export interface RunListeners {
  readonly onProgress?: ((progress: PremiseProgress) => void) | undefined;
  readonly onProblem: (message: string) => void;
  readonly clientModel?: ClientModel | undefined;
}

/** The other end of the link. */
export class RunFollower {
  readonly #port: MessagePort;
  readonly #listeners: RunListeners;
  /** What the client's model is being asked. */
  readonly #questions = new Map<number, AbortController>();

  constructor(port: MessagePort, listeners: RunListeners) {
    this.#port = port;
    this.#listeners = listeners;
    port.on("message", (message: FromRun) => this.#hear(message));
  }

  /** Has the run end with what it has found. */
  end(): void {
    this.#say({ kind: "abort" });
  }

  /** Stops listening, and takes back what the client is being asked. */
  close(): void {
    for (const asking of this.#questions.values()) asking.abort();
    this.#port.close();
  }

  #say(message: ToRun): void {
    this.#port.postMessage(message);
  }

  #hear(message: FromRun): void {
    switch (message.kind) {
      case "progress":
        this.#listeners.onProgress?.(message.progress);
        return;
      case "problem":
        this.#listeners.onProblem(message.message);
        return;
      case "question":
        void this.#answer(message.id, message.question);
        return;
      case "taken back":
        this.#questions.get(message.id)?.abort();
    }
  }

  async #answer(id: number, question: ClientQuestion): Promise<void> {
    const { clientModel } = this.#listeners;
    const asking = new AbortController();
    this.#questions.set(id, asking);
    try {
      if (clientModel === undefined) throw new Error("there is none");
      this.#say({ kind: "answer", id, answer: await clientModel(question, asking.signal) });
    } catch (error) {
      this.#say({ kind: "no answer", id, message: errorMessage(error) });
    } finally {
      this.#questions.delete(id);
    }
  }
}
