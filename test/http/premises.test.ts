import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { premisesAnswer, premisesProgress } from "../../src/http/premise-schemas.js";
import { describeProgram, WITHOUT_SIGNALS } from "../cli/command-line.js";
import { FakeChatServer } from "../llm/fake-chat-server.js";
import { answerSensibly, GOAL, SKETCH } from "../service/premises/model-answers.js";
import { RunningServer } from "./running-server.js";

const EVENTS = { accept: "text/event-stream" };

let models: FakeChatServer;
let server: RunningServer;

function start(...args: string[]): Promise<RunningServer> {
  const env = { LEMMASCOPE_LLM_BASE_URL: models.baseUrl, LEMMASCOPE_LLM_MODEL: "made-up" };
  return RunningServer.start(["serve", ...args], { env });
}

interface ServerEvent {
  readonly name: string;
  readonly data: unknown;
}

/** The events of a stream; comments are left out. */
function eventsOf(text: string): ServerEvent[] {
  return text.split("\n\n").flatMap((block) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
    return name === undefined ? [] : [{ name, data: JSON.parse(data ?? "") as unknown }];
  });
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}

async function metric(name: string): Promise<number> {
  const text = await (await server.fetch("/metrics")).text();
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1]);
}

/** Every run is to ask, and not to find kept answers. */
let runs = 0;
function fresh(more: object = {}): object {
  return { theorem: GOAL, informal: `Run ${(runs += 1)}.`, ...more };
}

