import { existsSync, readFileSync, rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EXIT } from "../../src/errors.js";
import { FakeChatServer, type FakeReply } from "../llm/fake-chat-server.js";
import { installReadingLake, type ReadingLake } from "../prove/fake/reading-lake.js";
import { answerWith, proofWith, STATEMENT } from "../prove/made-up.js";
import { describeProgram, expectSentence, WITHOUT_SIGNALS, Workplace } from "./command-line.js";

let place: Workplace;
let lake: ReadingLake;
let server: FakeChatServer;

beforeAll(async () => {
  place = await Workplace.open();
  lake = installReadingLake(place.path("lean"));
  await place.file("goal.lean", STATEMENT);
  // An index that is there spares each test the making of one.
  await place.run(["search", "compact"]);
});
afterAll(() => place.close());
beforeEach(async () => {
  // What one test was answered is nothing to the next.
  rmSync(place.path("data", "language-model-answers.sqlite"), { force: true });
  server = await FakeChatServer.start();
});
afterEach(() => server.stop());

const says = (body: string): FakeReply => ({ kind: "says", text: answerWith(body) });
const BAD = says("exact foo -- error: Unknown constant `IsCompact.exists_isMinOnn`");
const GOOD = says("simp");

function environment(): Record<string, string> {
  return {
    ...lake.environment,
    PATH: `${lake.bin}:${process.env["PATH"] ?? ""}`,
    LEMMASCOPE_LEAN_PROJECT: lake.project,
    LEMMASCOPE_LLM_BASE_URL: server.baseUrl,
    LEMMASCOPE_LLM_MODEL: "prover-1",
    TMPDIR: place.folder,
  };
}

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  place.run(["prove", ...args], { env: { ...environment(), ...env } });

