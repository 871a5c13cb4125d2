import { readFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { type Command, Option } from "commander";
import { z } from "zod";
import { answerCache } from "../../config/settings.js";
import { errorMessage, UserError } from "../../errors.js";
import type { DeclarationIndex } from "../../index/declaration-index.js";
import type { Chat } from "../../llm/chat.js";
import { openChat } from "../../llm/open-chat.js";
import type { RecordingEntry } from "../../llm/recording-file.js";
import type { Replay } from "../../llm/replayed-completions.js";
import { VERSION } from "../../package-root.js";
import { DEFAULT_ROUNDS, findPremises } from "../../premises/find-premises.js";
import type { Mode, PremiseProgress, PremiseReport } from "../../premises/premise-run.js";
import { Prompts } from "../../premises/prompts.js";
import { readTheorem } from "../../premises/read-theorem.js";
import { RESULTS_PER_QUERY } from "../../premises/retrieve.js";
import type { Theorem } from "../../premises/theorem.js";
import { isTrace, readTrace, type ReadTrace, TraceWriter } from "../../premises/trace.js";
import { StatementPremises } from "../../premises/without-model/statement-premises.js";
import { type Context, contextOf, wholeNumber } from "../context.js";
import { progressWords } from "../../service/premises/premise-words.js";
import { adviseFullIndex, type FoundSearch, withSearch } from "../find-index.js";
import { premiseLines, premisesJson } from "../premises-text.js";
import { progressDisplay } from "../progress.js";

const flags = z.object({
  theorem: z.string().optional(),
  text: z.string().optional(),
  informal: z.string().optional(),
  proof: z.string().optional(),
  mode: z.enum(["none", "sketch", "full"]).optional(),
  rounds: z.number().optional(),
  fusion: z.enum(["pool", "published"]).optional(),
  limit: z.number().optional(),
  json: z.boolean().default(false),
  trace: z.string().optional(),
  record: z.string().optional(),
  replay: z.string().optional(),
  maxCalls: z.number().optional(),
  maxTokens: z.number().optional(),
  maxSeconds: z.number().optional(),
});

type Flags = z.infer<typeof flags>;

/**
 * The longest text on the command line, in UTF-16 units. Beyond some 30,000, onnxruntime ends the process
 * as soon as a model is loaded.
 */
const LONGEST_FLAG = 20_000;

/** How many premises are shown where nothing is said. */
const SHOWN_PREMISES = 20;

export function addPremisesCommand(program: Command): void {
  program
    .command("premises")
    .description("find the set of declarations that a proof of a theorem needs")
    .argument("[FILE]", "a Lean file that states the theorem, or a text; - reads standard input")
    .option("--theorem <NAME>", "which theorem of the file, where it states several")
    .option("--text <WORDS>", "the theorem itself, in Lean or in words, instead of a file")
    .option("--informal <WORDS>", "the statement in words, beside the Lean file")
    .option("--proof <FILE>", "a text file with a proof in words")
    .addOption(
      new Option(
        "--mode <MODE>",
        "what a language model does (default: full where there is one)",
      ).choices(["none", "sketch", "full"]),
    )
    .option(
      "--rounds <COUNT>",
      `how often a plan that is not supported is made again (default: ${DEFAULT_ROUNDS})`,
      wholeNumber("--rounds", 0, 20),
    )
    .addOption(
      new Option(
        "--fusion <RULE>",
        "what orders the premises: all evidence, or the paper's rule",
      ).choices(["pool", "published"]),
    )
    .option(
      "-n, --limit <COUNT>",
      `how many premises (default: ${SHOWN_PREMISES})`,
      wholeNumber("--limit", 1, 1000),
    )
    .option("--json", "print JSON")
    .option("--trace <FILE>", "write down every prompt, answer, query and score")
    .option("--record <FILE>", "keep the language model's answers")
    .option("--replay <FILE>", "take the answers from a recording, or do a trace's run again")
    .option("--max-calls <COUNT>", "end after so many calls", wholeNumber("--max-calls", 1, 1e9))
    .option("--max-tokens <COUNT>", "… so many tokens", wholeNumber("--max-tokens", 1, 1e12))
    .option("--max-seconds <COUNT>", "… so many seconds", wholeNumber("--max-seconds", 1, 1e7))
    .addHelpText(
      "after",
      `
With a language model in the configuration ("lemmascope doctor" says where), a proof is sketched, what it
needs is searched, and the plan is judged and made again. Without one, the statement alone is used.
Ctrl-C ends with what was found.

Examples:
  lemmascope premises Goal.lean
  lemmascope premises Goal.lean --theorem my_theorem --json
  lemmascope premises --text 'a continuous bijection from a compact space to a Hausdorff space is a homeomorphism'`,
    )
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      const { limit, ...options } = flags.parse(command.opts());
      const context = contextOf(command, limit);
      await run(context, file, { ...options, limit });
    });
}

