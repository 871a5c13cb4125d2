import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { readPremiseReport } from "../../../benchmark/premises/report.js";
import { EXIT } from "../../../src/errors.js";
import {
  describeProgram,
  expectSentence,
  type Outcome,
  untilSaid,
  WITHOUT_SIGNALS,
  Workplace,
} from "../../cli/command-line.js";
import { FakeChatServer } from "../../llm/fake-chat-server.js";

const MINIMUM = {
  id: "minimum",
  formal_main_result: "Made.minimum",
  NL_main_result: "A continuous function on a nonempty compact set attains its minimum.",
  formal_statement:
    "theorem minimum {s : Set X} (hs : IsCompact s) (ne : s.Nonempty) (hf : ContinuousOn f s) :\n    ∃ x ∈ s, ∀ y ∈ s, f x ≤ f y := sorry",
  premise_group: [
    { kind: "original", docs: ["IsCompact.exists_isMinOn"] },
    { kind: "original", docs: ["Nowhere.to_be_found"] },
  ],
};
const MAXIMUM = {
  ...MINIMUM,
  id: "maximum",
  formal_main_result: "Made.maximum",
  NL_main_result: "A continuous function on a nonempty compact set attains its maximum.",
  formal_statement: MINIMUM.formal_statement.replace("minimum", "maximum").replace("≤", "≥"),
};
const SKETCH = {
  steps: [{ what: "use the extreme value theorem", why: "", queries: ["minimum is attained"] }],
  guessedNames: ["IsCompact.exists_isMinOn"],
};

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.open();
  await writeTheorems("data", [MINIMUM, MAXIMUM]);
  const copies = Array.from({ length: 1000 }, (_, at) => ({ ...MINIMUM, id: `copy_${at}` }));
  await writeTheorems("large", copies);
  const row = { id: "minimum", steps: ["compactness"], queries: ["minimum is attained"] };
  const recorded = { ...row, guesses: SKETCH.guessedNames, final_ranking: ["Nowhere.to_be_found"] };
  await writeFile(place.path("sketches.jsonl"), `${JSON.stringify(recorded)}\n`);
  // Makes the index of the starter corpus, which all tests share.
  await place.run(["search", "compact"]);
});
afterAll(() => place.close());

async function writeTheorems(folder: string, theorems: readonly object[]): Promise<void> {
  await mkdir(place.path(folder));
  await writeFile(place.path(folder, "theorems.json"), JSON.stringify(theorems));
}

function bench(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return place.run(["bench", "premises", "--data", "data", ...args], { env });
}