describeProgram("premises over HTTP", () => {
  beforeAll(async () => {
    models = await FakeChatServer.start();
    server = await start("--model-runs", "1");
  });
  beforeEach(() => {
    models.delayMs = () => 0;
    answerSensibly(models);
  });
  afterAll(async () => {
    await server.stop();
    await models.stop();
  });

  it("answers as JSON where nothing else is asked for", async () => {
    const response = await server.post("/api/v1/premises", fresh({ limit: 10 }));
    expect(response.status).toBe(200);
    const answer = premisesAnswer.parse(await response.json());
    expect(answer).toMatchObject({ language_model: "configured", outcome: "supported" });
    expect(answer.premises).toHaveLength(10);
    expect(answer.usage.calls).toBeGreaterThan(3);
    expect(answer.premises[0]?.evidence.length).toBeGreaterThan(0);
  });

  it("tells how far it is in events, while it works, and then the result", async () => {
    const response = await server.post("/api/v1/premises", fresh(), EVENTS);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const events = eventsOf(await response.text());
    const last = events.pop();
    expect(last?.name).toBe("result");
    expect(premisesAnswer.parse(last?.data)).toMatchObject({ outcome: "supported" });
    const stages = events.map(({ name, data }) => {
      expect(name).toBe("progress");
      return premisesProgress.parse(data).stage;
    });
    const order = ["statement", "sketch", "retrieve", "filter", "judge", "rank"];
    expect([...new Set(stages)]).toEqual(order);
  });

  it("sends events when they happen", async () => {
    models.when({}, { kind: "stall", after: 3 });
    const response = await server.post("/api/v1/premises", fresh(), EVENTS);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let heard = "";
    while (!heard.includes("sketching")) {
      heard += new TextDecoder().decode((await reader.read()).value);
    }
    await reader.cancel();
    await until(async () => (await metric("lemmascope_runs_active")) === 0);
  });

  it("answers from a caller's sketch, without a language model", async () => {
    const asked = models.questions.length;
    const response = await server.post("/api/v1/premises-from-sketch", {
      theorem: GOAL,
      steps: SKETCH.steps,
      guessed_names: SKETCH.guessedNames,
    });
    const answer = premisesAnswer.parse(await response.json());
    expect(answer).toMatchObject({
      language_model: "none",
      outcome: "sketched",
      steps: [
        { step: 1, supported: true },
        { step: 2, supported: false },
      ],
      unknown_names: [{ name: "IsCompact.exists_isMinimumOn" }],
    });
    expect(models.questions).toHaveLength(asked);
  });

  it("stops a run whose client is gone, and takes the next", async () => {
    models.when({}, { kind: "stall", after: 3 });
    for (const headers of [EVENTS, {}]) {
      const before = models.questions.length;
      const controller = new AbortController();
      const asked = fetch(`${server.address}/api/v1/premises`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(fresh()),
        signal: controller.signal,
      }).then((response) => response.text());
      asked.catch(() => undefined);
      await until(() => models.questions.length > before);
      expect(await metric("lemmascope_runs_active")).toBe(1);
      controller.abort();
      await expect(asked).rejects.toThrow(/abort/i);
      await until(async () => (await metric("lemmascope_runs_active")) === 0);
    }
    answerSensibly(models);
    expect((await server.post("/api/v1/premises", fresh())).status).toBe(200);
  });

  it("keeps language models apart: searches and sketches go on while a run waits", async () => {
    models.when({}, { kind: "stall", after: 3 });
    const controller = new AbortController();
    const before = models.questions.length;
    const waiting = [1, 2].map(() =>
      fetch(`${server.address}/api/v1/premises`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(fresh()),
        signal: controller.signal,
      }).catch(() => undefined),
    );
    await until(() => models.questions.length > before);
    await until(async () => (await metric("lemmascope_runs_waiting")) === 1);
    const requests: [string, object][] = [
      ["/api/v1/search", { queries: ["compact set"] }],
      ["/api/v1/premises-from-sketch", { guessed_names: ["IsCompact"] }],
      ["/api/v1/premises", { theorem: GOAL, mode: "none" }],
    ];
    for (const [path, body] of requests) expect((await server.post(path, body)).status).toBe(200);
    expect((await server.fetch("/health")).status).toBe(200);
    expect(models.questions).toHaveLength(before + 1);
    controller.abort();
    await Promise.all(waiting);
    await until(async () => (await metric("lemmascope_runs_active")) === 0);
  });

  it("refuses what makes no sense, before and within a stream", async () => {
    const refused: object[] = [
      {},
      { theorem: "" },
      { theorem: 3 },
      { theorem: GOAL, mode: "fastest" },
      { theorem: GOAL, max_seconds: 1e9 },
      { theorem: GOAL, surprise: true },
      { theorem: "x".repeat(60_000) },
    ];
    for (const body of refused) {
      for (const headers of [EVENTS, {}]) {
        const response = await server.post("/api/v1/premises", body, headers);
        expect(response.status).toBe(422);
        expect(await response.json()).toHaveProperty("error.message");
      }
    }
    expect((await server.post("/api/v1/premises-from-sketch", { theorem: GOAL })).status).toBe(422);
    const several = "theorem a : 1 = 1 := rfl\n\ntheorem b : 2 = 2 := rfl\n";
    expect((await server.post("/api/v1/premises", { theorem: several })).status).toBe(422);
    const response = await server.post("/api/v1/premises", { theorem: several }, EVENTS);
    const [event] = eventsOf(await response.text());
    expect(event).toMatchObject({ name: "error", data: { error: { code: "unusable_request" } } });
  });

  it("tells nothing of the model's server where that fails", async () => {
    models.when({}, { kind: "status", status: 401, body: { error: { message: "no key" } } });
    const text = await (await server.post("/api/v1/premises", fresh())).text();
    const answer = premisesAnswer.parse(JSON.parse(text));
    expect(answer).toMatchObject({ language_model: "none", outcome: "no language model" });
    expect(answer.notes.join()).toMatch(/its log says why/);
    expect(text).not.toContain(models.baseUrl);
  });

  it("describes both, and the stream", async () => {
    const paths = z
      .object({ paths: z.record(z.string(), z.object({ post: z.unknown() })) })
      .parse(await (await server.fetch("/api/v1/openapi.json")).json()).paths;
    for (const path of ["/api/v1/premises", "/api/v1/premises-from-sketch"]) {
      const text = JSON.stringify(paths[path]?.post);
      for (const part of ["text/event-stream", "unknown_names", "application/json"]) {
        expect(text).toContain(part);
      }
    }
  });

  describe("when the server ends", () => {
    it.skipIf(WITHOUT_SIGNALS)("gives clients what runs have found", async () => {
      const short = await start();
      models.when({}, { kind: "stall", after: 3 });
      const before = models.questions.length;
      const asked = short.post("/api/v1/premises", fresh(), EVENTS);
      await until(() => models.questions.length > before);
      const text = (await asked).text();
      const { code } = await short.stop();
      expect(code).toBe(0);
      const last = eventsOf(await text).at(-1);
      expect(last).toMatchObject({ name: "result", data: { outcome: "interrupted" } });
    });
  });
});
