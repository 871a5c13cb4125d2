import { Command } from "commander";
import { EXIT } from "../errors.js";
import { VERSION } from "../package-root.js";

/**
 * Each command's module. A run needs but one of them, and loading all takes longer than many a run: an
 * agent waits for `mcp` to answer.
 */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  search: async () => (await import("./commands/search-command.js")).addSearchCommand,
  show: async () => (await import("./commands/show-command.js")).addShowCommand,
  premises: async () => (await import("./commands/premises-command.js")).addPremisesCommand,
  index: async () => (await import("./commands/index-command.js")).addIndexCommand,
  informalize: async () =>
    (await import("./commands/informalize-command.js")).addInformalizeCommand,
  pull: async () => (await import("./commands/pull-command.js")).addPullCommand,
  prove: async () => (await import("./commands/prove-command.js")).addProveCommand,
  verify: async () => (await import("./commands/verify-command.js")).addVerifyCommand,
  status: async () => (await import("./commands/status-command.js")).addStatusCommand,
  doctor: async () => (await import("./commands/doctor-command.js")).addDoctorCommand,
  mcp: async () => (await import("./commands/mcp-command.js")).addMcpCommand,
  serve: async () => (await import("./commands/serve-command.js")).addServeCommand,
  init: async () => (await import("./commands/init-command.js")).addInitCommand,
  bench: async () => (await import("./commands/bench-command.js")).addBenchCommand,
  export: async () => (await import("./commands/export-command.js")).addExportCommand,
};

const EXIT_CODES = `Exit codes: ${EXIT.ok} done, ${EXIT.nothingFound} nothing found or not proved, ${EXIT.usage} wrong flags or
settings, ${EXIT.badInput} unusable query or file, ${EXIT.noIndex} no usable index, ${EXIT.unavailable} network failure or no Lean,
${EXIT.io} a path cannot be written, ${EXIT.internal} defect in lemmascope, ${EXIT.interrupted} interrupted.`;

/**
 * The command line: all of it, or only the command that the arguments begin with. Parsing throws
 * CommanderError instead of ending the process. Global flags may stand before or after the command's
 * name.
 *
 * @param args what follows the program's name.
 */
export async function createProgram(args: readonly string[]): Promise<Command> {
  // Commands inherit the settings that are made before they are added.
  const program = new Command("lemmascope")
    .description("Find the Lean 4 declarations that a proof needs.")
    .version(VERSION)
    .option("--index <PATH>", "the index file (default: the one in the data folder)")
    .option("-v, --verbose", "log what is done to standard error")
    .option("-q, --quiet", "no notices and no progress on standard error")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(asSentence(text)) })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      "after",
      `
Examples:
  lemmascope search a continuous function on a compact set attains its minimum
  lemmascope show IsCompact.exists_isMinOn
  lemmascope pull

Settings come from flags, then LEMMASCOPE_INDEX, LEMMASCOPE_DATA_DIR, LEMMASCOPE_LIMIT and
LEMMASCOPE_LOG, then the configuration file (LEMMASCOPE_CONFIG, or where lemmascope doctor says),
then defaults.

${EXIT_CODES}`,
    );
  const first = args[0] ?? "";
  const only = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  const loaders = only === undefined ? Object.values(COMMANDS) : [only];
  for (const add of await Promise.all(loaders.map((load) => load()))) add(program);
  return program;
}

/** Commander's "error: unknown option '--x'\n(Did you mean --y?)" in the manner of our messages. */
function asSentence(text: string): string {
  const [problem = "", ...hints] = text
    .trim()
    .replace(/^error: /, "")
    .split("\n");
  const sentence = `${problem.charAt(0).toUpperCase()}${problem.slice(1)}`.replace(/\.?$/, ".");
  const hint = hints.join(" ").replace(/^\((.*)\)$/, "$1");
  return `${sentence} ${hint === "" ? "See lemmascope --help." : hint}\n`;
}
