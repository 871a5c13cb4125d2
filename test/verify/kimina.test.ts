import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FilteringChecker } from "../../src/verify/filtering-checker.js";
import { STRICT } from "../../src/verify/open-checker.js";
import { type KiminaOptions, KiminaRunner } from "../../src/verify/remote/kimina-runner.js";
import { failureOf } from "../failure.js";
import { type Fault, FakeKiminaServer } from "./fake/fake-kimina-server.js";

let server: FakeKiminaServer;
let runner: KiminaRunner | undefined;

beforeEach(async () => {
  server = await FakeKiminaServer.start();
});

afterEach(async () => {
  await runner?.close();
  await server.stop();
  expect(server.violations).toEqual([]);
});

function open(more: Partial<KiminaOptions> = {}): FilteringChecker {
  runner = new KiminaRunner({
    baseUrl: server.baseUrl,
    apiKey: undefined,
    timeoutMs: 20_000,
    maxRetries: 2,
    batchSize: 4,
    concurrency: 2,
    environment: {},
    retry: { baseDelayMs: 1, maxDelayMs: 5 },
    ...more,
  });
  return new FilteringChecker(runner, STRICT);
}

const HEADER = "import Mathlib.Order.Basic\nimport Mathlib.Data.Set.Basic\n";
const proof = (name: string, body = "trivial") => ({
  statement: `${HEADER}theorem ${name} : True := sorry`,
  code: `${HEADER}theorem ${name} : True := by\n  ${body}`,
});

describe("a Kimina Lean Server", () => {
  it("gets texts that begin with their imports, the time-out in seconds and no key", async () => {
    const verdict = await open().check(proof("a"));
    expect(verdict).toMatchObject({ proved: true, axioms: ["propext"], failure: undefined });
    const [request] = server.requests;
    expect(request).toMatchObject({ timeout: 20, codes: [{ custom_id: "0" }] });
    expect(request?.codes[0]?.proof).toMatch(
      /^import Mathlib\.Order\.Basic\nimport Mathlib\.Data\.Set\.Basic\nsection /,
    );
  });

  it("gets the key as a bearer", async () => {
    server.key = "secret";
    expect((await open({ apiKey: "secret" }).check(proof("a"))).proved).toBe(true);
  });

  it.each([true, false])("has its lines understood (imports counted: %s)", async (counted) => {
    server.countsImports = counted;
    const verdict = await open().check(proof("a", "mistake"));
    expect(verdict.failure?.sentence).toBe("Lean found an error in line 4: unknown tactic.");
    expect(verdict.diagnostics[0]?.start).toEqual({ line: 4, column: 0 });
  });

  it("gets checks in batches, so many at once", async () => {
    server.delayMs = 50;
    const checker = open();
    const names = Array.from({ length: 18 }, (_, at) => `t${at}`);
    const verdicts = await Promise.all(
      names.map((name, at) => checker.check(proof(name, at === 7 ? "mistake" : "trivial"))),
    );
    expect(verdicts.map(({ proved }) => proved)).toEqual(names.map((_, at) => at !== 7));
    expect(server.requests.map(({ codes }) => codes.length)).toEqual([4, 4, 4, 4, 2]);
    expect(server.mostAtOnce).toBe(2);
  });

  it("may answer in another order", async () => {
    server.faults = [{ kind: "change", change: (results) => results.toReversed() }];
    const checker = open();
    const both = [checker.check(proof("a")), checker.check(proof("b", "mistake"))];
    expect((await Promise.all(both)).map(({ proved }) => proved)).toEqual([true, false]);
  });

  it.each<[string, Fault]>([
    ["is overloaded", { kind: "status", status: 429, body: { detail: "No available REPLs" } }],
    ["fails", { kind: "status", status: 500, body: { detail: "Failed to get REPL" } }],
    ["is behind a proxy that fails", { kind: "status", status: 502, body: "<html>" }],
    ["cuts the connection", { kind: "cut" }],
    ["answers half an object", { kind: "text", text: '{"results": [' }],
    ["answers something else", { kind: "text", text: '{"detail": "hello"}' }],
    ["leaves a result out", { kind: "change", change: () => [] }],
  ])("that %s is asked again", async (_what, fault) => {
    server.faults = [fault, fault];
    expect((await open().check(proof("a"))).proved).toBe(true);
    expect(server.requests).toHaveLength(3);
  });

  it.each<[string, Fault, RegExp, number]>([
    ["goes on failing", { kind: "status", status: 503 }, /cannot be used \(status 503\)/, 3],
    ["has no such path", { kind: "status", status: 404 }, /cannot be used \(status 404\)/, 1],
    ["redirects", { kind: "status", status: 302, headers: { location: "/x" } }, /status 302/, 1],
  ])("that %s is told in a sentence", async (_what, fault, sentence, requests) => {
    server.faults = [fault, fault, fault];
    const failure = await failureOf(() => open().check(proof("a")));
    expect(failure.exit).toBe("unavailable");
    expect(failure.message).toMatch(sentence);
    expect(failure.message).toContain(server.baseUrl);
    expect(server.requests).toHaveLength(requests);
  });

  it("that wants another key is told in a sentence", async () => {
    server.key = "secret";
    const without = await failureOf(() => open().check(proof("a")));
    expect(without.message).toMatch(/does not let us in \(status 401\): set "apiKeyVariable"/);
    await runner?.close();
    const wrong = await failureOf(() => open({ apiKey: "other" }).check(proof("a")));
    expect(wrong.message).toMatch(/does not let us in \(status 401\): check the key/);
    expect(wrong.message).not.toContain("other");
  });

  it("that nobody runs is told in a sentence", async () => {
    const other = await FakeKiminaServer.start();
    await other.stop();
    const checker = open({ baseUrl: other.baseUrl, maxRetries: 0 });
    const failure = await failureOf(() => checker.check(proof("a")));
    expect(failure.exit).toBe("unavailable");
    expect(failure.message).toMatch(/ECONNREFUSED/);
  });

  it.each([
    [{ error: "Lean REPL command timed out in 20 seconds" }, "timeout"],
    [{ error: "Lean REPL process exceeded memory limit" }, "memory"],
    [{ error: "Lean process broken pipe" }, "crash"],
    [{ response: { message: "Unknown environment.", time: 0 } }, "crash"],
    [{ response: null }, "crash"],
    [{ response: { env: 3, messages: null, sorries: null } }, "axioms"],
  ])("that says %j has proved nothing", async (answer, kind) => {
    server.answerFor = () => answer;
    const verdict = await open().check(proof("a"));
    expect(verdict.proved).toBe(false);
    expect(verdict.failure?.kind).toBe(kind);
  });

  it("is not waited for after the signal, while others go on", async () => {
    server.delayMs = 300;
    const checker = open();
    const controller = new AbortController();
    const stopped = checker.check(proof("a"), { signal: controller.signal });
    const other = checker.check(proof("b"));
    setTimeout(() => controller.abort(), 100);
    expect((await failureOf(() => stopped)).exit).toBe("interrupted");
    expect((await other).proved).toBe(true);
  });

  it("is not waited for after closing", async () => {
    server.faults = [{ kind: "silence" }];
    const checker = open();
    const checked = checker.check(proof("a"));
    setTimeout(() => void checker.close(), 100);
    expect((await failureOf(() => checked)).exit).toBe("interrupted");
  });
});
