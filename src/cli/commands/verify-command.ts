import type { Command } from "commander";
import { z } from "zod";
import type { Diagnostic, Verdict } from "../../verify/verdict.js";
import { verdictRecord } from "../../verify/verdict-record.js";
import { addCheckerOptions, checkerFlags, openChosenChecker } from "../checker-options.js";
import { type Context, contextOf, outputColors as colors } from "../context.js";
import { readLean } from "../read-lean.js";

const flags = checkerFlags.extend({
  statement: z.string().optional(),
  json: z.boolean().default(false),
});

export function addVerifyCommand(program: Command): void {
  const command = program
    .command("verify")
    .description("have Lean check a file, and say whether it proves what it should")
    .argument("<FILE>", "a Lean file; - reads it from standard input")
    .option("--statement <FILE>", "what the file is to prove: a Lean file that ends with a sorry");
  addCheckerOptions(command)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Without --statement, the file counts as proved where each of its theorems is. The exit code is 0
where it is proved and 1 where it is not.

Examples:
  lemmascope verify proof.lean --statement problem.lean
  lemmascope verify proof.lean --project ~/my-project --json`,
    )
    .action(async (file: string, _options: unknown, self: Command) => {
      const options = flags.parse(self.opts());
      const context = contextOf(self);
      const code = await readLean(file);
      const statement =
        options.statement === undefined ? undefined : await readLean(options.statement);
      const checker = openChosenChecker(context, options);
      try {
        const candidate = { code, ...(statement === undefined ? {} : { statement }) };
        const verdict = await checker.check(candidate, { signal: context.signal });
        if (options.json) context.print(JSON.stringify(verdictRecord(verdict)));
        else printVerdict(context, file, verdict);
        if (!verdict.proved) context.exitWith("nothingFound");
      } finally {
        await checker.close();
      }
    });
}

function printVerdict(context: Context, file: string, verdict: Verdict): void {
  for (const { sentence, position, rule } of verdict.refused) {
    const hint = rule === "axioms" || rule === "unreadable" ? "" : ` (--allow ${rule})`;
    context.print(`${place(file, position)}: ${colors.red("refused")}: ${sentence}${hint}`);
  }
  for (const diagnostic of verdict.diagnostics) context.print(describe(file, diagnostic));
  for (const { start, goal } of verdict.sorries) {
    const lines = goal === "" ? "" : `\n${goal.replace(/^/gm, "  ")}`;
    context.print(`${place(file, start)}: ${colors.yellow("sorry")}${lines}`);
  }
  if (verdict.axioms.length > 0) context.print(`Axioms: ${verdict.axioms.join(", ")}`);
  const seconds = (verdict.elapsedMs / 1000).toFixed(1);
  context.print(
    verdict.failure === undefined
      ? `${colors.green("Proved")} in ${seconds} s.`
      : `${colors.red("Not proved")}: ${verdict.failure.sentence}`,
  );
}

function describe(file: string, { severity, about, start, message }: Diagnostic): string {
  const paint = { error: colors.red, warning: colors.yellow, info: colors.blue }[severity];
  const where = about === "candidate" ? place(file, start) : `the ${about}`;
  return `${where}: ${paint(severity)}: ${message}`;
}

function place(file: string, at: { line: number; column: number } | undefined): string {
  return at === undefined ? file : `${file}:${at.line}:${at.column}`;
}
