import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "prettier";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  makeSearchReport,
  readSearchReport,
  writeSearchReport,
} from "../../../benchmark/search/report.js";
import { searchReportMarkdown } from "../../../benchmark/search/report-markdown.js";
import { summarizeSearchRun } from "../../../benchmark/search/summary.js";
import { madeUpRun } from "./made-up-run.js";

const RANKS = [1, 3, null, 12, 2];
const run = madeUpRun(RANKS, { unknown: ["Lattice"] });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lemmascope-report-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("summarizeSearchRun", () => {
  const { slices, latencyMs } = summarizeSearchRun(run);
  const means = (metrics: Readonly<Record<string, { mean: number }>>) =>
    Object.fromEntries(Object.entries(metrics).map(([name, { mean }]) => [name, mean]));

  it("gives all nine metrics, as worked out by hand", () => {
    expect(means(slices.fair.all.metrics)).toEqual({
      "nDCG@1": 0.25,
      "nDCG@5": 0.375, // (1 + 1/2) / 4
      "nDCG@10": 0.375,
      "Recall@1": 0.25,
      "Recall@10": 0.5,
      "Recall@50": 0.75,
      "Recall@100": 0.75,
      "Recall@200": 0.75,
      MRR: 0.354167, // (1 + 1/3 + 0 + 1/12) / 4
    });
  });

  it("counts an absent declaration as a miss in fair and full, and leaves it out of resolved", () => {
    expect([slices.fair.all.n, slices.fair.all.declarations]).toEqual([4, 2]);
    expect([slices.resolved.all.n, slices.resolved.all.declarations]).toEqual([3, 2]);
    expect([slices.full.all.n, slices.full.all.declarations]).toEqual([5, 3]);
    expect(slices.resolved.all.metrics["Recall@10"]?.mean).toBe(1);
    expect(slices.full.all.metrics["Recall@10"]?.mean).toBe(0.6);
  });

  it("breaks each slice down by style, kind and difficulty, groups without queries left out", () => {
    const sizes = (groups: Readonly<Record<string, { n: number }>>) =>
      Object.entries(groups).map(([name, { n }]) => [name, n]);
    expect(sizes(slices.full.byStyle)).toEqual([
      ["lean", 2],
      ["natural", 1],
      ["slogan", 1],
      ["nickname", 1],
    ]);
    expect(sizes(slices.full.byKind)).toEqual([
      ["theorem", 2],
      ["definition", 1],
      ["class", 2],
    ]);
    expect(sizes(slices.full.byDifficulty)).toEqual([
      ["Easy", 4],
      ["Hard", 1],
    ]);
    expect(sizes(slices.fair.byDifficulty)).toEqual([["Easy", 4]]);
    expect(slices.full.byStyle["lean"]?.metrics["nDCG@10"]?.mean).toBe(0.5);
  });

  it("gives nearest-rank latencies", () => {
    expect(latencyMs).toEqual({ n: 5, p50: 30, p95: 50, p99: 50, max: 50 });
  });

  it("leaves out metrics that look deeper than the run did", () => {
    const shallow = summarizeSearchRun(madeUpRun(RANKS, { limit: 50 }));
    expect(Object.keys(shallow.slices.full.all.metrics)).toEqual([
      ...["nDCG@1", "nDCG@5", "nDCG@10", "Recall@1", "Recall@10", "Recall@50", "MRR"],
    ]);
  });

  it("has an empty slice, not a failure, where nothing is resolved", () => {
    const unknown = ["add_comm", "Lattice", "Rare.thing"];
    const { resolved } = summarizeSearchRun(madeUpRun(RANKS, { unknown })).slices;
    expect(resolved.all).toEqual({ n: 0, declarations: 0, metrics: {} });
    expect(resolved.byStyle).toEqual({});
  });
});

