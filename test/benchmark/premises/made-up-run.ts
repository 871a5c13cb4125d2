import type { BenchmarkTheorem } from "../../../benchmark/premises/data.js";
import type { RunIdentity } from "../../../benchmark/premises/identity.js";
import type { GroupOutcome, TheoremOutcome } from "../../../benchmark/premises/outcome.js";
import {
  makePremiseReport,
  type PremiseBenchmarkReport,
} from "../../../benchmark/premises/report.js";
import { readTheorem } from "../../../src/premises/read-theorem.js";

/** A group of one declaration. */
export function group(
  kind: GroupOutcome["kind"],
  rank: number | null,
  more: Partial<GroupOutcome> = {},
): GroupOutcome {
  return {
    kind,
    declarations: [`Made.up_${rank ?? "absent"}`],
    known: rank !== null,
    rank,
    ...more,
  };
}

export function theoremOutcome(
  id: string,
  groups: GroupOutcome[],
  more: Partial<TheoremOutcome> = {},
): TheoremOutcome {
  return {
    ...{ id, name: `Made.${id}`, groups, pool: 100, premises: ["Made.up_1"] },
    ...{ outcome: "sketched", notes: [], rounds: 1, elapsedMs: 1500 },
    usage: { calls: 2, promptTokens: 300, completionTokens: 40, cachedAnswers: 0 },
    ...more,
  };
}

export function identity(more: Partial<RunIdentity> = {}): RunIdentity {
  return {
    benchmark: "MathlibMPR",
    theoremSet: "sha256:7e0",
    mode: "sketch",
    fusion: "pool",
    rounds: null,
    sketches: null,
    languageModels: { sketch: "strong-1" },
    prompts: { sketch: "c0de" },
    lemmascope: "0.1.0",
    corpus: "sha256:c0ffee",
    models: { ranker: "sha256:5eed" },
    ...more,
  };
}

export function reportOf(
  theorems: TheoremOutcome[],
  more: Partial<RunIdentity> = {},
): PremiseBenchmarkReport {
  return makePremiseReport({
    startedAt: "2026-06-01T12:00:00.000Z",
    available: theorems.length,
    identity: identity(more),
    environment: { node: "v20.20.0", platform: "linux-x64", processor: "made-up" },
    theorems,
  });
}

/** A theorem that needs some declarations, each a group of its own. */
export function benchmarkTheorem(id: string, premises: readonly string[]): BenchmarkTheorem {
  const name = `Made.${id}`;
  const theorem = readTheorem(`theorem ${name} (n : ℕ) : n = n := sorry`, { source: id });
  return {
    id,
    theorem: { ...theorem, name },
    groups: premises.map((premise) => ({ kind: "original", declarations: [premise] })),
  };
}
