import { readFile, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { EXIT } from "../../src/errors.js";
import { describeProgram, expectSentence, WITHOUT_SIGNALS } from "./command-line.js";
import {
  CALLS,
  GOAL,
  KEY,
  model,
  place,
  premises,
  ranking,
  report,
  ROLE,
  server,
  TEXT,
} from "./premises-workplace.js";

describeProgram("premises without a language model", () => {
  it("come from the statement, and that is said", async () => {
    const { code, stdout, stderr } = await premises([
      "goal.lean",
      "--theorem",
      "my_goal",
      "-n",
      "4",
    ]);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/^No language model was used: these premises come from the statement/);
    expect(stdout).toMatch(/By the statement itself\n {3}1\. \S+ {2}\w+\n/);
    expect(stdout.match(/^ +\d+\. /gm)).toHaveLength(4);
    expect(stderr).toMatch(/^Searched the starter corpus[^\n]*\n$/);
  });

  it("are found for a file, standard input and a text alike", async () => {
    const unproved = GOAL.slice(0, GOAL.indexOf("theorem proved"));
    await place.file("one.lean", unproved);
    const named = await premises(["one.lean", "--json"]);
    const piped = await premises(["-", "--json"], {}, unproved);
    const given = await premises(["--text", unproved, "--json"]);
    expect(report(named).outcome).toBe("no language model");
    for (const other of [piped, given]) expect(other.stdout).toBe(named.stdout);
    const words = report(await premises(["--text", TEXT, "--json"]));
    expect(words.premises.map(({ name }) => name)).toContain("IsCompact.exists_isMinOn");
  });

  it("leave out the theorem itself", async () => {
    const named = ["--text", TEXT, "--theorem", "IsCompact.exists_isMinOn", "--json", "-n", "1000"];
    const { premises: found } = report(await premises(named));
    expect(found.map(({ name }) => name)).not.toContain("IsCompact.exists_isMinOn");
  });

  it.each<[string[], string, "usage" | "badInput", RegExp]>([
    [[], "", "usage", /^Name one theorem: a FILE that states it/],
    [["goal.lean", "--text", "x"], "", "usage", /^Name one theorem/],
    [
      ["--text", "x ".repeat(20_000)],
      "",
      "usage",
      /^--text has 40000 characters and at most 20000 are taken there: put the theorem into a file, or/,
    ],
    [
      ["goal.lean", "--theorem", "nothing"],
      "",
      "usage",
      /^The file goal\.lean does not state nothing; it states my_goal, proved, Other\.proved\.$/m,
    ],
    [["goal.lean", "--theorem", "Other"], "", "usage", /does not state Other/],
    [
      ["--text", "theorem a : P\ntheorem b : P"],
      "",
      "usage",
      /^The text states several theorems \(a, b\): choose/,
    ],
    [["-"], " \n", "badInput", /^Standard input is empty/],
    [["nowhere.lean"], "", "badInput", /^The file nowhere\.lean cannot be read/],
    [
      ["goal.lean", "--proof", "nowhere.txt"],
      "",
      "badInput",
      /^The file nowhere\.txt cannot be read/,
    ],
    [["--text", "x", "--rounds", "-1"], "", "usage", /--rounds is "-1"/],
    [
      ["--text", "x", "--mode", "none", "--record", "r"],
      "",
      "usage",
      /^Without a language model there are no answers/,
    ],
    [["--text", "x", "--mode", "full"], "", "usage", /^No language model is configured: /],
    [["--text", "x", "--record", "r"], "", "usage", /no language model is configured/],
    [
      ["--text", "x", "--replay", "nowhere.jsonl"],
      "",
      "badInput",
      /^There is no recording .*nowhere/,
    ],
    [["--text", "x", "--replay", "goal.lean"], "", "badInput", /is no recording/],
  ])("are refused in a sentence: %j", async (args, input, exit, sentence) => {
    expectSentence(await premises(args, {}, input), exit, sentence);
  });

  it("need a choice only where it is not clear which theorem is meant", async () => {
    expect((await premises(["goal.lean", "--json"])).code).toBe(EXIT.ok);
    const chosen = report(await premises(["goal.lean", "--theorem", "Other.proved", "--json"]));
    expect(chosen.outcome).toBe("no language model");
  });
});

