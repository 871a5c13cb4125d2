import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { FilteringChecker } from "../../src/verify/filtering-checker.js";
import { STRICT } from "../../src/verify/open-checker.js";
import { AnswerSplitter, readReplAnswer } from "../../src/verify/repl/repl-answer.js";
import { ReplProcess } from "../../src/verify/repl/repl-process.js";
import { type ReplOptions, ReplRunner } from "../../src/verify/repl/repl-runner.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";
import { writeScript } from "./fake/fake-lake.js";

const folder = temporaryFolder();
const program = join(folder, "repl");
writeScript(program, "repl.mjs");

const recordings = fileURLToPath(new URL("../../../shared/lean-repl/", import.meta.url));
const hasRecordings = existsSync(recordings);
const names = hasRecordings
  ? readdirSync(recordings)
      .filter((file) => file.endsWith(".in"))
      .map((file) => file.slice(0, -3))
      .filter((name) => existsSync(join(recordings, `${name}.expected.out`)))
  : ["skipped: ../shared/lean-repl is missing"];

/** What the REPL takes for one command: lines up to a blank one, joined without their ends. */
function requestsIn(text: string): object[] {
  return text
    .split(/\n[ \t]*(?:\n|$)/)
    .map((block) =>
      block
        .split("\n")
        .map((line) => line.trimEnd())
        .join(""),
    ) // prettier-ignore
    .filter((block) => block !== "")
    .map((block) => z.record(z.string(), z.unknown()).parse(JSON.parse(block)));
}

const answersIn = (text: string): string[] =>
  text.split(/\n\s*\n/).filter((block) => block.trim() !== "");

function optionsWith(plan: object, more: Partial<ReplOptions> = {}): ReplOptions {
  return {
    command: program,
    args: [],
    cwd: folder,
    environment: { ...process.env, FAKE_REPL: JSON.stringify(plan) },
    memoryBytes: 2 ** 30,
    processes: 1,
    timeoutMs: 20_000,
    importTimeoutMs: 20_000,
    mostUses: 100,
    ...more,
  };
}

const POSIX = process.platform !== "win32";

describe.skipIf(!POSIX)("a recorded conversation with the REPL", () => {
  it.skipIf(!hasRecordings).each(names)("%s is read right, answer by answer", async (name) => {
    const requests = requestsIn(readFileSync(join(recordings, `${name}.in`), "utf8"));
    const answers = answersIn(readFileSync(join(recordings, `${name}.expected.out`), "utf8"));
    expect(answers).toHaveLength(requests.length);
    const replay = join(folder, `${name}.json`);
    const pairs = requests.map((request, at) => ({ request, answer: answers[at] }));
    writeFileSync(replay, JSON.stringify(pairs));
    const repl = new ReplProcess(optionsWith({ replay }));
    try {
      for (const [at, request] of requests.entries()) {
        const answer = await repl.ask(request, 5000);
        // The recording itself, with what may be absent filled in and severities in our words.
        const raw = z.record(z.string(), z.unknown()).parse(JSON.parse(answers[at] ?? ""));
        const rest = Object.fromEntries(
          Object.entries(raw).filter(([field]) => field !== "infotree" && field !== "tactics"),
        );
        const kind = "proofState" in raw ? "proof" : "env" in raw ? "command" : "error";
        expect(answer.kind).toBe(kind);
        expect(answer).toMatchObject(rest);
        const lists = { messages: [], sorries: [], ...(kind === "proof" ? { traces: [] } : {}) };
        expect(answer).toEqual({ kind, ...(kind === "error" ? {} : lists), ...rest });
      }
    } finally {
      await repl.end();
    }
  });
});

describe("an answer of the REPL", () => {
  const answer = '{"sorries":\n [{"goal": "⊢ Nat"}],\n "env": 3}';

  it("is found however the stream is cut", () => {
    for (let cut = 0; cut < answer.length; cut += 1) {
      const splitter = new AnswerSplitter();
      const text = `a line of something else\n${answer}\n\n${answer}\n\n`;
      const found = [...splitter.push(text.slice(0, cut)), ...splitter.push(text.slice(cut))];
      expect(found).toEqual([answer, answer]);
      expect(splitter.pending).toBe(0);
    }
  });

  it("is none where it is no JSON, or no answer", () => {
    expect(readReplAnswer("{")).toBeUndefined();
    expect(readReplAnswer('{"env": "one"}')).toBeUndefined();
    expect(readReplAnswer("[]")).toBeUndefined();
  });
});

