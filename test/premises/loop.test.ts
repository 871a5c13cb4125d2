import { describe, expect, it } from "vitest";
import { findPremises, premisesFromSketch } from "../../src/premises/find-premises.js";
import type { PremiseProgress } from "../../src/premises/premise-run.js";
import { sketchSchema } from "../../src/premises/sketch.js";
import { readTrace, TraceWriter } from "../../src/premises/trace.js";
import { failureOf } from "../failure.js";
import {
  answerWell,
  askedOf,
  BAD,
  expectSound,
  goal,
  json,
  names,
  parts,
  ROLES,
  run,
  type RunOptions,
  SEARCHES,
  SECOND,
  settings,
  SKETCH,
  workplace,
} from "./loop-workplace.js";

describe("a plan that is good at once", () => {
  it("costs one sketch, a reading for each search, one judgement and one ordering", async () => {
    answerWell();
    const seen: PremiseProgress[] = [];
    const report = await run({ onProgress: (progress) => seen.push(progress), limit: 10 });
    expectSound(report);
    expect(report).toMatchObject({ outcome: "supported", rounds: 1, notes: [] });
    expect(report).toMatchObject({ unsupportedSteps: [], unknownNames: ["No.such_name_at_all"] });
    expect(report.premises).toHaveLength(10);
    expect(report.sketch).toEqual(SKETCH);
    expect(ROLES.map(askedOf)).toEqual([1, SEARCHES, 1, 2]);
    expect(names(report)).toContain("IsCompact.exists_isMinOn");
    const stages = [...new Set(seen.map(({ stage }) => stage))];
    expect(stages).toEqual(["statement", "sketch", "retrieve", "filter", "judge", "rank"]);
    for (const { done, total } of seen) expect(done).toBeLessThanOrEqual(total);
  });

  it("keeps its evidence: which round, channel, place, and what was kept", async () => {
    answerWell();
    const { premises } = await run({ limit: 1000 });
    const all = premises.flatMap(({ evidence }) => evidence);
    expect(new Set(all.map(({ channel }) => channel))).toEqual(
      new Set(["theorem", "query", "statement", "name"]),
    );
    for (const { channel, kept, rank, round } of all) {
      const wasRead = channel === "query" || channel === "statement";
      expect(kept).toBe(wasRead ? rank <= 2 : undefined);
      expect(round).toBe(channel === "theorem" ? 0 : 1);
    }
  });

  it("ends after the sketch in the mode that only sketches", async () => {
    answerWell();
    const report = await run({ mode: "sketch" });
    expectSound(report);
    expect(report.outcome).toBe("sketched");
    expect(ROLES.map(askedOf)).toEqual([1, 0, 0, 0]);
  });

  it("is ordered by the published rule without an ordering, of kept results alone", async () => {
    answerWell();
    const report = await run({ fusion: "published", limit: 1000 });
    expectSound(report);
    expect(askedOf("rank")).toBe(0);
    for (const { evidence } of report.premises) {
      expect(evidence.some(({ kept, channel }) => kept === true && channel === "query")).toBe(true);
    }
  });

  it("never has the theorem itself among its premises", async () => {
    answerWell();
    const chat = await workplace.open(settings());
    const named = { ...goal, name: "IsCompact.exists_isMinOn" };
    const report = await findPremises(named, { ...parts, chat }, { mode: "full", limit: 1000 });
    expect(report.premises.length).toBeGreaterThan(30);
    expect(names(report)).not.toContain("IsCompact.exists_isMinOn");
  });
});

describe("without questions", () => {
  it("the statement alone is used", async () => {
    const report = await findPremises(goal, parts, { mode: "none", limit: 5 });
    expectSound(report);
    expect(report).toMatchObject({ outcome: "no language model", rounds: 0, sketch: undefined });
    expect(report.premises).toHaveLength(5);
  });

  it("a sketch of one's own is carried out", async () => {
    const sketch = sketchSchema.parse(SKETCH);
    const report = await premisesFromSketch(goal, sketch, parts, {});
    expectSound(report);
    expect(report).toMatchObject({ outcome: "sketched", rounds: 1, sketch });
    expect(names(report)[0]).toBe("IsCompact.exists_isMinOn");
  });

  it("a mode that needs a model says so", async () => {
    const failure = await failureOf(() => findPremises(goal, parts, { mode: "full" }));
    expect(failure.exit).toBe("usage");
    expect(failure.message).toMatch(/^No language model is configured: .*--mode none\)\.$/);
  });
});

