import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readProveReport } from "../../../benchmark/prove/report.js";
import { EXIT } from "../../../src/errors.js";
import {
  describeProgram,
  expectSentence,
  WITHOUT_SIGNALS,
  Workplace,
} from "../../cli/command-line.js";
import { FakeChatServer, type FakeQuestion, type FakeReply } from "../../llm/fake-chat-server.js";
import { installReadingLake, type ReadingLake } from "../../prove/fake/reading-lake.js";

const NAMES = ["first", "second", "third"];
const fate = NAMES.map((name) => ({
  ...{ name: name, header: "import Mathlib\n\n", informal_statement: `The ${name}.` },
  formal_statement: `theorem ${name} (s : Set ℕ) (h : s.Finite) : IsCompact s := by`,
}));

let place: Workplace;
let lake: ReadingLake;
let server: FakeChatServer;

beforeAll(async () => {
  place = await Workplace.open();
  lake = installReadingLake(place.path("lean"));
  mkdirSync(place.path("data-folder"));
  const lines = fate.map((one) => JSON.stringify(one)).join("\n");
  writeFileSync(place.path("data-folder", "FATE-H.jsonl"), lines);
  await place.run(["search", "compact"]);
});
afterAll(() => place.close());
beforeEach(async () => {
  for (const name of ["out", "data/language-model-answers.sqlite"]) {
    rmSync(place.path(name), { recursive: true, force: true });
  }
  server = await FakeChatServer.start();
  server.when({ system: "You prove theorems" }, prover);
});
afterEach(() => server.stop());

/** Proves the first at once, the second where it is given premises, the third never. */
function prover({ user }: FakeQuestion): FakeReply {
  const name = NAMES.find((one) => user.includes(`theorem ${one} `)) ?? "";
  const isHelped = user.includes("Declarations that may help");
  const isProved = name === "first" || (name === "second" && isHelped);
  const statement = /```lean\n([^]*?)```/.exec(user)?.[1]?.trimEnd() ?? "";
  const body = isProved ? "simp" : "simp -- error: simp made no progress";
  return { kind: "says", text: `\`\`\`lean\n${statement}\n  ${body}\n\`\`\`` };
}

function run(args: readonly string[], more: Record<string, string> = {}) {
  const env = {
    ...lake.environment,
    PATH: `${lake.bin}:${process.env["PATH"] ?? ""}`,
    LEMMASCOPE_LEAN_PROJECT: lake.project,
    LEMMASCOPE_LLM_BASE_URL: server.baseUrl,
    LEMMASCOPE_LLM_MODEL: "prover-1",
    ...more,
  };
  const all = ["bench", "prove", "--data", "data-folder", "--rounds", "2", ...args];
  return place.run(all, { env });
}

const WAYS = ["--retrieval", "none,standard", "--out", "out"];

describe.skipIf(WITHOUT_SIGNALS)("with Lean", () => {
  describeProgram("bench prove", () => {
    it("writes what was solved in each way, with its cost", async () => {
      const { code, stdout } = await run(WAYS);
      expect(code).toBe(EXIT.ok);
      expect(stdout).toMatch(/^# Proving: FATE-H 2\/3 \(standard\); FATE-H 1\/3 \(none\)$/m);
      const { summary, run: record } = await readProveReport(place.path("out", "prove.json"));
      expect(summary.ways.map(({ solved, usage }) => [solved, usage.calls])).toEqual([
        [2, 4],
        [1, 5],
      ]);
      expect(record.identity).toMatchObject({
        ...{ languageModels: { prove: "prover-1" }, checker: "lake", rounds: 2 },
        toolchain: "leanprover/lean4:v4.28.0-rc1",
      });
      const proof = record.outcomes.find(({ id }) => id === "FATE-H/second");
      expect(proof?.name).toBe("second");
      expect(readFileSync(place.path("out", "prove.md"), "utf8").trimEnd()).toBe(stdout.trimEnd());
    });

    it("goes on where the budget ended it", async () => {
      const first = await run([...WAYS, "--max-calls", "4"]);
      expectSentence(first, "unavailable", /^The benchmark was stopped after 3 of 6 runs \(The/);
      const asked = server.questions.length;
      const refused = await run(WAYS);
      expectSentence(refused, "usage", /holds a run already: go on with it by --resume/);
      const { code } = await run([...WAYS, "--resume"]);
      expect(code).toBe(EXIT.ok);
      const { run: record } = await readProveReport(place.path("out", "prove.json"));
      expect(record.outcomes).toHaveLength(6);
      expect(server.questions.length - asked).toBeLessThanOrEqual(5);
    });

    it("runs only what is asked for", async () => {
      const args = ["--only", "FATE-H/first", "--set", "fate-h", "--retrieval", "none", "--json"];
      const { code, stdout } = await run(args);
      expect(code).toBe(EXIT.ok);
      expect(JSON.parse(stdout)).toMatchObject({
        run: { available: 3, outcomes: [{ id: "FATE-H/first", outcome: "proved", round: 1 }] },
      });
    });

    const none = { LEMMASCOPE_LLM_BASE_URL: "", LEMMASCOPE_LLM_MODEL: "" };
    it.each<[string[], Record<string, string>, "unavailable" | "badInput" | "usage", RegExp]>([
      [[], { PATH: "" }, "unavailable", /^There is no lake on the PATH/],
      [[], none, "usage", /^No language model is configured/],
      [["--data", "nowhere"], {}, "badInput", /has no FATE-H\.jsonl and no MathlibMPR\.json: get/],
      [["--only", "fourth"], {}, "usage", /^There is no problem "fourth"/],
      [["--set", "FATE-X"], {}, "usage", /^--set knows no set "FATE-X"/],
      [["--retrieval", "all"], {}, "usage", /^--retrieval knows no way "all"/],
      [["--resume"], {}, "usage", /^--resume goes on with a run: name its folder/],
    ])("%j with %j ends in a sentence", async (args, env, exit, sentence) => {
      expectSentence(await run(args, env), exit, sentence);
    });
  });
});