describeProgram("premises with a language model", () => {
  it("are grouped by what they serve, with their evidence", async () => {
    const { code, stdout, stderr } = await premises(["goal.lean"], model());
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/^Every step of the plan is supported/);
    expect(stdout).toMatch(/Step 1: The image is compact\.\n/);
    expect(stdout).toMatch(/IsCompact\.exists_isMinOn {2}theorem\n/);
    expect(stdout).toMatch(/its name was guessed/);
    expect(stdout).toMatch(/number 1 for "image of a compact set", kept/);
    expect(stdout).toMatch(/Guessed, but no such name: No\.such_name_at_all\n$/);
    expect(stderr).toMatch(/Language models: 7 calls, \d+ tokens, 0 answers kept from before\./);
    expect(server.questions).toHaveLength(CALLS);
    const [sketch] = server.questions;
    expect(sketch?.user).toContain("theorem my_goal");
    expect(sketch?.user).toContain("attains its minimum");
  });

  it("are asked of the profiles that the configuration file names for each role", async () => {
    const profile = { baseUrl: server.baseUrl, apiKeyVariable: "MADE_UP_KEY", jsonMode: "schema" };
    const profiles = {
      strong: { ...profile, model: "strong" },
      cheap: { ...profile, model: "cheap" },
    };
    const llm = { profiles, roles: { filter: "cheap" }, default: "strong", cache: false };
    await writeFile(place.path("with-models.json"), JSON.stringify({ llm }));
    const env = { LEMMASCOPE_CONFIG: "with-models.json", MADE_UP_KEY: KEY };
    const answer = report(await premises(["goal.lean", "--json"], env));
    expect(answer).toMatchObject({ outcome: "supported", rounds: 1, steps: [{}, {}] });
    expect(answer.usage.calls).toBe(CALLS);
    const asked = server.questions.map((question) => question.model);
    expect(asked.filter((name) => name === "cheap")).toHaveLength(3);
    expectSentence(
      await premises(["goal.lean"], { LEMMASCOPE_CONFIG: "with-models.json" }),
      "usage",
      /MADE_UP_KEY/,
    );
  });

  it("are not paid for twice", async () => {
    const first = await premises(["goal.lean", "--json"], model());
    const again = await premises(["goal.lean", "--json"], model());
    expect(ranking(again)).toBe(ranking(first));
    expect(report(again).usage).toMatchObject({ calls: 0, cached_answers: CALLS });
    expect(server.questions).toHaveLength(CALLS);
  });

  it("do without it where that is asked for", async () => {
    const answer = report(await premises(["goal.lean", "--mode", "none", "--json"], model()));
    expect(answer.outcome).toBe("no language model");
    expect(server.questions).toHaveLength(0);
  });

  it("never cost more calls than they may", async () => {
    for (const calls of [1, 2, 4, 6]) {
      server.questions.length = 0;
      const env = { ...model(), LEMMASCOPE_LLM_MODEL: `for-${calls}-calls` };
      const args = ["goal.lean", "--json", "--max-calls", String(calls)];
      const answer = report(await premises(args, env));
      expect(answer).toMatchObject({ outcome: "budget spent", usage: { calls } });
      expect(server.questions).toHaveLength(calls);
    }
  });

  it("end clearly where the server fails at once", async () => {
    server.when({}, { kind: "status", status: 401 });
    expectSentence(await premises(["goal.lean", "-q"], model()), "unavailable", /key/);
    expect(server.questions).toHaveLength(1);
  });

  it("come with a notice where an answer cannot be used", async () => {
    server.when({ system: ROLE.judge }, { kind: "says", text: "perhaps" });
    const outcome = await premises(["goal.lean", "--json"], model());
    expect(report(outcome)).toMatchObject({ outcome: "sketched" });
    expect(outcome.stderr).toMatch(
      /^The plan was not judged: it holds no JSON object, also .*\.$/m,
    );
  });

  it.skipIf(WITHOUT_SIGNALS).each(["filter", "judge", "rank", "sketch"] as const)(
    "are what was found so far after Ctrl-C while the %s stalls",
    async (role) => {
      server.when({ system: ROLE[role] }, { kind: "stall", after: 0 });
      const running = place.start(["premises", "goal.lean", "--trace", "stalled.jsonl"], {
        env: model(),
      });
      let isStopped = false;
      server.onQuestion = ({ system }) => {
        // Once: a second Ctrl-C would kill it.
        if (isStopped || !ROLE[role].test(system)) return;
        isStopped = true;
        setTimeout(() => running.kill("SIGINT"), 100);
      };
      const { exitCode, stdout, stderr } = await running;
      expect(exitCode).toBe(EXIT.interrupted);
      expect(stdout).toMatch(/^Interrupted: this is what was found until then\.\n/);
      expect(stdout).toMatch(/^ {3}1\. /m);
      expect(stderr).not.toMatch(/defect|\bat .*\.js:\d/);
      const last = (await readFile(place.path("stalled.jsonl"), "utf8"))
        .trimEnd()
        .split("\n")
        .at(-1);
      expect(JSON.parse(last ?? "")).toMatchObject({ event: "end", outcome: "interrupted" });
    },
  );
});
