import type { LlmSettings } from "../../config/llm-settings.js";
import { UserError } from "../../errors.js";
import { Budget } from "../../llm/budget.js";
import type { Chat } from "../../llm/chat.js";
import { ModelChat } from "../../llm/model-chat.js";
import { openChat } from "../../llm/open-chat.js";
import { findPremises, premisesFromSketch } from "../../premises/find-premises.js";
import type { Mode, PremiseParts, PremiseReport } from "../../premises/premise-run.js";
import { readTheorem } from "../../premises/read-theorem.js";
import type { Theorem } from "../../premises/theorem.js";
import { ClientCompletions } from "./client-completions.js";
import { GuardedChat, ModelFailure } from "./guarded-chat.js";
import { foundPremises } from "./premise-report.js";
import type {
  ModelSource,
  PremisesFound,
  PremisesRequest,
  RunBudget,
  TheoremText,
} from "./premise-service.js";
import type { RunLink } from "./run-link.js";

/** How many questions a client's own model gets in a run at most, where nothing is said. */
const CLIENT_CALLS = 60;

/** The operator's language models. */
export interface ConfiguredModels {
  readonly settings: LlmSettings | undefined;
  readonly cachePath: string;
}

/** What a premise run has to work with. */
export interface PremiseHouse extends Omit<PremiseParts, "chat"> {
  readonly models: ConfiguredModels;
}

/**
 * Finds the premises that a request asks for. Where the language model fails before it has sketched
 * anything, the statement alone has to do, and a note says so.
 *
 * @param source whose language model is to take part.
 * @throws UserError for a request that cannot be answered, and where the index cannot be used.
 */
export async function answerPremises(
  house: PremiseHouse,
  request: PremisesRequest,
  source: ModelSource,
  link: RunLink,
): Promise<PremisesFound> {
  const theorem = theoremOf(request.theorem);
  const { limit, rounds, sketch } = request;
  const options = {
    limit,
    ...(rounds === undefined ? {} : { rounds }),
    signal: link.signal,
    onProgress: link.progress.bind(link),
  };
  const told = (report: PremiseReport, languageModel: ModelSource, notes: string[] = []) =>
    foundPremises(report, house.index, {
      languageModel,
      isCallersSketch: sketch !== undefined,
      notes,
    });
  if (sketch !== undefined) {
    return told(await premisesFromSketch(theorem, sketch, house, options), "none");
  }
  const notes: string[] = [];
  if (source !== "none") {
    try {
      const mode = request.mode ?? (source === "client" ? "sketch" : "full");
      const chat = await openGuarded(house, request.budget ?? {}, mode, source, link);
      try {
        const parts = { ...house, chat };
        return told(await findPremises(theorem, parts, { ...options, mode }), source);
      } finally {
        await chat.close();
      }
    } catch (error) {
      if (!(error instanceof ModelFailure)) throw error;
      notes.push(`${error.message} So the statement alone had to do.`);
    }
  }
  return told(await findPremises(theorem, house, { ...options, mode: "none" }), "none", notes);
}

/** @throws ModelFailure where the model cannot be asked at all. */
async function openGuarded(
  house: PremiseHouse,
  budget: RunBudget,
  mode: Mode,
  source: "configured" | "client",
  link: RunLink,
): Promise<Chat> {
  if (source === "client") {
    const limits = { calls: CLIENT_CALLS, ...given(budget) };
    const spent = new Budget(limits);
    const chat = new ModelChat(new ClientCompletions(link.ask, spent), spent);
    // The client knows its own model: it may hear what was wrong.
    return new GuardedChat(chat, ({ message }) => message);
  }
  const describe = (error: UserError): string => {
    link.problem(error.message);
    return "The server's language model cannot be used; its log says why.";
  };
  const { settings, cachePath } = house.models;
  try {
    const chat = await openChat(settings, {
      environment: process.env,
      cachePath,
      roles: mode === "sketch" ? ["sketch"] : ["sketch", "filter", "judge", "rank"],
      budget: within(given(budget), settings?.budget ?? {}),
      warn: (sentence) => link.problem(sentence),
    });
    if (chat === undefined) throw new UserError("usage", "No language model is configured.");
    return new GuardedChat(chat, describe);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new ModelFailure(describe(error), error);
  }
}

type Limits = { -readonly [Part in keyof RunBudget]?: number };

function given({ seconds, calls, tokens }: RunBudget): Limits {
  return {
    ...(seconds === undefined ? {} : { seconds }),
    ...(calls === undefined ? {} : { calls }),
    ...(tokens === undefined ? {} : { tokens }),
  };
}

/** A client may ask for less than the operator allows, and not for more. */
function within(
  asked: Limits,
  allowed: { readonly [Part in keyof RunBudget]?: number | undefined },
): Limits {
  const limits = { ...asked };
  for (const part of ["seconds", "calls", "tokens"] as const) {
    const most = allowed[part];
    if (most !== undefined) limits[part] = Math.min(most, asked[part] ?? Infinity);
  }
  return limits;
}

const NOTHING: Theorem = {
  name: undefined,
  formal: "",
  statement: "",
  conclusion: "",
  informal: "",
  informalProof: "",
  imports: [],
};

function theoremOf(given: TheoremText | undefined): Theorem {
  if (given === undefined) return NOTHING;
  const { text, name, informal, informalProof } = given;
  try {
    return readTheorem(text, { source: "The theorem", chosen: name, informal, informalProof });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Its sentences are written for the command line.
    throw new UserError(error.exit, error.message.replace("--theorem NAME", "theorem_name"));
  }
}
