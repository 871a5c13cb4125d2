import { answerCache } from "../config/settings.js";
import { UserError } from "../errors.js";
import type { Chat } from "../llm/chat.js";
import { openChat, type OpenChatOptions } from "../llm/open-chat.js";
import { Prompt } from "../llm/prompt.js";
import type { PremiseParts } from "../premises/premise-run.js";
import { Prompts } from "../premises/prompts.js";
import type { Theorem } from "../premises/theorem.js";
import { StatementPremises } from "../premises/without-model/statement-premises.js";
import { IndexRetriever } from "../prove/index-retriever.js";
import { NO_RETRIEVER, type Retrieval, type Retriever } from "../prove/retriever.js";
import type { Checker } from "../verify/verdict.js";
import { type CheckerFlags, openChosenChecker, withCheckerFlags } from "./checker-options.js";
import type { Context } from "./context.js";
import { type FoundSearch, withSearch } from "./find-index.js";

/** Everything that proving takes, ready to be used. */
export interface Prover {
  readonly chat: Chat;
  readonly checker: Checker;
  readonly prompt: Prompt;
  /** How many checks the checker takes at the same time. */
  readonly checksAtOnce: number;
  /** Undefined where no premises are retrieved. */
  readonly found: FoundSearch | undefined;
  /** Names and fingerprints of the models that take part in retrieval. */
  readonly models: Readonly<Record<string, string>>;
  /** @param retrieval one of those that the prover was opened for. */
  retriever(theorem: Theorem, retrieval: Retrieval): Retriever;
}

export interface ProverOptions extends Pick<
  OpenChatOptions,
  "record" | "replay" | "budget" | "onAnswer"
> {
  readonly retrievals: readonly Retrieval[];
  readonly checker: CheckerFlags;
}

/**
 * Opens what proving takes, hands it to `use`, and closes it: Lean first, then language models, then the
 * index, where one is needed.
 *
 * @throws UserError `unavailable` without Lean, `usage` without a language model, as `withSearch` does;
 * and whatever `use` throws.
 */
export async function withProver(
  context: Context,
  options: ProverOptions,
  use: (prover: Prover) => Promise<void>,
): Promise<void> {
  const checker = openChosenChecker(context, options.checker);
  let chat: Chat | undefined;
  try {
    chat = await openProverChat(context, options);
    const base = {
      ...{ chat, checker, prompt: new Prompt("prove") },
      checksAtOnce: checksAtOnce(context, options.checker),
    };
    if (options.retrievals.every((retrieval) => retrieval === "none")) {
      await use({ ...base, found: undefined, models: {}, retriever: () => NO_RETRIEVER });
    } else await withSearch(context, (found) => useWithSearch(base, found, use));
  } finally {
    await chat?.close();
    await checker.close();
  }
}

async function useWithSearch(
  base: Pick<Prover, "chat" | "checker" | "prompt" | "checksAtOnce">,
  found: FoundSearch,
  use: (prover: Prover) => Promise<void>,
): Promise<void> {
  const { index, search } = found;
  const statementPremises = await StatementPremises.open(index, search);
  const prompts = new Prompts();
  const parts: PremiseParts = { index, search, statementPremises, prompts, chat: base.chat };
  try {
    await use({
      ...base,
      found,
      models: { ...found.models, ...statementPremises.models },
      retriever: (theorem, retrieval) =>
        retrieval === "none"
          ? NO_RETRIEVER
          : new IndexRetriever(parts, theorem, retrieval === "reasoning"),
    });
  } finally {
    await statementPremises.close();
  }
}

async function openProverChat(
  context: Context,
  { retrievals, record, replay, budget, onAnswer }: ProverOptions,
): Promise<Chat> {
  const reasons = retrievals.includes("reasoning");
  const chat = await openChat(context.settings.llm, {
    environment: process.env,
    cachePath: answerCache(context.settings),
    roles: reasons ? ["prove", "sketch", "filter", "judge", "rank"] : ["prove"],
    ...{ record, replay, onAnswer },
    ...(budget === undefined ? {} : { budget }),
    warn: context.notice,
    onRetry: (retry) => {
      context.logger.info(retry, "asking again");
    },
  });
  if (chat !== undefined) return chat;
  throw new UserError(
    "usage",
    'No language model is configured, so there is nobody to write a proof: describe one in the section "llm" of the configuration file, or set LEMMASCOPE_LLM_BASE_URL and LEMMASCOPE_LLM_MODEL.',
  );
}

/** With lake, each check is a Lean of its own: the setting for REPL processes limits them, too. */
function checksAtOnce(context: Context, flags: CheckerFlags): number {
  const { checker, processes, remote } = withCheckerFlags(context.settings.verify, flags);
  if (checker !== "remote" || remote === undefined) return processes;
  return remote.batchSize * remote.concurrency;
}
