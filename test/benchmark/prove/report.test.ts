import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openProveJournal } from "../../../benchmark/prove/journal.js";
import { readProveReport, writeProveReport } from "../../../benchmark/prove/report.js";
import { proveReportMarkdown } from "../../../benchmark/prove/report-markdown.js";
import { identity, outcome, reportOf } from "./made-up-run.js";

const OUTCOMES = [
  outcome("a", "none", null),
  outcome("a", "standard", 1),
  outcome("b", "none", 2),
  outcome("b", "standard", 2),
  outcome("c", "none", null, { outcome: "cites itself" }),
  outcome("c", "standard", null, { outcome: "failed", notes: ["The server is down."] }),
  outcome("d", "none", null),
  outcome("d", "standard", 3),
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lemmascope-proving-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("a proving report", () => {
  it("counts what is solved, after how many attempts, and what it cost", () => {
    const { ways } = reportOf(OUTCOMES).summary;
    expect(ways.map(({ retrieval }) => retrieval)).toEqual(["standard", "none"]);
    expect(ways[0]).toMatchObject({
      ...{ n: 4, solved: 3, rate: { mean: 0.75 }, solvedAfter: [1, 2, 3] },
      ...{ outcomes: { proved: 3, failed: 1 }, attempts: 9, tokensPerSolved: 533 },
      ...{ medianMs: 2000, checkMs: 2000, usage: { calls: 9, promptTokens: 1200 } },
    });
    expect(ways[1]).toMatchObject({ n: 4, solved: 1, solvedAfter: [0, 1, 1] });
  });

  it("compares the ways problem by problem", () => {
    const { differences } = reportOf(OUTCOMES).summary;
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatchObject({
      ...{ a: "none", b: "standard", n: 4, onlyA: 0, onlyB: 2, difference: { mean: 0.5 } },
    });
    expect(differences[0]?.difference.low).toBeGreaterThanOrEqual(0);
  });

  it("says no figure for each solved where none is", () => {
    const [way] = reportOf([outcome("a", "none", null)]).summary.ways;
    expect(way).toMatchObject({ solved: 0, tokensPerSolved: null, rate: { mean: 0, high: 0 } });
  });

  it("tells all of it in tables", () => {
    const text = proveReportMarkdown(reportOf(OUTCOMES));
    expect(text).toMatch(/^# Proving: FATE-H 3\/4 \(standard\); FATE-H 1\/4 \(none\)\n/);
    expect(text).toMatch(/\| FATE-H \| standard +\| +4 \| +3 \| +75\.0 \[/);
    expect(text).toMatch(/\| standard − none \| +4 \| +0 \| +2 \| \+50\.0 \[/);
    expect(text).toMatch(/\| c +\| `theorem_c` \| cites itself \| failed +\|/);
    expect(text).toMatch(/## What went wrong[^]*`The server is down\.`/);
    expect(text).toContain("leanprover/lean4:v4.28.0-rc1");
  });

  it("is read again as it was written", async () => {
    const report = reportOf(OUTCOMES);
    const path = join(folder, "prove.json");
    await writeProveReport(path, report);
    expect(await readProveReport(path)).toEqual(report);
    writeFileSync(path, "{}");
    await expect(readProveReport(path)).rejects.toMatchObject({ exit: "badInput" });
  });
});

describe("a proving journal", () => {
  it("tries again what failed or ended early, and that alone", () => {
    const path = join(folder, "prove.jsonl");
    const journal = openProveJournal(path, identity(), false);
    for (const one of OUTCOMES) journal.append(one);
    journal.append(outcome("d", "none", null, { outcome: "stopped early" }));
    journal.close();
    const again = openProveJournal(path, identity(), true);
    again.close();
    expect([...again.done.keys()]).toEqual([
      ...["none a", "standard a", "none b", "standard b", "none c", "none d", "standard d"],
    ]);
  });

  it("refuses to go on with another run", () => {
    const path = join(folder, "prove.jsonl");
    openProveJournal(path, identity(), false).close();
    const other = identity({ rounds: 8, prompts: { prove: "0ther" } });
    expect(() => openProveJournal(path, other, true)).toThrow(/differs in --rounds, prompts;/);
    const same = identity({ retrievals: ["standard", "none"] });
    openProveJournal(path, same, true).close();
  });
});
