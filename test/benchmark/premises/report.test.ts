import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPremiseReport, writePremiseReport } from "../../../benchmark/premises/report.js";
import { premiseReportMarkdown } from "../../../benchmark/premises/report-markdown.js";
import { group, reportOf, theoremOutcome } from "./made-up-run.js";

const THEOREMS = [
  theoremOutcome("t1", [
    group("original", 3, { recordedRank: 1 }),
    group("original", 12, { recordedRank: null }),
    group("alternative", 9, { recordedRank: 2 }),
  ]),
  theoremOutcome("t2", [group("original", 40), group("original", null)], { elapsedMs: 500 }),
  theoremOutcome("t3", [group("original", null)], {
    ...{ outcome: "failed", notes: ["The server is down."], elapsedMs: 9000, pool: 0 },
  }),
];
const report = reportOf(THEOREMS);

describe("the summary", () => {
  const { slices, recordedRanking, usage, timeMs, outcomes } = report.summary;
  const mean = (metrics: Readonly<Record<string, { mean: number }>>, name: string) =>
    metrics[name]?.mean;

  it("gives means over theorems, as worked out by hand", () => {
    const { n, groups, metrics } = slices["all groups"];
    expect([n, groups]).toEqual([3, 6]);
    expect(mean(metrics, "Recall@5")).toBe(0.111111); // (1/3 + 0 + 0) / 3
    expect(mean(metrics, "Recall@10")).toBe(0.222222); // (2/3 + 0 + 0) / 3
    expect(mean(metrics, "Recall@50")).toBe(0.5); // (1 + 1/2 + 0) / 3
    expect(mean(metrics, "Covered@10")).toBe(0.333333); // t1 by its alternative
    expect(mean(metrics, "Pool")).toBe(0.5);
  });

  it("leaves out, in the other slice, absent groups and theorems without any other", () => {
    const { n, groups, metrics } = slices["groups in the index"];
    expect([n, groups]).toEqual([2, 4]);
    expect(mean(metrics, "Recall@50")).toBe(1);
    expect(mean(metrics, "Covered@50")).toBe(1);
  });

  it("judges the recorded ranking over the theorems that have one", () => {
    expect([recordedRanking.n, recordedRanking.groups]).toEqual([1, 3]);
    expect(mean(recordedRanking.metrics, "Recall@5")).toBe(0.666667);
    expect(reportOf(THEOREMS.slice(1)).summary.recordedRanking).toEqual({
      ...{ n: 0, groups: 0, metrics: {} },
    });
  });

  it("adds up cost, and gives times with their number", () => {
    expect(usage).toEqual({ calls: 6, promptTokens: 900, completionTokens: 120, cachedAnswers: 0 });
    expect(timeMs).toEqual({ n: 3, median: 1500, p95: 9000, max: 9000 });
    expect(outcomes).toEqual({ sketched: 2, failed: 1 });
  });
});

describe("the JSON report", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lemmascope-premise-report-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("comes back from its file as it was written", async () => {
    const path = join(folder, "premises.json");
    await writePremiseReport(path, report);
    expect(await readPremiseReport(path)).toEqual(report);
  });

  it("is the same, byte for byte, each time it is made", () => {
    expect(JSON.stringify(reportOf(THEOREMS))).toBe(JSON.stringify(report));
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ["is not JSON", () => "# Markdown", /is not JSON/],
    ["is another report", () => '{"report": "lemmascope search benchmark"}', /is not a report of/],
    ["is of a later format", (t) => t.replace('"format": 1', '"format": 2'), /in format 2, and/],
    ["has an impossible rank", (t) => t.replace('"rank": 12', '"rank": 0'), /groups\.1\.rank/],
  ])("is refused when it %s", async (_, spoil, message) => {
    const path = join(folder, "premises.json");
    await writePremiseReport(path, report);
    await writeFile(path, spoil(await readFile(path, "utf8")));
    await expect(readPremiseReport(path)).rejects.toMatchObject({ exit: "badInput" });
    await expect(readPremiseReport(path)).rejects.toThrow(message);
  });
});

describe("the Markdown report", () => {
  const markdown = premiseReportMarkdown(report);

  it("states the headline in its first line, in percent", () => {
    expect(markdown).toMatch(/^# MathlibMPR: group Recall@10 22\.2 \[[\d.]+, [\d.]+\] %, n = 3\n/);
  });

  it("has n and groups in every row of figures", () => {
    expect(markdown).toMatch(/^\| all groups +\| +3 \| +6 \| +11\.1 \[/m);
    expect(markdown).toMatch(/^\| groups in the index +\| +2 \| +4 \| /m);
    expect(markdown).toMatch(/^\| the recorded model's own ranking +\| +1 \| +3 \| +66\.7 \[/m);
  });

  it("lists absent groups and what went wrong by themselves", () => {
    const absent = markdown.slice(markdown.indexOf("## Groups that are not in the index"));
    expect(absent.match(/`Made\.up_absent`/g)).toHaveLength(2);
    expect(markdown).toMatch(/^\| t3 +\| failed +\| `The server is down\.` +\|$/m);
  });

  it("gives others' figures for MathlibMPR alone, marked as theirs", () => {
    expect(markdown).toMatch(
      /Published by others \(not measured here\)[^#]*46\.1[^#]*38\.0[^#]*9\.3/,
    );
    const own = premiseReportMarkdown(reportOf(THEOREMS, { benchmark: "development" }));
    expect(own).not.toContain("Published");
    expect(own).toMatch(/^# development: /);
  });

  it("says that a run over some of the theorems does not compare with others' figures", () => {
    const part = reportOf(THEOREMS);
    const some = { ...part, run: { ...part.run, available: 69 } };
    expect(premiseReportMarkdown(some)).toContain(
      "over all 69 theorems, and this run is over 3 of them",
    );
    expect(markdown).not.toContain("do not compare directly");
  });

  it("warns that replayed and kept answers took no time", () => {
    const warning = "the times are not those of a run that asks";
    expect(markdown).not.toContain(warning);
    const replayed = reportOf(THEOREMS, { languageModels: { sketch: "replayed" } });
    expect(premiseReportMarkdown(replayed)).toContain(warning);
  });
});