describe.skipIf(!POSIX)("checking with a REPL", () => {
  let runner: ReplRunner | undefined;
  let count = 0;

  afterEach(async () => {
    await runner?.close();
    const pids = new Set(noted().map((line) => Number(line.split(" ")[0])));
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });

  const log = (): string => join(folder, `log-${count}`);
  const noted = (): string[] =>
    existsSync(log()) ? readFileSync(log(), "utf8").trim().split("\n") : [];

  function open(plan: object, more: Partial<ReplOptions> = {}): FilteringChecker {
    count += 1;
    runner = new ReplRunner(optionsWith({ ...plan, log: log() }, more));
    return new FilteringChecker(runner, STRICT);
  }

  const proof = (name: string, header = "import Mathlib\n") => ({
    statement: `${header}theorem ${name} : True := sorry`,
    code: `${header}theorem ${name} : True := trivial`,
  });

  it("imports once and checks in that environment", async () => {
    const checker = open({});
    for (const name of ["a", "b", "c"]) {
      const verdict = await checker.check(proof(name));
      expect(verdict).toMatchObject({ proved: true, axioms: ["propext"], sorries: [] });
    }
    expect(noted().map((line) => line.replace(/^\d+ /, ""))).toEqual([
      "start",
      "import import Mathlib",
      "check in 0",
      "check in 0",
      "check in 0",
    ]);
  });

  it("imports anew for other imports, and not at all for none", async () => {
    const checker = open({});
    await checker.check(proof("a"));
    await checker.check(proof("b", "import Mathlib.Order.Basic\nimport Std\n"));
    await checker.check({ ...proof("c", "") });
    await checker.check(proof("d"));
    expect(noted().map((line) => line.replace(/^\d+ /, ""))).toEqual([
      "start",
      "import import Mathlib",
      "check in 0",
      "import import Mathlib.Order.Basic, import Std",
      "check in 2",
      "check in undefined",
      "check in 0",
    ]);
  });

  it("tells holes with the candidate's lines and goals", async () => {
    const checker = open({});
    const code = "import Mathlib\n\ntheorem a : True := by\n  sorry";
    const verdict = await checker.check({ ...proof("a"), code });
    expect(verdict.failure?.kind).toBe("sorry");
    expect(verdict.sorries).toEqual([
      { start: { line: 4, column: 2 }, end: { line: 4, column: 7 }, goal: "⊢ True" },
    ]);
  });

  it("tells imports that fail, and does not keep them", async () => {
    const checker = open({});
    const first = await checker.check(proof("a", "import Mathlib.Missing\n"));
    expect(first.failure).toEqual({
      kind: "unusable-statement",
      sentence:
        "The statement to prove does not compile in this project: unknown module prefix 'Missing'.",
    });
    const own = { code: proof("c", "import Mathlib.Missing\n").code };
    expect((await checker.check({ ...proof("c", ""), ...own })).failure).toEqual({
      kind: "errors",
      sentence: "Lean found an error: unknown module prefix 'Missing'.",
    });
    await checker.check(proof("b", "import Mathlib.Missing\n"));
    expect(noted().filter((line) => line.includes("Missing"))).toHaveLength(3);
  });

  it.each([
    ["hangs", { hang: 2 }, "timeout", 2000],
    ["eats memory", { eat: 2 }, "memory", 20_000],
    ["breaks its answer off", { garble: 2 }, "garbled", 20_000],
  ])("that %s is replaced for the next check", async (_what, plan, kind, timeoutMs) => {
    const checker = open(plan, { memoryBytes: 400 * 2 ** 20, timeoutMs });
    expect((await checker.check(proof("a"))).proved).toBe(true);
    const verdict = await checker.check(proof("b"));
    expect(verdict.failure?.kind).toBe(kind);
    expect(verdict.elapsedMs).toBeLessThan(timeoutMs + 2000);
    expect((await checker.check(proof("c"))).proved).toBe(true);
    expect(noted().filter((line) => line.endsWith("start"))).toHaveLength(2);
  });

  it("that crashes after some use is given the check once more", async () => {
    const checker = open({ crash: 2 });
    await checker.check(proof("a"));
    expect((await checker.check(proof("b"))).proved).toBe(true);
  });

  it("that crashes again over the same check has its word told", async () => {
    const checker = open({ crashOn: "theorem b " });
    await checker.check(proof("a"));
    expect((await checker.check(proof("b"))).failure).toEqual({
      kind: "crash",
      sentence:
        "The REPL ended with status 134 without an answer (Stack overflow detected. Aborting.).",
    });
    expect((await checker.check(proof("c"))).proved).toBe(true);
  });

  it("is replaced after so many uses", async () => {
    const checker = open({}, { mostUses: 2 });
    for (const name of ["a", "b", "c", "d", "e"]) await checker.check(proof(name));
    expect(noted().filter((line) => line.endsWith("start"))).toHaveLength(3);
  });

  it("runs as many as it may at once, and lets others wait", async () => {
    const checker = open({ delayMs: 100 }, { processes: 2 });
    const all = ["a", "b", "c", "d", "e", "f"].map((name) => checker.check(proof(name)));
    expect((await Promise.all(all)).every(({ proved }) => proved)).toBe(true);
    expect(noted().filter((line) => line.endsWith("start"))).toHaveLength(2);
  });

  it("ends for the signal, in the queue and at work, and goes on for others", async () => {
    const checker = open({ delayMs: 200 });
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const working = checker.check(proof("a"), options);
    const waiting = checker.check(proof("b"), options);
    const other = checker.check(proof("c"));
    setTimeout(() => controller.abort(), 100);
    const failures = await Promise.all([failureOf(() => working), failureOf(() => waiting)]);
    expect(failures.map(({ exit }) => exit)).toEqual(["interrupted", "interrupted"]);
    expect((await other).proved).toBe(true);
  });

  it("that is not there is told in a sentence", async () => {
    const checker = open({}, { command: join(folder, "none") });
    const failure = await failureOf(() => checker.check(proof("a")));
    expect(failure.exit).toBe("unavailable");
    expect(failure.message).toMatch(/none cannot be started \(ENOENT\)\.$/);
  });
});
