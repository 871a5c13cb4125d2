import { type Command, Option } from "commander";
import { z } from "zod";
import { writeAtomically } from "../../../benchmark/files.js";
import { VERSION } from "../../package-root.js";
import { prove } from "../../prove/prove.js";
import { DEFAULT_ATTEMPTS, type ProveReport } from "../../prove/prove-run.js";
import { ProveTrace } from "../../prove/prove-trace.js";
import { type Problem, readProblem } from "../../prove/problem.js";
import { RETRIEVALS } from "../../prove/retriever.js";
import { addCheckerOptions, checkerFlags } from "../checker-options.js";
import { type Context, contextOf, wholeNumber } from "../context.js";
import { adviseFullIndex } from "../find-index.js";
import { progressDisplay } from "../progress.js";
import { codeText, progressText, proveJson, summaryLines } from "../prove-text.js";
import { type Prover, withProver } from "../prover.js";
import { readLean } from "../read-lean.js";

const flags = checkerFlags.extend({
  retrieval: z.enum(RETRIEVALS).default("standard"),
  rounds: z.number().default(DEFAULT_ATTEMPTS),
  candidates: z.number().default(1),
  informal: z.string().optional(),
  proof: z.string().optional(),
  out: z.string().optional(),
  json: z.boolean().default(false),
  trace: z.string().optional(),
  record: z.string().optional(),
  replay: z.string().optional(),
  maxCalls: z.number().optional(),
  maxTokens: z.number().optional(),
  maxSeconds: z.number().optional(),
});
type Flags = z.infer<typeof flags>;

export function addProveCommand(program: Command): void {
  const command = program
    .command("prove")
    .description("have a language model prove a theorem, and Lean check the proof")
    .argument(
      "<FILE>",
      "a Lean file that ends with the theorem and a sorry; - reads standard input",
    )
    .addOption(
      new Option(
        "--retrieval <WAY>",
        "what premises the prover gets: by the statement alone, by a planned proof, or none (default: standard)",
      ).choices(RETRIEVALS),
    )
    .option(
      "--rounds <COUNT>",
      `how many attempts at most (default: ${DEFAULT_ATTEMPTS})`,
      wholeNumber("--rounds", 1, 64),
    )
    .option(
      "--candidates <COUNT>",
      "how many proofs are worked on at the same time, with so many attempts each (default: 1)",
      wholeNumber("--candidates", 1, 64),
    )
    .option("--informal <WORDS>", "the statement in words, beside the Lean file")
    .option("--proof <FILE>", "a text file with a proof in words")
    .option("--out <FILE>", "write the proof there, or the best attempt with a remark on top")
    .option("--json", "print JSON")
    .option("--trace <FILE>", "write down every prompt, answer, attempt and verdict")
    .option("--record <FILE>", "keep the language model's answers")
    .option("--replay <FILE>", "take the answers from a recording")
    .option("--max-calls <COUNT>", "end after so many calls", wholeNumber("--max-calls", 1, 1e9))
    .option("--max-tokens <COUNT>", "… so many tokens", wholeNumber("--max-tokens", 1, 1e12))
    .option("--max-seconds <COUNT>", "… so many seconds", wholeNumber("--max-seconds", 1, 1e7));
  addCheckerOptions(command)
    .addHelpText(
      "after",
      `
The proof is printed; a run that finds none prints its best attempt with a remark on top. The exit
code is 0 for a proof and 1 for none. Ctrl-C ends with what there is. It takes Lean ("lemmascope
doctor" says what there is) and a language model in the configuration.

Examples:
  lemmascope prove Goal.lean
  lemmascope prove Goal.lean --retrieval reasoning --candidates 4 --out Proof.lean
  lemmascope prove Goal.lean --max-calls 20 --trace run.jsonl --json`,
    )
    .action(async (file: string, _options: unknown, self: Command) => {
      await run(contextOf(self), file, flags.parse(self.opts()));
    });
}

async function run(context: Context, file: string, options: Flags): Promise<void> {
  const problem = readProblem(await readLean(file), {
    source: file === "-" ? "Standard input" : `The file ${file}`,
    informal: options.informal,
    informalProof: options.proof === undefined ? undefined : await readLean(options.proof),
  });
  let trace: ProveTrace | undefined;
  const { record, replay, retrieval } = options;
  const budget = {
    calls: options.maxCalls,
    tokens: options.maxTokens,
    seconds: options.maxSeconds,
  };
  await withProver(
    context,
    {
      ...{ retrievals: [retrieval], checker: options, record, replay, budget },
      onAnswer: (entry) => trace?.answer(entry),
    },
    async (prover) => {
      try {
        // Not before all that may go wrong at once: a trace that exists is written over.
        if (options.trace !== undefined)
          trace = startTrace(options.trace, problem, prover, options);
        const report = await proveWithProgress(context, problem, prover, options, trace);
        await give(context, report, options);
        if (prover.found?.isStarter === true) adviseFullIndex(context, prover.found.index);
      } finally {
        trace?.close();
      }
    },
  );
}

function startTrace(
  path: string,
  { statement }: Problem,
  { checker, prompt }: Prover,
  { retrieval, rounds, candidates }: Flags,
): ProveTrace {
  const trace = new ProveTrace(path);
  trace.start({
    ...{ lemmascope: VERSION, statement, retrieval, rounds, candidates },
    ...{ checker: checker.name, prompt: prompt.version },
  });
  return trace;
}

async function proveWithProgress(
  context: Context,
  problem: Problem,
  prover: Prover,
  { retrieval, rounds, candidates }: Flags,
  trace: ProveTrace | undefined,
): Promise<ProveReport> {
  const { signal } = context;
  const { chat, checker, prompt, checksAtOnce } = prover;
  const display = progressDisplay(context);
  let attempts = 0;
  try {
    return await prove(
      problem,
      { chat, checker, prompt, retriever: prover.retriever(problem.theorem, retrieval) },
      {
        ...{ rounds, candidates, checksAtOnce, signal, trace },
        onProgress: (progress) => {
          display.update(attempts / (rounds * candidates), progressText(progress));
        },
        onAttempt: () => (attempts += 1),
      },
    );
  } finally {
    display.end();
  }
}

async function give(context: Context, report: ProveReport, { out, json }: Flags): Promise<void> {
  const { best, outcome, usage } = report;
  const text = best === undefined ? undefined : codeText(report, best);
  if (out !== undefined && text !== undefined) await writeAtomically(out, text);
  for (const note of report.notes) context.notice(note);
  if (json) context.print(JSON.stringify(proveJson(report)));
  else if (text !== undefined && out === undefined) context.print(text.trimEnd());
  for (const line of summaryLines(report, text === undefined ? undefined : out)) {
    context.notice(line);
  }
  const { calls, promptTokens, completionTokens, cachedAnswers } = usage;
  context.notice(
    `Language models: ${calls} calls, ${promptTokens + completionTokens} tokens, ${cachedAnswers} answers kept from before.`,
  );
  if (outcome === "interrupted") context.exitWith("interrupted");
  else if (outcome !== "proved") context.exitWith("nothingFound");
}
