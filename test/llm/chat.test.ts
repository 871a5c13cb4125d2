import { describe, expect, it } from "vitest";
import { z } from "zod";
import { failureOf } from "../failure.js";
import { openChat } from "../../src/llm/open-chat.js";
import { ask, ChatWorkplace, GOOD, question } from "./chat-workplace.js";

const workplace = new ChatWorkplace();

describe("a question", () => {
  it("is answered with a value, what it cost and where it came from", async () => {
    const chat = await workplace.open();
    const answer = await ask(chat);
    expect(answer).toMatchObject({
      value: GOOD,
      text: JSON.stringify(GOOD),
      model: "strong-1",
      source: "model",
      repaired: false,
    });
    const { usage } = answer;
    expect(usage).toMatchObject({ calls: 1, completionTokens: 1, cachedAnswers: 0 });
    expect(usage.promptTokens).toBeGreaterThan(5);
    expect(answer.elapsedMs).toBeGreaterThan(0);
    await ask(chat, "Another?");
    expect(chat.usage).toMatchObject({ calls: 2, completionTokens: 2, cachedAnswers: 0 });
  });

  it("goes to the model of its role", async () => {
    const chat = await workplace.open();
    for (const role of ["sketch", "filter", "prove", "filter"] as const) {
      await chat.ask(question("x", { role }));
    }
    expect(workplace.server.questions.map(({ model }) => model)).toEqual([
      "strong-1",
      "cheap-1",
      "strong-1",
      "cheap-1",
    ]);
  });

  it("describes the answer in the prompt, or sends its schema, as the profile says", async () => {
    const bodies = [];
    for (const jsonMode of ["none", "object", "schema"] as const) {
      const chat = await workplace.open(workplace.settings({ jsonMode }));
      await ask(chat);
      bodies.push(workplace.server.questions.at(-1)?.body);
    }
    const [none, object, schema] = bodies;
    for (const body of [none, object]) {
      expect(body?.messages[0]?.content).toMatch(
        /^You judge statements\.\n\nAnswer with one JSON object .*\n\{"type":"object",.*"verdict"/s,
      );
    }
    expect(none).not.toHaveProperty("response_format");
    expect(object?.response_format).toEqual({ type: "json_object" });
    expect(schema?.messages[0]?.content).toBe("You judge statements.");
    expect(schema?.response_format).toMatchObject({
      type: "json_schema",
      json_schema: { name: "verdict", strict: true, schema: { type: "object" } },
    });
  });

  it("carries the profile's parameters, and no others", async () => {
    const chat = await workplace.open(
      workplace.settings({
        temperature: 0.25,
        maxTokens: 77,
        tokenLimitField: "max_completion_tokens",
      }),
    );
    await ask(chat);
    const { body } = workplace.server.questions[0] ?? {};
    expect(body).toMatchObject({ temperature: 0.25, max_completion_tokens: 77 });
    expect(body).not.toHaveProperty("max_tokens");
    const other = await workplace.open();
    await ask(other);
    expect(workplace.server.questions[1]?.body).not.toHaveProperty("temperature");
    expect(workplace.server.questions[1]?.body).toMatchObject({ max_tokens: 4096 });
  });

  it("can be for a text, which comes without the thinking before it", async () => {
    const text = "<think>{}</think>\ntheorem x : True := trivial\n";
    workplace.server.when({}, { kind: "says", text });
    const chat = await workplace.open(workplace.settings({ jsonMode: "schema" }));
    const answer = await chat.askText({ role: "prove", system: "Prove.", user: "x \ud800" });
    expect(answer).toMatchObject({ value: "theorem x : True := trivial", text });
    const { body, system, user } = workplace.server.questions[0] ?? {};
    expect([system, user]).toEqual(["Prove.", "x \uFFFD"]);
    expect(body).not.toHaveProperty("response_format");
  });

  it("is told what refinements of its schema refuse", async () => {
    const schema = z
      .object({ keep: z.array(z.int()) })
      .refine(({ keep }) => keep.every((id) => id < 3), "there are only 3 candidates");
    workplace.server.when(
      {},
      { kind: "json", value: { keep: [7] } },
      { kind: "json", value: { keep: [2] } },
    );
    const chat = await workplace.open();
    const answer = await chat.ask({ ...question(), schema, schemaName: "kept" });
    expect(answer).toMatchObject({ value: { keep: [2] }, repaired: true });
    expect(workplace.server.questions[1]?.last).toMatch(/there are only 3 candidates/);
  });

  it("waits for its turn where a profile allows few at a time", async () => {
    workplace.server.delayMs = () => 15;
    const chat = await workplace.open(workplace.settings({ concurrency: 2 }));
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, at) => ask(chat, `question ${at}`)),
    );
    expect(answers).toHaveLength(30);
    expect(workplace.server.mostAtOnce).toBe(2);
  });

  it("goes with the key, which is shown nowhere", async () => {
    const key = "sk-very-secret";
    workplace.server.key = key;
    const settings = workplace.settings({ apiKeyVariable: "MY_KEY", maxRetries: 0 });
    const chat = await workplace.open(settings, { environment: { MY_KEY: key } });
    const echoed = JSON.stringify({ ...GOOD, because: key });
    workplace.server.when({}, { kind: "says", text: echoed });
    const answer = await ask(chat);
    expect(JSON.stringify(answer)).not.toContain(key);
    for (const status of [403, 400, 500]) {
      workplace.server.when({}, { kind: "status", status, body: { message: `bad key ${key}` } });
      const failure = await failureOf(() => ask(chat));
      expect(failure.message).toContain("bad key …");
      expect(failure.message).not.toContain(key);
    }
  });
});

describe("openChat", () => {
  const options = { environment: {}, cachePath: "unused" };

  it("gives nothing where nothing is configured", async () => {
    expect(await openChat(undefined, options)).toBeUndefined();
    const failure = await failureOf(() => openChat(undefined, { ...options, record: "x" }));
    expect(failure).toMatchObject({ exit: "usage" });
    expect(failure.message).toMatch(/no language model is configured/);
  });

  it("contacts nobody before the first question", async () => {
    await workplace.open();
    expect(workplace.server.questions).toEqual([]);
  });

  it("misses a key only where its profile is asked", async () => {
    const settings = workplace.settings({}, {});
    const cheap = { ...workplace.settings().profiles["strong"], apiKeyVariable: "CHEAP_KEY" };
    const keyed = { ...settings, profiles: { ...settings.profiles, cheap } } as typeof settings;
    const failure = await failureOf(() => workplace.open(keyed));
    expect(failure).toMatchObject({ exit: "usage" });
    expect(failure.message).toBe(
      `The environment variable CHEAP_KEY, which is to hold the key of the language model "cheap", is not set: set it, or take "apiKeyVariable" out of its profile.`,
    );
    const chat = await workplace.open(keyed, { roles: ["judge"] });
    expect((await ask(chat)).value).toEqual(GOOD);
  });

  it("leaves a role without a profile alone until it is asked", async () => {
    const settings = workplace.settings({}, { default: undefined });
    const chat = await workplace.open(settings);
    await chat.ask(question("x", { role: "filter" }));
    const failure = await failureOf(() => ask(chat));
    expect(failure).toMatchObject({ exit: "usage" });
    expect(failure.message).toMatch(
      /^No language model is configured for the role "judge": name one of the profiles \(strong, cheap\) under "roles"/,
    );
  });

  it("refuses to record and replay at once", async () => {
    const both = { ...options, record: "a", replay: "b" };
    expect(await failureOf(() => openChat(workplace.settings(), both))).toMatchObject({
      exit: "usage",
    });
  });
});
