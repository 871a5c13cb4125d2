import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { compareSearchReports } from "../../../benchmark/search/compare.js";
import { searchComparisonMarkdown } from "../../../benchmark/search/compare-markdown.js";
import type { SearchQuery } from "../../../benchmark/search/data.js";
import { makeSearchReport } from "../../../benchmark/search/report.js";
import { MADE_UP_QUERIES, madeUpRun } from "./made-up-run.js";

const before = makeSearchReport(madeUpRun([1, 3, null, 12, 2]));
const after = makeSearchReport(madeUpRun([2, 1, 5, 12, null]));

describe("compareSearchReports", () => {
  it("finds nothing between a run and itself: difference 0, p 1, all ties", () => {
    const { groups, gained, lost } = compareSearchReports(before, before);
    for (const { n, wins, losses, ties, metrics } of groups) {
      expect([wins, losses, ties]).toEqual([0, 0, n]);
      for (const { a, b, difference } of Object.values(metrics)) {
        expect(b).toBe(a);
        expect(difference).toEqual({ mean: 0, low: 0, high: 0, p: 1 });
      }
    }
    expect([gained, lost]).toEqual([[], []]);
  });

  it("pairs the queries of each slice and of each style within it", () => {
    const { groups } = compareSearchReports(before, after);
    expect(groups.map(({ slice, style, n }) => `${slice} ${style} ${n}`)).toEqual([
      ...["fair all 4", "fair lean 2", "fair slogan 1", "fair nickname 1"],
      ...["resolved all 5", "resolved lean 2", "resolved natural 1", "resolved slogan 1"],
      ...["resolved nickname 1", "full all 5", "full lean 2", "full natural 1"],
      ...["full slogan 1", "full nickname 1"],
    ]);
  });

  it("counts places won, lost and kept, and gives B minus A", () => {
    const { groups } = compareSearchReports(before, after);
    const full = groups.find(({ slice, style }) => slice === "full" && style === "all");
    expect(full).toMatchObject({ wins: 2, losses: 2, ties: 1 });
    const recall = full?.metrics["Recall@10"];
    expect([recall?.a, recall?.b, recall?.difference.mean]).toEqual([0.6, 0.6, 0]);
    const reciprocal = full?.metrics["MRR"];
    expect(reciprocal?.a).toBeCloseTo((1 + 1 / 3 + 1 / 12 + 1 / 2) / 5, 6);
    expect(reciprocal?.b).toBeCloseTo((1 / 2 + 1 + 1 / 5 + 1 / 12) / 5, 6);
    expect(reciprocal?.difference.mean).toBeCloseTo(
      (reciprocal?.b ?? NaN) - (reciprocal?.a ?? NaN),
      5,
    );
  });

  it("lists the queries that changed most each way, the largest change first", () => {
    const { gained, lost } = compareSearchReports(before, after);
    expect(gained.map(({ id, rankA, rankB }) => [id, rankA, rankB])).toEqual([
      ["T1/nickname", 3, 1],
      ["T2/lean", null, 5],
    ]);
    expect(lost.map(({ id }) => id)).toEqual(["T1/lean", "T3/natural"]);
    const back = compareSearchReports(after, before);
    expect(back.gained.map(({ id }) => id)).toEqual(["T1/lean", "T3/natural"]);
  });

  it("lists at most ten queries each way, ties in the order of their ids", () => {
    const queries = Array.from({ length: 25 }, (_, i): SearchQuery => ({
      id: `Q${String(i).padStart(2, "0")}/lean`,
      style: "lean",
      text: "text",
      declaration: `d${i}`,
      kind: "theorem",
      difficulty: "Easy",
      fair: true,
    })).reverse();
    const report = (rank: number) =>
      makeSearchReport(madeUpRun(new Array<number>(25).fill(rank), { queries }));
    const { gained, lost } = compareSearchReports(report(2), report(1));
    expect(gained.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, i) => `Q0${i}/lean`));
    expect(lost).toEqual([]);
  });

  it("judges both runs on the queries that both resolve", () => {
    const partly = makeSearchReport(madeUpRun([1, 3, null, 12, 2], { unknown: ["Lattice"] }));
    const other = makeSearchReport(madeUpRun([1, 3, 1, 1, null], { unknown: ["Rare.thing"] }));
    const { groups } = compareSearchReports(partly, other);
    const resolved = groups.find(({ slice, style }) => slice === "resolved" && style === "all");
    expect(resolved).toMatchObject({ n: 2, wins: 0, losses: 0, ties: 2 });
  });

  it("looks no deeper than the shallower run", () => {
    const shallow = makeSearchReport(madeUpRun([1, 3, null, null, 2], { limit: 10 }));
    const comparison = compareSearchReports(before, shallow);
    expect(comparison.limit).toBe(10);
    const full = comparison.groups.find(({ slice, style }) => slice === "full" && style === "all");
    expect(full).toMatchObject({ wins: 0, losses: 0, ties: 5 });
    expect(Object.keys(full?.metrics ?? {})).not.toContain("Recall@50");
  });

  it("pairs queries by id, whatever order the runs asked them in", () => {
    const shuffled = makeSearchReport(
      madeUpRun([2, 12, null, 3, 1], { queries: MADE_UP_QUERIES.toReversed() }),
    );
    const { groups } = compareSearchReports(before, shuffled);
    expect(groups.every(({ ties, n }) => ties === n)).toBe(true);
  });

  it("refuses runs over different queries", () => {
    const fewer = makeSearchReport(
      madeUpRun([1, 3, null, 12], { queries: MADE_UP_QUERIES.slice(0, 4) }),
    );
    const reworded = makeSearchReport(
      madeUpRun([1, 3, null, 12, 2], {
        queries: MADE_UP_QUERIES.map((query) => ({ ...query, text: `${query.text}?` })),
      }),
    );
    for (const other of [fewer, reworded]) {
      expect(() => compareSearchReports(before, other)).toThrow(
        expect.objectContaining({
          exit: "badInput",
          message: expect.stringMatching(
            /^The two runs are over different queries \(5 and/,
          ) as string,
        }),
      );
    }
  });
});

describe("the Markdown comparison", () => {
  const markdown = searchComparisonMarkdown(compareSearchReports(before, after));

  it("states the fair difference in its first line", () => {
    expect(markdown.split("\n")[0]).toMatch(
      /^# MathlibQR, B minus A: fair nDCG@10 \+0\.129 \[[+-]?0\.\d{3}, [+-]?0\.\d{3}\], p = \d\.\d{3}, n = 4$/,
    );
  });

  it("shows the queries that changed with both ranks, signs in their text escaped", () => {
    expect(markdown).toMatch(/\| T2\/lean +\| `` a set with `⊔` and `\\\|x\\\|` `` +\|/);
    expect(markdown).toMatch(/\| not found \| +5 \|/);
    expect(markdown).toMatch(/\| T3\/natural .*\| +2 \| not found \|/);
  });

  it("says so where nothing changed", () => {
    const same = searchComparisonMarkdown(compareSearchReports(before, before));
    expect(same).toContain("## Gained most in B\n\nNone.\n");
    expect(same.split("\n")[0]).toContain("0.000 [0.000, 0.000], p = 1.000, n = 4");
  });

  it("is already as Prettier would write it", async () => {
    expect(await format(markdown, { parser: "markdown" })).toBe(markdown);
  });
});
