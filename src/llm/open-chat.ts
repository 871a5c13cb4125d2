import { resolve } from "node:path";
import type { BudgetLimits, LlmSettings, Role } from "../config/llm-settings.js";
import { UserError } from "../errors.js";
import type { Environment } from "../network/proxy.js";
import type { RetryOptions } from "../network/retry.js";
import { Budget, type MoneyLimit } from "./budget.js";
import { CachedCompletions } from "./cached-completions.js";
import type { Chat } from "./chat.js";
import type { Completions } from "./completions.js";
import { ModelChat } from "./model-chat.js";
import { choiceFor, ProfileCompletions } from "./profile-completions.js";
import { RecordedCompletions } from "./recorded-completions.js";
import { type RecordingEntry, readRecording, RecordingWriter } from "./recording-file.js";
import { type Replay, ReplayedCompletions } from "./replayed-completions.js";
import { ResponseCache } from "./response-cache.js";

export interface OpenChatOptions extends Pick<RetryOptions, "retry" | "onRetry"> {
  /** Where keys and proxies are read from, as `process.env`. */
  readonly environment: Environment;
  /** A file that all answers are written to. */
  readonly record?: string | undefined;
  /** Told of every question and what came of it, kept and replayed answers included. */
  readonly onAnswer?: ((entry: RecordingEntry) => void) | undefined;
  /**
   * A recording, or answers from elsewhere, that all answers are taken from; then no server, key or
   * setting is needed.
   */
  readonly replay?: string | Replay | undefined;
  /** Limits of this run, each instead of the configured one. */
  readonly budget?: { readonly [Part in keyof BudgetLimits]?: BudgetLimits[Part] | undefined };
  /** How much money this run may cost; nothing is counted where absent. */
  readonly money?: MoneyLimit | undefined;
  /** Where answers are kept, if the settings want that. */
  readonly cachePath: string;
  /** What will be asked for; all roles where absent. The profiles of others need no key. */
  readonly roles?: readonly Role[];
  /** Told in a sentence what does not work but is no reason to stop. */
  readonly warn?: (sentence: string) => void;
}

/**
 * Makes ready to ask language models. Nobody is contacted before the first question. The seconds of
 * the budget begin to run.
 *
 * @returns undefined where no model is configured and nothing is to be replayed.
 * @throws UserError `usage` where a key is missing, a proxy setting cannot be used, or the options
 * contradict each other; `badInput` where there is nothing to replay; `io`
 */
export async function openChat(
  settings: LlmSettings | undefined,
  options: OpenChatOptions,
): Promise<Chat | undefined> {
  const { record, replay } = options;
  if (record !== undefined && replay !== undefined) {
    throw new UserError(
      "usage",
      "Answers cannot be recorded and replayed at once: take --record or --replay.",
    );
  }
  if (replay === undefined && settings === undefined) {
    if (record === undefined) return undefined;
    throw new UserError(
      "usage",
      `There are no answers to record, as no language model is configured: describe one in the section "llm" of the configuration file, or set LEMMASCOPE_LLM_BASE_URL and LEMMASCOPE_LLM_MODEL.`,
    );
  }
  const budget = new Budget(limits(settings?.budget ?? {}, options.budget ?? {}), options.money);
  try {
    return new ModelChat(await openCompletions(settings, budget, options), budget);
  } catch (error) {
    budget.close();
    throw error;
  }
}

/** Recording goes around the cache, so that kept answers are recorded, too. */
async function openCompletions(
  settings: LlmSettings | undefined,
  budget: Budget,
  {
    environment,
    record,
    replay,
    cachePath,
    roles,
    warn,
    retry,
    onRetry,
    onAnswer,
  }: OpenChatOptions,
): Promise<Completions> {
  if (replay !== undefined || settings === undefined) {
    return new ReplayedCompletions(replayOf(replay ?? ""), budget, onAnswer);
  }
  const servers = await ProfileCompletions.open(settings, roles, {
    environment,
    budget,
    ...(retry === undefined ? {} : { retry }),
    ...(onRetry === undefined ? {} : { onRetry }),
  });
  const choice = (role: Role) => choiceFor(settings, role);
  const writer = record === undefined ? undefined : await openWriter(record, servers);
  const cached = settings.cache
    ? new CachedCompletions(servers, ResponseCache.open(cachePath, warn ?? ignore), choice)
    : servers;
  const recorded = writer === undefined ? cached : new RecordedCompletions(cached, writer, choice);
  if (onAnswer === undefined) return recorded;
  return new RecordedCompletions(recorded, { append: onAnswer, close: ignore }, choice);
}

function replayOf(replay: string | Replay): Replay {
  if (typeof replay !== "string") return replay;
  const path = resolve(replay);
  return { source: `The recording ${path}`, entries: readRecording(path) };
}

async function openWriter(path: string, servers: Completions): Promise<RecordingWriter> {
  try {
    return RecordingWriter.open(resolve(path));
  } catch (error) {
    await servers.close();
    throw error;
  }
}

function limits(
  configured: BudgetLimits,
  { calls, tokens, seconds }: NonNullable<OpenChatOptions["budget"]>,
): BudgetLimits {
  return {
    ...configured,
    ...(calls === undefined ? {} : { calls }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(seconds === undefined ? {} : { seconds }),
  };
}

function ignore(): void {
  // Whoever gives no ear wants to hear nothing.
}
