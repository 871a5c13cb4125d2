import { answerCache } from "../config/settings.js";
import type { LlmProfile } from "../config/llm-settings.js";
import { UserError } from "../errors.js";
import type { CorpusSurvey } from "../informalize/graph/survey.js";
import {
  informalize,
  type InformalizeOptions,
  type InformalizeParts,
  type InformalizeReport,
} from "../informalize/run.js";
import type { Chat } from "../llm/chat.js";
import { openChat } from "../llm/open-chat.js";
import type { Context } from "./context.js";
import type { InformalizeChoices } from "./informalize-choices.js";
import { writeCorpus, type WrittenCorpus } from "./informalize-files.js";
import { progressLine } from "./informalize-text.js";
import { progressDisplay } from "./progress.js";

/** A run as it is wanted. */
interface ModelRun extends InformalizeChoices {
  readonly out: string;
  readonly profile: LlmProfile;
}

/**
 * Asks for what a plan has to ask, and writes the corpus with all that there is then, also where the run
 * ends early.
 *
 * @throws UserError as `openChat`, `informalize` and `writeCorpus` do.
 */
export async function runWithModel(
  context: Context,
  parts: Omit<InformalizeParts, "chat"> & { readonly survey: CorpusSurvey },
  { out, profile, ...choices }: ModelRun,
): Promise<{ readonly report: InformalizeReport; readonly written: WrittenCorpus }> {
  const { survey, state } = parts;
  const write = (): Promise<WrittenCorpus> =>
    writeCorpus(out, survey, { written: state, withRules: false });
  const chat = await openRunChat(context, choices);
  const display = progressDisplay(context);
  const begun = performance.now();
  const options: InformalizeOptions = {
    concurrency: profile.concurrency,
    stop: context.signal,
    cut: secondInterruption(context),
    onProgress: (progress) => {
      const line = progressLine(progress, performance.now() - begun, choices.prices);
      display.update(progress.done / progress.total, line);
    },
  };
  try {
    const report = await informalize({ ...parts, chat }, options);
    display.end();
    state.compact();
    return { report, written: await write() };
  } catch (error) {
    display.end();
    // What went wrong matters more than that this may go wrong as well.
    await write().catch(() => undefined);
    throw error;
  } finally {
    await chat.close();
  }
}

async function openRunChat(
  context: Context,
  { budget, prices, maxCalls, maxTokens, maxSeconds }: Omit<InformalizeChoices, "out">,
): Promise<Chat> {
  const money = budget === undefined || prices === undefined ? undefined : { most: budget, prices };
  const chat = await openChat(context.settings.llm, {
    environment: process.env,
    cachePath: answerCache(context.settings),
    roles: ["informalize"],
    budget: { calls: maxCalls, tokens: maxTokens, seconds: maxSeconds },
    money,
    warn: context.notice,
    onRetry: (retry) => {
      context.logger.info(retry, "asking again");
    },
  });
  if (chat !== undefined) return chat;
  throw new UserError("usage", "No language model is configured.");
}

/** Aborted by a second Ctrl-C; the third kills. */
function secondInterruption(context: Context): AbortSignal {
  const cut = new AbortController();
  context.signal.addEventListener("abort", () => {
    context.notice("Waiting for the answers under way; Ctrl-C again cuts them.");
  });
  let interruptions = 0;
  // Listening from the start: between two listeners, a signal would kill.
  const listener = (): void => {
    interruptions += 1;
    if (interruptions < 2) return;
    process.off("SIGINT", listener).off("SIGTERM", listener);
    cut.abort();
  };
  process.on("SIGINT", listener).on("SIGTERM", listener);
  return cut.signal;
}
