import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { z } from "zod";
import { defaultIndex } from "../../config/settings.js";
import { isLakeProject, type ProjectProblem } from "../../corpus/lake/lake-project.js";
import { lakeSourceText, namesIn, parseLakeSource } from "../../corpus/lake/lake-source.js";
import { type SkippedLine, sourceLabel } from "../../corpus/read.js";
import { UserError } from "../../errors.js";
import { buildIndex, type BuildReport } from "../../index/build.js";
import { DeclarationIndex } from "../../index/declaration-index.js";
import { sourcesOfOutdated } from "../../index/open.js";
import type { Embedder } from "../../models/embedder.js";
import { RemoteEmbedder } from "../../models/remote-embedder.js";
import { StaticEmbedder } from "../../models/static-embedder.js";
import { type Context, contextOf, listed } from "../context.js";
import { listDeclarations } from "../list-declarations.js";
import { chosenModels, MODELS_FLAG } from "../models-folder.js";
import { progressDisplay } from "../progress.js";

const EMBEDDER_CHOICES = ["static", "remote", "none"] as const;
const embedderChoice = z.enum(EMBEDDER_CHOICES);
export type EmbedderChoice = z.infer<typeof embedderChoice>;

const flags = z.object({
  strict: z.boolean().default(false),
  rebuild: z.boolean().default(false),
  embedder: embedderChoice.optional(),
  models: z.string().optional(),
  deps: z.union([z.literal(true), z.string()]).optional(),
  libs: z.string().optional(),
  lean: z.string().optional(),
  modules: z.array(z.string().min(1)).optional(),
  json: z.boolean().default(false),
});

/** How many skipped lines are shown one by one. */
const SHOWN_SKIPS = 10;

