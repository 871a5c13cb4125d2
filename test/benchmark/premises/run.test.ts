import { describe, expect, it, vi } from "vitest";
import {
  type PremiseBenchmarkOptions,
  runPremiseBenchmark,
} from "../../../benchmark/premises/run.js";
import { UserError } from "../../../src/errors.js";
import { BudgetSpent } from "../../../src/llm/chat.js";
import { NO_USAGE, type PremiseReport } from "../../../src/premises/premise-run.js";
import { benchmarkTheorem } from "./made-up-run.js";

const THEOREMS = [benchmarkTheorem("t1", ["A", "B"]), benchmarkTheorem("t2", ["Nowhere"])];

function found(names: readonly string[], more: Partial<PremiseReport> = {}): PremiseReport {
  return {
    outcome: "sketched",
    premises: names.map((name, at) => ({
      facts: {
        ...{ id: at, name, kind: "theorem", module: "Made.Up", usedBy: 0, isDerived: false },
      },
      evidence: [],
      score: -at,
    })),
    sketch: undefined,
    rounds: 1,
    unsupportedSteps: [],
    unknownNames: [],
    notes: [],
    usage: NO_USAGE,
    ...more,
  };
}

function options(over: Partial<PremiseBenchmarkOptions> = {}): PremiseBenchmarkOptions {
  return {
    theorems: THEOREMS,
    find: () => Promise.resolve(found(["X", "B", "Y", "A"])),
    isKnown: (name) => name !== "Nowhere",
    usage: () => NO_USAGE,
    kept: 2,
    ...over,
  };
}

describe("runPremiseBenchmark", () => {
  it("notes where each group stood, whether the index holds it, and the best names", async () => {
    const [first, second] = await runPremiseBenchmark(options());
    expect(first?.groups.map(({ rank, known }) => [rank, known])).toEqual([
      [4, true],
      [2, true],
    ]);
    expect(second?.groups.map(({ rank, known }) => [rank, known])).toEqual([[null, false]]);
    expect([first?.pool, first?.premises, first?.outcome]).toEqual([4, ["X", "B"], "sketched"]);
    expect(first?.elapsedMs).toBeGreaterThanOrEqual(0);
  });

  it("takes the best of a group's declarations, and a name that comes twice at its first place", async () => {
    const [one] = THEOREMS;
    if (one === undefined) throw new Error("there is a first theorem");
    const groups = [{ kind: "original" as const, declarations: ["Y", "A"] }];
    const find = () => Promise.resolve(found(["X", "X", "A", "Y"]));
    const [outcome] = await runPremiseBenchmark(options({ theorems: [{ ...one, groups }], find }));
    expect(outcome?.groups[0]?.rank).toBe(2);
  });

  it("judges a recorded ranking beside its own, without looking at it", async () => {
    const recordedRanking = (id: string) => (id === "t1" ? ["B"] : undefined);
    const [first, second] = await runPremiseBenchmark(options({ recordedRanking }));
    expect(first?.groups.map(({ rank, recordedRank }) => [rank, recordedRank])).toEqual([
      [4, null],
      [2, 1],
    ]);
    expect(second?.groups[0]).not.toHaveProperty("recordedRank");
  });

  it("notes what each theorem cost, a failed one too", async () => {
    let calls = 0;
    const find = vi
      .fn<PremiseBenchmarkOptions["find"]>()
      .mockImplementationOnce(() => {
        calls += 3;
        return Promise.resolve(found(["A"]));
      })
      .mockImplementationOnce(() => {
        calls += 2;
        return Promise.reject(new UserError("unavailable", "The server is down."));
      });
    const outcomes = await runPremiseBenchmark(
      options({ find, usage: () => ({ ...NO_USAGE, calls }) }),
    );
    expect(outcomes.map(({ usage }) => usage.calls)).toEqual([3, 2]);
  });

  it("notes a theorem that failed with its reason, and goes on", async () => {
    const find: PremiseBenchmarkOptions["find"] = ({ id }) =>
      id === "t1"
        ? Promise.reject(new UserError("badInput", "There is nothing to search for."))
        : Promise.resolve(found(["Nowhere"]));
    const onOutcome = vi.fn();
    const [first, second] = await runPremiseBenchmark(options({ find, onOutcome }));
    expect(first).toMatchObject({
      ...{ outcome: "failed", notes: ["There is nothing to search for."], pool: 0, premises: [] },
      groups: [{ rank: null }, { rank: null }],
    });
    expect(second?.groups[0]?.rank).toBe(1);
    expect(onOutcome.mock.calls).toEqual([[first], [second]]);
  });

  it.each([
    ["a run that ends so", () => Promise.resolve(found(["A"], { outcome: "budget spent" }))],
    ["an error", () => Promise.reject(new BudgetSpent("calls", "There are no calls left."))],
  ])("stops where the budget is spent, told by %s", async (_, find) => {
    const onOutcome = vi.fn();
    const running = runPremiseBenchmark(options({ find, onOutcome }));
    await expect(running).rejects.toMatchObject({ exit: "unavailable" });
    expect(onOutcome).not.toHaveBeenCalled();
  });

  it("leaves out the theorem during which it is stopped", async () => {
    const stop = new AbortController();
    const find: PremiseBenchmarkOptions["find"] = ({ id }) => {
      if (id === "t1") return Promise.resolve(found(["A"]));
      stop.abort();
      return Promise.resolve(found(["A"], { outcome: "interrupted" }));
    };
    const onOutcome = vi.fn<NonNullable<PremiseBenchmarkOptions["onOutcome"]>>();
    const running = runPremiseBenchmark(options({ find, onOutcome, signal: stop.signal }));
    await expect(running).rejects.toMatchObject({ exit: "interrupted" });
    expect(onOutcome.mock.calls.map(([{ id }]) => id)).toEqual(["t1"]);
  });

  it("does not start when it is already stopped", async () => {
    const find = vi.fn<PremiseBenchmarkOptions["find"]>();
    const running = runPremiseBenchmark(options({ find, signal: AbortSignal.abort() }));
    await expect(running).rejects.toMatchObject({ exit: "interrupted" });
    expect(find).not.toHaveBeenCalled();
  });

  it("lets pass what would end every search, and defects", async () => {
    const corrupt = new UserError("noIndex", "The index is corrupt.");
    const defect = new TypeError("a defect");
    for (const error of [corrupt, defect]) {
      const running = runPremiseBenchmark(options({ find: () => Promise.reject(error) }));
      await expect(running).rejects.toBe(error);
    }
  });
});
