#!/usr/bin/env node
import { CommanderError } from "commander";
import { errorCode, EXIT, UserError } from "../errors.js";
import { createProgram } from "./program.js";

/** Runs the command line. A UserError is one sentence and its exit code; anything else is a defect. */
async function main(): Promise<void> {
  process.stdout.on("error", endWithoutOutput);
  // Where nobody reads our notices any more, the work goes on.
  process.stderr.on("error", () => undefined);
  try {
    const program = await createProgram(process.argv.slice(2));
    await program.parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version are no failures; the rest has already been told by commander.
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    } else if (error instanceof UserError) {
      process.stderr.write(`${asSentence(error.message)}\n`);
      process.exitCode = EXIT[error.exit];
    } else {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`This is a defect in lemmascope; please report it.\n${text}\n`);
      process.exitCode = EXIT.internal;
    }
  }
}

/** Rooms word their failures to fit into longer texts; on a line of its own one starts with a capital. */
function asSentence(message: string): string {
  return /^[a-z]+[ ;,]/.test(message)
    ? message.charAt(0).toUpperCase() + message.slice(1)
    : message;
}

/** `lemmascope … | head` closes our output, which is no failure; a full disk is one. */
function endWithoutOutput(error: Error): void {
  const code = errorCode(error);
  if (code === "EPIPE") process.exit(EXIT.ok);
  process.stderr.write(`Standard output cannot be written (${code ?? error.message}).\n`);
  process.exit(EXIT.io);
}

await main();