describe("the JSON report", () => {
  it("comes back from its file as it was written", async () => {
    const path = join(folder, "report.json");
    const report = makeSearchReport(run);
    await writeSearchReport(path, report);
    expect(await readSearchReport(path)).toEqual(report);
  });

  it("is the same, byte for byte, each time it is made from a run, and from a run read back", async () => {
    const path = join(folder, "report.json");
    const text = JSON.stringify(makeSearchReport(run));
    expect(JSON.stringify(makeSearchReport(run))).toBe(text);
    await writeSearchReport(path, makeSearchReport(run));
    const { run: readBack } = await readSearchReport(path);
    expect(JSON.stringify(makeSearchReport(readBack))).toBe(text);
    expect(searchReportMarkdown(makeSearchReport(readBack))).toBe(
      searchReportMarkdown(makeSearchReport(run)),
    );
  });

  it("says how its intervals were drawn", () => {
    expect(makeSearchReport(run, { folds: 100, seed: 3 }).bootstrap).toEqual({
      folds: 100,
      seed: 3,
    });
    expect(makeSearchReport(run).bootstrap.folds).toBe(1000);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ["is not JSON", () => "# Markdown", /is not JSON/],
    ["is other JSON", () => "[]", /is not a report of the search benchmark: name a JSON report/],
    ["is of a later format", (t) => t.replace(/"format": 1/, '"format": 2'), /in format 2, and/],
    ["lacks a part", (t) => t.replace('"limit": 200,', ""), /not as expected at run\.limit/],
    [
      "has an impossible rank",
      (t) => t.replace('"rank": 12', '"rank": 0'),
      /run\.queries\.3\.rank/,
    ],
    ["had a query changed", (t) => t.replace("rare thing", "common thing"), /was changed/],
  ])("is refused when it %s", async (_, spoil, message) => {
    const path = join(folder, "report.json");
    await writeSearchReport(path, makeSearchReport(run));
    await writeFile(path, spoil(await readFile(path, "utf8")));
    await expect(readSearchReport(path)).rejects.toMatchObject({ exit: "badInput" });
    await expect(readSearchReport(path)).rejects.toThrow(message);
  });

  it("is refused when it is missing", async () => {
    await expect(readSearchReport(join(folder, "none.json"))).rejects.toThrow(
      /does not exist: name/,
    );
  });
});

describe("the Markdown report", () => {
  const markdown = searchReportMarkdown(makeSearchReport(run));
  const lines = markdown.split("\n");

  it("states the headline in its first line", () => {
    expect(lines[0]).toMatch(/^# MathlibQR: fair nDCG@10 0\.375 \[0\.\d{3}, 0\.\d{3}\], n = 4$/);
  });

  it("has n in every row of figures, and every figure to three decimals with its interval", () => {
    const figures = String.raw`\d\.\d{3} \[\d\.\d{3}, \d\.\d{3}\]`;
    for (const group of ["fair", "resolved", "full", "lean", "nickname", "theorem", "Easy"]) {
      const row = new RegExp(String.raw`^\| ${group} +\| +\d+ (\| +${figures} )+\|$`);
      expect(lines.some((line) => row.test(line))).toBe(true);
    }
  });

  it("marks the figures of others as theirs, with their source", () => {
    const heading = lines.indexOf("## Published by others (not measured here)");
    expect(heading).toBeGreaterThan(0);
    const rows = lines.slice(heading).join("\n");
    expect(rows).toMatch(/LeanSearch v2 .*\| fair +\| 810 \| +0\.623 \| arXiv:2605\.13137/);
    expect(lines.slice(0, heading).join("\n")).not.toContain("0.623");
  });

  it("names what was measured and how long start-up took", () => {
    expect(markdown).toContain("`sha256:c0ffee`");
    expect(markdown).toContain("`sha256:5eed`");
    expect(markdown).toContain(run.querySet);
    expect(markdown).toMatch(/index holds \| 2 of 3 /);
    expect(markdown).toContain("A first search, not counted, took 812.4 ms");
    const cold = searchReportMarkdown(makeSearchReport({ ...run, warmUpMs: null }));
    expect(cold).toContain("the first search includes start-up");
  });

  it("is already as Prettier would write it, so that it can be committed", async () => {
    expect(await format(markdown, { parser: "markdown" })).toBe(markdown);
  });

  it("writes dashes for a slice without queries", () => {
    const unknown = ["add_comm", "Lattice", "Rare.thing"];
    const empty = searchReportMarkdown(makeSearchReport(madeUpRun(RANKS, { unknown })));
    expect(empty).toMatch(/^\| resolved \| +0 \| +– \|/m);
  });
});
