import type { Command } from "commander";
import { addBenchPremisesCommand } from "./bench-premises-command.js";
import { addBenchProveCommand } from "./bench-prove-command.js";
import { addBenchSearchCommand } from "./bench-search-command.js";

export function addBenchCommand(program: Command): void {
  const bench = program
    .command("bench")
    .description("run a benchmark")
    .addHelpText(
      "after",
      `
Examples:
  lemmascope bench search --out results
  lemmascope bench premises --out results
  lemmascope bench prove --out results`,
    );
  addBenchSearchCommand(bench);
  addBenchPremisesCommand(bench);
  addBenchProveCommand(bench);
}
