import { describe, expect, it } from "vitest";
import type { PremiseReport } from "../../src/premises/premise-run.js";
import { failureOf } from "../failure.js";
import type { FakeReply } from "../llm/fake-chat-server.js";
import {
  answerWell,
  askedOf,
  BAD,
  expectSound,
  json,
  names,
  ROLES,
  run,
  SEARCHES,
  SECOND,
  SKETCH,
  workplace,
} from "./loop-workplace.js";

const faults: [string, FakeReply][] = [
  ["malformed JSON", { kind: "says", text: '{"kept": [1, "order": ' }],
  ["prose", { kind: "says", text: "I would rather not." }],
  ["a wrong schema", json({ steps: "none", kept: "all", verdict: 7, order: {} })],
  ["empty choices", { kind: "change", change: (answer) => ({ ...answer, choices: [] }) }],
  ["status 429", { kind: "status", status: 429, headers: { "retry-after": "0" } }],
  ["status 429 for an hour", { kind: "status", status: 429, headers: { "retry-after": "3600" } }],
  ["status 500", { kind: "status", status: 500 }],
  ["status 401", { kind: "status", status: 401 }],
  ["a stall", { kind: "stall", after: 5 }],
  ["a cut stream", { kind: "cut", after: 30 }],
  ["a refusal", { kind: "refuses", text: "No." }],
  ["a web page", { kind: "body", text: "<html>", type: "text/html" }],
  ["a contradiction", json({ verdict: "good", unsupportedSteps: [0], kept: [99], order: [99] })],
];
const profile = { timeoutMs: 150, maxRetries: 1 };

describe.each(ROLES)("the model for the role %s", (role) => {
  it.each(faults)("ends a run clearly where it answers with %s", async (_name, reply) => {
    answerWell();
    workplace.server.when({ model: role }, reply);
    let report: PremiseReport;
    try {
      report = await run({ profile, budget: { calls: 40 } });
    } catch (error) {
      // Where nothing but the statement is known yet, a server that fails is a failure.
      expect(role).toBe("sketch");
      expect((await failureOf(() => Promise.reject(error as Error))).exit).toBe("unavailable");
      return;
    }
    expectSound(report);
    expect(report.notes).not.toEqual([]);
    expect(report.premises.length).toBeGreaterThan(10);
    expect(["supported", "sketched", "stopped early"]).toContain(report.outcome);
    expect(workplace.server.questions.length).toBeLessThanOrEqual(40);
  });

  it.each(faults.filter(([name]) => !/hour|401|refusal|page/.test(name)))(
    "is asked again after %s, and the run goes on as if nothing was",
    async (_name, reply) => {
      answerWell();
      const expected = await run();
      const good = { sketch: SKETCH, filter: { kept: [0, 1] }, judge: { verdict: "good" } };
      const well = role === "rank" ? { order: [3, 1] } : good[role];
      workplace.server.when({ model: role }, reply, json(well));
      const report = await run({ profile });
      expect(names(report)).toEqual(names(expected));
      expect(report).toMatchObject({ outcome: "supported", notes: [] });
    },
  );

  it("can be interrupted, which leaves what was found", async () => {
    answerWell();
    const controller = new AbortController();
    workplace.server.when({ model: role }, { kind: "stall", after: 0 });
    workplace.server.onQuestion = ({ model }) => {
      if (model === role) setTimeout(() => controller.abort(), 20);
    };
    const report = await run({ signal: controller.signal });
    expect(report.outcome).toBe("interrupted");
    expect(report.rounds).toBe(role === "sketch" ? 0 : 1);
    expect(report.premises.length).toBeGreaterThan(10);
    const asked = workplace.server.questions.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(workplace.server.questions).toHaveLength(asked);
  });

  it("can run out of seconds, which leaves what was found", async () => {
    answerWell();
    workplace.server.when({ model: role }, { kind: "stall", after: 0 });
    const report = await run({ budget: { seconds: 1 } });
    expect(report.outcome).toBe("budget spent");
    expect(report.premises.length).toBeGreaterThan(10);
    expect(report.notes.at(-1)).toMatch(/budget of 1 seconds is spent/);
  });
});

