import { isDeepStrictEqual } from "node:util";
import { UserError } from "../errors.js";
import { BudgetSpent, type Chat, UnusableAnswer, type Usage } from "../llm/chat.js";
import { usageSince } from "../llm/usage.js";
import { askSketch, type RejectedSketch } from "./ask-sketch.js";
import type { RankedPremise } from "./evidence.js";
import { filterResults } from "./filter-results.js";
import { judgePlan, type Verdict } from "./judge-plan.js";
import { Pool } from "./pool.js";
import { rankPool } from "./pool-score.js";
import {
  type FindPremisesOptions,
  NO_USAGE,
  type Outcome,
  type PremiseParts,
  type PremiseReport,
} from "./premise-run.js";
import { publishedRanking } from "./published-fusion.js";
import { rankListwise } from "./rank-listwise.js";
import { retrieve, type Retrieved, RESULTS_PER_QUERY } from "./retrieve.js";
import { requestsOf, type Sketch } from "./sketch.js";
import { unknownNames, unsupportedSteps } from "./support.js";
import { type Theorem, TheoremItself } from "./theorem.js";

/** How often a sketch is made again at most (LeanSearch v2, section 3.3). */
export const DEFAULT_ROUNDS = 3;

/** How many premises a run gives unless told. */
export const DEFAULT_PREMISES = 50;

/** How many declarations the statement alone brings into the pool. */
const FROM_STATEMENT = 200;

/**
 * Reasoning mode: the premises that a proof of a theorem needs, best first. A language model sketches a
 * proof, what the sketch asks for is retrieved, the model keeps what serves and judges whether the plan
 * is supported; a plan that is not is made again. Without a language model, the statement alone is used.
 * Whatever ends a run early, it gives what it has found.
 *
 * @throws UserError `usage` where the mode needs a language model and there is none; what the chat or the
 * search throws before anything was found.
 */
export async function findPremises(
  theorem: Theorem,
  parts: PremiseParts,
  options: FindPremisesOptions,
): Promise<PremiseReport> {
  return await new PremiseRun(theorem, parts, options).go();
}

/**
 * Premises for a sketch that a calling agent made itself: no language model is asked.
 *
 * @throws UserError as `findPremises` does.
 */
export async function premisesFromSketch(
  theorem: Theorem,
  sketch: Sketch,
  parts: PremiseParts,
  options: Omit<FindPremisesOptions, "mode" | "rounds">,
): Promise<PremiseReport> {
  return await new PremiseRun(theorem, parts, { ...options, mode: "sketch" }).go(sketch);
}

/** One run, with what it has found so far. */
class PremiseRun {
  readonly #theorem: Theorem;
  readonly #parts: PremiseParts;
  readonly #options: FindPremisesOptions;
  readonly #itself: TheoremItself;
  readonly #pool = new Pool();
  readonly #notes: string[] = [];
  /** What the chat had cost before. */
  readonly #before: Usage;
  #round = 0;
  #sketch: Sketch | undefined;
  #retrieved: readonly Retrieved[] = [];
  #verdict: Verdict | undefined;
  #ranking: RankedPremise[] | undefined;

  constructor(theorem: Theorem, parts: PremiseParts, options: FindPremisesOptions) {
    this.#theorem = theorem;
    this.#parts = parts;
    this.#options = options;
    this.#itself = new TheoremItself(parts.index, theorem);
    this.#before = parts.chat?.usage ?? NO_USAGE;
  }

  async go(given?: Sketch): Promise<PremiseReport> {
    let outcome: Outcome;
    try {
      outcome = await this.#run(given);
    } catch (error) {
      outcome = this.#early(error);
    }
    return this.#report(outcome);
  }

