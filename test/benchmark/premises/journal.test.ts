import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RunJournal } from "../../../benchmark/premises/journal.js";
import { group, identity, theoremOutcome } from "./made-up-run.js";

const FIRST = theoremOutcome("t1", [group("original", 4)]);
const SECOND = theoremOutcome("t2", [group("original", null)]);

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lemmascope-journal-"));
  path = join(folder, "premises.jsonl");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What a run leaves that ended after these theorems. */
function leave(...outcomes: (typeof FIRST)[]): RunJournal {
  const journal = RunJournal.open(path, identity(), true);
  for (const outcome of outcomes) journal.append(outcome);
  journal.close();
  return journal;
}

function reopened(): RunJournal {
  const journal = RunJournal.open(path, identity(), true);
  journal.close();
  return journal;
}

describe("RunJournal", () => {
  it("goes on with what is done, as begun when it was", () => {
    const { startedAt } = leave(FIRST);
    leave(SECOND);
    const journal = reopened();
    expect([...journal.done.values()]).toEqual([FIRST, SECOND]);
    expect(journal.startedAt).toBe(startedAt);
  });

  it("has theorems that failed tried again, and keeps what then comes of them", () => {
    const failed = theoremOutcome("t1", [group("original", null)], { outcome: "failed" });
    leave(failed);
    expect(reopened().done.size).toBe(0);
    leave(FIRST);
    expect([...reopened().done.values()]).toEqual([FIRST]);
  });

  it("takes off the half line of a killed run", () => {
    leave(FIRST);
    const whole = readFileSync(path, "utf8");
    appendFileSync(path, JSON.stringify(SECOND).slice(0, 40));
    leave(SECOND);
    expect(readFileSync(path, "utf8")).toBe(`${whole}${JSON.stringify(SECOND)}\n`);
  });

  it("never writes over a run unless it is to be gone on with", () => {
    leave(FIRST);
    expect(() => RunJournal.open(path, identity(), false)).toThrow(/holds a run already/);
    expect([...reopened().done.values()]).toEqual([FIRST]);
  });

  it("refuses to go on with another run, and says what differs", () => {
    leave(FIRST);
    const other = identity({ mode: "full", rounds: 3, models: {} });
    expect(() => RunJournal.open(path, other, true)).toThrow(
      /another run: it differs in --mode, --rounds, models;/,
    );
  });

  it("takes the same models in another order for the same run", () => {
    RunJournal.open(path, identity({ models: { a: "1", b: "2" } }), false).close();
    const same = identity({ models: { b: "2", a: "1" } });
    expect(() => {
      RunJournal.open(path, same, true).close();
    }).not.toThrow();
  });

  it("refuses a file that is something else, and leaves it as it is", () => {
    writeFileSync(path, '{"some": "thing"}\n');
    expect(() => RunJournal.open(path, identity(), true)).toThrow(/is no run of the premise/);
    expect(readFileSync(path, "utf8")).toBe('{"some": "thing"}\n');
  });

  it("names the line that is damaged", () => {
    leave(FIRST, SECOND);
    writeFileSync(path, readFileSync(path, "utf8").replace('"pool":100', '"pool":"100"'));
    expect(() => RunJournal.open(path, identity(), true)).toThrow(/damaged at line 2: take/);
  });

  it("says so where the folder cannot be written to", () => {
    const nowhere = join(folder, "missing", "premises.jsonl");
    expect(() => RunJournal.open(nowhere, identity(), true)).toThrow(/ENOENT.*--out/);
  });
});
