import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { premiseLines, premisesJson } from "../../src/cli/premises-text.js";
import type { DeclarationIndex } from "../../src/index/declaration-index.js";
import type { Evidence, RankedPremise } from "../../src/premises/evidence.js";
import { NO_USAGE, type Outcome, type PremiseReport } from "../../src/premises/premise-run.js";
import { sketchSchema } from "../../src/premises/sketch.js";
import { evidence, facts, indexOf } from "./made-up.js";

let index: DeclarationIndex;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ index, close } = await indexOf(
    ["a", "b", "c", "d", "e"].map((name) => ({ name: `Made.${name}`, type: `Is ${name}` })),
  ));
});
afterAll(() => close());

const sketch = sketchSchema.parse({
  steps: [{ what: "the first step" }, { what: "the second step" }],
  theoremQueries: ["q"],
});

function premise(name: string, ...pieces: Evidence[]): RankedPremise {
  const full = `Made.${name}`;
  return { facts: facts(index.idOf(full) ?? -1, full), evidence: pieces, score: 1 };
}

function report(more: Partial<PremiseReport>): PremiseReport {
  return {
    ...{ outcome: "supported", premises: [], sketch, rounds: 2, notes: [], usage: NO_USAGE },
    ...{ unsupportedSteps: [], unknownNames: [] },
    ...more,
  };
}

const step = (at: number, round = 2): Partial<Evidence> => ({
  round,
  purpose: { kind: "step", step: at },
});
/** What was printed, a heading or a premise's name a line. */
const outline = (premises: RankedPremise[]): string[] =>
  premiseLines(report({ premises }), index)
    .slice(1)
    .filter((line) => /^\S|^ +\d+\. /.test(line))
    .map((line) => line.replace(/^ +(\d+)\. (\S+).*$/, "$1 $2"));

describe("a report for people", () => {
  it("groups by what serves the whole, then by step, then the rest; numbers are places", () => {
    expect(
      outline([
        premise("a", evidence({ round: 0, channel: "theorem", purpose: { kind: "goal" } })),
        premise("b", evidence(step(1))),
        premise("c", evidence(step(0))),
        premise("d", evidence({ round: 2 })),
        premise("e", evidence(step(1))),
      ]),
    ).toEqual([
      "Theorems that lead towards the goal",
      "4 Made.d",
      "Step 1: the first step",
      "3 Made.c",
      "Step 2: the second step",
      "2 Made.b",
      "5 Made.e",
      "By the statement itself",
      "1 Made.a",
    ]);
  });

  it("does not show the steps of an earlier plan under those of the last one", () => {
    expect(outline([premise("a", evidence(step(1, 1)))])).toEqual([
      "For steps of earlier plans",
      "1 Made.a",
    ]);
    const both = premise("a", evidence(step(1, 1)), evidence({ ...step(0), rank: 9 }));
    expect(outline([both])).toEqual(["Step 1: the first step", "1 Made.a"]);
  });

  it("puts what was kept before what was not", () => {
    const mixed = premise(
      "a",
      evidence({ ...step(0), kept: false }),
      evidence({ ...step(1), kept: true, rank: 25 }),
    );
    expect(outline([mixed])[0]).toBe("Step 2: the second step");
  });

  it("says what is not supported and which names do not exist", () => {
    const lines = premiseLines(report({ unsupportedSteps: [1], unknownNames: ["X.y"] }), index);
    expect(lines).toContain("Nothing found supports step 2: the second step");
    expect(lines).toContain("Guessed, but no such name: X.y");
  });

  it.each<Outcome>([
    ...(["supported", "unsupported", "sketched", "no language model"] as const),
    ...(["budget spent", "stopped early", "interrupted"] as const),
  ])("says first how the run ended: %s", (outcome) => {
    expect(premiseLines(report({ outcome }), index)[0]).toMatch(/^[A-Z][^\n]*\.$/);
  });

  it("can show a declaration that the index does not have", () => {
    expect(outline([premise("missing", evidence())])).toContain("1 Made.missing");
  });
});

describe("a report as JSON", () => {
  it("has the premises' statements, places and evidence", () => {
    const json = premisesJson(report({ premises: [premise("b", evidence())] }), index);
    expect(json).toMatchObject({
      outcome: "supported",
      premises: [{ rank: 1, name: "Made.b", statement: "theorem Made.b : Is b", evidence: [{}] }],
    });
  });
});
