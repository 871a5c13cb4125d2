import { UserError } from "../errors.js";
import { BudgetSpent, type Chat, UnusableAnswer, type Usage } from "../llm/chat.js";
import { usageSince } from "../llm/usage.js";
import { askDescription } from "./ask/ask-description.js";
import type { InformalizePrompts } from "./ask/informalize-prompts.js";
import { type Known, type Question, questionOf } from "./ask/question.js";
import type { CorpusSurvey } from "./graph/survey.js";
import { knownWords } from "./known-words.js";
import type { InformalizationPlan } from "./plan/plan.js";
import type { DescriptionState } from "./state/description-state.js";

/** What a run works with. */
export interface InformalizeParts {
  readonly survey: Pick<CorpusSurvey, "spool" | "graph" | "stamps" | "neighbours">;
  readonly plan: InformalizationPlan;
  readonly state: DescriptionState;
  readonly chat: Chat;
  readonly prompts: InformalizePrompts;
  /** The model, as the profile names it. */
  readonly model: string;
}

/** Where a run stands. */
export interface InformalizeProgress {
  /** Declarations that were answered for, well or not. */
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** What it has cost so far. */
  readonly usage: Usage;
}

export interface InformalizeOptions {
  /** How many declarations are asked about at the same time. */
  readonly concurrency: number;
  /** After this, nothing new is asked; what is under way is waited for. */
  readonly stop?: AbortSignal;
  /** Cuts what is under way. */
  readonly cut?: AbortSignal;
  readonly onProgress?: (progress: InformalizeProgress) => void;
}

/** A declaration that no description was found for. */
export interface FailedDeclaration {
  readonly name: string;
  /** Why, as the rest of a sentence after a colon. */
  readonly problem: string;
}

/** How a run ended: with all that was planned, or early. */
export type InformalizeOutcome = "done" | "interrupted" | "budget spent" | "server failed";

/** What a run did. */
export interface InformalizeReport {
  readonly outcome: InformalizeOutcome;
  /** Why it ended early, in a sentence, where that is not the user's doing. */
  readonly reason: string | undefined;
  /** Declarations that were described. */
  readonly described: number;
  /** Of these, those whose first answer the quality gate refused. */
  readonly retried: number;
  readonly failed: readonly FailedDeclaration[];
  /** Declarations of the plan that were not asked about, as the run ended before. */
  readonly left: number;
  readonly usage: Usage;
  readonly elapsedMs: number;
}

/**
 * How many failures of a server in a row show that more questions would fare no better. A single one may be
 * the question's fault, such as one that is too long.
 */
const MOST_FAILURES = 5;

/**
 * Has a language model describe what a plan asks for, level by level, so that what a declaration depends on
 * is described before it. Each description is kept as soon as it is there. Whatever ends a run early,
 * what it has is kept.
 *
 * @throws UserError `io` where a description cannot be kept; `usage` where no model is configured for it
 */
export async function informalize(
  parts: InformalizeParts,
  options: InformalizeOptions,
): Promise<InformalizeReport> {
  return await new InformalizeRun(parts, options).go();
}

/** How a run ended early. */
type Ending = Partial<Pick<InformalizeReport, "outcome" | "reason">>;

/** One run, with how far it has come. */
class InformalizeRun {
  readonly #parts: InformalizeParts;
  readonly #options: InformalizeOptions;
  readonly #begun = performance.now();
  /** What the chat had cost before. */
  readonly #before: Usage;
  /** Aborted when the server has failed for good, or something else is wrong. */
  readonly #broken = new AbortController();
  readonly #cut: AbortSignal;
  readonly #failed: FailedDeclaration[] = [];
  #described = 0;
  #retried = 0;
  #serverFailures = 0;
  /** What its last failure was. */
  #serverFailure = "";
  #end: Ending | undefined;

  constructor(parts: InformalizeParts, options: InformalizeOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#before = parts.chat.usage;
    const { cut } = options;
    this.#cut = AbortSignal.any([this.#broken.signal, ...(cut === undefined ? [] : [cut])]);
  }

