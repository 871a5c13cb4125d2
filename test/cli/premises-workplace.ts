import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { z } from "zod";
import { EXIT } from "../../src/errors.js";
import { FakeChatServer } from "../llm/fake-chat-server.js";
import { type Outcome, Workplace } from "./command-line.js";

export const GOAL = `import Mathlib

/-- A continuous function on a compact set attains its minimum. -/
theorem my_goal (f : X → ℝ) (hs : IsCompact s) : ∃ x ∈ s, IsMinOn f s x := by
  sorry

theorem proved : True := trivial
theorem Other.proved : True := trivial
`;
export const TEXT = "A continuous function on a compact set attains its minimum.";
export const KEY = "key-of-the-tests-0123456789";

export const SKETCH = {
  theoremQueries: ["continuous function on a compact set attains its minimum"],
  steps: [
    { what: "The image is compact.", why: "continuity", queries: ["image of a compact set"] },
    { what: "Nothing finds this.", why: "", queries: [] },
  ],
  guessedNames: ["IsCompact.exists_isMinOn", "No.such_name_at_all"],
  hypotheticalStatements: ["IsCompact s → IsClosed s"],
};
/** A sketch, a reading of each of three searches, a judgement, two windows to order. */
export const CALLS = 1 + 3 + 1 + 2;
/** By what the system prompt of each role begins with. */
export const ROLE = {
  sketch: /^You plan proofs/,
  filter: /^You read search results/,
  judge: /^You judge whether/,
  rank: /^You order declarations/,
} as const;

const reportSchema = z.strictObject({
  outcome: z.string(),
  premises: z
    .array(
      z.strictObject({
        rank: z.number(),
        name: z.string(),
        kind: z.string(),
        module: z.string(),
        statement: z.string().min(1),
        score: z.number(),
        evidence: z.array(z.looseObject({ channel: z.string(), rank: z.number() })).min(1),
      }),
    )
    .min(1),
  steps: z.array(z.looseObject({ step: z.number(), what: z.string(), supported: z.boolean() })),
  rounds: z.number(),
  unknown_names: z.array(z.string()),
  notes: z.array(z.string()),
  usage: z.strictObject({
    calls: z.number(),
    prompt_tokens: z.number(),
    completion_tokens: z.number(),
    cached_answers: z.number(),
  }),
});

export let place: Workplace;
export let server: FakeChatServer;
/** Where each test keeps what it writes; the starter index is shared. */
let count = 0;

beforeAll(async () => {
  place = await Workplace.open();
  await place.file("goal.lean", GOAL);
  // The first search makes the starter index and says so.
  await place.run(["search", "compact", "-n", "1"]);
});
afterAll(() => place.close());

beforeEach(async () => {
  count += 1;
  server = await FakeChatServer.start();
  server.key = KEY;
  server.when({ system: ROLE.sketch }, { kind: "json", value: SKETCH });
  server.when({ system: ROLE.filter }, { kind: "json", value: { kept: [0, 1] } });
  server.when({ system: ROLE.judge }, { kind: "json", value: { verdict: "good" } });
  server.when({ system: ROLE.rank }, { kind: "json", value: { order: [2, 0] } });
});
afterEach(async () => {
  await server.stop();
  expect(server.violations).toEqual([]);
});

/** A model in the environment. */
export const model = (): Record<string, string> => ({
  LEMMASCOPE_LLM_BASE_URL: server.baseUrl,
  LEMMASCOPE_LLM_MODEL: `made-up/model-${count}`,
  LEMMASCOPE_LLM_API_KEY: KEY,
});

export const premises = (args: readonly string[], env: Record<string, string> = {}, input = "") =>
  place.run(["premises", ...args], { env, input });

export function report({ code, stdout }: Outcome): z.infer<typeof reportSchema> {
  expect(code).toBe(EXIT.ok);
  return reportSchema.parse(JSON.parse(stdout));
}

/** The part of JSON output that says which premises there are, as it was printed. */
export const ranking = ({ stdout }: Outcome): string =>
  stdout.slice(stdout.indexOf('"premises":'), stdout.lastIndexOf(',"steps":['));
