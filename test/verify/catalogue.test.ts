import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compose, fileText, readCandidate } from "../../src/verify/compose.js";
import { FilteringChecker } from "../../src/verify/filtering-checker.js";
import { LakeRunner } from "../../src/verify/lake/lake-runner.js";
import { STRICT } from "../../src/verify/open-checker.js";
import { readStatement } from "../../src/verify/source/statement.js";
import type { Candidate, Verdict } from "../../src/verify/verdict.js";
import { temporaryFolder } from "../temporary-folder.js";
import { type LeanCheat, STATEMENT } from "./catalogue/cheat.js";
import { CHEATS_THAT_RUN_PROGRAMS } from "./catalogue/cheats-that-run-programs.js";
import { CHEATS_WITH_HOLES } from "./catalogue/cheats-with-holes.js";
import { CHEATS_WITH_MEANINGS } from "./catalogue/cheats-with-meanings.js";
import {
  CHEATS_WITH_HELPERS,
  CHEATS_WITH_STATEMENTS,
  STATEMENT_WITH_HELPER,
} from "./catalogue/cheats-with-statements.js";
import { CHEATS_WITH_TEXTS } from "./catalogue/cheats-with-texts.js";
import { HONEST_FILES } from "./catalogue/honest-files.js";
import { HONEST_PROOFS } from "./catalogue/honest-proofs.js";
import { environmentWith, installFakeLake, type LakePlan } from "./fake/fake-lake.js";

const folder = temporaryFolder();
const { lake, project } = installFakeLake(folder);
mkdirSync(join(folder, "home"));

async function check(candidate: Candidate, plan: LakePlan): Promise<Verdict> {
  const runner = new LakeRunner({
    lake,
    project,
    timeoutMs: 20_000,
    memoryBytes: 2 ** 31,
    sandboxed: false,
    environment: environmentWith(plan),
  });
  return new FilteringChecker(runner, STRICT).check(candidate);
}

const FOR_THE_FILTER = [...CHEATS_THAT_RUN_PROGRAMS, ...CHEATS_WITH_MEANINGS, ...CHEATS_WITH_TEXTS];
const FOR_LEAN = [...CHEATS_WITH_HOLES, ...CHEATS_WITH_STATEMENTS, ...CHEATS_WITH_HELPERS];
const HONEST = [...HONEST_PROOFS, ...HONEST_FILES];

describe("the catalogue", () => {
  it("has at least 60 cheats and 40 honest proofs, all different", () => {
    const cheats = [
      ...FOR_THE_FILTER.map(([, , code]) => code),
      ...FOR_LEAN.map(([, code]) => code),
    ];
    expect(new Set(cheats).size).toBe(cheats.length);
    expect(cheats.length).toBeGreaterThanOrEqual(60);
    expect(new Set(HONEST.map(({ code }) => code)).size).toBeGreaterThanOrEqual(40);
  });
});

describe.skipIf(process.platform === "win32")("a candidate that", () => {
  it.each(FOR_THE_FILTER)("%s: %s is refused before Lean sees it", async (rule, _trick, code) => {
    // Were it shown to Lean, it would be called proved.
    const verdict = await check({ statement: STATEMENT, code }, { kind: "lean" });
    expect(verdict.proved).toBe(false);
    expect(verdict.failure?.kind).toBe("refused");
    expect(verdict.refused.map((refusal) => refusal.rule)).toContain(rule);
    for (const { sentence } of verdict.refused) expect(sentence).toMatch(/^[^\n]*\.$/);
  });

  const cases = FOR_LEAN.map(
    ([trick, code, stopped]: LeanCheat) => [trick, code, stopped.because, stopped] as const,
  );
  it.each(cases)("%s is not proved", async (_trick, code, _because, { kind, lean }) => {
    const helped = CHEATS_WITH_HELPERS.some(([, other]) => other === code);
    const statement = helped ? STATEMENT_WITH_HELPER : STATEMENT;
    const verdict = await check({ statement, code }, { kind: "lean", ...lean });
    expect(verdict.refused).toEqual([]);
    expect(verdict.proved).toBe(false);
    expect(verdict.failure?.kind).toBe(kind);
  });

  it.each(HONEST)(
    "honestly $what is shown to Lean, and proved where Lean agrees",
    async (proof) => {
      const verdict = await check(proof, { kind: "lean", axioms: ["propext"] });
      expect(verdict.refused).toEqual([]);
      expect(verdict.failure).toBeUndefined();
    },
  );
});

describe("the check file", () => {
  it.each(HONEST)("of one that $what states the theorem first and has balanced scopes", (proof) => {
    const statement = readStatement(proof.statement);
    const candidate = readCandidate(proof.code, statement);
    if ("sentence" in candidate) throw new Error(candidate.sentence);
    const file = compose(candidate, statement, "0");
    const text = fileText(file);
    const lines = text.split("\n");
    const of = (pattern: RegExp): number => lines.findIndex((line) => pattern.test(line));
    const order = [
      of(/^import /),
      of(/^section lemmascope_statement_section_0$/),
      of(/_lemmascope_statement_0\b/),
      of(/^end lemmascope_statement_section_0$/),
      of(/^section lemmascope_candidate_section_0$/),
      of(/^end lemmascope_candidate_section_0$/),
      of(/^theorem lemmascope_check_0 : type_of% @_root_\..* := @_root_\..*target$/),
      of(/^#print axioms lemmascope_check_0$/),
    ];
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    // Each scope of the whole file is closed by its own name.
    const again = readCandidate(text, undefined);
    if ("sentence" in again) throw new Error(again.sentence);
    expect(again.outline.open).toEqual([]);
    // The candidate keeps its lines.
    const own = proof.code.replaceAll("\r\n", "\n").split("\n");
    const theorem = own.findIndex((line) => /^theorem target\b/.test(line));
    expect(lines[file.candidate.offset + theorem]).toBe(own[theorem]);
  });
});
