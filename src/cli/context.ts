import { isatty } from "node:tty";
import type { Command } from "commander";
import { destination, type Logger, pino } from "pino";
import pretty from "pino-pretty";
import pc from "picocolors";
import { z } from "zod";
import { resolveSettings, type Settings } from "../config/settings.js";
import { EXIT, type ExitName, UserError } from "../errors.js";

const globalFlags = z.object({
  index: z.string().optional(),
  verbose: z.boolean().optional(),
  quiet: z.boolean().optional(),
});

/** What every command gets: where to print, what was configured, and when to stop. */
export interface Context {
  readonly settings: Settings;
  readonly logger: Logger;
  /**
   * Aborted by the first Ctrl-C; a second one kills. Commands that never ask for it are killed by
   * the first, as they have nothing to keep.
   */
  readonly signal: AbortSignal;
  /** Whether notices and progress are wanted (no `--quiet`). */
  readonly talkative: boolean;
  /** Prints a line of the answer to standard output. */
  readonly print: (line: string) => void;
  /** Prints a notice to standard error. */
  readonly notice: (line: string) => void;
  /** Ends the command with this exit code once it returns. */
  readonly exitWith: (exit: ExitName) => void;
}

/** Colours for standard output. */
export const outputColors = pc.createColors(wantsColors(isatty(1), process.env));

/**
 * Whether a stream gets colours: a terminal does, unless `NO_COLOR` (no-color.org: any text but the
 * empty one) or `TERM=dumb` is set; `FORCE_COLOR` has the last word.
 */
export function wantsColors(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return isTerminal && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
}

/** Sets a command up. @throws UserError `usage` for a configuration that makes no sense. */
export function contextOf(command: Command, limit?: number): Context {
  const flags = globalFlags.parse(command.optsWithGlobals());
  const settings = resolveSettings({ ...flags, limit }, process.env);
  let signal: AbortSignal | undefined;
  const talkative = flags.quiet !== true;
  return {
    settings,
    logger: createLogger(settings),
    get signal() {
      return (signal ??= interruption());
    },
    talkative,
    print: (line) => void process.stdout.write(`${line}\n`),
    notice: (line) => {
      if (talkative) process.stderr.write(`${line}\n`);
    },
    exitWith: (exit) => (process.exitCode = EXIT[exit]),
  };
}

/** A signal that Ctrl-C or a request to end aborts. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  process.once("SIGTERM", () => controller.abort());
  return controller.signal;
}

/** A logger to standard error: readable lines on a terminal, JSON lines elsewhere. */
function createLogger(settings: Settings): Logger {
  const options = { level: settings.log, base: null };
  if (settings.log === "silent") return pino({ level: "silent" });
  if (!process.stderr.isTTY) return pino(options, destination({ dest: 2, sync: true }));
  return pino(
    options,
    pretty({ destination: 2, sync: true, colorize: wantsColors(true, process.env) }),
  );
}

/** A parser for flags that take one of several values and may be repeated: `a,b` or `-x a -x b`. */
export function listed<T>(parse: (text: string) => T): (text: string, previous?: T[]) => T[] {
  return (text, previous = []) => [
    ...previous,
    ...text.split(",").map((part) => parse(part.trim())),
  ];
}

/** A parser for flags that take a whole number. */
export function wholeNumber(flag: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new UserError(
      "usage",
      `${flag} is "${text}": it must be a whole number from ${least} to ${most}.`,
    );
  };
}
