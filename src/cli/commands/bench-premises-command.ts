import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { z } from "zod";
import { writeAtomically } from "../../../benchmark/files.js";
import { comparePremiseReports } from "../../../benchmark/premises/compare.js";
import { premiseComparisonMarkdown } from "../../../benchmark/premises/compare-markdown.js";
import {
  type BenchmarkTheorem,
  fingerprintTheorems,
  type PremiseBenchmarkData,
  readPremiseTheorems,
} from "../../../benchmark/premises/data.js";
import { RunJournal } from "../../../benchmark/premises/journal.js";
import {
  type RecordedSketches,
  readRecordedSketches,
} from "../../../benchmark/premises/recorded-sketches.js";
import {
  makePremiseReport,
  type PremiseBenchmarkReport,
  readPremiseReport,
  thisEnvironment,
  writePremiseReport,
} from "../../../benchmark/premises/report.js";
import { premiseReportMarkdown } from "../../../benchmark/premises/report-markdown.js";
import { UserError } from "../../errors.js";
import { DEFAULT_PREMISES, DEFAULT_ROUNDS } from "../../premises/find-premises.js";
import { StatementPremises } from "../../premises/without-model/statement-premises.js";
import { type Context, contextOf, listed, wholeNumber } from "../context.js";
import { adviseFullIndex, withSearch } from "../find-index.js";
import {
  identityOf,
  type MeasuredRun,
  measurePremises,
  openBenchmarkChat,
} from "../measure-premises.js";

import { makeOutputFolder } from "../output-folder.js";

const flags = z.object({
  data: z.string().default("../shared/benchmarks"),
  mode: z.enum(["none", "sketch", "full"]).optional(),
  sketches: z.string().optional(),
  fusion: z.enum(["pool", "published"]).default("pool"),
  rounds: z.number().optional(),
  limit: z.number().default(DEFAULT_PREMISES),
  only: z.array(z.string()).optional(),
  out: z.string().optional(),
  resume: z.boolean().default(false),
  record: z.string().optional(),
  replay: z.string().optional(),
  compare: z.array(z.string()).optional(),
  json: z.boolean().default(false),
});

type Flags = z.infer<typeof flags>;

export function addBenchPremisesCommand(bench: Command): void {
  bench
    .command("premises")
    .description("run MathlibMPR: the premises of 69 theorems, in groups")
    .option("--data <FOLDER>", "where MathlibMPR.json is (default: ../shared/benchmarks)")
    .addOption(
      new Option("--mode <MODE>", "what a language model does (default: none)").choices([
        "none",
        "sketch",
        "full",
      ]),
    )
    .option("--sketches <FILE>", "mode sketch on recorded sketches: only theorems that have one")
    .addOption(
      new Option("--fusion <RULE>", "what orders the premises (default: pool)").choices([
        "pool",
        "published",
      ]),
    )
    .option(
      "--rounds <COUNT>",
      `how often a plan that is not supported is made again (default: ${DEFAULT_ROUNDS})`,
      wholeNumber("--rounds", 0, 20),
    )
    .option(
      "-n, --limit <COUNT>",
      `how many premises of each theorem the files keep (default: ${DEFAULT_PREMISES})`,
      wholeNumber("--limit", 1, 1000),
    )
    .option("--only <IDS>", "only these theorems, joined by commas", listed(String))
    .option("--out <FOLDER>", "write premises.md, premises.json and premises.jsonl there")
    .option("--resume", "go on with the run in the folder of --out")
    .option("--record <FILE>", "keep the language model's answers")
    .option("--replay <FILE>", "take the answers from a recording")
    .option("--compare <REPORT...>", "compare two such reports instead; differences are B − A")
    .option("--json", "print the report as JSON instead of Markdown")
    .addHelpText(
      "after",
      `
Other theorems, in a file theorems.json in the form of MathlibMPR.json, may be given as --data.
Every theorem that is done is kept at once in premises.jsonl; Ctrl-C loses the one under way.

Examples:
  lemmascope bench premises --index mathlib.sqlite --data benchmark-data --out results
  lemmascope bench premises --data benchmark-data --sketches mathlibmpr-sketches.jsonl
  lemmascope bench premises --mode full --out results --resume
  lemmascope bench premises --compare before/premises.json after/premises.json`,
    )
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const options = flags.parse(command.opts());
      if (options.compare !== undefined) await compare(context, options.compare, options.json);
      else await run(context, options);
    });
}

