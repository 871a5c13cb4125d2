import { compose, readCandidate } from "./compose.js";
import { filter, type Permissions } from "./filter/filter.js";
import { judge } from "./judge.js";
import type { LeanRunner } from "./lean-run.js";
import { readStatement } from "./source/statement.js";
import type { Candidate, Checker, CheckOptions, Refusal, Verdict } from "./verdict.js";

/** Checks candidates with a way to run Lean: filter, statement, Lean, judgement. */
export class FilteringChecker implements Checker {
  readonly #runner: LeanRunner;
  readonly #permissions: Permissions;

  constructor(runner: LeanRunner, permissions: Permissions) {
    this.#runner = runner;
    this.#permissions = permissions;
  }

  get name(): string {
    return this.#runner.name;
  }

  async check(candidate: Candidate, options: CheckOptions = {}): Promise<Verdict> {
    const started = performance.now();
    const elapsed = (): number => performance.now() - started;
    const statement =
      candidate.statement === undefined ? undefined : readStatement(candidate.statement);
    const source = readCandidate(candidate.code, statement);
    const refused =
      "sentence" in source ? [source] : filter(source, this.#permissions, statement?.imports ?? []);
    if ("sentence" in source || refused.length > 0) return refusal(refused, elapsed());
    const file = compose(source, statement);
    const run = await this.#runner.run(file, options);
    return { ...judge(file, run, this.#permissions), elapsedMs: elapsed(), refused: [] };
  }

  close(): Promise<void> {
    return this.#runner.close();
  }
}

function refusal(refused: readonly Refusal[], elapsedMs: number): Verdict {
  const [first] = refused;
  const line = first?.position === undefined ? "" : `Line ${first.position.line}: `;
  const more = refused.length > 1 ? ` (and ${refused.length - 1} more)` : "";
  return {
    proved: false,
    failure: { kind: "refused", sentence: `${line}${first?.sentence ?? ""}${more}` },
    diagnostics: [],
    axioms: [],
    sorries: [],
    elapsedMs,
    refused,
  };
}
