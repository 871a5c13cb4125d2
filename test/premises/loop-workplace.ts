import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect } from "vitest";
import { z } from "zod";
import { STARTER_PATH } from "../../src/corpus/starter.js";
import type { BudgetLimits } from "../../src/config/llm-settings.js";
import type { DeclarationIndex } from "../../src/index/declaration-index.js";
import { findPremises } from "../../src/premises/find-premises.js";
import type {
  FindPremisesOptions,
  PremiseParts,
  PremiseReport,
} from "../../src/premises/premise-run.js";
import { Prompts } from "../../src/premises/prompts.js";
import { StatementPremises } from "../../src/premises/without-model/statement-premises.js";
import { Search } from "../../src/search/search.js";
import { ChatWorkplace } from "../llm/chat-workplace.js";
import type { FakeReply } from "../llm/fake-chat-server.js";
import { indexOf, theorem } from "./made-up.js";

const recordSchema = z.looseObject({ name: z.string() });

export const workplace = new ChatWorkplace();
const prompts = new Prompts();
let index: DeclarationIndex;
let close: () => Promise<void>;
export let parts: Omit<PremiseParts, "chat">;

beforeAll(async () => {
  // The part of the starter corpus that the goal is about: each run searches it a dozen times.
  const lines = readFileSync(STARTER_PATH, "utf8").trimEnd().split("\n");
  const corpus = lines.filter((line) => /compact|minimum|IsMin/i.test(line));
  ({ index, close } = await indexOf(corpus.map((line) => recordSchema.parse(JSON.parse(line)))));
  const search = new Search(index);
  const statementPremises = await StatementPremises.open(index, search);
  parts = { index, search, statementPremises, prompts };
});
afterAll(async () => {
  await parts.statementPremises.close();
  await close();
});

export const goal = theorem({
  formal: "theorem goal (f : X → ℝ) (hs : IsCompact s) : ∃ x ∈ s, IsMinOn f s x := sorry",
  statement: "(f : X → ℝ) (hs : IsCompact s) : ∃ x ∈ s, IsMinOn f s x",
  conclusion: "∃ x ∈ s, IsMinOn f s x",
  informal: "A continuous function on a compact set attains its minimum.",
});

export const SKETCH = {
  definitionQueries: ["compact set"],
  theoremQueries: ["continuous function on a compact set attains its minimum"],
  steps: [
    { what: "The image is compact.", why: "continuity", queries: ["image of a compact set"] },
    { what: "A minimum is attained.", why: "", queries: ["minimum of a compact set of reals"] },
  ],
  guessedNames: ["IsCompact.exists_isMinOn", "No.such_name_at_all"],
  hypotheticalStatements: ["IsCompact s → IsClosed s"],
};
export const SEARCHES = 5;
export const SECOND = { ...SKETCH, theoremQueries: ["extreme value theorem"] };
export const BAD = {
  ...{ verdict: "bad", unsupportedSteps: [1] },
  ...{ reasons: "Nothing says that a minimum exists.", suggestions: "Use the image." },
};
export const json = (value: unknown): FakeReply => ({ kind: "json", value });
export const ROLES = ["sketch", "filter", "judge", "rank"] as const;
export type Stage = (typeof ROLES)[number];

/** Settings that give each role a model of its own name. */
export function settings(more: object = {}, budget: BudgetLimits = {}) {
  const { baseUrl } = workplace.server;
  const profile = { baseUrl, ...more };
  return workplace.settings(
    {},
    {
      profiles: Object.fromEntries(ROLES.map((role) => [role, { ...profile, model: role }])),
      roles: Object.fromEntries(ROLES.map((role) => [role, role])),
      default: undefined,
      budget,
    },
  );
}

/** Models that answer well at once. */
export function answerWell(): void {
  const { server } = workplace;
  server.when({ model: "sketch" }, ({ user }) => {
    const rejected = user.match(/turned down\. Find/g)?.length ?? 0;
    return json(
      rejected === 0 ? SKETCH : { ...SKETCH, theoremQueries: [`a minimum, way ${rejected}`] },
    );
  });
  server.when({ model: "filter" }, json({ kept: [0, 1] }));
  server.when({ model: "judge" }, json({ verdict: "good" }));
  server.when({ model: "rank" }, json({ order: [3, 1] }));
}

export interface RunOptions extends Partial<FindPremisesOptions> {
  readonly profile?: object;
  readonly budget?: BudgetLimits;
}

export async function run({
  profile,
  budget,
  ...options
}: RunOptions = {}): Promise<PremiseReport> {
  const chat = await workplace.open(settings(profile, budget));
  return await findPremises(goal, { ...parts, chat }, { mode: "full", ...options });
}

export const askedOf = (model: Stage): number =>
  workplace.server.questions.filter((question) => question.model === model).length;
export const names = ({ premises }: PremiseReport): string[] =>
  premises.map(({ facts }) => facts.name);

/** What holds of every report, whatever happened. */
export function expectSound(report: PremiseReport): void {
  expect(new Set(names(report)).size).toBe(report.premises.length);
  report.premises.forEach(({ score, evidence }, at) => {
    expect(score).toBeLessThanOrEqual(report.premises[at - 1]?.score ?? Infinity);
    expect(evidence.length).toBeGreaterThan(0);
  });
  const asked = workplace.server.questions.length;
  // A question that is cut on its way counts, though the server may never have read it.
  if (report.outcome === "stopped early") expect(report.usage.calls).toBeGreaterThanOrEqual(asked);
  else expect(report.usage.calls).toBe(asked);
  for (const note of report.notes) expect(note).toMatch(/^[A-Z][^\n]*(?:\.| It began: [^\n]*)$/);
}