  async #run(given: Sketch | undefined): Promise<Outcome> {
    const { mode, fusion } = this.#options;
    await this.#fromStatement();
    if (given !== undefined) {
      await this.#carryOut(given);
      return "sketched";
    }
    if (mode === "none") return "no language model";
    const chat = this.#chat();
    const rejected: RejectedSketch[] = [];
    for (;;) {
      this.#progress("sketch", 0, 1);
      const { signal } = this.#options;
      const sketch = await askSketch(chat, this.#parts.prompts, this.#theorem, {
        rejected,
        ...(signal === undefined ? {} : { signal }),
      });
      this.#progress("sketch", 1, 1);
      if (rejected.some((one) => isDeepStrictEqual(one.sketch, sketch))) {
        this.#notes.push("The language model gave a plan again that was turned down before.");
        break;
      }
      await this.#carryOut(sketch);
      if (mode === "sketch") return "sketched";
      await this.#filter(chat, sketch);
      this.#verdict = await this.#judge(chat, sketch);
      const isLast = rejected.length >= (this.#options.rounds ?? DEFAULT_ROUNDS);
      if (this.#verdict?.verdict !== "bad" || isLast) break;
      const { reasons, suggestions } = this.#verdict;
      rejected.push({ sketch, reasons: `${reasons}\n\n${suggestions}`.trim() });
    }
    if (fusion !== "published") await this.#rank(chat);
    if (this.#verdict === undefined) return "sketched";
    return this.#verdict.verdict === "good" ? "supported" : "unsupported";
  }

  async #fromStatement(): Promise<void> {
    this.#progress("statement", 0, 1);
    const { signal, trace } = this.#options;
    const found = await this.#parts.statementPremises.rank(this.#theorem, this.#itself, {
      limit: FROM_STATEMENT,
      ...(signal === undefined ? {} : { signal }),
    });
    found.forEach(({ facts }, at) => {
      this.#pool.add(facts, {
        ...{ round: 0, channel: "theorem", asked: "", purpose: { kind: "goal" } },
        ...{ rank: at + 1, fit: 0 },
      });
    });
    trace?.goal(found.map(({ facts, score }) => ({ name: facts.name, score })));
    this.#progress("statement", 1, 1);
  }

  /** Looks up what a sketch asks for. */
  async #carryOut(sketch: Sketch): Promise<void> {
    const { signal, trace } = this.#options;
    const { index, search } = this.#parts;
    this.#round += 1;
    this.#sketch = sketch;
    this.#verdict = undefined;
    trace?.sketch(this.#round, sketch);
    const requests = requestsOf(sketch);
    this.#progress("retrieve", 0, requests.length);
    this.#retrieved = await retrieve(requests, {
      ...{ index, search, itself: this.#itself, round: this.#round },
      perQuery: this.#options.perQuery ?? RESULTS_PER_QUERY,
      onRetrieved: (done, total) => {
        this.#progress("retrieve", done, total);
      },
      ...(signal === undefined ? {} : { signal }),
    });
    for (const retrieved of this.#retrieved) {
      trace?.retrieved(this.#round, retrieved);
      if (retrieved.problem !== undefined) this.#notes.push(retrieved.problem);
      for (const { facts, evidence } of retrieved.found) this.#pool.add(facts, evidence);
    }
  }

  async #filter(chat: Chat, sketch: Sketch): Promise<void> {
    const { signal, trace } = this.#options;
    const searched = this.#retrieved.filter(({ request }) => request.channel !== "name");
    const failing = new AbortController();
    const stop = AbortSignal.any([failing.signal, ...(signal === undefined ? [] : [signal])]);
    let done = 0;
    this.#progress("filter", 0, searched.length);
    const answers = await Promise.allSettled(
      searched.map(async (retrieved) => {
        const { index, prompts } = this.#parts;
        const filtered = await filterResults(retrieved, {
          ...{ chat, prompts, index, theorem: this.#theorem, sketch, signal: stop },
        }).catch((error: unknown) => {
          // Each further question would wait for the same server in vain.
          if (isServerFailure(error)) failing.abort();
          throw error;
        });
        this.#progress("filter", (done += 1), searched.length);
        return filtered;
      }),
    );
    // In the order of the queries and not of the answers, so that a replay gives the same run.
    answers.forEach((answer, at) => {
      const retrieved = searched[at];
      if (answer.status === "rejected" || retrieved === undefined) return;
      const { kept, problem } = answer.value;
      const ids = new Set(kept);
      const { request, found } = retrieved;
      this.#pool.judge(this.#round, request, ids);
      if (problem !== undefined) this.#notes.push(problem);
      const names = found.filter(({ facts }) => ids.has(facts.id)).map(({ facts }) => facts.name);
      trace?.filtered(this.#round, request.text, names, problem);
    });
    const failed = answers.find(
      (answer) =>
        answer.status === "rejected" && !(failing.signal.aborted && isInterruption(answer.reason)),
    );
    if (failed?.status === "rejected") throw failed.reason;
  }

  /** Undefined where the judge's answer could not be used. */
  async #judge(chat: Chat, sketch: Sketch): Promise<Verdict | undefined> {
    const { signal, trace } = this.#options;
    const { index, prompts } = this.#parts;
    this.#progress("judge", 0, 1);
    try {
      const verdict = await judgePlan(this.#pool.premises(), {
        ...{ chat, prompts, index, theorem: this.#theorem, sketch, round: this.#round },
        ...(signal === undefined ? {} : { signal }),
      });
      trace?.judged(this.#round, verdict);
      this.#progress("judge", 1, 1);
      return verdict;
    } catch (error) {
      if (!(error instanceof UnusableAnswer)) throw error;
      this.#notes.push(`The plan was not judged: ${error.problem}.`);
      return undefined;
    }
  }

  async #rank(chat: Chat): Promise<void> {
    const { signal, trace } = this.#options;
    const { index, prompts } = this.#parts;
    const ranking = this.#fuse();
    if (ranking.length === 0) return;
    trace?.ranking("pool", ranking);
    this.#progress("rank", 0, 1);
    try {
      this.#ranking = await rankListwise(ranking, {
        ...{ chat, prompts, index, theorem: this.#theorem, sketch: this.#sketch },
        ...(signal === undefined ? {} : { signal }),
      });
      this.#progress("rank", 1, 1);
    } catch (error) {
      if (!(error instanceof UnusableAnswer)) throw error;
      this.#notes.push(`The pool's own order was kept: ${error.problem}.`);
    }
  }

  /** The pool's own order. */
  #fuse(): RankedPremise[] {
    const pool = this.#pool.premises();
    // A round that ended before anything was retrieved has nothing to rank: the one before has.
    for (
      let round = this.#options.fusion === "published" ? this.#round : 0;
      round > 0;
      round -= 1
    ) {
      const published = publishedRanking(pool, round);
      if (published.length > 0) return published;
    }
    const steps = this.#sketch?.steps.map(({ what, why }) => `${what} ${why}`).join(" ") ?? "";
    return rankPool(pool, { steps, uses: (id) => this.#parts.index.uses(id) });
  }

  /** What an error makes of the run; thrown again where nothing was found to give. */
  #early(error: unknown): Outcome {
    if (!(error instanceof UserError)) throw error;
    if (error.exit === "interrupted") {
      if (this.#pool.size === 0) throw error;
      return "interrupted";
    }
    const isStillUseful = error instanceof BudgetSpent || error instanceof UnusableAnswer;
    if (this.#pool.size === 0 || (this.#round === 0 && !isStillUseful)) throw error;
    this.#notes.push(error.message);
    return error instanceof BudgetSpent ? "budget spent" : "stopped early";
  }

  #report(outcome: Outcome): PremiseReport {
    const { trace, limit } = this.#options;
    const premises = (this.#ranking ?? this.#fuse()).slice(0, limit ?? DEFAULT_PREMISES);
    trace?.ranking(this.#ranking === undefined ? "pool" : "listwise", premises);
    const sketch = this.#sketch;
    const report: PremiseReport = {
      outcome,
      premises,
      sketch,
      rounds: this.#round,
      unsupportedSteps:
        this.#verdict?.unsupportedSteps.filter((step) => step < (sketch?.steps.length ?? 0)) ??
        (sketch === undefined ? [] : unsupportedSteps(sketch, this.#pool.premises(), this.#round)),
      unknownNames: unknownNames(this.#retrieved),
      notes: this.#notes,
      usage: usageSince(this.#before, this.#parts.chat?.usage ?? NO_USAGE),
    };
    const { rounds, notes, usage } = report;
    trace?.end({ outcome, rounds, notes, usage });
    return report;
  }

  #chat(): Chat {
    if (this.#parts.chat !== undefined) return this.#parts.chat;
    throw new UserError(
      "usage",
      'No language model is configured: describe one in the section "llm" of the configuration file, or go on without one (--mode none).',
    );
  }

  #progress(
    stage: Parameters<NonNullable<FindPremisesOptions["onProgress"]>>[0]["stage"],
    done: number,
    total: number,
  ): void {
    this.#options.onProgress?.({ stage, round: this.#round, done, total });
  }
}

/** Whether more questions would fare no better. */
function isServerFailure(error: unknown): boolean {
  const isOurs = error instanceof BudgetSpent || error instanceof UnusableAnswer;
  return error instanceof UserError && error.exit === "unavailable" && !isOurs;
}

function isInterruption(error: unknown): boolean {
  return error instanceof UserError && error.exit === "interrupted";
}
