import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { llmSection, type LlmSettings } from "../../../src/config/llm-settings.js";
import { buildIndex } from "../../../src/index/build.js";
import { PACKAGE_ROOT } from "../../../src/package-root.js";
import type { PremiseProgress } from "../../../src/premises/premise-run.js";
import type { ClientModel } from "../../../src/service/premises/client-completions.js";
import type * as PoolModule from "../../../src/service/premises/premise-pool.js";
import type { PremisesRequest } from "../../../src/service/premises/premise-service.js";
import { compileSource } from "../../compiled-source.js";
import { FakeChatServer } from "../../llm/fake-chat-server.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { answerSensibly, GOAL, modelAnswer, SKETCH } from "./model-answers.js";

const folder = temporaryFolder();
const indexPath = join(folder, "index.sqlite");
const request: PremisesRequest = { theorem: { text: GOAL }, limit: 20, budget: { seconds: 20 } };

// Threads run compiled code, and errors are of the classes that were compiled with them.
let PremisePool: typeof PoolModule.PremisePool;
let server: FakeChatServer;
const pools: PoolModule.PremisePool[] = [];
const problems: string[] = [];

beforeAll(async () => {
  compileSource(folder, {});
  symlinkSync(join(PACKAGE_ROOT, "prompts"), join(folder, "prompts"), "junction");
  const file = join(folder, "src", "service", "premises", "premise-pool.js");
  ({ PremisePool } = (await import(pathToFileURL(file).href)) as typeof PoolModule);
  await buildIndex({ index: indexPath, sources: ["starter"] });
});
beforeEach(async () => {
  problems.length = 0;
  server = await FakeChatServer.start();
  answerSensibly(server);
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  await server.stop();
});

function configured(more: object = {}, section: object = {}): LlmSettings {
  const profile = { baseUrl: server.baseUrl, model: "made-up", maxRetries: 0, ...more };
  const parsed = llmSection.parse({ profiles: { only: profile }, cache: false, ...section });
  return { ...parsed, default: parsed.default };
}

function start(
  settings?: LlmSettings,
  options: Partial<PoolModule.PremisePoolOptions> = {},
): PoolModule.PremisePool {
  const write = (line: string): unknown => problems.push(line);
  const pool = new PremisePool({
    ...{ indexPath, remote: undefined, modelRuns: 2, mostWaiting: 10 },
    models: { settings, cachePath: join(folder, "answers.sqlite") },
    logger: pino({ level: "info" }, { write }),
    ...options,
  });
  pools.push(pool);
  return pool;
}

