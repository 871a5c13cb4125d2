import type { BenchmarkProblem } from "../../../benchmark/prove/data.js";
import type { ProveIdentity } from "../../../benchmark/prove/identity.js";
import type { ProblemOutcome } from "../../../benchmark/prove/outcome.js";
import { makeProveReport, type ProveBenchmarkReport } from "../../../benchmark/prove/report.js";
import type { Retrieval } from "../../../src/prove/retriever.js";
import { readProblem } from "../../../src/prove/problem.js";

export function identity(more: Partial<ProveIdentity> = {}): ProveIdentity {
  return {
    problemSet: "sha256:7e0",
    retrievals: ["none", "standard"],
    ...{ rounds: 3, candidates: 1 },
    languageModels: { prove: "strong-1" },
    prompts: { prove: "c0de" },
    ...{ checker: "lake", toolchain: "leanprover/lean4:v4.28.0-rc1", timeoutMs: 300_000 },
    ...{ lemmascope: "0.1.0", corpus: "sha256:c0ffee", models: { ranker: "sha256:5eed" } },
    ...more,
  };
}

/** A problem that was proved at an attempt, or was not (null). */
export function outcome(
  id: string,
  retrieval: Retrieval,
  round: number | null,
  more: Partial<ProblemOutcome> = {},
): ProblemOutcome {
  return {
    ...{ id, set: "FATE-H", name: `theorem_${id}`, retrieval, round },
    outcome: round === null ? "not proved" : "proved",
    attempts: round ?? 3,
    code: "theorem t : True := trivial\n",
    problem: round === null ? "Lean found an error in line 1: no." : null,
    ...{ premises: ["Foo.bar"], notes: [], elapsedMs: 2000, checkMs: 500 },
    usage: { calls: round ?? 3, promptTokens: 300, completionTokens: 100, cachedAnswers: 0 },
    ...more,
  };
}

export function reportOf(
  outcomes: ProblemOutcome[],
  more: Partial<ProveIdentity> = {},
): ProveBenchmarkReport {
  return makeProveReport({
    startedAt: "2026-06-01T12:00:00.000Z",
    available: 150,
    identity: identity(more),
    environment: { node: "v20.20.0", platform: "linux-x64", processor: "made-up" },
    outcomes,
  });
}

export function benchmarkProblem(id: string, inLibrary?: string): BenchmarkProblem {
  const problem = readProblem(`theorem asked_${id} (n : ℕ) : n = n := sorry`, { source: id });
  return { id, set: "MathlibMPR-Prop", problem, inLibrary };
}
