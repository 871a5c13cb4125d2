import { describe, expect, it } from "vitest";
import { comparePremiseReports } from "../../../benchmark/premises/compare.js";
import { premiseComparisonMarkdown } from "../../../benchmark/premises/compare-markdown.js";
import { group, reportOf, theoremOutcome } from "./made-up-run.js";

const A = ["Made.a"];
const withRanks = (ranks: readonly (number | null)[]) =>
  ranks.map((rank, at) =>
    theoremOutcome(`t${at}`, [group("original", rank, { declarations: A, known: true })]),
  );
const before = reportOf(withRanks([1, 20, 4, null]));
const after = reportOf(withRanks([11, 2, 3, 5]), { mode: "full" });

describe("comparePremiseReports", () => {
  it("gives the mean difference B minus A of every metric", () => {
    const { n, metrics } = comparePremiseReports(before, after);
    expect(n).toBe(4);
    const recall = metrics.find(({ name }) => name === "Recall@10");
    expect(recall).toMatchObject({ a: 0.5, b: 0.75, difference: { mean: 0.25 } });
    expect(recall?.difference.low).toBeLessThanOrEqual(0.25);
    expect(metrics.map(({ name }) => name)).toContain("Covered@50");
  });

  it("names the theorems that gained and lost", () => {
    const { gained, lost } = comparePremiseReports(before, after);
    expect(gained.map(({ id }) => id)).toEqual(["t1", "t3"]);
    expect(lost).toEqual([{ id: "t0", name: "Made.t0", a: 1, b: 0 }]);
  });

  it("looks only at theorems that both runs have", () => {
    const some = reportOf(withRanks([11, 2, 3, 5]).slice(0, 2));
    expect(comparePremiseReports(before, some).n).toBe(2);
    expect(comparePremiseReports(some, before).n).toBe(2);
  });

  it("finds no difference between a run and itself", () => {
    const { metrics, gained, lost } = comparePremiseReports(before, before);
    expect(metrics.every(({ difference }) => difference.mean === 0 && difference.p === 1)).toBe(
      true,
    );
    expect([...gained, ...lost]).toEqual([]);
  });

  it("refuses runs over other data", () => {
    const other = reportOf([theoremOutcome("t0", [group("original", 1)])]);
    expect(() => comparePremiseReports(before, other)).toThrow(/do not mean the same by t0/);
    const apart = reportOf([theoremOutcome("t9", [group("original", 1)])]);
    expect(() => comparePremiseReports(before, apart)).toThrow(/no theorem in common/);
  });
});

describe("premiseComparisonMarkdown", () => {
  const markdown = premiseComparisonMarkdown(comparePremiseReports(before, after));

  it("states the difference in percentage points, and in what the runs differ", () => {
    expect(markdown).toMatch(
      /^# MathlibMPR, B minus A: group Recall@10 \+25\.0 \[.*\], p = .*n = 4/,
    );
    expect(markdown).toContain("The runs differ in --mode.");
    expect(markdown).toMatch(/^\| t0 +\| `Made\.t0` \| +100\.0 \| +0\.0 \|$/m);
  });
});
