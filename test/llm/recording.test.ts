import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BudgetSpent, type Chat, UnusableAnswer } from "../../src/llm/chat.js";
import { openChat } from "../../src/llm/open-chat.js";
import { failureOf } from "../failure.js";
import { ask, ChatWorkplace, GOOD, question } from "./chat-workplace.js";

const workplace = new ChatWorkplace();
const file = (): string => workplace.path("run.jsonl");

function recording(section: object = {}, budget: object = {}): Promise<Chat> {
  return workplace.open(workplace.settings({}, section), { record: file(), budget });
}

/** A replay as on a machine where nothing is configured, nor any server runs. */
async function replaying(): Promise<Chat> {
  await workplace.server.stop();
  return await workplace.open(undefined, { replay: file() });
}

const lines = (): string[] => readFileSync(file(), "utf8").trimEnd().split("\n");

describe("a replay", () => {
  it("gives the recorded answers with what they cost, without server, key or settings", async () => {
    workplace.server.when({ user: "hard", isRepair: false }, { kind: "says", text: "hm" });
    workplace.server.when({ model: "cheap-1" }, { kind: "json", value: { ...GOOD, score: 0 } });
    const asking = (chat: Chat) =>
      Promise.all([
        ask(chat, "easy"),
        ask(chat, "hard"),
        chat.ask(question("easy", { role: "filter" })),
        chat.askText({ role: "prove", system: "s", user: "t" }),
      ]);
    const chat = await recording();
    const answers = await asking(chat);
    await chat.close();
    const replay = await replaying();
    const again = await asking(replay);
    expect(again).toEqual(
      answers.map((answer) => ({
        ...answer,
        source: "recording",
        elapsedMs: expect.any(Number) as number,
      })),
    );
    expect(replay.usage).toEqual(chat.usage);
    expect(lines()).toHaveLength(1 + 5);
  });

  it("repeats answers to the same question in their order, then the last one", async () => {
    workplace.server.when(
      {},
      { kind: "json", value: { ...GOOD, score: 0.1 } },
      { kind: "json", value: { ...GOOD, score: 0.2 } },
    );
    const chat = await recording();
    for (const score of [0.1, 0.2]) expect((await ask(chat)).value.score).toBe(score);
    const replay = await replaying();
    for (const score of [0.1, 0.2, 0.2]) expect((await ask(replay)).value.score).toBe(score);
  });

  it("ends where the run ended, and fails where it failed", async () => {
    workplace.server.when({ user: "bad" }, { kind: "refuses", text: "No." });
    const chat = await recording({}, { calls: 2 });
    await ask(chat, "good");
    const refused = await failureOf(() => ask(chat, "bad"));
    const spent = await failureOf(() => ask(chat, "more"));
    const replay = await replaying();
    expect((await ask(replay, "good")).value).toEqual(GOOD);
    const [failure, end] = [
      await failureOf(() => ask(replay, "bad")),
      await failureOf(() => ask(replay, "more")),
    ];
    expect(failure).toBeInstanceOf(UnusableAnswer);
    expect(failure.message).toBe(refused.message);
    expect(end).toBeInstanceOf(BudgetSpent);
    expect(end.message).toBe(spent.message);
  });

  it("goes on where the run was gone on with, kept answers included", async () => {
    const section = { cache: true };
    const first = await recording(section, { calls: 1 });
    await ask(first, "a");
    await failureOf(() => ask(first, "b"));
    await first.close();
    const second = await recording(section);
    expect((await ask(second, "a")).source).toBe("cache");
    await ask(second, "b");
    const replay = await replaying();
    await ask(replay, "a");
    expect((await ask(replay, "b")).value).toEqual(GOOD);
  });

  it("keeps to a budget of its own", async () => {
    const chat = await recording();
    await ask(chat, "a");
    await ask(chat, "b");
    const replay = await workplace.open(undefined, { replay: file(), budget: { calls: 1 } });
    await ask(replay, "a");
    expect(await failureOf(() => ask(replay, "b"))).toMatchObject({ part: "calls" });
  });

  it("names the question that was never recorded", async () => {
    await ask(await recording());
    const replay = await replaying();
    await ask(replay);
    const failure = await failureOf(() => ask(replay, "unheard of"));
    expect(failure.exit).toBe("badInput");
    expect(failure.message).toMatch(
      /^The recording \S+run\.jsonl has no answer to question 2 \(role "judge"\): [^\n]*\.$/,
    );
    expect(failure).not.toBeInstanceOf(UnusableAnswer);
  });
});

describe("the file of a recording", () => {
  const options = { environment: {}, cachePath: "unused" };

  it("has every answer as soon as it is given", async () => {
    const chat = await recording();
    for (const count of [1, 2, 3]) {
      await ask(chat, `question ${count}`);
      expect(lines()).toHaveLength(1 + count);
    }
  });

  it("may end in half a line, which is taken off when it is gone on with", async () => {
    const first = await recording();
    await ask(first, "a");
    await ask(first, "b");
    await first.close();
    truncateSync(file(), readFileSync(file()).length - 20);
    const replay = await workplace.open(undefined, { replay: file() });
    await ask(replay, "a");
    expect((await failureOf(() => ask(replay, "b"))).message).toMatch(/no answer to question 2/);
    await ask(await recording(), "b");
    expect(lines()).toHaveLength(3);
    const whole = await workplace.open(undefined, { replay: file() });
    await ask(whole, "a");
    await ask(whole, "b");
  });

  it("is refused where it is damaged before its end", async () => {
    const chat = await recording();
    await ask(chat, "a");
    appendFileSync(file(), '{"key": 1}\n');
    await ask(chat, "b");
    const failure = await failureOf(() => openChat(undefined, { ...options, replay: file() }));
    expect(failure).toMatchObject({ exit: "badInput" });
    expect(failure.message).toMatch(/is damaged at line 3/);
  });

  it("is refused, and left as it is, where it is something else", async () => {
    writeFileSync(file(), "my diary, half a line");
    expect((await failureOf(() => recording())).message).toMatch(/is no recording .*another file/);
    expect(readFileSync(file(), "utf8")).toBe("my diary, half a line");
    const failure = await failureOf(() => openChat(undefined, { ...options, replay: file() }));
    expect(failure).toMatchObject({ exit: "badInput" });
  });

  it("is missed in a sentence", async () => {
    const failure = await failureOf(() =>
      openChat(undefined, { ...options, replay: workplace.path("none.jsonl") }),
    );
    expect(failure).toMatchObject({ exit: "badInput" });
    expect(failure.message).toMatch(/^There is no recording \S+none\.jsonl: make it with --record/);
    const unwritable = await failureOf(() =>
      workplace.open(undefined, { record: workplace.path("none/run.jsonl") }),
    );
    expect(unwritable).toMatchObject({ exit: "io" });
  });
});