  async go(): Promise<InformalizeReport> {
    for (const level of this.#parts.plan.levels) {
      await this.#describeLevel(level);
      if (this.#isEnding()) break;
    }
    const left = this.#parts.plan.counts.toAsk - this.#described - this.#failed.length;
    return {
      ...{ outcome: "done", reason: undefined, ...this.#ending(left) },
      ...{ described: this.#described, retried: this.#retried, failed: this.#failed, left },
      usage: usageSince(this.#before, this.#parts.chat.usage),
      elapsedMs: performance.now() - this.#begun,
    };
  }

  /** As many at the same time as may be, in the order of the level. */
  async #describeLevel(level: Int32Array): Promise<void> {
    const waiting = level.values();
    const work = async (): Promise<void> => {
      for (const id of waiting) {
        if (this.#isEnding()) return;
        await this.#describe(id);
        this.#progress();
      }
    };
    const workers = Math.min(this.#options.concurrency, level.length);
    const ends = await Promise.allSettled(Array.from({ length: workers }, work));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  async #describe(id: number): Promise<void> {
    const { survey, state, chat, prompts, model } = this.#parts;
    const question = this.#question(id);
    const { name, kind } = question.declaration;
    try {
      const asked = await askDescription(chat, prompts, question, this.#cut);
      const stamp = survey.stamps.of(id);
      state.add(name, { ...asked.description, stamp, model, prompt: prompts.version(kind) });
      this.#described += 1;
      if (asked.isRetried) this.#retried += 1;
      this.#serverFailures = 0;
    } catch (error) {
      this.#failure(name, error);
    }
  }

  /** What is known when it is asked: the levels before are described by then. */
  #question(id: number): Question {
    const { spool, graph, neighbours } = this.#parts.survey;
    const { state } = this.#parts;
    function* known(): Generator<Known> {
      for (const dependency of graph.dependencies(id)) {
        const declaration = spool.read(dependency);
        yield { declaration, words: knownWords(declaration, state) };
      }
    }
    const around = [neighbours.before(id), neighbours.after(id)].filter((one) => one !== undefined);
    return questionOf(
      spool.read(id),
      known(),
      around.map((one) => spool.read(one)),
    );
  }

  /** @throws what is no failure of a model or its server. */
  #failure(name: string, error: unknown): void {
    if (error instanceof BudgetSpent) {
      this.#end ??= { outcome: "budget spent", reason: error.message };
      return;
    }
    if (error instanceof UnusableAnswer) {
      this.#serverFailures = 0;
      this.#failed.push({ name, problem: error.problem });
      return;
    }
    if (error instanceof UserError && error.exit === "interrupted" && this.#cut.aborted) return;
    if (error instanceof UserError && error.exit === "unavailable") {
      this.#serverFailures += 1;
      this.#failed.push({ name, problem: error.message.replace(/\.$/, "") });
      this.#serverFailure = error.message;
      if (this.#serverFailures < MOST_FAILURES) return;
      this.#end ??= { outcome: "server failed", reason: error.message };
      this.#broken.abort();
      return;
    }
    this.#broken.abort();
    throw error;
  }

  #isEnding(): boolean {
    const { stop, cut } = this.#options;
    if (this.#end !== undefined || this.#broken.signal.aborted) return true;
    if (stop?.aborted !== true && cut?.aborted !== true) return false;
    this.#end = { outcome: "interrupted" };
    return true;
  }

  /** @param left how many were not asked about. */
  #ending(left: number): Ending | undefined {
    // Whoever interrupts what is done by then has interrupted nothing.
    if (this.#end?.outcome === "interrupted" && left === 0) return undefined;
    const isDeaf = this.#described === 0 && this.#serverFailures > 0;
    if (this.#end !== undefined || !isDeaf) return this.#end;
    return { outcome: "server failed", reason: this.#serverFailure };
  }

  #progress(): void {
    const failed = this.#failed.length;
    this.#options.onProgress?.({
      ...{ done: this.#described + failed, total: this.#parts.plan.counts.toAsk, failed },
      usage: usageSince(this.#before, this.#parts.chat.usage),
    });
  }
}
