import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { type Command, Option } from "commander";
import { z } from "zod";
import { kindOf } from "../../corpus/record.js";
import { declarationKind, DECLARATION_KINDS, type DeclarationKind } from "../../declaration.js";
import { UserError } from "../../errors.js";
import { ORDERS } from "../../informalize/plan/selection.js";
import type { Prices } from "../../llm/cost.js";
import { contextOf, listed, wholeNumber } from "../context.js";
import { DEPS_FLAG, LIBS_FLAG, placedSources, SOURCES_HELP } from "../corpus-sources.js";
import { informalizeSources } from "../informalize-sources.js";

const flags = z.object({
  out: z.string().optional(),
  dryRun: z.boolean().default(false),
  withoutModel: z.boolean().default(false),
  prices: z.object({ prompt: z.number(), answer: z.number() }).optional(),
  budget: z.number().optional(),
  limit: z.number().optional(),
  order: z.enum(ORDERS).default("most-used"),
  modules: z.array(z.string().min(1)).optional(),
  kinds: z.array(declarationKind).optional(),
  undocumented: z.boolean().default(false),
  redo: z.boolean().default(false),
  people: z.array(z.string()).default([]),
  deps: z.union([z.literal(true), z.string()]).optional(),
  libs: z.string().optional(),
  maxCalls: z.number().optional(),
  maxTokens: z.number().optional(),
  maxSeconds: z.number().optional(),
  json: z.boolean().default(false),
});

export function addInformalizeCommand(program: Command): void {
  program
    .command("informalize")
    .description("have a language model put the declarations of a corpus into words")
    .argument("<CORPUS...>", SOURCES_HELP)
    .option("--out <FILE>", "the corpus to write (.jsonl); FILE.state.jsonl is kept beside it")
    .option("--dry-run", "only say how many would be asked about, and what it would cost")
    .option("--without-model", "ask no model: a rule writes a line for what has no description")
    .option("--limit <COUNT>", "only the first so many", wholeNumber("--limit", 1, 1e9))
    .addOption(
      new Option(
        "--order <ORDER>",
        "what comes first: what most others use, or as the corpus has it (default: most-used)",
      ).choices(ORDERS),
    )
    .option("--modules <NAMES>", "only these modules and those below them", listed(String))
    .option("--kinds <KINDS>", "only these kinds, such as theorem,definition", listed(kind))
    .option("--undocumented", "only what has no docstring")
    .option("--redo", "also what another model, or older prompts, described before")
    .option(
      "--people <FILE>",
      "descriptions by people, which win over all others: JSON lines, or starter",
      listed(String),
    )
    .option("--prices <PROMPT,ANSWER>", "what a million tokens cost, such as 0.15,0.6", prices)
    .option("--budget <AMOUNT>", "end before it costs more, by the --prices", money)
    .option("--max-calls <COUNT>", "end after so many calls", wholeNumber("--max-calls", 1, 1e9))
    .option("--max-tokens <COUNT>", "… so many tokens", wholeNumber("--max-tokens", 1, 1e12))
    .option("--max-seconds <COUNT>", "… so many seconds", wholeNumber("--max-seconds", 1, 1e7))
    .option(...DEPS_FLAG)
    .option(...LIBS_FLAG)
    .option("--json", "print the plan or the report as JSON")
    .addHelpText(
      "after",
      `
What a declaration depends on is described before it, and shown with it. Each answer is kept as soon
as it is there: after Ctrl-C or a crash, the same command goes on. What has changed since, and what
depends on it, is asked for again. Ctrl-C waits for the answers under way, a second one cuts them.

Examples:
  lemmascope informalize mathlib.jsonl.gz --dry-run --prices 0.15,0.6
  lemmascope informalize mathlib.jsonl.gz --out words.jsonl --limit 5000 --prices 0.15,0.6 --budget 20
  lemmascope informalize . --out words.jsonl --undocumented
  lemmascope informalize . --out words.jsonl --without-model`,
    )
    .action(async (sources: string[], _options: unknown, command: Command) => {
      const { out, deps, libs, ...options } = flags.parse(command.opts());
      const placed = placedSources(sources, { deps, libs });
      const path = out === undefined ? undefined : outputPath(out, placed, options.people);
      if (path === undefined && !options.dryRun) {
        throw new UserError("usage", "Name the file to write with --out, or take --dry-run.");
      }
      if (options.budget !== undefined && options.prices === undefined) {
        throw new UserError("usage", "--budget is an amount of money: give the --prices as well.");
      }
      if (options.withoutModel) refuseQuestions(command);
      await informalizeSources(contextOf(command), placed, { ...options, out: path });
    });
}

/** The flags that say what a model is asked about, and what it may cost. */
const ABOUT_QUESTIONS = [
  ..."dryRun limit order modules kinds undocumented redo".split(" "),
  ..."prices budget maxCalls maxTokens maxSeconds".split(" "),
];

/** @throws UserError `usage` for flags that mean nothing where no model is asked. */
function refuseQuestions(command: Command): void {
  const given = ABOUT_QUESTIONS.find((name) => command.getOptionValueSource(name) === "cli");
  if (given === undefined) return;
  const flag = `--${given.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
  throw new UserError(
    "usage",
    `${flag} is about asking a model: with --without-model, every declaration without a description gets a line by rules; leave one of the two out.`,
  );
}

/** @throws UserError `usage` for a file that cannot be written as a corpus. */
function outputPath(out: string, sources: readonly string[], people: readonly string[]): string {
  const path = resolve(out);
  if (!path.endsWith(".jsonl")) {
    throw new UserError(
      "usage",
      `--out is "${out}": name a file that ends in .jsonl; it can be compressed later.`,
    );
  }
  const isOutput = (other: string): boolean => realPath(other) === realPath(path);
  if (sources.some((source) => isAbsolute(source) && isOutput(source))) {
    throw new UserError("usage", `--out is the corpus itself, ${out}: name another file.`);
  }
  if (people.some((file) => file !== "starter" && isOutput(file))) {
    throw new UserError("usage", `--out is the file of --people, ${out}: name another file.`);
  }
  return path;
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}

function kind(text: string): DeclarationKind {
  const known = kindOf(text);
  if (known !== undefined) return known;
  throw new UserError(
    "usage",
    `--kinds has "${text}": it may have ${DECLARATION_KINDS.join(", ")}.`,
  );
}

function money(text: string): number {
  const amount = Number(text);
  if (/^\d*\.?\d+$/.test(text) && amount > 0) return amount;
  throw new UserError("usage", `--budget is "${text}": it must be an amount such as 20 or 2.50.`);
}

function prices(text: string): Prices {
  const [prompt, answer, ...more] = text.split(",").map((part) => part.trim());
  const isPrice = (part: string | undefined): part is string => /^\d*\.?\d+$/.test(part ?? "");
  if (isPrice(prompt) && isPrice(answer) && more.length === 0) {
    return { prompt: Number(prompt), answer: Number(answer) };
  }
  throw new UserError(
    "usage",
    `--prices is "${text}": it must be two prices per million tokens, of prompts and of answers, such as 0.15,0.6.`,
  );
}
