import { describe, expect, it } from "vitest";
import { BudgetSpent, UnusableAnswer } from "../../src/llm/chat.js";
import { failureOf } from "../failure.js";
import { ask, ChatWorkplace, GOOD, question } from "./chat-workplace.js";
import type { FakeReply } from "./fake-chat-server.js";

const workplace = new ChatWorkplace();
const good: FakeReply = { kind: "json", value: GOOD };
const says = (text: string, finish?: string): FakeReply => ({
  kind: "says",
  text,
  ...(finish === undefined ? {} : { finish }),
});

describe("failures that pass", () => {
  const passing: [string, FakeReply, RegExp][] = [
    ["status 500", { kind: "status", status: 500 }, /^status 500$/],
    ["status 503 with a page", { kind: "status", status: 503, body: "<html>" }, /^status 503$/],
    ["status 408", { kind: "status", status: 408 }, /^status 408$/],
    ["status 429", { kind: "status", status: 429 }, /^status 429$/],
    ["an answer cut off on its way", { kind: "cut", after: 40 }, /^the connection was cut$/],
    ["a connection cut at once", { kind: "cut", after: 0 }, /^the connection was cut$/],
    ["an answer that never comes", { kind: "stall", after: 0 }, /^no answer within 0\.2 s$/],
    ["an answer that stalls", { kind: "stall", after: 40 }, /^no answer within 0\.2 s$/],
    ["no choices", { kind: "change", change: (a) => ({ ...a, choices: [] }) }, /with no choices$/],
    ["an empty text", says(" "), /with an empty text$/],
    [
      "a router's report of a failure",
      { kind: "body", type: "application/json", text: '{"error":{"message":"no provider"}}' },
      /^no provider$/,
    ],
  ];

  it.each(passing)("are tried again, and count as calls: %s", async (_name, reply, reason) => {
    workplace.server.when({}, reply, reply, good);
    const reasons: string[] = [];
    const chat = await workplace.open(workplace.settings({ timeoutMs: 200 }), {
      onRetry: (notice) => reasons.push(notice.reason),
    });
    const answer = await ask(chat);
    expect(answer).toMatchObject({ value: GOOD, repaired: false, source: "model" });
    expect(answer.usage.calls).toBe(3);
    expect(chat.usage.calls).toBe(3);
    expect(workplace.server.questions).toHaveLength(3);
    expect(reasons).toHaveLength(2);
    for (const said of reasons) expect(said).toMatch(reason);
  });

  it.each(passing)("end in a sentence where they do not pass: %s", async (_name, reply) => {
    workplace.server.when({}, reply);
    const chat = await workplace.open(workplace.settings({ timeoutMs: 100, maxRetries: 1 }));
    const failure = await failureOf(() => ask(chat));
    expect(failure.exit).toBe("unavailable");
    expect(failure.message).toMatch(/^[^\n]*\.$/);
    expect(workplace.server.questions).toHaveLength(2);
  });

  it("wait as long as the server asks", async () => {
    workplace.server.when(
      {},
      { kind: "status", status: 429, headers: { "retry-after": "1" } },
      good,
    );
    const delays: number[] = [];
    const chat = await workplace.open(undefined, {
      onRetry: ({ delayMs }) => delays.push(delayMs),
    });
    await ask(chat);
    expect(delays).toEqual([1000]);
  });

  it("are final where the server asks for hours, or the account is empty", async () => {
    workplace.server.when(
      {},
      { kind: "status", status: 429, headers: { "retry-after": "7200" } },
      {
        kind: "status",
        status: 429,
        body: { error: { message: "You exceeded your current quota" } },
      },
    );
    const chat = await workplace.open();
    expect((await failureOf(() => ask(chat))).message).toMatch(/has too much to do/);
    expect((await failureOf(() => ask(chat))).message).toMatch(/quota or credit .* is used up/);
    expect(workplace.server.questions).toHaveLength(2);
  });
});

