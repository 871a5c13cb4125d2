import { join, resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { writeAtomically } from "../../../benchmark/files.js";
import { thisEnvironment } from "../../../benchmark/premises/report.js";
import {
  type BenchmarkProblem,
  PROBLEM_SETS,
  type ProblemSet,
  readProblems,
} from "../../../benchmark/prove/data.js";
import type { ProveIdentity } from "../../../benchmark/prove/identity.js";
import { openProveJournal, type ProveJournal } from "../../../benchmark/prove/journal.js";
import {
  makeProveReport,
  type ProveBenchmarkReport,
  writeProveReport,
} from "../../../benchmark/prove/report.js";
import { proveReportMarkdown } from "../../../benchmark/prove/report-markdown.js";
import { UserError } from "../../errors.js";
import { DEFAULT_ATTEMPTS } from "../../prove/prove-run.js";
import { type Retrieval, RETRIEVALS } from "../../prove/retriever.js";
import { addCheckerOptions, checkerFlags } from "../checker-options.js";
import { type Context, contextOf, listed, wholeNumber } from "../context.js";
import { adviseFullIndex } from "../find-index.js";
import { type MeasuredProving, measureProving, provingIdentity } from "../measure-proving.js";
import { withProver } from "../prover.js";

import { makeOutputFolder } from "../output-folder.js";

const flags = checkerFlags.extend({
  data: z.string().default("../shared/benchmarks"),
  set: z.array(z.enum(PROBLEM_SETS)).optional(),
  only: z.array(z.string()).optional(),
  retrieval: z.array(z.enum(RETRIEVALS)).default([...RETRIEVALS]),
  rounds: z.number().default(DEFAULT_ATTEMPTS),
  candidates: z.number().default(1),
  out: z.string().optional(),
  resume: z.boolean().default(false),
  record: z.string().optional(),
  replay: z.string().optional(),
  maxCalls: z.number().optional(),
  maxTokens: z.number().optional(),
  maxSeconds: z.number().optional(),
  json: z.boolean().default(false),
});

type Flags = z.infer<typeof flags>;

export function addBenchProveCommand(bench: Command): void {
  const command = bench
    .command("prove")
    .description("run FATE-H and MathlibMPR-Prop: proofs of 150 theorems, checked by Lean")
    .option("--data <FOLDER>", "where the problems are (default: ../shared/benchmarks)")
    .option("--set <SETS>", `only ${PROBLEM_SETS.join(" or ")}`, listed(parseSet))
    .option("--only <IDS>", "only these problems, joined by commas", listed(String))
    .option(
      "--retrieval <WAYS>",
      `what premises the prover gets (default: ${RETRIEVALS.join(",")})`,
      listed(parseRetrieval),
    )
    .option(
      "--rounds <COUNT>",
      `how many attempts at most (default: ${DEFAULT_ATTEMPTS})`,
      wholeNumber("--rounds", 1, 64),
    )
    .option(
      "--candidates <COUNT>",
      "how many proofs are worked on at the same time (default: 1)",
      wholeNumber("--candidates", 1, 64),
    )
    .option("--out <FOLDER>", "write prove.md, prove.json and prove.jsonl there")
    .option("--resume", "go on with the run in the folder of --out")
    .option("--record <FILE>", "keep the language model's answers")
    .option("--replay <FILE>", "take the answers from a recording")
    .option("--max-calls <COUNT>", "end after so many calls", wholeNumber("--max-calls", 1, 1e9))
    .option("--max-tokens <COUNT>", "… so many tokens", wholeNumber("--max-tokens", 1, 1e12))
    .option("--max-seconds <COUNT>", "… so many seconds", wholeNumber("--max-seconds", 1, 1e7))
    .option("--json", "print the report as JSON instead of Markdown");
  addCheckerOptions(command)
    .addHelpText(
      "after",
      `
Every problem that is done is kept at once in prove.jsonl; Ctrl-C loses the one that is under way.
The budget is for the whole run; --resume goes on with a new one.

Examples:
  lemmascope bench prove --index mathlib.sqlite --data benchmark-data --out results
  lemmascope bench prove --set FATE-H --retrieval none,standard --candidates 4 --out results
  lemmascope bench prove --data benchmark-data --out results --resume`,
    )
    .action(async (_options: unknown, self: Command) => {
      await run(contextOf(self), flags.parse(self.opts()));
    });
}

async function run(context: Context, options: Flags): Promise<void> {
  if (options.resume && options.out === undefined) {
    throw new UserError("usage", "--resume goes on with a run: name its folder with --out.");
  }
  const available = await readProblems(resolve(options.data), options.set);
  const { retrieval: retrievals, rounds, candidates, record, replay } = options;
  const measured: MeasuredProving = {
    problems: wanted(available, options.only),
    ...{ retrievals, rounds, candidates, checker: options },
    isReplayed: replay !== undefined,
  };
  const budget = {
    calls: options.maxCalls,
    tokens: options.maxTokens,
    seconds: options.maxSeconds,
  };
  const asked = { retrievals, checker: options, record, replay, budget };
  await withProver(context, asked, async (prover) => {
    const identity = provingIdentity(context, measured, prover);
    const journal = await openJournal(options, identity);
    try {
      const outcomes = await measureProving(context, measured, prover, journal);
      const report = makeProveReport({
        startedAt: journal?.startedAt ?? new Date().toISOString(),
        available: available.length,
        ...{ identity, environment: thisEnvironment(), outcomes },
      });
      if (prover.found?.isStarter === true) adviseFullIndex(context, prover.found.index);
      await give(context, options, report);
    } finally {
      journal?.close();
    }
  });
}

function wanted(
  problems: readonly BenchmarkProblem[],
  only: readonly string[] | undefined,
): readonly BenchmarkProblem[] {
  if (only === undefined) return problems;
  const unknown = only.find((id) => problems.every((problem) => problem.id !== id));
  if (unknown !== undefined) {
    throw new UserError(
      "usage",
      `There is no problem "${unknown}": ids are as FATE-H/Problem_1 and mathlibmpr_003.`,
    );
  }
  return problems.filter(({ id }) => only.includes(id));
}

async function openJournal(
  { out, resume }: Flags,
  identity: ProveIdentity,
): Promise<ProveJournal | undefined> {
  if (out === undefined) return undefined;
  const folder = await makeOutputFolder(out);
  return openProveJournal(join(folder, "prove.jsonl"), identity, resume);
}

async function give(
  context: Context,
  { out, json }: Flags,
  report: ProveBenchmarkReport,
): Promise<void> {
  const markdown = proveReportMarkdown(report);
  if (out !== undefined) {
    const folder = resolve(out);
    await writeProveReport(join(folder, "prove.json"), report);
    await writeAtomically(join(folder, "prove.md"), markdown);
    context.notice(`Wrote ${join(folder, "prove.md")}, prove.json and prove.jsonl.`);
  }
  context.print(json ? JSON.stringify(report) : markdown.trimEnd());
}

function parseSet(word: string): ProblemSet {
  const set = PROBLEM_SETS.find((known) => known.toLowerCase() === word.toLowerCase());
  if (set !== undefined) return set;
  throw new UserError(
    "usage",
    `--set knows no set "${word}": the sets are ${PROBLEM_SETS.join(", ")}.`,
  );
}

function parseRetrieval(word: string): Retrieval {
  const retrieval = RETRIEVALS.find((known) => known === word);
  if (retrieval !== undefined) return retrieval;
  throw new UserError(
    "usage",
    `--retrieval knows no way "${word}": the ways are ${RETRIEVALS.join(", ")}.`,
  );
}
