import { describe, expect, it, vi } from "vitest";
import {
  type ProveBenchmarkOptions,
  type ProveTask,
  runProveBenchmark,
} from "../../../benchmark/prove/run.js";
import { UserError } from "../../../src/errors.js";
import { BudgetSpent } from "../../../src/llm/chat.js";
import { NO_USAGE } from "../../../src/premises/premise-run.js";
import type { ProveReport } from "../../../src/prove/prove-run.js";
import { attempt, verdict } from "../../prove/made-up.js";
import { benchmarkProblem } from "./made-up-run.js";

const TASKS: ProveTask[] = [
  { problem: benchmarkProblem("t1", "Nat.refl_of_all"), retrieval: "none" },
  { problem: benchmarkProblem("t2"), retrieval: "none" },
];

function report(more: Partial<ProveReport> = {}): ProveReport {
  const one = attempt(2, verdict(undefined), { code: "theorem asked : True := trivial\n" });
  return {
    ...{ outcome: "proved", attempts: [attempt(1, verdict("sorry")), one], best: one },
    starting: { premises: [{ name: "Foo.bar", text: "" }], plan: [], notes: [] },
    ...{ notes: [], usage: NO_USAGE, elapsedMs: 20, checkMs: 10 },
    ...more,
  };
}

function options(over: Partial<ProveBenchmarkOptions> = {}): ProveBenchmarkOptions {
  return {
    ...{ tasks: TASKS, prove: () => Promise.resolve(report()), usage: () => NO_USAGE },
    ...over,
  };
}

describe("runProveBenchmark", () => {
  it("notes what proved each problem, and when", async () => {
    const [first, second] = await runProveBenchmark(options());
    expect(first).toMatchObject({
      ...{ id: "t1", set: "MathlibMPR-Prop", name: "asked_t1", retrieval: "none" },
      ...{ outcome: "proved", attempts: 2, round: 2, problem: null, premises: ["Foo.bar"] },
      ...{ code: "theorem asked : True := trivial\n", checkMs: 10 },
    });
    expect(second?.id).toBe("t2");
  });

  it("does not count a proof that cites the theorem itself", async () => {
    const code = "theorem asked : True := Nat.refl_of_all _\n";
    const best = attempt(1, verdict(undefined), { code });
    const prove = () => Promise.resolve(report({ best, attempts: [best] }));
    const [first, second] = await runProveBenchmark(options({ prove }));
    // The other is not in the library, so that nothing of that name can be itself.
    expect([first?.outcome, second?.outcome]).toEqual(["cites itself", "proved"]);
  });

  it("keeps the best attempt, and what is wrong with it", async () => {
    const best = attempt(1, verdict("timeout"));
    const prove = () => Promise.resolve(report({ outcome: "not proved", best, attempts: [best] }));
    const [first] = await runProveBenchmark(options({ prove }));
    expect(first).toMatchObject({ outcome: "not proved", round: null, problem: "It is timeout." });
  });

  it("notes what failed with its reason and its cost, and goes on", async () => {
    let calls = 0;
    const prove = vi
      .fn<ProveBenchmarkOptions["prove"]>()
      .mockImplementationOnce(() => {
        calls += 2;
        return Promise.reject(new UserError("badInput", "The statement does not compile."));
      })
      .mockImplementationOnce(() => Promise.resolve(report()));
    const onOutcome = vi.fn();
    const usage = () => ({ ...NO_USAGE, calls });
    const [first, second] = await runProveBenchmark(options({ prove, usage, onOutcome }));
    expect(first).toMatchObject({
      ...{ outcome: "failed", attempts: 0, notes: ["The statement does not compile."] },
      usage: { calls: 2 },
    });
    expect(second?.outcome).toBe("proved");
    expect(onOutcome.mock.calls).toEqual([[first], [second]]);
  });

  it.each<[string, ProveBenchmarkOptions["prove"]]>([
    ["a run that ends so", () => Promise.resolve(report({ outcome: "budget spent" }))],
    ["an error", () => Promise.reject(new BudgetSpent("calls", "There are no calls left."))],
  ])("stops where the budget is spent, told by %s", async (_, prove) => {
    const onOutcome = vi.fn();
    const running = runProveBenchmark(options({ prove, onOutcome }));
    await expect(running).rejects.toMatchObject({ exit: "unavailable" });
    expect(onOutcome).not.toHaveBeenCalled();
  });

  it("stops where a server or Lean fails again and again, but not where statements do", async () => {
    const tasks = Array.from({ length: 6 }, (_, at): ProveTask => {
      return { problem: benchmarkProblem(`t${at}`), retrieval: "none" };
    });
    const onOutcome = vi.fn();
    const down = () => Promise.reject(new UserError("unavailable", "The server is down."));
    const running = runProveBenchmark(options({ tasks, prove: down, onOutcome }));
    await expect(running).rejects.toMatchObject({ message: "The server is down." });
    expect(onOutcome).toHaveBeenCalledTimes(3);
    const bad = () => Promise.reject(new UserError("badInput", "It does not compile."));
    expect(await runProveBenchmark(options({ tasks, prove: bad }))).toHaveLength(6);
  });

  it("leaves out the problem during which it is stopped", async () => {
    const prove = ({ problem }: ProveTask) =>
      Promise.resolve(report(problem.id === "t1" ? {} : { outcome: "interrupted" }));
    const onOutcome = vi.fn<NonNullable<ProveBenchmarkOptions["onOutcome"]>>();
    const running = runProveBenchmark(options({ prove, onOutcome }));
    await expect(running).rejects.toMatchObject({ exit: "interrupted" });
    expect(onOutcome.mock.calls.map(([{ id }]) => id)).toEqual(["t1"]);
  });

  it("lets pass what would end every run, and defects", async () => {
    for (const error of [new UserError("usage", "No model."), new TypeError("a defect")]) {
      const running = runProveBenchmark(options({ prove: () => Promise.reject(error) }));
      await expect(running).rejects.toBe(error);
    }
  });
});
