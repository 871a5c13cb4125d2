import type { RecordingEntry } from "../llm/recording-file.js";
import { TraceFile } from "../premises/trace-file.js";
import { verdictRecord } from "../verify/verdict-record.js";
import type { Attempt } from "./attempt.js";
import type { Finding, StartingPremises } from "./retriever.js";
import type { Wants } from "./wants.js";

/** What a run is started with. */
export interface ProveStart {
  readonly lemmascope: string;
  readonly statement: string;
  readonly retrieval: string;
  readonly rounds: number;
  readonly candidates: number;
  readonly checker: string;
  /** The version of the prompt. */
  readonly prompt: string;
}

/** Writes down all that a run asked, was answered, checked and found: one JSON line an event. */
export class ProveTrace {
  readonly #file: TraceFile;

  /** @throws UserError `io` where the file cannot be made; a file that exists is written over. */
  constructor(path: string) {
    this.#file = new TraceFile(path);
  }

  start(start: ProveStart): void {
    this.#file.write({ event: "start", format: "lemmascope prove trace", version: 1, ...start });
  }

  /** A question to a language model, and what came of it. */
  answer(entry: RecordingEntry): void {
    this.#file.write({ event: "answer", ...entry });
  }

  premises(starting: StartingPremises): void {
    const names = starting.premises.map(({ name }) => name);
    this.#file.write({ event: "premises", names, plan: starting.plan, notes: starting.notes });
  }

  attempt({ verdict, ...rest }: Attempt): void {
    const checked = verdict === undefined ? null : verdictRecord(verdict);
    this.#file.write({ event: "attempt", ...rest, verdict: checked });
  }

  /** What the errors of an attempt asked for, and what was found. */
  found(attempt: Attempt, wants: Wants, findings: readonly Finding[]): void {
    const { candidate, round } = attempt;
    const found = findings.map(({ asked, premises }) => ({
      asked,
      names: premises.map(({ name }) => name),
    }));
    this.#file.write({ event: "found", candidate, round, wants, found });
  }

  end(end: object): void {
    this.#file.write({ event: "end", ...end });
  }

  close(): void {
    this.#file.close();
  }
}
