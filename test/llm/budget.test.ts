import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Budget } from "../../src/llm/budget.js";
import { BudgetSpent } from "../../src/llm/chat.js";
import { failureOf } from "../failure.js";
import { ask, ChatWorkplace } from "./chat-workplace.js";

const workplace = new ChatWorkplace();

describe("a budget of calls", () => {
  it("is never exceeded, whatever is asked at the same time and goes wrong", async () => {
    const { server } = workplace;
    server.when({ user: "malformed" }, { kind: "says", text: "{" });
    server.when({ user: "failing" }, { kind: "status", status: 500 });
    server.when({ user: "cut" }, { kind: "cut", after: 10 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("good", "malformed", "failing", "cut"), { maxLength: 20 }),
        fc.integer({ min: 1, max: 12 }),
        async (users, calls) => {
          const before = server.questions.length;
          const chat = await workplace.open(workplace.settings({ maxRetries: 2 }), {
            budget: { calls },
          });
          const results = await Promise.allSettled(
            users.map((user, at) => ask(chat, `${user} ${at}`)),
          );
          await chat.close();
          const sent = server.questions.length - before;
          expect(sent).toBeLessThanOrEqual(calls);
          expect(chat.usage.calls).toBe(sent);
          const isSpent = results.some(
            (result) => result.status === "rejected" && result.reason instanceof BudgetSpent,
          );
          if (isSpent) expect(sent).toBe(calls);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("ends with a sentence, and leaves what was answered", async () => {
    const chat = await workplace.open(workplace.settings({}, { budget: { calls: 1 } }));
    await ask(chat);
    const failure = await failureOf(() => ask(chat));
    expect(failure).toBeInstanceOf(BudgetSpent);
    expect(failure).toMatchObject({
      part: "calls",
      message: "The budget of 1 calls is spent.",
    });
    expect(chat.usage.calls).toBe(1);
  });
});

describe("a budget of seconds", () => {
  it("cuts what is under way, and lets nothing begin", async () => {
    workplace.server.when({}, { kind: "stall", after: 10 });
    const chat = await workplace.open(workplace.settings({ concurrency: 1 }), {
      budget: { seconds: 0.2 },
    });
    const failures = await Promise.all([
      failureOf(() => ask(chat, "one")),
      failureOf(() => ask(chat, "two")),
    ]);
    failures.push(await failureOf(() => ask(chat, "three")));
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(BudgetSpent);
      expect(failure.message).toBe("The budget of 0.2 seconds is spent.");
    }
    expect(workplace.server.questions).toHaveLength(1);
  });

  it("ends the wait that a server asks for", async () => {
    workplace.server.when({}, { kind: "status", status: 429, headers: { "retry-after": "60" } });
    const chat = await workplace.open(undefined, { budget: { seconds: 0.1 } });
    expect(await failureOf(() => ask(chat))).toMatchObject({ part: "seconds" });
  });
});

describe("a budget of tokens", () => {
  const cost = { promptTokens: 10, completionTokens: 20 };
  const { signal } = new AbortController();

  it("holds for requests at the same time, which wait for each other", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 1, noNaN: true })),
        ),
        fc.integer({ min: 1, max: 200 }),
        async (requests, tokens) => {
          const budget = new Budget({ tokens });
          const results = await Promise.allSettled(
            requests.map(async ([most, part]) => {
              const room = await budget.reserve(most, signal);
              await Promise.resolve();
              const used = Math.floor(most * part);
              room.settle({ promptTokens: used, completionTokens: 0 });
              return used;
            }),
          );
          const spent = results.reduce(
            (sum, result) => sum + (result.status === "fulfilled" ? result.value : 0),
            0,
          );
          expect(spent).toBeLessThanOrEqual(tokens);
          expect(budget.spent.promptTokens).toBe(spent);
        },
      ),
    );
  });

  it("counts what was used, not what was reserved, and refuses what may not fit", async () => {
    const budget = new Budget({ tokens: 100 });
    (await budget.reserve(100, signal)).settle(cost);
    (await budget.reserve(70, signal)).settle();
    expect(await failureOf(() => budget.reserve(71, signal))).toMatchObject({
      part: "tokens",
      message: "The budget of 100 tokens is spent: 30 are used, and the next call may need 71.",
    });
    expect(budget.spent).toEqual({ calls: 2, ...cost });
  });

  it("can be waited for no longer than anyone is interested", async () => {
    const controller = new AbortController();
    const budget = new Budget({ tokens: 100 });
    await budget.reserve(60, signal);
    const waiting = failureOf(() => budget.reserve(60, controller.signal));
    controller.abort();
    expect(await waiting).toMatchObject({ exit: "interrupted" });
  });

  it("is met by estimates where the server does not count", async () => {
    workplace.server.when(
      {},
      {
        kind: "change",
        change: ({ choices: [choice, ...rest] }) => ({
          choices: [{ ...choice, message: { content: '{"verdict":"no","score":1}' } }, ...rest],
        }),
      },
    );
    const chat = await workplace.open();
    const { usage } = await ask(chat);
    expect(usage.promptTokens).toBeGreaterThan(10);
    expect(usage.completionTokens).toBe(9);
  });
});

describe("a budget of money", () => {
  const { signal } = new AbortController();
  /** A quarter a million tokens of prompts, four times that of answers. */
  const prices = { prompt: 0.25, answer: 1 };
  const asked = { promptTokens: 400_000, completionTokens: 100_000 };

  it("holds for requests at the same time, which wait for each other", async () => {
    const tokens = fc.integer({ min: 0, max: 1_000_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(tokens, tokens, fc.double({ min: 0, max: 1, noNaN: true }))),
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        async (requests, most) => {
          const budget = new Budget({}, { most, prices });
          const results = await Promise.allSettled(
            requests.map(async ([promptTokens, answerTokens, part]) => {
              const room = await budget.reserve(
                { promptTokens, completionTokens: answerTokens },
                signal,
              );
              await Promise.resolve();
              const completionTokens = Math.floor(answerTokens * part);
              room.settle({ promptTokens, completionTokens });
              return (promptTokens * prices.prompt + completionTokens * prices.answer) / 1e6;
            }),
          );
          const spent = results.reduce(
            (sum, result) => sum + (result.status === "fulfilled" ? result.value : 0),
            0,
          );
          expect(spent).toBeLessThanOrEqual(most + 1e-9);
        },
      ),
    );
  });

  it("counts what was used, and refuses what may not fit", async () => {
    const budget = new Budget({}, { most: 0.34, prices });
    (await budget.reserve(asked, signal)).settle({ promptTokens: 400_000, completionTokens: 0 });
    (await budget.reserve(asked, signal)).settle();
    (await budget.reserve(asked, signal)).settle({ promptTokens: 200_000, completionTokens: 0 });
    expect(await failureOf(() => budget.reserve(asked, signal))).toMatchObject({
      part: "money",
      message: "The budget of 0.34 is spent: 0.1500 is used, and the next call may cost 0.2000.",
    });
  });
});