describe("a plan that is turned down", () => {
  it("is made again, with what was rejected and why", async () => {
    answerWell();
    const { server } = workplace;
    server.when({ model: "sketch" }, json(SKETCH), json(SECOND));
    server.when({ model: "judge" }, json(BAD), json({ verdict: "good" }));
    const report = await run({ limit: 1000 });
    expectSound(report);
    expect(report).toMatchObject({ outcome: "supported", rounds: 2, sketch: SECOND });
    const [first, second] = server.questions.filter(({ model }) => model === "sketch");
    expect(first?.user).not.toContain("turned down");
    for (const part of ["turned down", BAD.reasons, BAD.suggestions, SKETCH.theoremQueries[0]]) {
      expect(second?.user).toContain(part);
    }
    const rounds = report.premises.flatMap(({ evidence }) => evidence.map(({ round }) => round));
    expect(new Set(rounds)).toEqual(new Set([0, 1, 2]));
  });

  it.each([0, 1, 3])("is made again %i times at most", async (rounds) => {
    answerWell();
    workplace.server.when({ model: "judge" }, json(BAD));
    const report = await run({ rounds });
    expectSound(report);
    expect(report).toMatchObject({ outcome: "unsupported", unsupportedSteps: [1] });
    expect(report.rounds).toBe(rounds + 1);
    expect(ROLES.map(askedOf).slice(0, 3)).toEqual([
      rounds + 1,
      SEARCHES * (rounds + 1),
      rounds + 1,
    ]);
    expect(report.premises.length).toBeGreaterThan(10);
  });

  it("is not made again where the model only repeats one that was turned down", async () => {
    answerWell();
    const { server } = workplace;
    server.when({ model: "sketch" }, json(SKETCH), json(SECOND), json(SKETCH));
    server.when({ model: "judge" }, json(BAD));
    const report = await run({ rounds: 9 });
    expect(report).toMatchObject({ outcome: "unsupported", rounds: 2, sketch: SECOND });
    expect(report.notes).toEqual([expect.stringMatching(/turned down before/)]);
    const last = server.questions.findLast(({ model }) => model === "sketch");
    expect(last?.user.match(/turned down\. Find/g)).toHaveLength(2);
  });

  it("names no step that the plan does not have", async () => {
    answerWell();
    workplace.server.when({ model: "judge" }, json({ ...BAD, unsupportedSteps: [1, 7] }));
    expect((await run({ rounds: 0 })).unsupportedSteps).toEqual([1]);
  });

  it("leaves the published rule the last round that found anything", async () => {
    answerWell();
    const { server } = workplace;
    const nothing = { guessedNames: ["No.such_name_at_all"] };
    server.when({ model: "sketch" }, json(SKETCH), json(nothing));
    server.when({ model: "judge" }, json(BAD), json({ verdict: "good" }));
    const report = await run({ fusion: "published" });
    expect(report.rounds).toBe(2);
    expect(report.premises.length).toBeGreaterThan(2);
  });
});

describe("a trace", () => {
  it.each<[string, () => void, RunOptions]>([
    ["a good run", answerWell, {}],
    [
      "a run with repairs and a second plan",
      () => {
        answerWell();
        workplace.server.when({ model: "filter" }, json({}), json({ kept: [2] }));
        workplace.server.when({ model: "judge" }, json(BAD), json({ verdict: "good" }));
      },
      {},
    ],
    ["a run without calls left", answerWell, { budget: { calls: 4 } }],
    [
      "a run whose answers cannot be used",
      () => {
        answerWell();
        for (const model of ["filter", "judge", "rank"]) {
          workplace.server.when({ model }, { kind: "says", text: "no" });
        }
      },
      {},
    ],
  ])("of %s is enough to do it again, byte for byte", async (_name, prepare, options) => {
    prepare();
    const traced = async (file: string, replay?: string) => {
      const path = workplace.path(file);
      const trace = new TraceWriter(path);
      const entries = replay === undefined ? undefined : readTrace(replay);
      const chat = await workplace.open(
        entries === undefined ? settings({}, options.budget) : undefined,
        {
          onAnswer: (entry) => trace.answer(entry),
          ...(entries === undefined
            ? {}
            : { replay: { source: "The trace", entries: entries.answers } }),
        },
      );
      const parted = { ...parts, chat };
      trace.start({
        ...{ lemmascope: "0", index: { corpus: "", vocabulary: "" }, models: {}, prompts: {} },
        theorem: { ...goal, name: "goal", imports: [] },
        ...{ mode: "full", fusion: "pool", rounds: 3, perQuery: 30 },
      });
      const report = await findPremises(goal, parted, { mode: "full", trace, limit: 100 });
      trace.close();
      return { path, report };
    };
    const first = await traced("first.jsonl");
    const asked = workplace.server.questions.length;
    const again = await traced("again.jsonl", first.path);
    expect(workplace.server.questions).toHaveLength(asked);
    expect(JSON.stringify(again.report)).toBe(JSON.stringify(first.report));
    const thrice = await traced("thrice.jsonl", again.path);
    expect(JSON.stringify(thrice.report)).toBe(JSON.stringify(first.report));
  });
});