describeProgram("bench premises", () => {
  it.concurrent("measures without a language model, and --compare reads the report", async () => {
    const { code, stdout, stderr } = await bench(["--out", "none", "--json"]);
    expect(code).toBe(EXIT.ok);
    expect(stderr).toMatch(/^Searched the starter corpus/m);
    const report = await readPremiseReport(place.path("none", "premises.json"));
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(report)));
    expect(report.run.identity).toMatchObject({ benchmark: "data", mode: "none", rounds: null });
    expect(report.summary.slices["all groups"]).toMatchObject({ n: 2, groups: 4 });
    expect(report.summary.slices["groups in the index"]).toMatchObject({ n: 2, groups: 2 });
    expect(report.run.theorems[0]?.groups[0]?.rank).toBeGreaterThan(0);
    expect(await readFile(place.path("none", "premises.md"), "utf8")).toMatch(/^# data: group/);

    const path = join("none", "premises.json");
    const compared = await bench(["--compare", path, path]);
    expect(compared.code).toBe(EXIT.ok);
    expect(compared.stdout).toMatch(/^# data, B minus A: group Recall@10 0\.0 /);
  });

  it.concurrent("runs recorded sketches on the theorems that have one", async () => {
    const { code, stdout } = await bench(["--sketches", "sketches.jsonl"]);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/^# data: group Recall@10 50\.0 .*n = 1$/m);
    expect(stdout).toContain("means over n theorems of 2");
    expect(stdout).toMatch(/^\| the recorded model's own ranking +\| +1 \| +2 \| +50\.0 /m);
    expect(stdout).toMatch(/^\| minimum +\| original \| `Nowhere\.to_be_found` \|$/m);
  });

  it.concurrent(
    "runs only the theorems that are asked for, with its names cut at --limit",
    async () => {
      await bench(["--only", "maximum", "--limit", "3", "--out", "only", "--quiet"]);
      const { run } = await readPremiseReport(place.path("only", "premises.json"));
      expect(run.theorems.map(({ id, premises }) => [id, premises.length])).toEqual([
        ["maximum", 3],
      ]);
    },
  );

  it.concurrent.each<[string, string[], RegExp]>([
    ["an unknown theorem", ["--only", "nothing"], /There is no theorem "nothing"/],
    ["a mode without a model", ["--mode", "sketch"], /Mode sketch needs a language model/],
    [
      "recorded sketches in another mode",
      ["--mode", "full", "--sketches", "sketches.jsonl"],
      /Recorded sketches are for mode sketch/,
    ],
    ["a recording where nothing is asked", ["--record", "x"], /No language model is asked here/],
    ["rounds where none are made", ["--rounds", "1"], /--rounds is for --mode full/],
    ["going on without a folder", ["--resume"], /name its folder with --out/],
    ["one report to compare", ["--compare", "a"], /--compare takes two reports/],
  ])("refuses %s", async (_, args, sentence) => {
    expectSentence(await bench(args), "usage", sentence);
  });

  it.concurrent("says where to get data that is missing", async () => {
    const outcome = await place.run(["bench", "premises", "--data", "nowhere"]);
    expectSentence(outcome, "badInput", /MathlibMPR\.json does not exist: get .*LeanSearch-v2/);
  });

  it.skipIf(WITHOUT_SIGNALS)("keeps what is done at Ctrl-C", async () => {
    const args = ["bench", "premises", "--data", "large", "--out", "stopped"];
    const running = place.start(args);
    await untilSaid(running, /of 1000 theorems/);
    running.kill("SIGINT");
    const { exitCode, stdout, stderr } = await running;
    expect({ exitCode, stdout }).toEqual({ exitCode: EXIT.interrupted, stdout: "" });
    const done = /stopped after (\d+) of 1000 theorems: go on with it by --resume\.$/m.exec(stderr);
    const journal = await readFile(place.path("stopped", "premises.jsonl"), "utf8");
    expect(journal.trimEnd().split("\n")).toHaveLength(1 + Number(done?.[1]));
    expectSentence(await place.run(args), "usage", /holds a run already/);
  });
});

describeProgram("bench premises with a language model", () => {
  let server: FakeChatServer;
  let env: Record<string, string>;
  beforeEach(async () => {
    server = await FakeChatServer.start();
    env = { LEMMASCOPE_LLM_BASE_URL: server.baseUrl, LEMMASCOPE_LLM_MODEL: "strong-1" };
    server.when({}, { kind: "json", value: SKETCH });
  });
  afterEach(async () => {
    await server.stop();
    expect(server.violations).toEqual([]);
  });

  it("counts what it costs, and a replay gives the same figures without a model", async () => {
    const args = ["--mode", "sketch", "--json"];
    const first = await bench([...args, "--record", "answers.jsonl"], env);
    expect(first.code).toBe(EXIT.ok);
    const replayed = await bench([...args, "--replay", "answers.jsonl"]);
    expect(replayed.code).toBe(EXIT.ok);
    const [a, b] = [first, replayed].map(({ stdout }) => reportIn(stdout));
    expect(a?.summary.usage.calls).toBe(2);
    expect(a?.summary.usage.promptTokens).toBeGreaterThan(0);
    expect(b?.summary.slices).toEqual(a?.summary.slices);
    expect(b?.run.identity.languageModels).toEqual({ sketch: "replayed" });
  });

  it("counts a theorem that failed as missed, and tries it again on --resume, and it alone", async () => {
    const args = ["--mode", "sketch", "--out", "failing", "--json"];
    // Answers are kept by model: another test's are not to be taken for this one's.
    env["LEMMASCOPE_LLM_MODEL"] = "strong-2";
    server.when({ user: /attains its maximum/ }, { kind: "status", status: 400, body: "no" });
    const first = reportIn((await bench(args, env)).stdout);
    expect(first.summary.outcomes).toEqual({ sketched: 1, failed: 1 });
    expect(first.run.theorems[1]).toMatchObject({ pool: 0, groups: [{ rank: null }, {}] });
    expect(first.run.theorems[1]?.notes.join(" ")).toContain("400");

    server.when({ user: /attains its maximum/ }, { kind: "json", value: SKETCH });
    server.when({ user: /attains its minimum/ }, { kind: "status", status: 400, body: "no" });
    const second = reportIn((await bench([...args, "--resume"], env)).stdout);
    expect(second.summary.outcomes).toEqual({ sketched: 2 });
    expect(second.run.theorems[0]).toEqual(first.run.theorems[0]);
    expect(second.run.startedAt).toBe(first.run.startedAt);
  });

  it("stops where the budget is spent, and goes on with more", async () => {
    const args = ["--mode", "sketch", "--out", "poor"];
    const config = { cache: false, profiles: { only: { baseUrl: server.baseUrl, model: "m" } } };
    const settings = async (calls: number): Promise<Record<string, string>> => {
      const llm = { ...config, budget: { calls } };
      return { LEMMASCOPE_CONFIG: await place.file("config.json", JSON.stringify({ llm })) };
    };
    const outcome = await bench([...args, "--quiet"], await settings(1));
    expectSentence(
      outcome,
      "unavailable",
      /stopped after 1 of 2 theorems \(.*\): go on with it by/,
    );
    const { code } = await bench([...args, "--resume"], await settings(2));
    expect(code).toBe(EXIT.ok);
    const { summary } = await readPremiseReport(place.path("poor", "premises.json"));
    expect(summary.usage.calls).toBe(2);
  });
});

type Report = Awaited<ReturnType<typeof readPremiseReport>>;

function reportIn(stdout: string): Report {
  return JSON.parse(stdout) as Report;
}