describe("answers that cannot be used", () => {
  const bad: [string, FakeReply, RegExp][] = [
    ["malformed JSON", says('{"verdict": "yes", "score": }'), /its JSON is malformed/],
    ["JSON that ends too early", says('{"verdict": "yes", "sc'), /its JSON is malformed/],
    ["no JSON", says("I would say yes."), /it holds no JSON object/],
    ["another schema", says('{"verdict": "maybe", "score": 2}'), /at "verdict": .*at "score": /],
    [
      "contradictory verdicts",
      says(
        'First {"verdict": "yes", "score": 0.9}, but then {"verdict": "no", "score": 0.9}, I think.',
      ),
      /it holds 2 different answers/,
    ],
    ["thinking alone", says("<think>hm {}"), /nothing beside its thinking/],
    ["too long an answer", says('{"verdict": "yes', "length"), /cut off at the token limit/],
  ];

  it.each(bad)("are sent back once with what is wrong: %s", async (_name, reply, problem) => {
    workplace.server.when({ isRepair: false }, reply);
    const chat = await workplace.open();
    const answer = await ask(chat);
    expect(answer).toMatchObject({ value: GOOD, repaired: true });
    expect(answer.usage.calls).toBe(2);
    const [first, second, ...more] = workplace.server.questions;
    expect(more).toEqual([]);
    expect(second?.body.messages.slice(0, 2)).toEqual(first?.body.messages);
    expect(second?.body.messages).toHaveLength(4);
    expect(second?.body.messages[2]?.content).toBe((reply as { text: string }).text);
    expect(second?.last).toMatch(problem);
  });

  it.each(bad)("are no answer when they come twice: %s", async (_name, reply, problem) => {
    workplace.server.when({}, reply);
    const chat = await workplace.open();
    const failure = await failureOf(() => ask(chat));
    expect(failure).toBeInstanceOf(UnusableAnswer);
    expect(failure.message).toMatch(
      /^The model "strong-1" \(role "judge"\) gave no usable answer: [^\n]*, also when asked to correct it\. It began: [^\n]*$/,
    );
    expect(failure.message).toMatch(problem);
    expect(workplace.server.questions).toHaveLength(2);
  });

  it("end at once where the model does not want to, or cannot", async () => {
    workplace.server.when(
      {},
      { kind: "refuses", text: "I can't help\nwith that." },
      says("", "content_filter"),
      says("", "length"),
    );
    const chat = await workplace.open();
    const failures = [];
    for (let at = 0; at < 3; at += 1) failures.push(await failureOf(() => ask(chat)));
    for (const failure of failures) expect(failure).toBeInstanceOf(UnusableAnswer);
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringContaining("it refuses (I can't help with that.)"),
      expect.stringContaining("a content filter of the server held it back"),
      expect.stringMatching(/all 4096 tokens were spent before it said anything.*"maxTokens"\.$/),
    ]);
    expect(workplace.server.questions).toHaveLength(3);
  });

  it("are texts, too, where they are cut off or only thinking", async () => {
    workplace.server.when({}, says("theorem x", "length"), says("<think>hm</think> "));
    const chat = await workplace.open();
    const request = { role: "prove", system: "s", user: "u" } as const;
    expect((await failureOf(() => chat.askText(request))).message).toMatch(
      /\(role "prove"\) .*cut off at the token limit; raise .* It began: theorem x$/,
    );
    expect((await failureOf(() => chat.askText(request))).message).toMatch(
      /nothing beside its thinking/,
    );
  });
});

