import { resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { readLines } from "../../corpus/lines.js";
import { UserError } from "../../errors.js";
import { exportDeclarationWords } from "../../index/export.js";
import { exportFeatures } from "../../search/export-features.js";
import { FEATURE_NAMES } from "../../search/features.js";
import type { Search } from "../../search/search.js";
import { words } from "../../text/words.js";
import { contextOf } from "../context.js";
import { type FoundSearch, withIndex, withSearch } from "../find-index.js";
import { chosenModels, MODELS_FLAG } from "../models-folder.js";
import { writeLines } from "../write-lines.js";
import { addExportPremiseFeatures } from "./export-premise-features.js";

const flags = z.object({
  out: z.string(),
  queries: z.string().optional(),
  models: z.string().optional(),
});

export function addExportCommand(program: Command): void {
  const parent = program
    .command("export")
    .description("write what training the models needs")
    .addHelpText("after", "\nExample:\n  lemmascope export words --out words.jsonl");
  parent
    .command("words")
    .description("write the words of every declaration, or of written queries, as JSON lines")
    .requiredOption("--out <FILE>", "the file to write")
    .option("--queries <FILE>", "write the words of these queries instead of the index's")
    .addHelpText(
      "after",
      `
Words are stemmed and in the order of the text, exactly as they are indexed and searched.
A file of queries has one JSON object a line: name, and any of queries (texts by style),
informal_name, informal_description and aliases.

Examples:
  lemmascope export words --index mathlib.sqlite --out words.jsonl
  lemmascope export words --queries queries.jsonl --out query-words.jsonl`,
    )
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const { out, queries } = flags.parse(command.opts());
      const path = resolve(out);
      if (queries !== undefined) {
        const count = await writeLines(path, queryLines(resolve(queries)), context.signal);
        context.notice(`Wrote the queries of ${count} declarations to ${path}.`);
        return;
      }
      await withIndex(context, async ({ index }) => {
        const count = await writeLines(path, declarationLines(index.path), context.signal);
        context.notice(`Wrote the words of ${count} declarations to ${path}.`);
      });
    });
  parent
    .command("features")
    .description("write the ranker's features of every candidate of written queries, as JSON lines")
    .requiredOption("--out <FILE>", "the file to write")
    .requiredOption("--queries <FILE>", "JSON lines with name and queries (texts by style)")
    .option(...MODELS_FLAG)
    .addHelpText(
      "after",
      `
With --models, the index must have been made with the same folder.

Example:
  lemmascope export features --index mathlib.sqlite --queries queries.jsonl --out features.jsonl`,
    )
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const { out, queries = "", models } = flags.parse(command.opts());
      const path = resolve(out);
      const write = async ({ search }: FoundSearch): Promise<void> => {
        const lines = featureLines(resolve(queries), search);
        const count = await writeLines(path, lines, context.signal);
        context.notice(`Wrote the features of ${count - 1} queries to ${path}.`);
      };
      await withSearch(context, write, chosenModels(models));
    });
  addExportPremiseFeatures(parent);
}

/** The first line names the features; each other one holds the candidates of one query. */
async function* featureLines(path: string, search: Search): AsyncGenerator<string> {
  yield JSON.stringify({ features: FEATURE_NAMES });
  for await (const record of readQueries(path)) {
    for (const [style, text] of Object.entries(record.queries)) {
      const features = await exportFeatures(search, text, record.name);
      if (features !== undefined) yield JSON.stringify({ name: record.name, style, ...features });
    }
  }
}

function* declarationLines(indexPath: string): Generator<string> {
  for (const { name, kind, usedBy, derivedFrom, fields } of exportDeclarationWords(indexPath)) {
    yield JSON.stringify({ name, kind, used_by: usedBy, derived_from: derivedFrom, fields });
  }
}

const queriesOfDeclaration = z.object({
  name: z.string().min(1),
  queries: z.record(z.string(), z.string()).default({}),
  informal_name: z.string().default(""),
  informal_description: z.string().default(""),
  aliases: z.array(z.string()).default([]),
});

async function* queryLines(path: string): AsyncGenerator<string> {
  for await (const record of readQueries(path)) {
    const styles = Object.entries(record.queries).map(([style, query]) => [style, words(query)]);
    yield JSON.stringify({
      name: record.name,
      queries: Object.fromEntries(styles) as unknown,
      informal_name: words(record.informal_name),
      informal_description: words(record.informal_description),
      aliases: record.aliases.map(words),
    });
  }
}

async function* readQueries(path: string): AsyncGenerator<z.infer<typeof queriesOfDeclaration>> {
  for await (const lines of readLines({ kind: "file", path })) {
    for (const { number, text } of lines) {
      if (text?.trim() !== "") yield parseQueries(text, `${path}, line ${number}`);
    }
  }
}

function parseQueries(text: string | null, place: string): z.infer<typeof queriesOfDeclaration> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    throw new UserError("badInput", `${place} is not JSON: give one object a line.`);
  }
  const result = queriesOfDeclaration.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "it" : issue.path.join(".");
  throw new UserError(
    "badInput",
    `${place} is no record of queries (${where}: ${issue?.message ?? "unknown problem"}): see lemmascope export words --help.`,
  );
}
