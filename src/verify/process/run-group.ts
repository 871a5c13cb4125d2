import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../errors.js";
import { interrupted } from "../../network/retry.js";
import type { Failure, RunFailureKind } from "../verdict.js";
import { type GroupOptions, ProcessGroup } from "./process-group.js";

export interface RunOptions extends GroupOptions {
  /** How long it may run, in ms. */
  readonly timeoutMs: number;
  /** How much it may write, in bytes of standard output and standard error each. */
  readonly mostBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined where it was killed. */
  readonly code: number | undefined;
  readonly failure: Failure<RunFailureKind> | undefined;
}

/** How long output may still come after the program itself has ended, in ms. */
const LAST_OUTPUT_MS = 500;

/**
 * Runs a program to its end, or until it takes too long, too much memory, or writes too much. Then
 * nothing of it runs any more.
 *
 * @throws UserError `unavailable` where it cannot be started, `interrupted` after the signal.
 */
export async function runGroup(options: RunOptions): Promise<Outcome> {
  const { timeoutMs, mostBytes, memoryBytes, signal, command } = options;
  if (isAborted(signal)) throw interrupted();
  const group = new ProcessGroup(options);
  let failure: Failure<RunFailureKind> | undefined;
  const stopping = new AbortController();
  const stop = (reason?: Failure<RunFailureKind>): void => {
    failure ??= reason;
    stopping.abort();
  };
  const onAbort = (): void => stop();
  signal?.addEventListener("abort", onAbort);
  const timer = setTimeout(() => stop(tookTooLong(timeoutMs)), timeoutMs);
  const output = [group.stdout, group.stderr].map((stream) =>
    collect(stream, mostBytes, () => stop(wroteTooMuch(mostBytes))),
  );
  group.stdin.on("error", () => undefined);
  group.stdin.end();
  try {
    const stopped = new Promise<void>((resolve) => {
      stopping.signal.addEventListener("abort", () => resolve());
    });
    await Promise.race([group.exited, stopped]);
    // Children that it left behind may hold the output open.
    const ended = Promise.all(output.map(({ ended: end }) => end));
    if (!stopping.signal.aborted) await Promise.race([ended, sleep(LAST_OUTPUT_MS), stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    await group.end();
  }
  if (isAborted(signal)) throw interrupted();
  const { code, startError } = await group.exited;
  if (startError !== "") {
    throw new UserError("unavailable", `${command} cannot be started (${startError}).`);
  }
  if (group.outOfMemory) failure = tookTooMuchMemory(memoryBytes);
  const [stdout = "", stderr = ""] = output.map(({ text }) => text());
  return { stdout, stderr, code, failure };
}

export function tookTooLong(timeoutMs: number): Failure<"timeout"> {
  const sentence = `Lean took longer than ${timeoutMs / 1000} s: a shorter proof, or a longer --timeout.`;
  return { kind: "timeout", sentence };
}

export function tookTooMuchMemory(bytes: number): Failure<"memory"> {
  const sentence = `Lean took more than ${Math.round(bytes / 2 ** 20)} MiB of memory.`;
  return { kind: "memory", sentence };
}

export function wroteTooMuch(bytes: number): Failure<"output"> {
  return { kind: "output", sentence: `Lean wrote more than ${Math.round(bytes / 1024)} KiB.` };
}

function collect(stream: NodeJS.ReadableStream, mostBytes: number, tooMuch: () => void) {
  const pieces: Buffer[] = [];
  let length = 0;
  stream.on("data", (piece: Buffer) => {
    length += piece.length;
    if (length > mostBytes) tooMuch();
    else pieces.push(piece);
  });
  const ended = new Promise<void>((resolve) => {
    stream.on("close", resolve);
    stream.on("end", resolve);
    stream.on("error", () => resolve());
  });
  return { ended, text: () => Buffer.concat(pieces).toString("utf8") };
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