async function run(context: Context, options: Flags): Promise<void> {
  refuseContradictions(options);
  const data = await readPremiseTheorems(resolve(options.data));
  const recorded =
    options.sketches === undefined
      ? undefined
      : await readRecordedSketches(resolve(options.sketches));
  const theorems = wanted(data, options.only, recorded);
  const mode = options.mode ?? (recorded === undefined ? "none" : "sketch");
  await withSearch(context, async (found) => {
    const statementPremises = await StatementPremises.open(found.index, found.search);
    const chat = await openBenchmarkChat(context, {
      ...options,
      mode: recorded === undefined ? mode : "none",
    });
    try {
      const { fusion, limit } = options;
      const rounds = mode === "full" ? (options.rounds ?? DEFAULT_ROUNDS) : null;
      const run: MeasuredRun = { theorems, mode, fusion, rounds, limit, recorded };
      const parts = { index: found.index, search: found.search, statementPremises, chat };
      const identity = identityOf(context, run, {
        ...{ benchmark: data.benchmark, theoremSet: fingerprintTheorems(theorems) },
        corpus: found.index.summary().corpusFingerprint,
        models: { ...found.models, ...statementPremises.models },
        isReplayed: options.replay !== undefined,
      });
      const journal = await openJournal(options, identity);
      try {
        const outcomes = await measurePremises(context, run, parts, journal);
        const report = makePremiseReport({
          startedAt: journal?.startedAt ?? new Date().toISOString(),
          available: data.theorems.length,
          ...{ identity, environment: thisEnvironment(), theorems: outcomes },
        });
        if (found.isStarter) adviseFullIndex(context, found.index);
        await give(context, options, report);
      } finally {
        journal?.close();
      }
    } finally {
      await chat?.close();
      await statementPremises.close();
    }
  });
}

function refuseContradictions(options: Flags): void {
  const { sketches, mode, record, replay, resume, out, rounds } = options;
  const asks = sketches === undefined && mode !== undefined && mode !== "none";
  if (sketches !== undefined && mode !== undefined && mode !== "sketch") {
    throw new UserError(
      "usage",
      `Recorded sketches are for mode sketch: leave out --mode ${mode} or --sketches.`,
    );
  }
  if (!asks && (record !== undefined || replay !== undefined)) {
    throw new UserError(
      "usage",
      "No language model is asked here, so there is nothing for --record or --replay: choose --mode sketch or full, without --sketches.",
    );
  }
  if (rounds !== undefined && mode !== "full") {
    throw new UserError("usage", "--rounds is for --mode full: leave it out, or choose that mode.");
  }
  if (resume && out === undefined) {
    throw new UserError("usage", "--resume goes on with a run: name its folder with --out.");
  }
}

function wanted(
  { theorems }: PremiseBenchmarkData,
  only: readonly string[] | undefined,
  recorded: RecordedSketches | undefined,
): BenchmarkTheorem[] {
  const unknown = only?.find((id) => theorems.every((theorem) => theorem.id !== id));
  if (unknown !== undefined) {
    throw new UserError("usage", `There is no theorem "${unknown}": see the ids in the data.`);
  }
  const chosen = theorems.filter(
    ({ id }) => (only?.includes(id) ?? true) && (recorded?.sketches.has(id) ?? true),
  );
  if (chosen.length > 0) return chosen;
  throw new UserError(
    "usage",
    "None of the theorems has a recorded sketch: name the sketches that go with the data.",
  );
}

async function openJournal(
  { out, resume }: Flags,
  identity: Parameters<typeof RunJournal.open>[1],
): Promise<RunJournal | undefined> {
  if (out === undefined) return undefined;
  const folder = await makeOutputFolder(out);
  return RunJournal.open(join(folder, "premises.jsonl"), identity, resume);
}

async function give(
  context: Context,
  { out, json }: Flags,
  report: PremiseBenchmarkReport,
): Promise<void> {
  const markdown = premiseReportMarkdown(report);
  if (out !== undefined) {
    const folder = resolve(out);
    await writePremiseReport(join(folder, "premises.json"), report);
    await writeAtomically(join(folder, "premises.md"), markdown);
    context.notice(`Wrote ${join(folder, "premises.md")}, premises.json and premises.jsonl.`);
  }
  context.print(json ? JSON.stringify(report) : markdown.trimEnd());
}

async function compare(context: Context, paths: readonly string[], asJson: boolean): Promise<void> {
  const [a, b, ...more] = paths;
  if (a === undefined || b === undefined || more.length > 0) {
    throw new UserError("usage", "--compare takes two reports: --compare A.json B.json.");
  }
  const comparison = comparePremiseReports(
    await readPremiseReport(resolve(a)),
    await readPremiseReport(resolve(b)),
  );
  context.print(
    asJson ? JSON.stringify(comparison) : premiseComparisonMarkdown(comparison).trimEnd(),
  );
}
