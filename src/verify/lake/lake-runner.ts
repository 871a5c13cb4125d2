import { UserError } from "../../errors.js";
import { type CheckFile, fileText } from "../compose.js";
import type { LeanRun, LeanRunner } from "../lean-run.js";
import { runGroup } from "../process/run-group.js";
import { inBubblewrap } from "../process/sandbox.js";
import type { CheckOptions } from "../verdict.js";
import { readJsonLines } from "./json-lines.js";
import { withTemporaryFile } from "./temporary-file.js";

export interface LakeOptions {
  /** The program: a path, or a name on the PATH. */
  readonly lake: string;
  /** The folder of a Lake project whose modules candidates may import. */
  readonly project: string;
  /** How long one check may take, in ms. */
  readonly timeoutMs: number;
  /** How much memory one check may take, in bytes. */
  readonly memoryBytes: number;
  /** Whether Lean runs in bubblewrap. */
  readonly sandboxed: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** How much Lean may write: more messages than anyone reads. */
const MOST_OUTPUT_BYTES = 8 * 2 ** 20;

/** Checks each file with a Lean process of its own: `lake env lean --json FILE`. */
export class LakeRunner implements LeanRunner {
  readonly name = "lake";
  readonly #options: LakeOptions;
  readonly #closing = new AbortController();

  constructor(options: LakeOptions) {
    this.#options = options;
  }

  run(file: CheckFile, { signal }: CheckOptions = {}): Promise<LeanRun> {
    return withTemporaryFile("Check.lean", fileText(file), (path, folder) =>
      this.#runLean(path, folder, signal),
    );
  }

  close(): Promise<void> {
    this.#closing.abort();
    return Promise.resolve();
  }

  async #runLean(path: string, folder: string, signal: AbortSignal | undefined): Promise<LeanRun> {
    const { lake, project, timeoutMs, memoryBytes, sandboxed, environment } = this.#options;
    const megabytes = Math.round(memoryBytes / 2 ** 20);
    const plain = {
      command: lake,
      // Lean's own limit ends with a message; the one on the process group is there for the rest.
      args: ["env", "lean", "--json", `--memory=${megabytes}`, path],
    };
    const closing = this.#closing.signal;
    const { stdout, stderr, code, failure } = await runGroup({
      ...(sandboxed ? inBubblewrap(plain, folder, [project, lake]) : plain),
      cwd: project,
      environment: { ...environment, TMPDIR: folder },
      timeoutMs,
      memoryBytes,
      mostBytes: MOST_OUTPUT_BYTES,
      signal: signal === undefined ? closing : AbortSignal.any([signal, closing]),
    });
    const { messages, broken } = readJsonLines(stdout);
    const sorries: LeanRun["sorries"] = [];
    if (failure !== undefined) return { messages, sorries, failure };
    if (broken !== undefined) {
      const sentence = `Lean wrote a line that is no message: ${broken.slice(0, 200)}.`;
      return { messages, sorries, failure: { kind: "garbled", sentence } };
    }
    const hasErrors = messages.some(({ severity }) => severity === "error");
    // Lean ends with 1 where it found errors, and only then.
    if (code === 0 || (code === 1 && hasErrors)) return { messages, sorries, failure: undefined };
    const said = lastLine(stderr) || lastLine(stdout);
    if (messages.length === 0 && isMissing(said)) {
      throw new UserError(
        "unavailable",
        `lake cannot run Lean in ${project} (${said}): run lake build there first.`,
      );
    }
    const how = code === undefined ? "was killed" : `ended with status ${code}`;
    const sentence = `Lean ${how} without an answer${said === "" ? "" : ` (${said})`}.`;
    return { messages, sorries, failure: { kind: "crash", sentence } };
  }
}

/** What lake and elan say where a project or toolchain is not ready, which no candidate can cause. */
function isMissing(said: string): boolean {
  return /toolchain|no such file|missing manifest|could not resolve|lakefile|configuration/i.test(
    said,
  );
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").slice(0, 200);
}