describe("an interruption", () => {
  it("before anything was found is a failure", async () => {
    const failure = await failureOf(() => run({ signal: AbortSignal.abort() }));
    expect(failure.exit).toBe("interrupted");
    expect(workplace.server.questions).toHaveLength(0);
  });

  it.each(["retrieve", "filter", "judge", "rank"] as const)(
    "as the stage %s begins leaves what was found, by either rule",
    async (stage) => {
      answerWell();
      for (const fusion of ["pool", "published"] as const) {
        if (stage === "rank" && fusion === "published") continue;
        const controller = new AbortController();
        const report = await run({
          fusion,
          signal: controller.signal,
          onProgress: (progress) => {
            if (progress.stage === stage) controller.abort();
          },
        });
        expect(report.outcome).toBe("interrupted");
        expect(report.premises.length).toBeGreaterThan(2);
      }
    },
  );

  it("while a second plan is searched for leaves the first one's premises", async () => {
    answerWell();
    workplace.server.when({ model: "judge" }, json(BAD));
    for (const fusion of ["pool", "published"] as const) {
      const controller = new AbortController();
      const report = await run({
        fusion,
        signal: controller.signal,
        onProgress: ({ stage, round }) => {
          if (stage === "retrieve" && round === 2) controller.abort();
        },
      });
      expect(report).toMatchObject({ outcome: "interrupted", rounds: 2 });
      expect(report.premises.length).toBeGreaterThan(2);
    }
  });
});

describe("a budget", () => {
  /** A sketch, five readings of which one needs a repair, a judge that turns down, and once more. */
  function answerSlowly(): void {
    answerWell();
    const { server } = workplace;
    server.when({ model: "sketch" }, json(SKETCH), json(SECOND));
    server.when({ model: "filter" }, json({ kept: [999] }), json({ kept: [0] }));
    server.when(
      { model: "judge" },
      { kind: "status", status: 500 },
      json(BAD),
      json({ verdict: "good" }),
    );
  }

  it("of calls is kept to the letter, wherever it ends", async () => {
    answerSlowly();
    const { calls: needed } = (await run()).usage;
    expect(needed).toBe(workplace.server.questions.length);
    expect(needed).toBe(2 + 6 + SEARCHES + 3 + 2);
    for (let calls = 1; calls <= needed; calls += 1) {
      answerSlowly();
      workplace.server.questions.length = 0;
      const report = await run({ budget: { calls } });
      expectSound(report);
      expect(report.usage.calls).toBe(calls);
      expect(report.outcome).toBe(calls === needed ? "supported" : "budget spent");
      expect(report.premises.length).toBeGreaterThan(10);
    }
  });

  it("of tokens is never passed, wherever it ends", async () => {
    answerWell();
    const profile = { maxTokens: 100 };
    const full = (await run({ profile })).usage;
    const all = full.promptTokens + full.completionTokens;
    for (let tokens = 200; tokens < 4 * all; tokens = Math.ceil(tokens * 1.7)) {
      workplace.server.questions.length = 0;
      const report = await run({ profile, budget: { tokens } });
      expectSound(report);
      const { promptTokens, completionTokens } = report.usage;
      expect(promptTokens + completionTokens).toBeLessThanOrEqual(tokens);
      expect(["supported", "budget spent"]).toContain(report.outcome);
      expect(report.premises.length).toBeGreaterThan(10);
    }
  });
});

describe("a server that goes away", () => {
  it("while results are read is not asked again for each of them", async () => {
    answerWell();
    const queries = Array.from({ length: 40 }, (_, at) => `compact set number ${at}`);
    workplace.server.when({ model: "sketch" }, json({ ...SKETCH, theoremQueries: queries }));
    workplace.server.when({ model: "filter" }, { kind: "status", status: 503 });
    const report = await run({ profile: { maxRetries: 2, concurrency: 4 } });
    expect(report.outcome).toBe("stopped early");
    expect(report.notes).toHaveLength(1);
    // Those under way may end, the others do not begin.
    expect(askedOf("filter")).toBeLessThanOrEqual(4 * 3);
  });
});