/** When something holds that other threads bring about. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

describe("without a language model", () => {
  it("goes by the statement, says so, and tells how far it is", async () => {
    const told: PremiseProgress[] = [];
    const found = await start().find(request, { onProgress: (one) => told.push(one) });
    expect(found).toMatchObject({ languageModel: "none", outcome: "no language model" });
    expect(found.premises.map(({ declaration }) => declaration.name)).toContain(
      "IsCompact.exists_isMinOn",
    );
    expect(told.map(({ stage }) => stage)).toContain("statement");
  });

  it("refuses a mode that needs one, before anything is opened", async () => {
    const asked = start(undefined, { indexPath: join(folder, "missing") }).find({
      ...request,
      mode: "full",
    });
    await expect(asked).rejects.toMatchObject({ name: "UserError", exit: "usage" });
  });

  it("says which request made no sense, in the words of the doors", async () => {
    const several = `theorem a : 1 = 1 := rfl\n\ntheorem b : 2 = 2 := rfl\n`;
    const asked = start().find({ ...request, theorem: { text: several } });
    await expect(asked).rejects.toMatchObject({
      exit: "usage",
      message: expect.stringMatching(/choose one with theorem_name/) as unknown,
    });
    const found = await start().find({ ...request, theorem: { text: several, name: "b" } });
    expect(found.outcome).toBe("no language model");
  });

  it("tells that the index cannot be used", async () => {
    const asked = start(undefined, { indexPath: join(folder, "missing") }).find(request);
    await expect(asked).rejects.toMatchObject({ name: "UnusableIndexError", exit: "noIndex" });
  });
});

describe("from a caller's sketch", () => {
  it("gives premises with the steps they serve, unsupported steps and names that do not exist", async () => {
    const found = await start(configured()).find({ ...request, sketch: SKETCH });
    expect(found).toMatchObject({ isCallersSketch: true, languageModel: "none", rounds: 1 });
    const minimum = found.premises.find(
      ({ declaration }) => declaration.name === "IsCompact.exists_isMinOn",
    );
    expect(minimum?.steps).toEqual([0]);
    expect(minimum?.evidence).toContainEqual(
      expect.objectContaining({ channel: "name", match: "exact" }),
    );
    expect(found.unsupportedSteps).toEqual([1]);
    expect(found.unknownNames.map(({ name }) => name)).toEqual(["IsCompact.exists_isMinimumOn"]);
    expect(found.unknownNames[0]?.near).toContain("IsCompact.exists_isMinOn");
    expect(server.questions).toHaveLength(0);
  });

  it("tells the strongest evidence first, and of very much only that", async () => {
    const queries = Array.from({ length: 60 }, (_, at) => `compact set ${"x ".repeat(400)} ${at}`);
    const steps = [{ what: "All of it.", why: "", queries }];
    const found = await start().find({ ...request, sketch: { ...SKETCH, steps } });
    const [first] = found.premises;
    expect(first?.declaration.name).toBe("IsCompact.exists_isMinOn");
    expect(first?.evidence[0]).toMatchObject({ channel: "name", match: "exact" });
    for (const { evidence } of found.premises) {
      expect(evidence.length).toBeLessThanOrEqual(30);
      for (const { asked } of evidence) expect(asked.length).toBeLessThanOrEqual(300);
    }
    expect(Math.max(...found.premises.map(({ evidence }) => evidence.length))).toBe(30);
  });

  it("needs no theorem", async () => {
    const found = await start().find({ theorem: undefined, sketch: SKETCH, limit: 5 });
    expect(found.premises).toHaveLength(5);
  });
});

describe("with a configured language model", () => {
  it("does the whole loop, and counts what it cost", async () => {
    const stages: string[] = [];
    const found = await start(configured()).find(request, {
      onProgress: ({ stage }) => stages.push(stage),
    });
    expect(found).toMatchObject({ languageModel: "configured", outcome: "supported", rounds: 1 });
    expect(new Set(stages)).toEqual(
      new Set(["statement", "sketch", "retrieve", "filter", "judge", "rank"]),
    );
    expect(found.usage.calls).toBe(server.questions.length);
    expect(found.premises.some(({ evidence }) => evidence.some(({ kept }) => kept))).toBe(true);
  });

  it("goes by the statement where it fails, and tells the log alone why", async () => {
    await server.stop();
    for (const settings of [configured(), configured({ apiKeyVariable: "NO_SUCH_KEY_IS_SET" })]) {
      problems.length = 0;
      const found = await start(settings).find({ ...request, mode: "full" });
      expect(found).toMatchObject({ languageModel: "none", outcome: "no language model" });
      expect(found.notes.join()).toMatch(/language model cannot be used; its log says why/);
      expect(JSON.stringify(found)).not.toMatch(/127\.0\.0\.1|NO_SUCH_KEY/);
      expect(problems.join()).toMatch(/127\.0\.0\.1|NO_SUCH_KEY/);
    }
  });

  it("tells nothing of its server where it fails half-way, and gives what it has", async () => {
    server.when({ system: /You read search results/ }, { kind: "status", status: 401 });
    const found = await start(configured()).find(request);
    expect(found).toMatchObject({ languageModel: "configured", outcome: "stopped early" });
    expect(found.premises.length).toBeGreaterThan(0);
    expect(JSON.stringify(found)).not.toMatch(/127\.0\.0\.1/);
    expect(problems.join()).toMatch(/127\.0\.0\.1/);
  });

  it("gives every run its own time", async () => {
    const pool = start(configured());
    server.when({}, { kind: "stall", after: 3 });
    for (let run = 0; run < 2; run += 1) {
      const found = await pool.find({ ...request, budget: { seconds: 0.3 } });
      expect(found).toMatchObject({ languageModel: "configured", outcome: "budget spent" });
      expect(found.premises.length).toBeGreaterThan(0);
    }
    server.when({}, ({ user }) => ({ kind: "json", value: modelAnswer(user) }));
    expect(await pool.find(request)).toMatchObject({ outcome: "supported" });
  });

  it("spends no more than the operator allows, whatever is asked for", async () => {
    const pool = start(configured({}, { budget: { calls: 2 } }));
    const found = await pool.find({ ...request, budget: { seconds: 20, calls: 1000 } });
    expect(found.outcome).toBe("budget spent");
    expect(server.questions).toHaveLength(2);
    const frugal = await pool.find({ ...request, budget: { seconds: 20, calls: 1 } });
    expect(frugal.usage.calls).toBe(1);
  });

  it("keeps to so many runs at a time, and refuses what would wait too long", async () => {
    const pool = start(configured({ concurrency: 1 }), { modelRuns: 1, mostWaiting: 1 });
    server.delayMs = () => 20;
    const runs = await Promise.allSettled([1, 2, 3].map(() => pool.find(request)));
    expect(runs.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(runs[2]).toMatchObject({ reason: { name: "BusyError" } });
    expect(server.mostAtOnce).toBe(1);
  });

  it("answers from sketches while runs wait for their models", async () => {
    const pool = start(configured(), { modelRuns: 1 });
    server.when({}, { kind: "stall", after: 3 });
    const controller = new AbortController();
    const stuck = pool.find(request, { signal: controller.signal });
    await until(() => server.questions.length > 0);
    expect(await pool.find({ ...request, sketch: SKETCH })).toMatchObject({ rounds: 1 });
    controller.abort();
    await expect(stuck).rejects.toMatchObject({ name: "AbortError" });
  });

  it("stops asking when a run is taken back, and takes the next", async () => {
    const pool = start(configured(), { modelRuns: 1 });
    server.delayMs = () => 30;
    const controller = new AbortController();
    const taken = pool.find(request, { signal: controller.signal });
    const waiting = pool.find(request, { signal: controller.signal });
    await until(() => server.questions.length > 0);
    controller.abort();
    await expect(taken).rejects.toMatchObject({ name: "AbortError" });
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    await until(() => pool.active === 0);
    const asked = server.questions.length;
    await sleep(100);
    expect(server.questions).toHaveLength(asked);
    expect(await pool.find(request)).toMatchObject({ outcome: "supported" });
  });

  it("ends runs with what they have when it closes", async () => {
    const pool = start(configured());
    server.when({}, { kind: "stall", after: 3 });
    const running = pool.find(request);
    await until(() => server.questions.length > 0);
    await pool.close();
    expect(await running).toMatchObject({ outcome: "interrupted" });
    await expect(pool.find(request)).rejects.toMatchObject({ name: "BusyError" });
  });
});

describe("with the client's language model", () => {
  const sensible: ClientModel = ({ turns }) =>
    Promise.resolve({
      text: JSON.stringify(modelAnswer(turns[0]?.content ?? "")),
      model: "the client's",
      isCutOff: false,
    });

  it("asks it for a sketch alone, unless more is wanted", async () => {
    const pool = start();
    const sketched = await pool.find(request, { clientModel: sensible });
    expect(sketched).toMatchObject({ languageModel: "client", outcome: "sketched" });
    expect(sketched.usage.calls).toBe(1);
    const full = await pool.find({ ...request, mode: "full" }, { clientModel: sensible });
    expect(full).toMatchObject({ languageModel: "client", outcome: "supported" });
  });

  it("asks it nothing where the operator has one", async () => {
    const never: ClientModel = () => Promise.reject(new Error("asked"));
    const found = await start(configured()).find(request, { clientModel: never });
    expect(found.languageModel).toBe("configured");
  });

  it("has a wrong answer mended once, with what is wrong and what is due", async () => {
    const asked: string[] = [];
    const found = await start().find(request, {
      clientModel: (question, signal) => {
        asked.push(JSON.stringify(question));
        if (question.turns.length > 1) return sensible(question, signal);
        return Promise.resolve({ text: "Sure! {", model: "hasty", isCutOff: false });
      },
    });
    expect(found).toMatchObject({ languageModel: "client", outcome: "sketched" });
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain("JSON schema");
    expect(asked[1]).toContain("could not be used");
  });

  it("goes on without it where it never answers as it should, or not at all", async () => {
    const answers: [ClientModel, RegExp][] = [
      [() => Promise.resolve({ text: "no", model: "", isCutOff: false }), /no JSON object/],
      [() => Promise.resolve({ text: " ", model: "", isCutOff: false }), /it is empty/],
      [() => Promise.reject(new Error("The user said no.")), /The user said no/],
    ];
    for (const [clientModel, note] of answers) {
      const found = await start().find(request, { clientModel });
      expect(found.notes.join()).toMatch(note);
      expect(found.premises.length).toBeGreaterThan(0);
    }
  });

  it("takes its question back when the time is up", async () => {
    let takenBack = 0;
    const silent: ClientModel = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          takenBack += 1;
          reject(new Error("taken back"));
        });
      });
    // Long enough to come to the question on a busy machine.
    const budget = { seconds: 2 };
    const found = await start().find({ ...request, budget }, { clientModel: silent });
    expect(found).toMatchObject({ languageModel: "client", outcome: "budget spent" });
    await until(() => takenBack === 1);
  });
});
