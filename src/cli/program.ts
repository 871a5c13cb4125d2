import { Command } from "commander";
import { EXIT } from "../errors.js";
import { VERSION } from "../package-root.js";
import { addBenchCommand } from "./commands/bench-command.js";
import { addDoctorCommand } from "./commands/doctor-command.js";
import { addExportCommand } from "./commands/export-command.js";
import { addIndexCommand } from "./commands/index-command.js";
import { addPullCommand } from "./commands/pull-command.js";
import { addSearchCommand } from "./commands/search-command.js";
import { addShowCommand } from "./commands/show-command.js";
import { addStatusCommand } from "./commands/status-command.js";

const EXIT_CODES = `Exit codes: ${EXIT.ok} done, ${EXIT.nothingFound} nothing found, ${EXIT.usage} wrong flags or settings,
${EXIT.badInput} unusable query or file, ${EXIT.noIndex} no usable index, ${EXIT.unavailable} network failure,
${EXIT.io} a path cannot be written, ${EXIT.internal} defect in lemmascope, ${EXIT.interrupted} interrupted.`;

/**
 * The whole command line. Parsing throws CommanderError instead of ending the process. Global flags
 * may stand before or after the command's name.
 */
export function createProgram(): Command {
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
  addSearchCommand(program);
  addShowCommand(program);
  addIndexCommand(program);
  addPullCommand(program);
  addStatusCommand(program);
  addDoctorCommand(program);
  addBenchCommand(program);
  addExportCommand(program);
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