describe.skipIf(WITHOUT_SIGNALS)("with Lean", () => {
  describeProgram("prove", () => {
    it("prints the proof, and says on standard error what it took", async () => {
      server.when({ system: "You prove theorems" }, BAD, GOOD);
      const { code, stdout, stderr } = await run(["goal.lean", "--trace", "trace.jsonl"]);
      expect(code).toBe(EXIT.ok);
      expect(stdout).toBe(proofWith("simp"));
      expect(stderr).toMatch(/^Proved: 2 attempts in .* in Lean; it rests on propext\.$/m);
      expect(stderr).toMatch(/^Language models: 2 calls, \d+ tokens, 0 answers kept/m);
      // The starter corpus has the name that was misspelt, and premises for the statement.
      expect(server.questions[0]?.user).toContain("Declarations that may help");
      expect(server.questions[1]?.user).toMatch(/^- theorem IsCompact\.exists_isMinOn\b/m);
      const lines = readFileSync(place.path("trace.jsonl"), "utf8").trim().split("\n");
      const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
      expect(events).toEqual([
        ...["start", "premises", "answer", "attempt", "found", "answer", "attempt", "end"],
      ]);
      expect(server.violations).toEqual([]);
    });

    it("writes it to a file, and all else as JSON", async () => {
      server.when({}, GOOD);
      const args = ["goal.lean", "--retrieval", "none", "--out", "proof.lean", "--json"];
      const { code, stdout } = await run([...args, "--informal", "Gauss"]);
      expect(code).toBe(EXIT.ok);
      expect(readFileSync(place.path("proof.lean"), "utf8")).toBe(proofWith("simp"));
      expect(JSON.parse(stdout)).toMatchObject({
        ...{ outcome: "proved", proved: true, code: proofWith("simp"), premises: [] },
        best: { candidate: 1, round: 1 },
        attempts: [{ candidate: 1, round: 1, verdict: { proved: true, axioms: ["propext"] } }],
        usage: { calls: 1 },
      });
      expect(server.questions[0]?.user).toContain("In words:\n\nGauss");
    });

    it("keeps the best attempt, marked as none, where there is no proof", async () => {
      server.when({}, says("foo -- error: one\nbar -- error: two"), BAD);
      const { code, stdout, stderr } = await run(["goal.lean", "--rounds", "2"]);
      expect(code).toBe(EXIT.nothingFound);
      expect(stdout).toMatch(
        /^-- Not proved: Lean found an error in line 7: Unknown constant .*\n/,
      );
      expect(stdout.split("\n").slice(1).join("\n")).toContain("exact foo");
      expect(stderr).toMatch(/^Not proved: 2 attempts/m);
      expect(stderr).toMatch(/^The best is attempt 2 of candidate 1, with 1 error\.$/m);
    });

    it("ends with what it has where the budget is spent", async () => {
      server.when({}, BAD);
      const { code, stderr } = await run(["goal.lean", "--max-calls", "1", "-q", "--json"]);
      expect(code).toBe(EXIT.nothingFound);
      expect(stderr).toBe("");
      const told = await run(["goal.lean", "--max-calls", "1", "--informal", "otherwise"]);
      expect(told.stderr).toMatch(/^The budget of 1 calls is spent\.$/m);
      expect(told.stderr).toMatch(/^Not proved, as the budget is spent: 1 attempt in/m);
    });

    it("gives what it has at Ctrl-C, and leaves nothing running", async () => {
      server.when({}, BAD, says("simp -- hang"));
      const args = ["prove", "goal.lean", "--out", "kept.lean", "--retrieval", "none"];
      const before = lake.starts().length;
      const running = place.start(args, { env: environment() });
      while (lake.starts().length < before + 2) await new Promise((go) => setTimeout(go, 50));
      running.kill("SIGINT");
      const { exitCode, stderr } = await running;
      expect(exitCode).toBe(EXIT.interrupted);
      expect(stderr).toMatch(/^Not proved, as the run was interrupted: 2 attempts/m);
      expect(readFileSync(place.path("kept.lean"), "utf8")).toMatch(
        /^-- Not proved: [^]*exact foo/,
      );
    });

    it("plans the proof where it is to reason", async () => {
      const sketch = {
        definitionQueries: [],
        theoremQueries: ["the sum of the first numbers"],
        steps: [{ what: "use induction", why: "it is a sum", queries: [] }],
        guessedNames: ["IsCompact.exists_isMinOn"],
        hypotheticalStatements: [],
      };
      server.when({}, { kind: "json", value: { order: [0] } });
      server.when({ system: "You read search results" }, { kind: "json", value: { kept: [0] } });
      server.when(
        { system: "You judge whether a plan" },
        { kind: "json", value: { verdict: "good", unsupportedSteps: [] } },
      );
      server.when({ system: "You plan proofs" }, { kind: "json", value: sketch });
      server.when({ system: "You prove theorems" }, GOOD);
      const { code, stderr } = await run(["goal.lean", "--retrieval", "reasoning"]);
      expect({ code, said: /^Proved/m.test(stderr) }).toEqual({ code: EXIT.ok, said: true });
      const asked = server.questions.find(({ system }) => system.startsWith("You prove"));
      expect(asked?.user).toContain("A plan that may help:\n\n1. use induction (it is a sum)");
      expect(asked?.user).toMatch(/^- theorem IsCompact\.exists_isMinOn\b/m);
    });

    it("records answers, and replays them without a model", async () => {
      server.when({}, BAD, GOOD);
      const first = await run(["goal.lean", "--record", "answers.jsonl", "--retrieval", "none"]);
      const env = { LEMMASCOPE_LLM_BASE_URL: "", LEMMASCOPE_LLM_MODEL: "" };
      const args = ["goal.lean", "--replay", "answers.jsonl", "--retrieval", "none"];
      const again = await run(args, env);
      expect([first.code, again.code, again.stdout]).toEqual([EXIT.ok, EXIT.ok, first.stdout]);
    });

    const none = { LEMMASCOPE_LLM_BASE_URL: "", LEMMASCOPE_LLM_MODEL: "" };
    it.each<[string[], Record<string, string>, "unavailable" | "badInput" | "usage", RegExp]>([
      [["goal.lean"], { PATH: "" }, "unavailable", /^There is no lake on the PATH, so no proof/],
      [["goal.lean"], none, "usage", /^No language model is configured, so there is nobody/],
      [["none.lean"], {}, "badInput", /^none\.lean cannot be read \(ENOENT\)/],
      [["goal.lean", "--rounds", "0"], {}, "usage", /^--rounds is "0"/],
      [["goal.lean", "--retrieval", "all"], {}, "usage", /--retrieval/],
    ])("%j with %j ends in a sentence", async (args, env, exit, sentence) => {
      expectSentence(await run(args, env), exit, sentence);
      expect(server.questions).toEqual([]);
    });

    it("says what is wrong with a file that states nothing", async () => {
      await place.file("words.lean", "The sum of the first numbers.\n");
      expectSentence(await run(["words.lean"]), "badInput", /^The statement to prove /);
    });

    it("says which file was meant where it is not to be written", async () => {
      server.when({}, GOOD);
      const { code, stderr } = await run([
        ...["goal.lean", "--retrieval", "none", "--out", "goal.lean/proof.lean"],
      ]);
      expect(code).toBe(EXIT.io);
      expect(stderr).toMatch(/^goal\.lean\/proof\.lean cannot be written/m);
      expect(existsSync(place.path("goal.lean"))).toBe(true);
    });

    it("has help that fits a terminal", async () => {
      for (const words of [["prove"], ["verify"], ["bench", "prove"]]) {
        const { code, stdout } = await place.run([...words, "--help"]);
        expect(code).toBe(EXIT.ok);
        expect(stdout).toMatch(new RegExp(`Examples:\\n {2}lemmascope ${words.join(" ")}`));
        for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
      }
    });
  });
});