async function run(context: Context, file: string | undefined, options: Flags): Promise<void> {
  for (const flag of ["text", "informal"] as const) {
    const length = options[flag]?.length ?? 0;
    if (length <= LONGEST_FLAG) continue;
    throw new UserError(
      "usage",
      `--${flag} has ${length} characters and at most ${LONGEST_FLAG} are taken there: ${flag === "text" ? "put the theorem into a file, or pipe it in" : "shorten it"}.`,
    );
  }
  const replayed =
    options.replay !== undefined && isTrace(options.replay) ? readTrace(options.replay) : undefined;
  if (replayed !== undefined) requireNothingElse(file, options);
  const theorem = replayed?.theorem ?? (await theoremOf(file, options));
  const { signal } = context;
  await withSearch(context, async (found) => {
    const statementPremises = await StatementPremises.open(found.index, found.search);
    const display = progressDisplay(context);
    let trace: TraceWriter | undefined;
    let chat: Chat | undefined;
    try {
      const prompts = new Prompts();
      const started = {
        lemmascope: VERSION,
        index: indexOf(found.index),
        models: { ...found.models, ...statementPremises.models },
        prompts: prompts.versions,
      };
      if (replayed !== undefined) requireSame(replayed, started, context);
      chat = await openRunChat(context, options, replayed, (entry) => trace?.answer(entry));
      const settings = runSettings(options, replayed, chat);
      // Not before all that may go wrong at once: a trace that exists is written over.
      if (options.trace !== undefined) trace = new TraceWriter(options.trace);
      trace?.start({
        ...started,
        theorem: { ...theorem, imports: [...theorem.imports] },
        ...settings,
      });
      const report = await findPremises(
        theorem,
        { index: found.index, search: found.search, statementPremises, prompts, chat },
        {
          ...settings,
          ...{ limit: options.limit ?? SHOWN_PREMISES, signal, trace },
          onProgress: (progress) => {
            display.update(shareOf(progress), progressWords(progress));
          },
        },
      );
      display.end();
      print(context, found, report, options.json);
    } finally {
      display.end();
      await statementPremises.close();
      await chat?.close();
      trace?.close();
    }
  });
}

/** A trace's run is done again as it was. @throws UserError `usage` where flags say otherwise. */
function requireNothingElse(file: string | undefined, options: Flags): void {
  const { theorem, text, informal, proof, mode, rounds, fusion } = options;
  const others = [file, theorem, text, informal, proof, mode, rounds, fusion];
  if (others.every((one) => one === undefined)) return;
  throw new UserError(
    "usage",
    "A trace has its own theorem and settings: leave out FILE, --theorem, --text, --informal, --proof, --mode, --rounds and --fusion.",
  );
}