describe("failures for good", () => {
  const nested = (message: string) => ({ error: { message, type: "invalid_request_error" } });
  const final: [string, FakeReply, RegExp][] = [
    [
      "a key is wanted",
      { kind: "status", status: 401, body: nested("Unauthorized") },
      /asks for a key \(status 401: Unauthorized\): set the profile "strong"'s "apiKeyVariable"/,
    ],
    [
      "the address is wrong",
      { kind: "status", status: 404, body: "404 page not found" },
      /^There is nothing at http:\S+\/v1\/chat\/completions \(status 404: .*\): .* ends in \/v1\.$/,
    ],
    [
      "a setting that the model does not know",
      { kind: "status", status: 400, body: nested("Unsupported parameter: 'max_tokens'") },
      /refuses the request \(status 400: Unsupported .*\): check .* "tokenLimitField" and "jsonMode"/,
    ],
    [
      "a question that is too long",
      { kind: "status", status: 400, body: nested("This model's maximum context length is 8192") },
      /takes no question so long/,
    ],
    [
      "a redirect",
      { kind: "status", status: 308, headers: { location: "https://elsewhere.example/?token=s" } },
      /redirects to https:\/\/elsewhere\.example\/ \(status 308\), which is not followed/,
    ],
    [
      "a web page",
      { kind: "body", text: " <html>Sign in</html>", type: "text/html" },
      /did not answer with a chat completion \(a web page\)/,
    ],
    ["half of JSON", { kind: "body", text: "{", type: "application/json" }, /is not JSON/],
    ["no choices at all", { kind: "change", change: () => ({}) }, /choices: there are none/],
    [
      "a message of another kind",
      { kind: "change", change: () => ({ choices: [{ message: { content: 7 } }] }) },
      /choices\.0\.message\.content: /,
    ],
    [
      "an immense answer",
      { kind: "body", text: " ".repeat(3 << 20), type: "application/json" },
      /longer than \d+ bytes/,
    ],
  ];

  it.each(final)("are said at once: %s", async (_name, reply, expected) => {
    workplace.server.when({}, reply);
    const chat = await workplace.open();
    const failure = await failureOf(() => ask(chat));
    expect(failure.exit).toBe("unavailable");
    expect(failure).not.toBeInstanceOf(UnusableAnswer);
    expect(failure.message).toMatch(expected);
    expect(failure.message).toMatch(/^[^\n]*\.$/);
    expect(workplace.server.questions).toHaveLength(1);
  });

  it("name a model that the server does not have", async () => {
    const { server } = workplace;
    server.when({}, { kind: "status", status: 404, body: nested("model 'x' not found") });
    const chat = await workplace.open();
    expect((await failureOf(() => ask(chat))).message).toMatch(/has no model "strong-1"/);
  });

  it("name the address where no server runs, and what to set", async () => {
    const chat = await workplace.open();
    await workplace.server.stop();
    expect((await failureOf(() => ask(chat))).message).toMatch(
      /^No language model server answers at http:\S+\/v1 \(the connection was refused\): .* the profile "strong"'s "baseUrl" or LEMMASCOPE_LLM_BASE_URL/,
    );
  });
});

describe("an abort", () => {
  it.each<[string, FakeReply]>([
    ["while an answer stalls", { kind: "stall", after: 10 }],
    [
      "while it waits to try again",
      { kind: "status", status: 429, headers: { "retry-after": "60" } },
    ],
  ])("ends all questions %s, also those that wait for their turn", async (_name, reply) => {
    const controller = new AbortController();
    const { signal } = controller;
    const { server } = workplace;
    server.when({}, reply);
    server.onQuestion = () => {
      if (server.questions.length === 4) setTimeout(() => controller.abort(), 20);
    };
    const chat = await workplace.open();
    const asked = Array.from({ length: 30 }, (_, at) =>
      failureOf(() => chat.ask(question(`question ${at}`, { signal }))),
    );
    for (const failure of await Promise.all(asked)) expect(failure.exit).toBe("interrupted");
    expect(server.questions).toHaveLength(4);
    expect((await failureOf(() => chat.ask(question("late", { signal })))).exit).toBe(
      "interrupted",
    );
    expect(server.questions).toHaveLength(4);
  });

  it("of one question leaves the others alone", async () => {
    const controller = new AbortController();
    workplace.server.when({ user: "slow" }, { kind: "stall", after: 0 });
    const chat = await workplace.open();
    workplace.server.onQuestion = () => controller.abort();
    const slow = failureOf(() => chat.ask(question("slow", { signal: controller.signal })));
    expect((await ask(chat, "quick")).value).toEqual(GOOD);
    expect((await slow).exit).toBe("interrupted");
  });

  it("comes with closing, whatever is under way", async () => {
    workplace.server.when({}, { kind: "status", status: 429, headers: { "retry-after": "60" } });
    const chat = await workplace.open();
    workplace.server.onQuestion = () => setTimeout(() => void chat.close(), 10);
    const failure = await failureOf(() => ask(chat));
    expect(failure.exit).toBe("interrupted");
    expect(failure).not.toBeInstanceOf(BudgetSpent);
  });
});
