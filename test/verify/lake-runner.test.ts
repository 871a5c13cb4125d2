import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FilteringChecker } from "../../src/verify/filtering-checker.js";
import { LakeRunner } from "../../src/verify/lake/lake-runner.js";
import { STRICT } from "../../src/verify/open-checker.js";
import type { Verdict } from "../../src/verify/verdict.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";
import { environmentWith, installFakeLake, type LakePlan } from "./fake/fake-lake.js";

const STATEMENT = "import Mathlib\n\ntheorem two : 1 + 1 = 2 := by sorry\n";
const PROOF = "import Mathlib\n\ntheorem two : 1 + 1 = 2 := by\n  norm_num\n";
/** For those that hang, and for those that have something to do on a busy machine. */
const SHORT_MS = 4000;
const LONG_MS = 20_000;

const folder = temporaryFolder();
const fake = installFakeLake(folder);
let temporary: string;
let log: string;
let checks = 0;

beforeEach(() => {
  checks += 1;
  temporary = join(folder, `tmp-${checks}`);
  log = join(folder, `log-${checks}`);
  mkdirSync(temporary);
  vi.stubEnv("TMPDIR", temporary);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  expect(readdirSync(temporary)).toEqual([]);
  for (const pid of startedProcesses()) expect(await isGone(pid)).toBe(true);
});

function startedProcesses(): number[] {
  if (!existsSync(log)) return [];
  return readFileSync(log, "utf8")
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { pid: number }).pid);
}

/** The kernel may take a moment to clear a process away. */
async function isGone(pid: number): Promise<boolean> {
  for (let round = 0; round < 50; round += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    if (isZombie(pid)) return true;
    await sleep(20);
  }
  return false;
}

/** Whether it has ended and only its entry is left, where that can be seen. */
function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.startsWith("Z") === true;
  } catch {
    return false;
  }
}

function timeoutOf({ kind, thenEnds }: LakePlan): number {
  const hangs = kind === "hang" || kind === "stubborn" || (kind === "spawn" && thenEnds !== true);
  return hangs ? SHORT_MS : LONG_MS;
}

function checkerWith(plan: LakePlan, memoryBytes = 2 ** 30): FilteringChecker {
  const runner = new LakeRunner({
    lake: fake.lake,
    project: fake.project,
    timeoutMs: timeoutOf(plan),
    memoryBytes,
    sandboxed: false,
    environment: environmentWith({ ...plan, log }),
  });
  return new FilteringChecker(runner, STRICT);
}

/** A verdict, which has to come within the time-out and two seconds. */
async function check(plan: LakePlan, memoryBytes?: number): Promise<Verdict> {
  const verdict = await checkerWith(plan, memoryBytes).check({ statement: STATEMENT, code: PROOF });
  expect(verdict.elapsedMs).toBeLessThan(timeoutOf(plan) + 2000);
  expect(verdict.proved).toBe(verdict.failure === undefined);
  return verdict;
}

describe.skipIf(process.platform === "win32")("lake", () => {
  it("is asked for lean --json on a file in a temporary folder", async () => {
    const verdict = await check({ kind: "lean" });
    expect(verdict).toMatchObject({
      proved: true,
      failure: undefined,
      axioms: ["Classical.choice", "Quot.sound", "propext"],
      diagnostics: [],
      sorries: [],
    });
    const [started] = readFileSync(log, "utf8").trim().split("\n");
    const { args } = JSON.parse(started ?? "") as { args: string[] };
    expect(args.slice(0, 4)).toEqual(["env", "lean", "--json", "--memory=1024"]);
    expect(args[4]).toMatch(/lemmascope-check-.*Check\.lean$/);
  });

  it("tells errors with the candidate's own lines", async () => {
    const plan = { kind: "lean", errors: [{ line: 4, text: "linarith failed\n⊢ False" }] } as const;
    const verdict = await check({ ...plan, axioms: ["sorryAx"] });
    expect(verdict.failure).toEqual({
      kind: "errors",
      sentence: "Lean found an error in line 4: linarith failed.",
    });
    expect(verdict.diagnostics).toEqual([
      {
        severity: "error",
        about: "candidate",
        start: { line: 4, column: 0 },
        end: { line: 4, column: 1 },
        message: "linarith failed\n⊢ False",
      },
    ]);
  });

  it.each<[string, LakePlan, string]>([
    ["hangs", { kind: "hang" }, "timeout"],
    ["hangs and does not listen", { kind: "stubborn" }, "timeout"],
    ["crashes", { kind: "crash" }, "crash"],
    ["ends with a strange status", { kind: "fail", status: 3, says: "oops" }, "crash"],
    ["ends without a word", { kind: "fail", status: 0 }, "axioms"],
    ["floods its output", { kind: "flood" }, "output"],
    ["breaks a line off", { kind: "broken", line: '{"severity":"error","pos":{"li' }, "garbled"],
    ["writes another JSON", { kind: "broken", line: '{"hello": 1}' }, "garbled"],
  ])("that %s is no proof", async (_what, plan, kind) => {
    const verdict = await check(plan);
    expect(verdict.failure?.kind).toBe(kind);
    expect(verdict.failure?.sentence).toMatch(/^[A-Z].*\.$/);
  });

  it.each([false, true])("that eats memory is ended (in a child: %s)", async (inChild) => {
    const verdict = await check({ kind: "eat", inChild }, 300 * 2 ** 20);
    expect(verdict.failure).toEqual({
      kind: "memory",
      sentence: "Lean took more than 300 MiB of memory.",
    });
  });

  it.each([false, true])("takes its children with it (after its own end: %s)", async (thenEnds) => {
    const pids = join(folder, `pids-${checks}`);
    const verdict = await check({ kind: "spawn", pids, thenEnds });
    expect(verdict.failure?.kind).toBe(thenEnds ? undefined : "timeout");
    const children = JSON.parse(readFileSync(pids, "utf8")) as number[];
    expect(children).toHaveLength(2);
    // Elsewhere, what leaves its process group is out of sight.
    const inSight = process.platform === "linux" ? children : children.slice(0, 1);
    for (const pid of inSight) expect(await isGone(pid)).toBe(true);
  });

  it("passes over lines that are no JSON", async () => {
    expect((await check({ kind: "broken", line: "info: mathlib: something" })).proved).toBe(true);
  });

  it("is ended by the signal", async () => {
    const controller = new AbortController();
    const checked = checkerWith({ kind: "hang" }).check(
      { code: PROOF },
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 300);
    expect((await failureOf(() => checked)).exit).toBe("interrupted");
  });

  it("is ended by closing the checker", async () => {
    const checker = checkerWith({ kind: "hang" });
    const checked = checker.check({ code: PROOF });
    setTimeout(() => void checker.close(), 300);
    expect((await failureOf(() => checked)).exit).toBe("interrupted");
  });

  it("that cannot run Lean is told in a sentence", async () => {
    const says = "error: toolchain 'leanprover/lean4:v4.28.0-rc1' is not installed";
    const checker = checkerWith({ kind: "fail", status: 1, says });
    const failure = await failureOf(() => checker.check({ code: PROOF }));
    expect(failure.exit).toBe("unavailable");
    expect(failure.message).toContain("is not installed");
  });
});