async function theoremOf(file: string | undefined, options: Flags): Promise<Theorem> {
  const { theorem: chosen, informal, text } = options;
  if ((file === undefined) === (text === undefined)) {
    throw new UserError(
      "usage",
      "Name one theorem: a FILE that states it, - for standard input, or --text with the statement.",
    );
  }
  const source = text ?? (file === "-" ? await readAll(process.stdin) : readText(file ?? ""));
  return readTheorem(source, {
    source: text !== undefined ? "The text" : file === "-" ? "Standard input" : `The file ${file}`,
    chosen,
    informal,
    informalProof: options.proof === undefined ? undefined : readText(options.proof),
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(
      "badInput",
      `The file ${path} cannot be read (${errorMessage(error)}): name another, or give the statement with --text.`,
      { cause: error },
    );
  }
}

async function openRunChat(
  context: Context,
  options: Flags,
  replayed: ReadTrace | undefined,
  onAnswer: (entry: RecordingEntry) => void,
): Promise<Chat | undefined> {
  const mode = replayed?.start.mode ?? options.mode;
  if (mode === "none") {
    if (replayed !== undefined || (options.record ?? options.replay) === undefined)
      return undefined;
    throw new UserError(
      "usage",
      "Without a language model there are no answers to record or to replay: leave out --record and --replay, or choose another --mode.",
    );
  }
  const replay: string | Replay | undefined =
    replayed === undefined
      ? options.replay
      : { source: `The trace ${options.replay}`, entries: replayed.answers };
  // What a run was allowed to spend is part of its answers, whatever is configured now.
  const settings = replayed === undefined ? context.settings.llm : undefined;
  return await openChat(settings, {
    environment: process.env,
    cachePath: answerCache(context.settings),
    roles: mode === "sketch" ? ["sketch"] : ["sketch", "filter", "judge", "rank"],
    budget: {
      calls: options.maxCalls,
      tokens: options.maxTokens,
      seconds: options.maxSeconds,
    },
    record: options.record,
    replay,
    warn: context.notice,
    onAnswer,
  });
}

/** What a run is done with: as its trace says, else as the flags and the configuration say. */
function runSettings(options: Flags, replayed: ReadTrace | undefined, chat: Chat | undefined) {
  if (replayed !== undefined) {
    const { mode, fusion, rounds, perQuery } = replayed.start;
    return { mode, fusion, rounds, perQuery };
  }
  const mode: Mode = options.mode ?? (chat === undefined ? "none" : "full");
  return {
    mode,
    fusion: options.fusion ?? "pool",
    rounds: options.rounds ?? DEFAULT_ROUNDS,
    perQuery: RESULTS_PER_QUERY,
  } as const;
}

function indexOf(index: DeclarationIndex): { corpus: string; vocabulary: string } {
  const { corpusFingerprint, vocabularyFingerprint } = index.summary();
  return { corpus: corpusFingerprint, vocabulary: vocabularyFingerprint };
}

/** A run can be done again on the same index alone; other models or prompts are worth a notice. */
function requireSame(
  { start }: ReadTrace,
  now: Pick<ReadTrace["start"], "index" | "models" | "prompts">,
  context: Context,
): void {
  const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
  if (!same(start.index, now.index)) {
    throw new UserError(
      "noIndex",
      "The trace was made on another index: name that one with --index, or make the trace again.",
    );
  }
  if (!same(start.models, now.models)) {
    context.notice("The trace was made with other models: its ranking may come out otherwise.");
  }
  if (!same(start.prompts, now.prompts)) {
    context.notice("The trace was made with other prompts: its answers may not fit.");
  }
}

function shareOf({ done, total }: PremiseProgress): number {
  return total === 0 ? 1 : done / total;
}

function print(
  context: Context,
  { index, isStarter }: FoundSearch,
  report: PremiseReport,
  json: boolean,
): void {
  for (const note of report.notes) context.notice(note);
  if (json) context.print(JSON.stringify(premisesJson(report, index)));
  else for (const line of premiseLines(report, index)) context.print(line);
  const { calls, promptTokens, completionTokens, cachedAnswers } = report.usage;
  if (calls + cachedAnswers > 0) {
    context.notice(
      `Language models: ${calls} calls, ${promptTokens + completionTokens} tokens, ${cachedAnswers} answers kept from before.`,
    );
  }
  if (isStarter) adviseFullIndex(context, index);
  if (report.outcome === "interrupted") context.exitWith("interrupted");
  else if (report.premises.length === 0) context.exitWith("nothingFound");
}
