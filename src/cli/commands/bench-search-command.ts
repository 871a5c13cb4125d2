import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { readTextFile, writeAtomically } from "../../../benchmark/files.js";
import { compareSearchReports } from "../../../benchmark/search/compare.js";
import { searchComparisonMarkdown } from "../../../benchmark/search/compare-markdown.js";
import { readSearchQueries, type SearchQuery } from "../../../benchmark/search/data.js";
import {
  makeSearchReport,
  readSearchReport,
  writeSearchReport,
} from "../../../benchmark/search/report.js";
import { searchReportMarkdown } from "../../../benchmark/search/report-markdown.js";
import { runSearchBenchmark, type SearchRun } from "../../../benchmark/search/run.js";
import { UserError } from "../../errors.js";
import { VERSION } from "../../package-root.js";
import type { Search } from "../../search/search.js";
import { type Context, contextOf } from "../context.js";
import { adviseFullIndex, type FoundSearch, withSearch } from "../find-index.js";
import { progressDisplay } from "../progress.js";

const flags = z.object({
  data: z.string().default("../shared/benchmarks"),
  out: z.string().optional(),
  compare: z.array(z.string()).optional(),
  only: z.string().optional(),
  json: z.boolean().default(false),
});

export function addBenchSearchCommand(bench: Command): void {
  bench
    .command("search")
    .description("run MathlibQR: 946 queries for 200 declarations in six styles")
    .option("--data <FOLDER>", "where the benchmark's files are (default: ../shared/benchmarks)")
    .option("--out <FOLDER>", "write search.md and search.json, with every query's rank, there")
    .option("--compare <REPORT...>", "compare two such reports instead; differences are B − A")
    .option(
      "--only <FILE>",
      "with --compare: only the queries for the declarations of this file, a name or a record a line",
    )
    .option("--json", "print the report as JSON instead of Markdown")
    .addHelpText(
      "after",
      `
Examples:
  lemmascope bench search --index mathlib.sqlite --data benchmark-data --out results
  lemmascope bench search --compare before/search.json after/search.json`,
    )
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const options = flags.parse(command.opts());
      if (options.compare !== undefined) await compare(context, options.compare, options);
      else if (options.only === undefined) await run(context, options);
      else throw new UserError("usage", "--only is for --compare: name the two reports as well.");
    });
}

async function run(context: Context, options: z.infer<typeof flags>): Promise<void> {
  const queries = await readSearchQueries(resolve(options.data));
  await withSearch(context, async ({ index, isStarter, search, models }) => {
    const record = await measure(context, { index, search, models }, queries);
    if (isStarter) adviseFullIndex(context, index);
    const report = makeSearchReport(record);
    const markdown = searchReportMarkdown(report);
    if (options.out !== undefined) {
      const folder = resolve(options.out);
      await mkdir(folder, { recursive: true });
      await writeSearchReport(join(folder, "search.json"), report);
      await writeAtomically(join(folder, "search.md"), markdown);
      context.notice(`Wrote ${join(folder, "search.md")} and search.json.`);
    }
    context.print(options.json ? JSON.stringify(report) : markdown.trimEnd());
  });
}

async function measure(
  context: Context,
  { index, search, models }: Pick<FoundSearch, "index" | "search" | "models">,
  queries: readonly SearchQuery[],
): Promise<SearchRun> {
  const { corpusFingerprint } = index.summary();
  const display = progressDisplay(context);
  try {
    return await runSearchBenchmark({
      queries,
      search: (query, limit) => namesFor(search, query, limit),
      isKnown: (name) => index.idOf(name) !== undefined,
      fingerprints: { lemmascope: VERSION, corpus: corpusFingerprint, models },
      onProgress: (done, total) => display.update(done / total, `${done} of ${total} queries`),
      signal: context.signal,
    });
  } finally {
    display.end();
  }
}

/** A query without any word to search for is answered with nothing, and counts as missed. */
async function namesFor(search: Search, query: string, limit: number): Promise<string[]> {
  try {
    const results = await search.search(query, { limit });
    return results.map(({ facts }) => facts.name);
  } catch (error) {
    if (error instanceof UserError && error.exit === "badInput") return [];
    throw error;
  }
}

async function compare(
  context: Context,
  paths: readonly string[],
  { only, json }: Pick<z.infer<typeof flags>, "only" | "json">,
): Promise<void> {
  const [a, b, ...more] = paths;
  if (a === undefined || b === undefined || more.length > 0) {
    throw new UserError("usage", "--compare takes two reports: --compare A.json B.json.");
  }
  const comparison = compareSearchReports(
    await readSearchReport(resolve(a)),
    await readSearchReport(resolve(b)),
    only === undefined ? {} : { only: await readNames(resolve(only)) },
  );
  context.print(json ? JSON.stringify(comparison) : searchComparisonMarkdown(comparison).trimEnd());
}

const namedRecord = z.object({ name: z.string() });

/** @throws UserError `badInput` for a file that cannot be read, or a line that names nothing. */
async function readNames(path: string): Promise<Set<string>> {
  const names = new Set<string>();
  const lines = (await readTextFile(path, "name a file for --only")).split("\n");
  for (const [at, line] of lines.entries()) {
    const text = line.trim();
    if (text === "") continue;
    names.add(text.startsWith("{") ? nameIn(text, path, at + 1) : text);
  }
  return names;
}

function nameIn(text: string, path: string, line: number): string {
  try {
    return namedRecord.parse(JSON.parse(text)).name;
  } catch (error) {
    throw new UserError("badInput", `${path}, line ${line}: this is no record with a name.`, {
      cause: error,
    });
  }
}
