import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import type { LlmProfile } from "../../src/config/llm-settings.js";
import type { Chat } from "../../src/llm/chat.js";
import { compileSource } from "../compiled-source.js";
import { failureOf } from "../failure.js";
import { ask, ChatWorkplace, GOOD, question } from "./chat-workplace.js";

const workplace = new ChatWorkplace();

function openCached(more: Partial<LlmProfile> = {}, section: object = {}): Promise<Chat> {
  return workplace.open(workplace.settings(more, { cache: true, ...section }));
}

describe("the cache of answers", () => {
  it("makes a repeated run free", async () => {
    const first = await openCached();
    const paid = await ask(first);
    await first.close();
    await workplace.server.stop();
    const second = await openCached();
    const answer = await ask(second);
    expect(answer).toMatchObject({
      value: GOOD,
      text: paid.text,
      model: paid.model,
      source: "cache",
      usage: { calls: 0, promptTokens: 0, completionTokens: 0, cachedAnswers: 1 },
    });
    expect(second.usage).toEqual(answer.usage);
  });

  it("costs no calls of a budget, also of one that is spent", async () => {
    const first = await openCached({}, { budget: { calls: 1 } });
    await ask(first, "a");
    expect(await failureOf(() => ask(first, "b"))).toMatchObject({ part: "calls" });
    expect((await ask(first, "a")).source).toBe("cache");
  });

  it("keeps a repair with what it repaired", async () => {
    workplace.server.when({ isRepair: false }, { kind: "says", text: "hm" });
    await ask(await openCached());
    const answer = await ask(await openCached());
    expect(answer).toMatchObject({ value: GOOD, repaired: true, source: "cache" });
    expect(answer.usage).toMatchObject({ calls: 0, cachedAnswers: 2 });
    expect(workplace.server.questions).toHaveLength(2);
  });

  it("keeps nothing that led nowhere", async () => {
    workplace.server.when({}, { kind: "says", text: "hm" });
    await failureOf(async () => ask(await openCached()));
    workplace.server.when({}, { kind: "json", value: GOOD });
    expect(await ask(await openCached())).toMatchObject({ source: "model", repaired: false });
  });

  it("tells apart what answers depend on, and no more", async () => {
    const { server } = workplace;
    await ask(await openCached());
    const others: [string, () => Promise<unknown>][] = [
      ["role", async () => (await openCached()).ask(question(undefined, { role: "rank" }))],
      ["model", async () => ask(await openCached({ model: "strong-2" }))],
      ["temperature", async () => ask(await openCached({ temperature: 0 }))],
      ["maxTokens", async () => ask(await openCached({ maxTokens: 5 }))],
      ["jsonMode", async () => ask(await openCached({ jsonMode: "schema" }))],
      ["user", async () => ask(await openCached(), "Else?")],
      ["system", async () => (await openCached()).ask(question(undefined, { system: "s" }))],
      ["schema", async () => (await openCached()).ask(question(undefined, { schemaName: "v" }))],
    ];
    let sent = server.questions.length;
    for (const [what, again] of others) {
      await again();
      sent += 1;
      expect(server.questions.length, what).toBe(sent);
    }
    await ask(await openCached({ timeoutMs: 1000, maxRetries: 1, concurrency: 1 }));
    expect(server.questions).toHaveLength(sent);
  });

  it("asks once for what is asked many times at once", async () => {
    workplace.server.delayMs = () => 20;
    const chat = await openCached();
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(chat)));
    expect(answers.map(({ value }) => value)).toEqual(Array(12).fill(GOOD));
    expect(workplace.server.questions).toHaveLength(1);
    expect(chat.usage).toMatchObject({ calls: 1, cachedAnswers: 11 });
  });

  it("answers others although whoever asked first has gone", async () => {
    const controller = new AbortController();
    workplace.server.delayMs = () => 50;
    const chat = await openCached();
    const gone = failureOf(() => chat.ask(question(undefined, { signal: controller.signal })));
    const others = Promise.all([ask(chat), ask(chat)]);
    workplace.server.onQuestion = () => controller.abort();
    expect((await gone).exit).toBe("interrupted");
    expect((await others).map(({ value }) => value)).toEqual([GOOD, GOOD]);
    expect(workplace.server.questions).toHaveLength(2);
  });

  it("fails for all who asked the same at once, without asking again for each", async () => {
    workplace.server.when({}, { kind: "status", status: 400 });
    const chat = await openCached();
    const failures = await Promise.all([1, 2, 3].map(() => failureOf(() => ask(chat))));
    for (const { message } of failures) expect(message).toMatch(/refuses the request/);
    expect(workplace.server.questions).toHaveLength(1);
  });

  it("holds no key", async () => {
    const key = "sk-very-secret";
    workplace.server.key = key;
    workplace.server.when({}, { kind: "json", value: { ...GOOD, said: key } });
    const settings = workplace.settings({ apiKeyVariable: "MY_KEY" }, { cache: true });
    const chat = await workplace.open(settings, {
      environment: { MY_KEY: key },
      record: workplace.path("answers.jsonl"),
    });
    await ask(chat);
    await chat.close();
    expect(readFileSync(workplace.path("answers.sqlite")).includes(key)).toBe(false);
    expect(readFileSync(workplace.path("answers.jsonl"), "utf8")).not.toContain(key);
  });
});

