import type { BenchmarkTheorem } from "../../benchmark/premises/data.js";
import { REPLAYED, type RunIdentity } from "../../benchmark/premises/identity.js";
import type { RunJournal } from "../../benchmark/premises/journal.js";
import type { TheoremOutcome } from "../../benchmark/premises/outcome.js";
import type { RecordedSketches } from "../../benchmark/premises/recorded-sketches.js";
import { runPremiseBenchmark } from "../../benchmark/premises/run.js";
import { profileOf, type Role } from "../config/llm-settings.js";
import { answerCache } from "../config/settings.js";
import { UserError } from "../errors.js";
import type { Chat } from "../llm/chat.js";
import { openChat } from "../llm/open-chat.js";
import { VERSION } from "../package-root.js";
import { findPremises, premisesFromSketch } from "../premises/find-premises.js";
import {
  type Fusion,
  type Mode,
  NO_USAGE,
  type PremiseParts,
  type PremiseReport,
} from "../premises/premise-run.js";
import { PROMPT_NAMES, Prompts } from "../premises/prompts.js";
import type { Context } from "./context.js";
import { progressDisplay } from "./progress.js";

/** A run of the premise benchmark, as the command line wants it. */
export interface MeasuredRun {
  readonly theorems: readonly BenchmarkTheorem[];
  readonly mode: Mode;
  readonly fusion: Fusion;
  /** Null where no sketch is made again. */
  readonly rounds: number | null;
  /** How many names of each ranking are kept. */
  readonly limit: number;
  /** Sketches to use instead of a language model's. */
  readonly recorded: RecordedSketches | undefined;
}

/** What a language model is asked in each mode. */
const ROLES_OF: Readonly<Record<Mode, readonly Role[]>> = {
  none: [],
  sketch: ["sketch"],
  full: ["sketch", "filter", "judge", "rank"],
};

/**
 * The language models for a mode; undefined where it asks none.
 *
 * @throws UserError `usage` where there is none to ask, and as `openChat` does.
 */
export async function openBenchmarkChat(
  context: Context,
  options: {
    readonly mode: Mode;
    readonly record?: string | undefined;
    readonly replay?: string | undefined;
  },
): Promise<Chat | undefined> {
  const { mode, record, replay } = options;
  if (mode === "none") return undefined;
  const chat = await openChat(context.settings.llm, {
    environment: process.env,
    cachePath: answerCache(context.settings),
    roles: ROLES_OF[mode],
    ...{ record, replay },
    warn: context.notice,
    onRetry: (retry) => {
      context.logger.info(retry, "asking again");
    },
  });
  if (chat !== undefined) return chat;
  throw new UserError(
    "usage",
    `Mode ${mode} needs a language model: describe one in the section "llm" of the configuration file, give recorded sketches with --sketches, or choose --mode none.`,
  );
}

/** What makes a run the one that it is. */
export function identityOf(
  context: Context,
  { mode, fusion, rounds, recorded }: MeasuredRun,
  rest: Pick<RunIdentity, "benchmark" | "theoremSet" | "corpus" | "models"> & {
    readonly isReplayed: boolean;
  },
): RunIdentity {
  const { isReplayed, ...known } = rest;
  const asked = recorded === undefined ? ROLES_OF[mode] : [];
  const modelOf = (role: Role): string => {
    if (isReplayed) return REPLAYED;
    const { llm } = context.settings;
    return (llm === undefined ? undefined : profileOf(llm, role)?.profile.model) ?? "none";
  };
  const { versions } = new Prompts();
  const prompts = PROMPT_NAMES.filter((name) => asked.includes(name));
  return {
    ...known,
    ...{ mode, fusion, rounds, lemmascope: VERSION },
    sketches: recorded?.fingerprint ?? null,
    languageModels: Object.fromEntries(asked.map((role) => [role, modelOf(role)])),
    prompts: Object.fromEntries(prompts.map((name) => [name, versions[name]])),
  };
}

/**
 * Runs the theorems that the journal does not have yet.
 *
 * @returns the outcomes of all, in the order of the theorems.
 * @throws UserError as `runPremiseBenchmark`, saying how to go on.
 */
export async function measurePremises(
  context: Context,
  run: MeasuredRun,
  parts: Omit<PremiseParts, "prompts">,
  journal: RunJournal | undefined,
): Promise<TheoremOutcome[]> {
  const { theorems, recorded, limit } = run;
  const { signal } = context;
  const outcomes = new Map(journal?.done);
  const display = progressDisplay(context);
  const progress = () => `${outcomes.size} of ${theorems.length} theorems`;
  const withPrompts = { ...parts, prompts: new Prompts() };
  try {
    await runPremiseBenchmark({
      theorems: theorems.filter(({ id }) => !outcomes.has(id)),
      find: (theorem) => find(theorem, run, withPrompts, signal),
      isKnown: (name) => parts.index.idOf(name) !== undefined,
      usage: () => parts.chat?.usage ?? NO_USAGE,
      recordedRanking: (id) => recorded?.sketches.get(id)?.finalRanking,
      kept: limit,
      onOutcome: (outcome) => {
        outcomes.set(outcome.id, outcome);
        journal?.append(outcome);
        display.update(outcomes.size / theorems.length, progress());
      },
      signal,
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw stopped(error, progress(), journal !== undefined);
  } finally {
    display.end();
  }
  return theorems.flatMap(({ id }) => outcomes.get(id) ?? []);
}

/** Says how far a run came, and how to go on with it. */
function stopped(error: UserError, progress: string, isKept: boolean): UserError {
  const reason = error.exit === "interrupted" ? "" : ` (${error.message.replace(/\.$/u, "")})`;
  const advice = isKept ? "go on with it by --resume" : "no report is made, and nothing kept";
  return new UserError(
    error.exit,
    `The benchmark was stopped after ${progress}${reason}: ${advice}.`,
    { cause: error },
  );
}

/** Everything that is found for a theorem: the report's own limit would hide the pool's depth. */
async function find(
  { id, theorem }: BenchmarkTheorem,
  { mode, fusion, rounds, recorded }: MeasuredRun,
  parts: PremiseParts,
  signal: AbortSignal,
): Promise<PremiseReport> {
  const options = { fusion, limit: Number.POSITIVE_INFINITY, signal };
  const sketch = recorded?.sketches.get(id)?.sketch;
  if (sketch !== undefined) return await premisesFromSketch(theorem, sketch, parts, options);
  return await findPremises(theorem, parts, {
    ...options,
    mode,
    ...(rounds === null ? {} : { rounds }),
  });
}
