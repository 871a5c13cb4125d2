import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifySection } from "../../src/config/verify-settings.js";
import type { OpenChatOptions } from "../../src/llm/open-chat.js";
import { Prompt } from "../../src/llm/prompt.js";
import { prove } from "../../src/prove/prove.js";
import type { ProveOptions, ProveParts, ProveReport } from "../../src/prove/prove-run.js";
import { ProveTrace } from "../../src/prove/prove-trace.js";
import { NO_RETRIEVER, type Retriever } from "../../src/prove/retriever.js";
import type { Wants } from "../../src/prove/wants.js";
import { openChecker, STRICT } from "../../src/verify/open-checker.js";
import type { Checker } from "../../src/verify/verdict.js";
import { failureOf } from "../failure.js";
import { ChatWorkplace } from "../llm/chat-workplace.js";
import { type ReadingLake, installReadingLake } from "./fake/reading-lake.js";
import { answerWith, problem, proofWith, STATEMENT } from "./made-up.js";

const place = new ChatWorkplace();
let lake: ReadingLake;
let checker: Checker;

beforeEach(() => {
  lake = installReadingLake(place.path("lean"));
  const settings = verifySection.parse({ ...{ lake: lake.lake, project: lake.project } });
  const environment = { ...process.env, ...lake.environment };
  checker = openChecker({ ...settings, checker: "lake" }, { permissions: STRICT, environment });
});
afterEach(() => checker.close());

type Reply = Parameters<typeof place.server.when>[1];
const says = (text: string): Reply => ({ kind: "says", text });
const GOOD = says(answerWith("exact sum_range_id_mul_two' n"));
const BAD = says(answerWith("exact foo -- error: Unknown identifier `Foo.sum_gauss`"));
const WORSE = says(answerWith("bar -- error: one\nbaz -- error: two"));

/** Has the server play the prover: these answers in order, the last again and again. */
function answers(...replies: [Reply, ...Reply[]]): void {
  place.server.when({ system: "You prove theorems" }, ...replies);
}

async function run(
  options: ProveOptions & { budget?: OpenChatOptions["budget"]; retriever?: Retriever } = {},
  statement = STATEMENT,
): Promise<ProveReport> {
  const { budget, retriever = NO_RETRIEVER, ...rest } = options;
  const chat = await place.open(undefined, budget === undefined ? {} : { budget });
  const parts: ProveParts = { chat, checker, retriever, prompt: new Prompt("prove") };
  return await prove(problem(statement), parts, rest);
}

const places = ({ attempts }: ProveReport) => attempts.map(({ round }) => round);

