import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect } from "vitest";
import { EXIT, type ExitName } from "../../src/errors.js";

/** The compiled program, which `npm test` makes before it runs tests. */
export const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

/** Windows cannot send a process Ctrl-C: there a test can only kill it. */
export const WITHOUT_SIGNALS = process.platform === "win32";

/** Tests of the compiled program; skipped, and named so, where it was not compiled. */
export function describeProgram(name: string, tests: () => void): void {
  if (existsSync(MAIN)) describe(name, tests);
  else describe.skip(`${name} (skipped: dist/ is missing, run npm run build)`, tests);
}

/** What a run of the program left behind. */
export interface Outcome {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Standard input: nothing where absent; "open" leaves it to the test to write and to end. */
  readonly input?: Uint8Array | string | { readonly open: true };
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A running program. */
export type Program = ReturnType<typeof launch>;

function launch(args: readonly string[], cwd: string, env: Record<string, string>) {
  return execa(process.execPath, [MAIN, ...args], {
    cwd,
    env,
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
  });
}

/** A folder of its own for data, configuration and files, and the program run inside it. */
export class Workplace {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), "lemmascope-cli-")));
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Writes a file here. @returns its path. */
  async file(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(this.path(name), content);
    return this.path(name);
  }

  /** Starts the program, for tests that meddle with it while it runs. */
  start(args: readonly string[], options: RunOptions = {}): Program {
    const { input = "", cwd = this.folder } = options;
    const program = launch(args, cwd, { ...this.environment(), ...options.env });
    if (typeof input === "string" || input instanceof Uint8Array) program.stdin.end(input);
    // A program that never reads its input closes it: that is its own affair.
    program.stdin.on("error", () => undefined);
    return program;
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const { exitCode: code, stdout, stderr } = await this.start(args, options);
    return { code, stdout, stderr };
  }

  /** The environment with all that could lead the program to the user's own folders replaced. */
  environment(): Record<string, string> {
    const kept = Object.entries(process.env).filter(
      ([name]) => !/^(LEMMASCOPE_|HF_|XDG_|NO_COLOR|FORCE_COLOR|.*_PROXY$)/i.test(name),
    );
    return {
      ...(Object.fromEntries(kept) as Record<string, string>),
      HOME: this.folder,
      APPDATA: this.folder,
      LOCALAPPDATA: this.folder,
      XDG_CONFIG_HOME: this.path("config"),
      XDG_DATA_HOME: this.path("share"),
      LEMMASCOPE_DATA_DIR: this.path("data"),
    };
  }
}

/** Expects a failure told in one sentence on standard error, and nothing else. */
export function expectSentence(outcome: Outcome, exit: ExitName, sentence: RegExp): void {
  expect(outcome).toMatchObject({ code: EXIT[exit], stdout: "" });
  expect(outcome.stderr).toMatch(sentence);
  expect(outcome.stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(outcome.stderr).not.toMatch(/\bat .*\.[jt]s:\d|defect/);
}

/** When a running program has said something on standard error. */
export function untilSaid(running: Program, what: RegExp): Promise<void> {
  return new Promise((resolve) => {
    let said = "";
    running.stderr.on("data", (piece) => {
      said += String(piece);
      if (what.test(said)) resolve();
    });
  });
}

/** A line of a corpus. */
export function corpusLine(name: string, more: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({ name, kind: "theorem", module: "Made.Up", ...more })}\n`;
}

/** A corpus that takes some seconds to index. */
export function largeCorpus(declarations: number): string {
  const subjects = ["compact", "connected", "measurable", "finite", "open", "dense", "normal"];
  const lines = Array.from({ length: declarations }, (_, number) =>
    corpusLine(`Made.theorem_${number}`, {
      signature: `{X : Type ${number % 7}} (s : Set X)`,
      type: `property_${number % 991} s → conclusion_${number % 1013} s`,
      informal_description: `Every ${subjects[number % 7] ?? ""} set number ${number} maps to one of ${subjects[number % 5] ?? ""} kind.`,
    }),
  );
  return lines.join("");
}
