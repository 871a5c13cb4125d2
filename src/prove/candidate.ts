import type { LimitFunction } from "p-limit";
import { UserError } from "../errors.js";
import { UnusableAnswer } from "../llm/chat.js";
import { interrupted } from "../network/retry.js";
import type { Verdict } from "../verify/verdict.js";
import { type Attempt, bestAttempt } from "./attempt.js";
import { leanCode } from "./lean-answer.js";
import type { Problem } from "./problem.js";
import { type Earlier, proveQuestion } from "./prove-prompt.js";
import type { ProveOptions, ProveParts } from "./prove-run.js";
import type { Finding, StartingPremises } from "./retriever.js";
import { wantsOf } from "./wants.js";

/** What all candidates of a run share. */
export interface SharedRun {
  readonly problem: Problem;
  readonly parts: ProveParts;
  readonly options: ProveOptions;
  readonly starting: StartingPremises;
  readonly rounds: number;
  readonly candidates: number;
  readonly signal: AbortSignal;
  /** Lets so many checks through at a time. */
  readonly checking: LimitFunction;
  /** What was checked already, so that nothing is checked twice. */
  readonly checked: Map<string, Verdict>;
  /** Called with each attempt as soon as it has ended. */
  readonly keep: (attempt: Attempt) => void;
}

/** One proof in the making: ask, check, say what was wrong, and ask again. */
export class CandidateRun {
  readonly #number: number;
  readonly #run: SharedRun;
  readonly #attempts: Attempt[] = [];

  /** @param number which candidate this is, from 1. */
  constructor(number: number, run: SharedRun) {
    this.#number = number;
    this.#run = run;
  }

  /**
   * Tries until it is proved or the attempts are used up.
   *
   * @returns whether it is proved.
   * @throws UserError as the chat, the checker and the retriever do; `badInput` where Lean finds an
   * error in the statement itself.
   */
  async go(): Promise<boolean> {
    const { rounds, keep } = this.#run;
    const sent = new Set<string>();
    let earlier: Earlier | undefined;
    for (let round = 1; round <= rounds; round += 1) {
      const attempt = await this.#attempt(round, earlier);
      this.#attempts.push(attempt);
      keep(attempt);
      const { code, verdict } = attempt;
      if (verdict?.proved === true) return true;
      if (verdict?.failure?.kind === "unusable-statement") {
        throw new UserError("badInput", verdict.failure.sentence);
      }
      if (round === rounds) break;
      const best = bestAttempt(this.#attempts);
      earlier = {
        last: attempt,
        closer: best === attempt ? undefined : best,
        findings: await this.#look(attempt),
        isRepeated: code !== undefined && sent.has(code),
      };
      if (code !== undefined) sent.add(code);
    }
    return false;
  }

  async #attempt(round: number, earlier: Earlier | undefined): Promise<Attempt> {
    const begun = performance.now();
    const { problem, parts, options, starting, rounds, candidates, signal, keep } = this.#run;
    const candidate = this.#number;
    const place = { candidate, round };
    options.onProgress?.({ stage: "ask", ...place });
    const question = { problem, starting, earlier, ...place, rounds, candidates };
    const ended = (rest: Pick<Attempt, "code" | "verdict" | "problem">): Attempt => ({
      ...place,
      ...rest,
      elapsedMs: performance.now() - begun,
    });
    const without = (reason: string): Attempt =>
      ended({ code: undefined, verdict: undefined, problem: reason });
    let answer: string;
    try {
      const asked = { role: "prove" as const, ...proveQuestion(parts.prompt, question), signal };
      answer = (await parts.chat.askText(asked)).value;
    } catch (error) {
      // Another question may fare better.
      if (error instanceof UnusableAnswer) return without(error.problem);
      throw error;
    }
    const code = leanCode(answer);
    if (code === undefined) return without("there is no Lean code block in it");
    options.onProgress?.({ stage: "check", ...place });
    try {
      return ended({ code, verdict: await this.#check(code), problem: "" });
    } catch (error) {
      // What was answered is not lost to somebody who has no more patience.
      if (options.signal?.aborted === true) {
        keep(ended({ code, verdict: undefined, problem: "it was not checked to the end" }));
      }
      throw error;
    }
  }

  async #check(code: string): Promise<Verdict> {
    const { problem, parts, checking, checked, signal } = this.#run;
    const check = async (): Promise<Verdict> => {
      if (signal.aborted) throw interrupted();
      const known = checked.get(code);
      if (known !== undefined) return { ...known, elapsedMs: 0 };
      const verdict = await parts.checker.check({ statement: problem.statement, code }, { signal });
      checked.set(code, verdict);
      return verdict;
    };
    return checking(check);
  }

  async #look(attempt: Attempt): Promise<Finding[]> {
    const { parts, options, signal } = this.#run;
    if (attempt.verdict === undefined) return [];
    const wants = wantsOf(attempt.verdict);
    if (wants.names.length + wants.goals.length === 0) return [];
    const findings = await parts.retriever.again(wants, signal);
    options.trace?.found(attempt, wants, findings);
    return findings;
  }
}
