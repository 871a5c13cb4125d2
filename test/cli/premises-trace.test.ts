import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { EXIT } from "../../src/errors.js";
import { corpusLine, describeProgram, expectSentence } from "./command-line.js";
import {
  KEY,
  model,
  place,
  premises,
  ranking,
  report,
  ROLE,
  server,
  SKETCH,
} from "./premises-workplace.js";

describeProgram("a trace of premises", () => {
  it("does the run again without a server, with the same ranking byte for byte", async () => {
    server.when(
      { system: ROLE.judge },
      { kind: "json", value: { verdict: "bad", unsupportedSteps: [1], reasons: "missing" } },
      { kind: "json", value: { verdict: "good" } },
    );
    const other = { ...SKETCH, theoremQueries: ["extreme value theorem"] };
    server.when({ user: "turned down" }, { kind: "json", value: other });
    const first = await premises(["goal.lean", "--json", "--trace", "t.jsonl"], model());
    expect(report(first)).toMatchObject({ outcome: "supported", rounds: 2 });
    await server.stop();
    const again = await premises(["--replay", "t.jsonl", "--json", "--trace", "t2.jsonl"]);
    expect(report(again)).toMatchObject({ outcome: "supported", rounds: 2 });
    expect(ranking(again)).toBe(ranking(first));
    // Answers that were asked for at the same time stand in the order in which they came; what was
    // kept from before is told at the end, and a replay keeps nothing.
    const linesOf = async (file: string): Promise<string[]> =>
      (await readFile(place.path(file), "utf8"))
        .split("\n")
        .filter((line) => !line.startsWith('{"event":"end"'))
        .sort();
    const [lines, linesAgain] = [await linesOf("t.jsonl"), await linesOf("t2.jsonl")];
    expect(linesAgain).toHaveLength(lines.length);
    expect(lines.every((line, at) => line === linesAgain[at])).toBe(true);
    const none = await premises(["goal.lean", "--json", "--mode", "none", "--trace", "n.jsonl"]);
    const noneAgain = await premises(["--replay", "n.jsonl", "--json"]);
    expect(noneAgain.stdout).toBe(none.stdout);
  });

  it("does it again whatever budget is configured now", async () => {
    const first = await premises(["goal.lean", "--json", "--trace", "b.jsonl"], model());
    const profiles = { only: { baseUrl: server.baseUrl, model: "other" } };
    const config = JSON.stringify({ llm: { profiles, budget: { calls: 1 } } });
    await writeFile(place.path("tight.json"), config);
    const again = await premises(["--replay", "b.jsonl", "--json"], {
      LEMMASCOPE_CONFIG: "tight.json",
    });
    expect(ranking(again)).toBe(ranking(first));
  });

  it("keeps all prompts and answers, and no key", async () => {
    const record = ["--record", "r.jsonl", "--trace", "k.jsonl"];
    // Servers have been seen to send back what they were sent.
    server.when(
      { system: ROLE.judge },
      { kind: "json", value: { verdict: "bad", reasons: `${KEY}!` } },
    );
    const outcome = await premises(["goal.lean", "--rounds", "1", "--json", ...record], model());
    report(outcome);
    for (const file of ["r.jsonl", "k.jsonl"]) {
      const text = await readFile(place.path(file), "utf8");
      expect(text).not.toContain(KEY);
      expect(text).toContain("You plan proofs");
      expect(text).not.toContain(server.baseUrl);
    }
    expect(outcome.stdout + outcome.stderr).not.toContain(KEY);
  });

  it("is refused on another index, and what it holds is left alone", async () => {
    await premises(["goal.lean", "--mode", "none", "--trace", "i.jsonl"]);
    const before = await readFile(place.path("i.jsonl"), "utf8");
    await place.file("made.jsonl", corpusLine("Made.up", { type: "IsCompact s" }));
    await place.run(["index", "made.jsonl", "--index", "other.sqlite"]);
    const args = ["--replay", "i.jsonl", "--trace", "i.jsonl", "--index", "other.sqlite"];
    expectSentence(await premises(args), "noIndex", /^The trace was made on another index/);
    expect(await readFile(place.path("i.jsonl"), "utf8")).toBe(before);
  });

  it("has its own theorem and settings", async () => {
    await premises(["goal.lean", "--mode", "none", "--trace", "o.jsonl"]);
    const others = [["goal.lean"], ["--text", "x"], ["--mode", "full"], ["--theorem", "x"]];
    for (const other of others) {
      expectSentence(
        await premises(["--replay", "o.jsonl", ...other]),
        "usage",
        /^A trace has its/,
      );
    }
  });

  it("can be damaged, which is said", async () => {
    await premises(["goal.lean", "--mode", "none", "--trace", "d.jsonl"]);
    const [start = "", ...rest] = (await readFile(place.path("d.jsonl"), "utf8")).split("\n");
    await writeFile(place.path("d.jsonl"), [start, "{", ...rest].join("\n"));
    expectSentence(await premises(["--replay", "d.jsonl"]), "badInput", /is damaged at line 2/);
  });

  it("is not begun where the run cannot be", async () => {
    const args = ["goal.lean", "--trace", "never.jsonl", "--record", "r", "--replay", "r"];
    expect((await premises(args)).code).toBe(EXIT.usage);
    expect(existsSync(place.path("never.jsonl"))).toBe(false);
    const outcome = await premises(["goal.lean", "--trace", "no/such/folder.jsonl"]);
    expectSentence(outcome, "io", /cannot be written .*see to its folder/);
  });
});

describeProgram("a recording of premises", () => {
  it("answers in place of a server, for the same theorem alone", async () => {
    const first = await premises(["goal.lean", "--json", "--record", "rec.jsonl"], model());
    await server.stop();
    const again = await premises(["goal.lean", "--json", "--replay", "rec.jsonl"]);
    expect(ranking(again)).toBe(ranking(first));
    const other = await premises(["--text", "Every group is a monoid.", "--replay", "rec.jsonl"]);
    expectSentence(other, "badInput", /^The recording .*rec\.jsonl has no answer to question 1/);
  });
});