export function addIndexCommand(program: Command): void {
  program
    .command("index")
    .description("make an index, or bring it up to date")
    .argument(
      "[SOURCE...]",
      "Lake projects (folders with a lakefile), JSONL corpora (.jsonl, .jsonl.gz, .jsonl.br), - for standard input, or starter",
    )
    .option(
      "--deps [NAMES]",
      "of a Lake project, also what it depends on: all, or only these packages (joined by commas)",
    )
    .option(
      "--libs <NAMES>",
      "of a Lake project, also these libraries that are not built by default",
    )
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
  lemmascope index ~/my-project --deps mathlib,batteries
  lemmascope index --index mathlib.sqlite mathlib.jsonl.gz
  zcat mathlib.jsonl.gz | lemmascope index -
  lemmascope index starter`,
    )
    .action(async (sources: string[], _options: unknown, command: Command) => {
      const context = contextOf(command);
      const { strict, rebuild, embedder, models, json, ...chosen } = flags.parse(command.opts());
      const path = context.settings.chosenIndex ?? defaultIndex(context.settings);
      const named = [...(await leanSources(context, chosen)), ...placedSources(sources, chosen)];
      const report = await runBuild(context, {
        path,
        sources: named.length > 0 ? named : rememberedSources(context, path),
        strict,
        rebuild,
        embedder,
        models: chosenModels(models),
      });
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

/** Builds with progress on standard error and the first skipped lines named. */
export async function runBuild(
  context: Context,
  options: {
    path: string;
    sources: readonly string[];
    strict: boolean;
    rebuild: boolean;
    embedder: EmbedderChoice | undefined;
    /** Another folder than the bundled `models/`. */
    models?: string | undefined;
  },
): Promise<BuildReport> {
  const embedder = await openEmbedder(context, options);
  const display = progressDisplay(context);
  const skips: SkippedLine[] = [];
  const problems: ProjectProblem[] = [];
  const unread: string[] = [];
  try {
    const report = await buildIndex({
      ...(embedder === undefined ? {} : { embedder }),
      index: options.path,
      sources: options.sources,
      strict: options.strict,
      fromScratch: options.rebuild,
      signal: context.signal,
      onStart: (start) => {
        context.logger.debug({ index: options.path, start }, "building");
        if (start === "resume") context.notice("Going on with the interrupted build.");
      },
      onProgress: ({ phase, source, declarations, bytesRead, bytesTotal }) => {
        const share = bytesTotal === undefined ? undefined : bytesRead / bytesTotal;
        if (phase === "embedding") {
          display.update(share, `${bytesRead} of ${bytesTotal ?? 0} vectors by ${source}`);
        } else if (phase === "completing")
          display.update(1, `${declarations} declarations, completing`);
        else display.update(share, `${declarations} declarations, reading ${source}`);
      },
      onSkip: (skip) => {
        if (skips.length < SHOWN_SKIPS) skips.push(skip);
      },
      onProblem: (problem) => {
        if (problems.length < SHOWN_SKIPS) problems.push(problem);
      },
      onUnread: (libraries) => unread.push(...libraries),
    });
    display.end();
    for (const { source, line, reason } of skips) {
      context.notice(`Left out ${source}, line ${line}: ${reason}.`);
    }
    const more = report.skippedLines - skips.length;
    if (more > 0) context.notice(`Left out ${more} more malformed lines.`);
    for (const { path, line, message } of problems) {
      context.notice(`${path}, line ${line}: ${message}.`);
    }
    const moreProblems = report.problems - problems.length;
    if (moreProblems > 0) context.notice(`${moreProblems} more places could not be read.`);
    if (unread.length > 0) {
      context.notice(
        `Not read, as lake does not build them by default: ${unread.join(", ")} (--libs reads them).`,
      );
    }
    return report;
  } finally {
    display.end();
    await embedder?.close();
  }
}

/** The embedder that was asked for; undefined for none, and where the bundled one is missing. */
async function openEmbedder(
  context: Context,
  choice: { embedder: EmbedderChoice | undefined; models?: string | undefined },
): Promise<Embedder | undefined> {
  const { embedder: remote } = context.settings;
  const which = choice.embedder ?? (remote === undefined ? "static" : "remote");
  if (which === "none") return undefined;
  if (which === "static") {
    const bundled = await StaticEmbedder.load(choice.models);
    if (bundled === undefined) {
      context.notice("The bundled models are missing: the index is made without vectors.");
    }
    return bundled;
  }
  if (remote === undefined) {
    throw new UserError(
      "usage",
      'No remote embedder is configured: set "embedder" in the configuration file, or LEMMASCOPE_EMBEDDER_URL and LEMMASCOPE_EMBEDDER_MODEL.',
    );
  }
  return RemoteEmbedder.connect(remote, { env: process.env, signal: context.signal });
}

/** Says in a few lines what a build did. */
export function describeBuild(context: Context, path: string, report: BuildReport): void {
  const { counts, removed, skippedLines, problems, declarations, elapsedMs, written } = report;
  if (!written) {
    context.print(`${path} is up to date: ${declarations} declarations.`);
    return;
  }
  context.print(
    `${path}: ${declarations} declarations indexed in ${(elapsedMs / 1000).toFixed(1)} s.`,
  );
  const details = [
    [counts.added, "added"],
    [counts.changed, "changed"],
    [counts.unchanged, "unchanged"],
    [removed, "removed"],
    [counts.duplicate, "duplicate names left out"],
    [skippedLines, "malformed lines left out"],
    [problems, "places that could not be read"],
  ] as const;
  const told = details.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (told.length > 0) context.print(`  ${told.join(", ")}`);
}

/**
 * Sources as the index remembers them: from any folder, they mean the same.
 *
 * @throws UserError `usage` for choices within a Lake project where no source is one.
 */
function placedSources(
  sources: readonly string[],
  { deps, libs }: { deps?: true | string | undefined; libs?: string | undefined },
): string[] {
  const choices = {
    dependencies: deps === undefined ? "none" : deps === true ? "all" : namesIn(deps),
    libraries: libs === undefined ? [] : namesIn(libs),
  } as const;
  const placed = sources.map((source) => {
    if (source === "-" || source === "starter") return source;
    return isLakeProject(source) ? lakeSourceText({ folder: source, ...choices }) : resolve(source);
  });
  const flag = deps === undefined ? "--libs" : "--deps";
  if ((deps ?? libs) !== undefined && !placed.some((source) => parseLakeSource(source))) {
    throw new UserError(
      "usage",
      `${flag} chooses within a Lake project: name its folder before it, such as lemmascope index . ${flag}.`,
    );
  }
  return placed;
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
