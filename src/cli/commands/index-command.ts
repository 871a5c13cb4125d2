import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import { z } from "zod";
import { defaultIndex } from "../../config/settings.js";
import { sourceLabel } from "../../corpus/read.js";
import { UserError } from "../../errors.js";
import { DeclarationIndex } from "../../index/declaration-index.js";
import { sourcesOfOutdated } from "../../index/open.js";
import { type Context, contextOf, listed } from "../context.js";
import { DEPS_FLAG, LIBS_FLAG, placedSources, SOURCES_HELP } from "../corpus-sources.js";
import { listDeclarations } from "../list-declarations.js";
import { chosenModels, MODELS_FLAG } from "../models-folder.js";
import { type BuildRequest, describeBuild, EMBEDDER_CHOICES, runBuild } from "../run-build.js";
import { watchIndex } from "../watch-index.js";

const flags = z.object({
  strict: z.boolean().default(false),
  rebuild: z.boolean().default(false),
  embedder: z.enum(EMBEDDER_CHOICES).optional(),
  models: z.string().optional(),
  deps: z.union([z.literal(true), z.string()]).optional(),
  libs: z.string().optional(),
  lean: z.string().optional(),
  modules: z.array(z.string().min(1)).optional(),
  watch: z.boolean().default(false),
  json: z.boolean().default(false),
});

export function addIndexCommand(program: Command): void {
  program
    .command("index")
    .description("make an index, or bring it up to date")
    .argument("[SOURCE...]", SOURCES_HELP)
    .option(...DEPS_FLAG)
    .option(...LIBS_FLAG)
    .option(
      "--lean <PROJECT>",
      "have Lean itself list the declarations of a built Lake project (awaits a first run with a real Lean)",
    )
    .option(
      "--modules <NAMES>",
      "with --lean: the root modules to list, joined by commas (default: Mathlib, where it is there)",
      listed(String),
    )
    .option("--strict", "stop at the first malformed line instead of leaving it out")
    .option("--rebuild", "start from nothing, whatever index there is")
    .addOption(
      new Option(
        "--embedder <WHICH>",
        "what makes the vectors: the bundled encoder, the configured remote model, or nothing (default: remote where one is configured, else static)",
      ).choices(EMBEDDER_CHOICES),
    )
    .option(...MODELS_FLAG)
    .option(
      "--watch",
      "go on until Ctrl-C, and take every change of a Lake project's files in as it is saved",
    )
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      `
The index is made beside the old one and replaces it when it is whole. Only what changed is written,
and a build that was interrupted goes on where it was. Declarations of no SOURCE leave the index.
Without a SOURCE, the index is brought up to date with the sources that it was made of.

Of a Lake project, the .lean files are read as they are: nothing is built, and Lean does not run.
What is read are the libraries that lake builds by default, and what they import. Lean's own library
(Init, Std, Lean) is no part of a project.

Examples:
  lemmascope index .
  lemmascope index . --deps --watch
  lemmascope index ~/my-project --deps mathlib,batteries
  lemmascope index --index mathlib.sqlite mathlib.jsonl.gz
  zcat mathlib.jsonl.gz | lemmascope index -
  lemmascope index starter`,
    )
    .action(async (sources: string[], _options: unknown, command: Command) => {
      const context = contextOf(command);
      const { strict, rebuild, embedder, models, json, ...rest } = flags.parse(command.opts());
      const path = context.settings.chosenIndex ?? defaultIndex(context.settings);
      const { watch, ...chosen } = rest;
      const named = [...(await leanSources(context, chosen)), ...placedSources(sources, chosen)];
      const build: BuildRequest = {
        path,
        sources: named.length > 0 ? named : rememberedSources(context, path),
        strict,
        rebuild,
        embedder,
        models: chosenModels(models),
      };
      if (watch) {
        await watchIndex(context, build, { json });
        return;
      }
      const report = await runBuild(context, build);
      if (json) context.print(JSON.stringify({ index: path, ...report }));
      else describeBuild(context, path, report);
    });
}

/** The corpus that Lean makes of a project, where it is asked to. */
async function leanSources(
  context: Context,
  { lean, modules }: Pick<z.infer<typeof flags>, "lean" | "modules">,
): Promise<string[]> {
  if (lean !== undefined) return [await listDeclarations(context, lean, modules)];
  if (modules === undefined) return [];
  throw new UserError("usage", "--modules is for --lean: name the project that has them.");
}

/** @throws UserError where the index cannot tell, or was made of what cannot be read again. */
function rememberedSources(context: Context, path: string): readonly string[] {
  const sources = existsSync(path) ? sourcesOf(path) : ["starter"];
  if (sources.includes("-")) {
    throw new UserError(
      "usage",
      `The index ${path} was made from standard input, which cannot be read again: name the SOURCE.`,
    );
  }
  context.notice(`Indexing ${sources.map(sourceLabel).join(", ")}.`);
  return sources;
}

function sourcesOf(path: string): readonly string[] {
  const outdated = sourcesOfOutdated(path);
  if (outdated.length > 0) return outdated;
  const index = DeclarationIndex.open(path);
  try {
    return index.summary().sources;
  } finally {
    index.close();
  }
}
