import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { UserError } from "../errors.js";
import { interrupted } from "../network/retry.js";
import { BUNDLED_PROJECT, findLean, type LeanInstallation } from "../verify/lean-installation.js";
import { ProcessGroup } from "../verify/process/process-group.js";
import type { Context } from "./context.js";
import { progressDisplay } from "./progress.js";
import { writeLines } from "./write-lines.js";

/** The Lean program that prints declarations; it awaits a first run with a real Lean. */
const PROGRAM = join(BUNDLED_PROJECT, "ListDeclarations.lean");

/** How many lines of what Lean says are kept for messages. */
const KEPT_LINES = 20;

/**
 * Has Lean list what the modules of a Lake project declare, and writes it as a corpus into the data
 * folder, where an index finds it again when it is brought up to date.
 *
 * @param modules root modules, such as `Mathlib`; Mathlib where undefined and the project has it.
 * @returns the corpus's path.
 * @throws UserError `unavailable` where Lean is missing or fails, `usage` where no module is known,
 * `badInput` where Lean lists nothing, `interrupted` by Ctrl-C, `io`
 */
export async function listDeclarations(
  context: Context,
  project: string,
  modules: readonly string[] | undefined,
): Promise<string> {
  const { settings } = context;
  const folder = resolve(project);
  const lean = findLean({ ...settings.verify, project: folder }, process.env);
  const roots = modules ?? defaultModules(lean);
  const id = createHash("sha256")
    .update([folder, ...roots].join("\0"))
    .digest("hex")
    .slice(0, 8);
  const path = join(settings.dataDirectory, `lean-${basename(folder)}-${id}.jsonl`);
  context.notice(
    `Lean lists the declarations of ${roots.join(", ")} in ${folder}. This awaits a first run with a real Lean: see whether the index has what you expect.`,
  );
  const display = progressDisplay(context);
  const listing = new Listing(lakeOf(lean), folder, roots, settings.verify.memoryMiB);
  try {
    const count = await writeLines(
      path,
      listing.records(context.signal, (done) =>
        display.update(undefined, `${done} declarations, listed by Lean`),
      ),
      context.signal,
    );
    display.end();
    context.notice(`Lean listed ${count} declarations: ${path}`);
    for (const line of listing.leftOut) context.notice(line);
    return path;
  } finally {
    display.end();
  }
}

function defaultModules({ mathlib, project }: LeanInstallation): string[] {
  if (mathlib !== "none") return ["Mathlib"];
  throw new UserError(
    "usage",
    `${project} does not have Mathlib: name the modules to list with --modules.`,
  );
}

function lakeOf({ lake, isProject, project }: LeanInstallation): string {
  if (lake === undefined) {
    throw new UserError(
      "unavailable",
      "There is no lake on the PATH, so Lean cannot list declarations: install elan (https://github.com/leanprover/elan), or give the project itself as a SOURCE, which reads its source text.",
    );
  }
  if (isProject) return lake;
  throw new UserError(
    "unavailable",
    `${project} is no Lake project, as it has no lakefile: name another with --lean.`,
  );
}

/** One run of the program that lists declarations. */
class Listing {
  readonly #lake: string;
  readonly #folder: string;
  readonly #modules: readonly string[];
  readonly #memoryMiB: number;
  /** What Lean said last on standard error. */
  readonly #said: string[] = [];
  /** What it could not print, in its own words; the first ones. */
  readonly leftOut: string[] = [];

  constructor(lake: string, folder: string, modules: readonly string[], memoryMiB: number) {
    this.#lake = lake;
    this.#folder = folder;
    this.#modules = modules;
    this.#memoryMiB = memoryMiB;
  }

  /** The lines of the corpus. Whatever ends it, nothing runs any more then. */
  async *records(signal: AbortSignal, onProgress: (done: number) => void): AsyncGenerator<string> {
    if (signal.aborted) throw interrupted();
    const group = new ProcessGroup({
      command: this.#lake,
      args: ["env", "lean", "--run", PROGRAM, ...this.#modules],
      cwd: this.#folder,
      environment: process.env,
      memoryBytes: this.#memoryMiB * 2 ** 20,
    });
    const stop = (): void => void group.end();
    signal.addEventListener("abort", stop, { once: true });
    try {
      group.stdin.on("error", () => undefined);
      group.stdin.end();
      createInterface({ input: group.stderr }).on("line", (line) => this.#hear(line));
      let done = 0;
      for await (const line of createInterface({ input: group.stdout, crlfDelay: Infinity })) {
        // Lake may say something of its own first.
        if (!line.startsWith("{")) continue;
        done += 1;
        if (done % 1000 === 0) onProgress(done);
        yield line;
      }
      await this.#requireSuccess(group, done, signal);
    } finally {
      signal.removeEventListener("abort", stop);
      await group.end();
    }
  }

  #hear(line: string): void {
    if (line.includes(" is left out: ") && this.leftOut.length < KEPT_LINES)
      this.leftOut.push(line);
    else if (line.trim() !== "") this.#said.push(line.trim());
    if (this.#said.length > KEPT_LINES) this.#said.shift();
  }

  async #requireSuccess(group: ProcessGroup, done: number, signal: AbortSignal): Promise<void> {
    const { code, startError } = await group.exited;
    if (signal.aborted) throw interrupted();
    const names = this.#modules.join(", ");
    if (group.outOfMemory) {
      throw new UserError(
        "unavailable",
        `Lean took more than ${this.#memoryMiB} MiB to list ${names}: raise "memoryMiB" in the section "verify" of the configuration file.`,
      );
    }
    if (code !== 0 || startError !== "") {
      const said = this.#said.at(-1) ?? `status ${code ?? "unknown"}`;
      const reason = startError === "" ? said : startError;
      throw new UserError(
        "unavailable",
        `Lean did not list ${names} in ${this.#folder} (${reason.slice(0, 300)}): build the project first (lake build), and see that it has these modules.`,
      );
    }
    if (done > 0) return;
    throw new UserError(
      "badInput",
      `Lean listed no declaration of ${names} in ${this.#folder}: name the modules that the project has with --modules.`,
    );
  }
}
