import type { LlmSettings } from "../../config/llm-settings.js";
import { UserError } from "../../errors.js";
import { openChat } from "../../llm/open-chat.js";
import { Prompt } from "../../llm/prompt.js";
import type { Environment } from "../../network/proxy.js";
import { prove } from "../../prove/prove.js";
import type { ProveProgress, ProveReport } from "../../prove/prove-run.js";
import { NO_RETRIEVER, type Retrieval } from "../../prove/retriever.js";
import type { Problem } from "../../prove/problem.js";
import type { Checker } from "../../verify/verdict.js";
import type { PremiseService, RunBudget } from "../premises/premise-service.js";
import type { DeclarationService } from "../questions.js";
import { ServiceRetriever } from "./service-retriever.js";

/** What proving for clients works with. */
export interface ProvingParts {
  readonly service: DeclarationService;
  readonly premises: PremiseService;
  readonly checker: Checker;
  readonly llm: LlmSettings | undefined;
  /** Where answers are kept, if the settings want that. */
  readonly cachePath: string;
  readonly environment: Environment;
  /** Told what does not work but is no reason to stop. */
  readonly warn: (sentence: string) => void;
}

export interface ProveRequest {
  readonly problem: Problem;
  readonly retrieval: Retrieval;
  readonly rounds: number;
  readonly candidates: number;
  readonly budget: RunBudget;
}

/** Proves theorems for clients, with the operator's language model and Lean. */
export class ProvingService {
  readonly #parts: ProvingParts;
  readonly #prompt = new Prompt("prove");

  constructor(parts: ProvingParts) {
    this.#parts = parts;
  }

  /**
   * @throws UserError `usage` where there is no language model, and as `prove` does; BusyError where too
   * much is waiting already.
   */
  async prove(
    { problem, retrieval, rounds, candidates, budget }: ProveRequest,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress?: ((progress: ProveProgress) => void) | undefined;
    },
  ): Promise<ProveReport> {
    const { llm, cachePath, environment, warn, checker, service, premises } = this.#parts;
    // The signal ends the time; a plan may take half of it.
    const { seconds, ...limits } = budget;
    const planning = { ...limits, seconds: seconds === undefined ? undefined : seconds / 2 };
    const asking = { environment, cachePath, roles: ["prove"], budget: limits, warn } as const;
    const chat = await openChat(llm, asking);
    if (chat === undefined) {
      throw new UserError(
        "usage",
        "This server has no language model, so there is nobody to write a proof: write it yourself, and have it checked.",
      );
    }
    const { signal, onProgress } = options;
    const reasons = retrieval === "reasoning";
    const retriever =
      retrieval === "none"
        ? NO_RETRIEVER
        : new ServiceRetriever(problem, { service, premises, reasons, budget: planning });
    try {
      return await prove(
        problem,
        { chat, checker, retriever, prompt: this.#prompt },
        {
          ...{ rounds, candidates, signal },
          // The checker has its own order of who comes next.
          checksAtOnce: candidates,
          ...(onProgress === undefined ? {} : { onProgress }),
        },
      );
    } finally {
      await chat.close();
    }
  }
}
