import pLimit, { type LimitFunction } from "p-limit";
import type { VerifySettings } from "../../config/verify-settings.js";
import { UserError } from "../../errors.js";
import { interrupted } from "../../network/retry.js";
import type { Environment } from "../../network/proxy.js";
import { findLean } from "../../verify/lean-installation.js";
import { openChecker, STRICT } from "../../verify/open-checker.js";
import type { Candidate, Checker, CheckOptions, Verdict } from "../../verify/verdict.js";
import { BusyError } from "../failures.js";

/** How many checks may wait for Lean before more are refused. */
const MOST_WAITING = 20;

/** Lean for the doors: nothing that the filter refuses is let through, and only so much at a time. */
export class LeanChecks implements Checker {
  readonly #checker: Checker;
  readonly #turns: LimitFunction;

  private constructor(checker: Checker, atOnce: number) {
    this.#checker = checker;
    this.#turns = pLimit(atOnce);
  }

  /**
   * @returns undefined where there is no Lean, or its project is not ready: then the doors do not
   * offer what they could not do.
   * @throws UserError `usage` for settings that make no sense.
   */
  static open(settings: VerifySettings, environment: Environment): LeanChecks | undefined {
    if (settings.checker !== "remote") {
      const { toolchainInstalled, mathlib } = findLean(settings, environment);
      if (toolchainInstalled === false || mathlib === "not built") return undefined;
    }
    const { processes, remote } = settings;
    try {
      const checker = openChecker(settings, { permissions: STRICT, environment });
      const isRemote = settings.checker === "remote" && remote !== undefined;
      return new LeanChecks(checker, isRemote ? remote.batchSize * remote.concurrency : processes);
    } catch (error) {
      if (error instanceof UserError && error.exit === "unavailable") return undefined;
      throw error;
    }
  }

  get name(): string {
    return this.#checker.name;
  }

  /** @throws BusyError where too much is waiting already; UserError as every checker does */
  async check(candidate: Candidate, options: CheckOptions = {}): Promise<Verdict> {
    if (this.#turns.pendingCount >= MOST_WAITING) throw new BusyError("checks");
    return await this.#turns(() => {
      // Whoever has gone meanwhile must not keep Lean from others.
      if (options.signal?.aborted === true) throw interrupted();
      return this.#checker.check(candidate, options);
    });
  }

  close(): Promise<void> {
    return this.#checker.close();
  }
}