describe("a file that cannot be the cache", () => {
  const path = (): string => workplace.path("answers.sqlite");

  async function warnings(): Promise<string[]> {
    const said: string[] = [];
    const chat = await workplace.open(workplace.settings({}, { cache: true }), {
      warn: (sentence) => said.push(sentence),
    });
    expect((await ask(chat)).value).toEqual(GOOD);
    expect((await ask(chat)).source).toBe("model");
    for (const sentence of said) {
      expect(sentence).toMatch(
        /^The cache of language model answers \S+ cannot be used \([^\n]+\): answers are not kept; [^\n]+\.$/,
      );
    }
    return said;
  }

  it("is said once, and questions are answered: something else", async () => {
    writeFileSync(path(), "something else altogether".repeat(100));
    expect(await warnings()).toEqual([expect.stringContaining("it is damaged")]);
    expect(readFileSync(path(), "utf8")).toMatch(/^something else/);
  });

  it("is said once, and questions are answered: another program's database", async () => {
    const db = new SqliteDatabase(path());
    db.exec("create table theirs (x)");
    db.close();
    expect(await warnings()).toEqual([expect.stringContaining("it is another program's")]);
  });

  it("is said once, and questions are answered: another version", async () => {
    await (await openCached()).close();
    const db = new SqliteDatabase(path());
    db.pragma("user_version = 99");
    db.close();
    expect(await warnings()).toEqual([expect.stringContaining("another version")]);
  });

  it("is said once, and questions are answered: a folder", async () => {
    mkdirSync(path());
    expect(await warnings()).toEqual([expect.stringContaining("see to its folder")]);
  });

  it("is said once, and questions are answered: one that is damaged inside", async () => {
    const chat = await openCached();
    for (let at = 0; at < 50; at += 1) await ask(chat, `${at} ${"long ".repeat(50)}`);
    await chat.close();
    const bytes = readFileSync(path());
    bytes.fill(0x55, 4096);
    writeFileSync(path(), bytes);
    expect(await warnings()).toEqual([expect.stringContaining("it is damaged")]);
  });

  it("is made with its folder where there is none", async () => {
    const cachePath = workplace.path("a/b/answers.sqlite");
    const chat = await workplace.open(workplace.settings({}, { cache: true }), { cachePath });
    await ask(chat);
    expect(existsSync(cachePath)).toBe(true);
  });
});

describe("several processes", () => {
  it("share one file from its making on", async () => {
    const programs = workplace.path("programs");
    mkdirSync(programs);
    compileSource(programs, {
      "run.js": `
        import { ResponseCache } from "./src/llm/response-cache.js";
        const [path, name] = process.argv.slice(2);
        const warnings = [];
        const cache = ResponseCache.open(path, (sentence) => warnings.push(sentence));
        for (let at = 0; at < 100; at += 1) {
          cache.set(name + at, "judge", { text: name, model: "m", isCutOff: false });
          cache.set("shared" + at, "judge", { text: name, model: "m", isCutOff: false });
        }
        const found = Array.from({ length: 100 }, (_, at) => cache.get(name + at)?.text);
        cache.close();
        process.stdout.write(JSON.stringify({ warnings, ok: found.every((text) => text === name) }));
      `,
    });
    const path = workplace.path("shared.sqlite");
    const runs = await Promise.all(
      ["a", "b", "c", "d"].map((name) =>
        execa(process.execPath, [join(programs, "run.js"), path, name]),
      ),
    );
    for (const { stdout } of runs) expect(JSON.parse(stdout)).toEqual({ warnings: [], ok: true });
    const db = new SqliteDatabase(path, { readonly: true });
    expect(db.prepare("select count(*) from answers").pluck().get()).toBe(500);
    db.close();
  });
});
