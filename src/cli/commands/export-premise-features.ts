import { resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { readLines } from "../../corpus/lines.js";
import { UserError } from "../../errors.js";
import {
  exportPremiseFeatures,
  type TaughtTheorem,
} from "../../premises/without-model/export-premise-features.js";
import { PremiseEncoder } from "../../premises/without-model/premise-encoder.js";
import { PREMISE_FEATURES } from "../../premises/without-model/premise-features.js";
import { contextOf } from "../context.js";
import { type FoundSearch, withSearch } from "../find-index.js";
import { chosenModels, MODELS_FLAG } from "../models-folder.js";
import { writeLines } from "../write-lines.js";

const flags = z.object({
  out: z.string(),
  theorems: z.string(),
  models: z.string().optional(),
});

/** Adds `premise-features` to the command `export`. */
export function addExportPremiseFeatures(parent: Command): void {
  parent
    .command("premise-features")
    .description(
      "write the premise ranker's features of every candidate of theorems, as JSON lines",
    )
    .requiredOption("--out <FILE>", "the file to write")
    .requiredOption("--theorems <FILE>", "JSON lines with name, module, statement and premises")
    .option(...MODELS_FLAG)
    .addHelpText(
      "after",
      `
Each theorem has name, module, statement, conclusion, informal, premises (names), and hidden: the
names of declarations that must not be candidates. What its own module refers to does not count.

Example:
  lemmascope export premise-features --theorems theorems.jsonl --out premise-features.jsonl`,
    )
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const { out, theorems, models } = flags.parse(command.opts());
      const path = resolve(out);
      const modelsFolder = chosenModels(models);
      const write = async (found: FoundSearch): Promise<void> => {
        const lines = premiseFeatureLines(resolve(theorems), found, modelsFolder);
        const count = await writeLines(path, lines, context.signal);
        context.notice(`Wrote the features of ${count - 1} theorems to ${path}.`);
      };
      await withSearch(context, write, modelsFolder);
    });
}

/** The first line names the features; each other one holds the candidates of one theorem. */
async function* premiseFeatureLines(
  path: string,
  { index, search }: FoundSearch,
  modelsFolder: string | undefined,
): AsyncGenerator<string> {
  const indexed = index.vectors?.embedder;
  const encoder =
    indexed === undefined ? undefined : await PremiseEncoder.load(indexed, modelsFolder);
  if (encoder === undefined) {
    throw new UserError(
      "usage",
      "There is no premise encoder for this index: make the index with the static encoder, and train the premise encoder first.",
    );
  }
  try {
    yield JSON.stringify({ features: PREMISE_FEATURES });
    for await (const taught of readTheorems(path)) {
      const features = await exportPremiseFeatures({ index, search, encoder }, taught);
      yield JSON.stringify({ name: taught.theorem.name, ...features });
    }
  } finally {
    await encoder.close();
  }
}

const taughtSchema = z.object({
  name: z.string().min(1),
  module: z.string(),
  statement: z.string(),
  conclusion: z.string().default(""),
  informal: z.string().default(""),
  hidden: z.array(z.string()).default([]),
  premises: z.array(z.string()),
});

async function* readTheorems(path: string): AsyncGenerator<TaughtTheorem> {
  for await (const lines of readLines({ kind: "file", path })) {
    for (const { number, text } of lines) {
      if (text?.trim() === "") continue;
      const { module, hidden, premises, ...stated } = parseTheorem(text, `${path}, line ${number}`);
      const theorem = { ...stated, formal: "", informalProof: "", imports: [] };
      yield { theorem, module, hidden: new Set(hidden), premises };
    }
  }
}

function parseTheorem(text: string | null, place: string): z.infer<typeof taughtSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    throw new UserError("badInput", `${place} is not JSON: give one object a line.`);
  }
  const result = taughtSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "it" : issue.path.join(".");
  throw new UserError(
    "badInput",
    `${place} is no theorem (${where}: ${issue?.message ?? "unknown problem"}): see lemmascope export premise-features --help.`,
  );
}