describe.skipIf(process.platform === "win32")("prove", () => {
  it("gives the proof that is right at once", async () => {
    answers(GOOD);
    const report = await run();
    expect(report.outcome).toBe("proved");
    expect(report.best?.code).toBe(proofWith("exact sum_range_id_mul_two' n"));
    expect(report.best?.verdict?.axioms).toEqual(["propext"]);
    expect(report.usage).toMatchObject({ calls: 1 });
    expect(report.checkMs).toBeGreaterThan(0);
    expect(place.server.questions[0]?.user).toContain(STATEMENT);
  });

  it("has what was wrong mended, twice", async () => {
    answers(WORSE, BAD, GOOD);
    const report = await run();
    expect([report.outcome, places(report), report.best?.round]).toEqual(["proved", [1, 2, 3], 3]);
    const [, second, third] = place.server.questions;
    expect(second?.user).toMatch(/Line 7, error:\n {2}bar -- error: one\none\n\nLine 8, error/);
    expect(third?.user).toContain("Unknown identifier `Foo.sum_gauss`");
    expect(third?.user).not.toContain("baz");
  });

  it("keeps the attempt with the fewest errors where none is a proof", async () => {
    answers(WORSE, BAD, WORSE);
    const report = await run({ rounds: 4 });
    expect([report.outcome, places(report)]).toEqual(["not proved", [1, 2, 3, 4]]);
    expect(report.best?.round).toBe(2);
    // The one that came closest is shown again, with what was wrong with it.
    expect(place.server.questions[3]?.user).toMatch(/came closer:[^]*Foo\.sum_gauss/);
  });

  it("ends after eight attempts where nothing is said", async () => {
    answers(BAD);
    const report = await run();
    expect(report.attempts).toHaveLength(8);
    expect(place.server.questions[7]?.user).toContain("This is attempt 8 of 8.");
    // The same file is shown to Lean once, and the prover is told that it repeats itself.
    expect(lake.starts()).toHaveLength(1);
    expect(place.server.questions[2]?.user).toContain("You have sent this file before");
  });

  it("takes the last Lean block of two", async () => {
    answers(says(`First:\n\`\`\`lean\n${proofWith("sorry")}\`\`\`\nNo:\n${answerWith("simp")}`));
    expect((await run()).best?.code).toBe(proofWith("simp"));
  });

  it("asks again where there is no block, or only thinking", async () => {
    answers(says("It follows by induction."), says("<think>hm</think>"), GOOD);
    const report = await run();
    expect(report.outcome).toBe("proved");
    expect(report.attempts.map(({ problem: reason }) => reason)).toEqual([
      "there is no Lean code block in it",
      "it holds nothing beside its thinking",
      "",
    ]);
    expect(place.server.questions[1]?.user).toContain(
      "could not be used: there is no Lean code block in it.",
    );
  });

  it("does not show Lean what cheats, and says why", async () => {
    const cheats = ["native_decide", "run_tac pure ()", "exact Lean.ofReduceBool _ _ rfl"];
    const [first, ...rest] = cheats.map((body) => says(answerWith(body)));
    if (first === undefined) throw new Error("there is a cheat");
    answers(first, ...rest);
    const report = await run({ rounds: 3 });
    expect(report.outcome).toBe("not proved");
    expect(report.attempts.map(({ verdict }) => verdict?.failure?.kind)).toEqual([
      ...["refused", "refused", "refused"],
    ]);
    expect(lake.starts()).toEqual([]);
    expect(place.server.questions[1]?.user).toMatch(/refused before Lean saw it: "native_decide"/);
  });

  it("calls a proof with a hole none", async () => {
    answers(says(answerWith("sorry")));
    const report = await run({ rounds: 1 });
    expect([report.outcome, report.best?.verdict?.failure?.kind]).toEqual(["not proved", "sorry"]);
  });

  it("gives back what the library has for the errors", async () => {
    answers(BAD, GOOD);
    const asked: Wants[] = [];
    const premises = [{ name: "Finset.sum_range_id", text: "theorem Finset.sum_range_id : …" }];
    const retriever: Retriever = {
      begin: () => Promise.resolve({ premises, plan: ["induction"], notes: ["The plan is thin."] }),
      again: (wants) => {
        asked.push(wants);
        return Promise.resolve([{ asked: "names near `Foo.sum_gauss`", premises }]);
      },
    };
    const report = await run({ retriever });
    expect(asked).toEqual([{ names: ["Foo.sum_gauss"], goals: [] }]);
    const [first, second] = place.server.questions;
    expect(first?.user).toMatch(/1\. induction\n[^]*- theorem Finset\.sum_range_id : …/);
    expect(second?.user).toContain("For names near `Foo.sum_gauss`:\n- theorem");
    expect([report.outcome, report.notes]).toEqual(["proved", ["The plan is thin."]]);
  });

  it("works on several candidates at the same time, and ends all at the first proof", async () => {
    answers(BAD);
    place.server.when({ user: "you are number 3 of 3" }, GOOD);
    // Whoever goes on would be answered after the end of the test.
    place.server.delayMs = ({ user }) => (user.includes("This is attempt") ? 20_000 : 0);
    const report = await run({ candidates: 3, checksAtOnce: 3 });
    expect([report.outcome, report.best?.candidate]).toEqual(["proved", 3]);
    expect(place.server.mostAtOnce).toBeGreaterThan(1);
    expect(report.attempts.every(({ round }) => round === 1)).toBe(true);
  });

  it("ends with what it has where the budget is spent", async () => {
    answers(WORSE, BAD);
    const report = await run({ budget: { calls: 2 } });
    expect([report.outcome, report.best?.round]).toEqual(["budget spent", 2]);
    expect(report.notes).toEqual(["The budget of 2 calls is spent."]);
    expect(report.usage.calls).toBe(2);
  });

  it("ends with what it has where the server fails, and with the reason where it has nothing", async () => {
    const refused: Reply = { kind: "status", status: 401, body: { error: { message: "no" } } };
    answers(WORSE, refused);
    const report = await run();
    expect([report.outcome, report.best?.round]).toEqual(["stopped early", 1]);
    expect(report.notes).toHaveLength(1);
    await expect(run()).rejects.toMatchObject({ exit: "unavailable" });
  });

  it("ends with what it has after the signal, the answer that was being checked included", async () => {
    answers(BAD, says(answerWith("simp -- hang")));
    const stop = new AbortController();
    const onProgress: ProveOptions["onProgress"] = ({ stage, round }) => {
      if (stage === "check" && round === 2) setTimeout(() => stop.abort(), 300);
    };
    const report = await run({ signal: stop.signal, onProgress });
    expect([report.outcome, report.best?.round]).toEqual(["interrupted", 1]);
    expect(report.attempts[1]).toMatchObject({
      ...{ code: proofWith("simp -- hang"), verdict: undefined },
      problem: "it was not checked to the end",
    });
  });

  it("says so where there is nothing yet after the signal", async () => {
    const failure = await failureOf(() => run({ signal: AbortSignal.abort() }));
    expect(failure.exit).toBe("interrupted");
    expect(place.server.questions).toEqual([]);
  });

  it("stops at once where the statement itself does not compile", async () => {
    answers(BAD);
    const statement = STATEMENT.replace("open Finset", "open Finset -- does not compile");
    const failure = await failureOf(() => run({ candidates: 2 }, statement));
    expect(failure).toMatchObject({ exit: "badInput" });
    expect(failure.message).toMatch(/^The statement to prove does not compile in this project/);
  });

  it("writes down every attempt", async () => {
    answers(says("no code"), BAD, GOOD);
    const path = place.path("trace.jsonl");
    const trace = new ProveTrace(path);
    await run({ trace });
    trace.close();
    const lines = readFileSync(path, "utf8").trim().split("\n");
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ event }) => event)).toEqual([
      ...["premises", "attempt", "attempt", "found", "attempt", "end"],
    ]);
    expect(events[2]).toMatchObject({
      ...{ candidate: 1, round: 2, code: expect.stringContaining("Foo.sum_gauss") as string },
      verdict: { proved: false, failure: { kind: "errors" } },
    });
    expect(events[3]).toMatchObject({ wants: { names: ["Foo.sum_gauss"] }, found: [] });
    expect(events[5]).toMatchObject({ outcome: "proved", best: { candidate: 1, round: 3 } });
  });
});
