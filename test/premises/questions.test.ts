import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeclarationIndex } from "../../src/index/declaration-index.js";
import {
  type Chat,
  type ChatAnswer,
  type ChatRequest,
  BudgetSpent,
  UnusableAnswer,
} from "../../src/llm/chat.js";
import { readAnswer } from "../../src/llm/read-answer.js";
import { PACKAGE_ROOT } from "../../src/package-root.js";
import { askSketch } from "../../src/premises/ask-sketch.js";
import type { RankedPremise } from "../../src/premises/evidence.js";
import { filterResults } from "../../src/premises/filter-results.js";
import { judgePlan } from "../../src/premises/judge-plan.js";
import { NO_USAGE } from "../../src/premises/premise-run.js";
import { PROMPT_NAMES, Prompts } from "../../src/premises/prompts.js";
import { rankListwise } from "../../src/premises/rank-listwise.js";
import { sketchSchema } from "../../src/premises/sketch.js";
import { failureOf } from "../failure.js";
import { evidence, facts, indexOf, pooled, ranked, theorem } from "./made-up.js";

/** A model that says what it is told to; answers that the schema refuses cannot be used. */
class ToldChat implements Chat {
  readonly usage = NO_USAGE;
  readonly asked: { readonly system: string; readonly user: string; readonly role: string }[] = [];
  readonly #say: (user: string) => unknown;

  constructor(say: (user: string) => unknown) {
    this.#say = say;
  }

  ask<T>({ role, system, user, schema }: ChatRequest<T>): Promise<ChatAnswer<T>> {
    this.asked.push({ role, system, user });
    const text = JSON.stringify(this.#say(user));
    const read = readAnswer(text, schema);
    if (!read.ok) return Promise.reject(new UnusableAnswer({ role, model: "told" }, read.problem));
    const from = { model: "told", usage: NO_USAGE, elapsedMs: 0, source: "model" } as const;
    return Promise.resolve({ value: read.value, text, ...from, repaired: false });
  }

  askText(): Promise<never> {
    return Promise.reject(new Error("nobody asks for a text"));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const prompts = new Prompts();
const goal = theorem({ formal: "theorem goal : P := sorry", informal: "the goal in words" });
const plan = sketchSchema.parse({
  steps: [{ what: "show it", why: "it holds", queries: ["what holds"] }],
});

let index: DeclarationIndex;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ index, close } = await indexOf(
    Array.from({ length: 70 }, (_, at) => ({ name: `Made.thing_${at}`, type: `Property ${at}` })),
  ));
});
afterAll(() => close());

/** The declarations of the index, with scores that go down. */
function ranking(count: number): RankedPremise[] {
  return Array.from({ length: count }, (_, at) => {
    const id = index.idOf(`Made.thing_${at}`);
    if (id === undefined) throw new Error("the index is smaller");
    return { facts: facts(id, `Made.thing_${at}`), evidence: [], score: 1 / (1 + at) };
  });
}

describe("prompts", () => {
  it("have no slot left and none too many, whatever fills them", async () => {
    const odd = theorem({ formal: "{{plan}} $& $1 {{", informal: "$`", informalProof: "{{x}}" });
    const chat = new ToldChat(() => ({
      theoremQueries: ["q"],
      order: [0],
      verdict: "good",
      kept: [],
    }));
    const options = { chat, prompts, index, theorem: odd, sketch: plan };
    const rejected = { sketch: plan, reasons: "{{reasons}} $&" };
    await askSketch(chat, prompts, odd);
    await askSketch(chat, prompts, odd, { rejected: [rejected] });
    const request = {
      channel: "query",
      text: "{{query}}",
      purpose: { kind: "step", step: 0 },
    } as const;
    const found = ranking(2).map(({ facts: of }) => ({
      facts: of,
      evidence: evidence(),
      score: 1,
    }));
    await filterResults({ request, found }, options);
    await judgePlan([pooled(1, evidence())], { ...options, round: 1 });
    await rankListwise(ranking(3), options);
    expect(chat.asked.map(({ role }) => role)).toEqual([
      "sketch",
      "sketch",
      "filter",
      "judge",
      "rank",
    ]);
    for (const { user, system } of chat.asked) {
      expect(user).toContain("{{plan}} $& $1 {{");
      expect(`${system}${user}`).not.toMatch(
        /\{\{(?:formal|informal|proof|previous|theorem|purpose|results|declarations|wanted|sketch)\}\}/,
      );
    }
    expect(chat.asked[1]?.user).toContain("{{reasons}} $&");
    expect(chat.asked[2]?.user).toContain("Query: {{query}}");
    expect(chat.asked[2]?.user).toContain("step 0: show it it holds");
    expect(chat.asked[2]?.user).toContain("[1] theorem Made.thing_1");
  });

  it.each(["definition", "theorem", "lemma"] as const)(
    "say to the reader what a query for a %s is for",
    async (kind) => {
      const chat = new ToldChat(() => ({ kept: [] }));
      const found = ranking(1).map(({ facts: of }) => ({
        facts: of,
        evidence: evidence(),
        score: 1,
      }));
      const request = { channel: "query", text: "q", purpose: { kind } } as const;
      await filterResults(
        { request, found },
        { chat, prompts, index, theorem: goal, sketch: plan },
      );
      expect(chat.asked[0]?.user).toMatch(/What the query is for: a \w+ .{8}/);
    },
  );

  it("have versions that follow their files", () => {
    for (const name of PROMPT_NAMES) {
      const content = readFileSync(join(PACKAGE_ROOT, "prompts", `${name}.md`));
      const hash = createHash("sha256").update(content).digest("hex");
      expect(hash.startsWith(prompts.versions[name])).toBe(true);
      expect(prompts.versions[name]).toHaveLength(12);
    }
    expect(new Set(Object.values(prompts.versions)).size).toBe(PROMPT_NAMES.length);
  });

  it("take a missing slot or section for a mistake in the code", () => {
    expect(() => prompts.judge.fill({ theorem: "" })).toThrow(RangeError);
    expect(() => prompts.judge.section("Nothing")).toThrow(RangeError);
  });
});

describe("a sketch", () => {
  it("must ask for something", async () => {
    const chat = new ToldChat(() => ({ steps: [{ what: "think" }] }));
    const failure = await failureOf(() => askSketch(chat, prompts, goal));
    expect(failure.message).toContain("the sketch asks for nothing");
  });
});

describe("the reader of a query's results", () => {
  const request = { channel: "query", text: "what holds", purpose: { kind: "theorem" } } as const;
  const found = (count: number) =>
    ranking(count).map(({ facts: of }) => ({ facts: of, evidence: evidence(), score: 1 }));
  const filter = (kept: unknown, count = 8) =>
    filterResults(
      { request, found: found(count) },
      { chat: new ToldChat(() => ({ kept })), prompts, index, theorem: goal, sketch: plan },
    );
  const ids = (...places: number[]) => places.map((at) => found(8)[at]?.facts.id);

  it("keeps by number, each once, or nothing", async () => {
    expect(await filter([3, 0, 3])).toEqual({ kept: ids(3, 0) });
    expect(await filter([])).toEqual({ kept: [] });
  });

  it.each([[[8]], [[-1]], [[0.5]], ["all"], [undefined], [[null]]])(
    "has its first few kept where it says %j, and that is said",
    async (kept) => {
      const filtered = await filter(kept);
      expect(filtered.kept).toEqual(ids(0, 1, 2, 3, 4));
      expect(filtered.problem).toMatch(
        /^The first 5 results of "what holds" were kept unread: .*\.$/,
      );
    },
  );

  it("is not asked where nothing was found", async () => {
    const chat = new ToldChat(() => ({ kept: [] }));
    const options = { chat, prompts, index, theorem: goal, sketch: plan };
    expect(await filterResults({ request, found: [] }, options)).toEqual({ kept: [] });
    expect(chat.asked).toHaveLength(0);
  });

  it("lets other failures through", async () => {
    const chat = new ToldChat(() => {
      throw new BudgetSpent("calls", "Spent.");
    });
    const options = { chat, prompts, index, theorem: goal, sketch: plan };
    await expect(
      (async () => filterResults({ request, found: found(1) }, options))(),
    ).rejects.toBeInstanceOf(BudgetSpent);
  });
});

describe("the judge", () => {
  const judge = (verdict: unknown, pool = [pooled(1, evidence())]) => {
    const chat = new ToldChat(() => verdict);
    const options = { chat, prompts, index, theorem: goal, sketch: plan, round: 1 };
    return judgePlan(pool, options).then((value) => ({ value, user: chat.asked[0]?.user ?? "" }));
  };

  it("answers good, or bad with reasons", async () => {
    expect((await judge({ verdict: "good" })).value).toMatchObject({ unsupportedSteps: [] });
    const bad = { verdict: "bad", unsupportedSteps: [0], reasons: "r", suggestions: "s" };
    expect((await judge(bad)).value).toEqual(bad);
  });

  it.each([
    [{ verdict: "good", unsupportedSteps: [0] }],
    [{ verdict: "perhaps" }],
    [{}],
    [{ verdict: "bad", unsupportedSteps: [-1] }],
  ])("cannot contradict itself: %j", async (verdict) => {
    await expect(judge(verdict)).rejects.toBeInstanceOf(UnusableAnswer);
  });

  it("sees, step by step, what was found in this round and not turned down", async () => {
    const [a, b, c, d, e] = ranking(5).map(({ facts: of }) => of);
    if (!a || !b || !c || !d || !e) throw new Error("five were asked for");
    const step = { kind: "step", step: 0 } as const;
    const { user } = await judge({ verdict: "good" }, [
      { facts: a, evidence: [evidence({ purpose: step, kept: true })] },
      { facts: b, evidence: [evidence({ purpose: step, kept: false })] },
      { facts: c, evidence: [evidence({ purpose: step, round: 0 })] },
      {
        facts: d,
        evidence: [evidence({ channel: "name", purpose: { kind: "guess" }, match: "exact" })],
      },
      {
        facts: e,
        evidence: [evidence({ channel: "name", purpose: { kind: "guess" }, match: "misspelt" })],
      },
    ]);
    expect(user).toMatch(/Step 0: show it[^]*thing_0[^]*For the theorem as a whole:[^]*thing_3/);
    for (const absent of ["thing_1", "thing_2", "thing_4"]) expect(user).not.toContain(absent);
    expect((await judge({ verdict: "good" }, [])).user).toContain("(nothing was found)");
  });
});

describe("the listwise ranking", () => {
  /** The numbers of a window's declarations, as the prompt shows them. */
  const shownIn = (user: string): string[] =>
    [...user.matchAll(/^\[\d+\] \w+ (Made\.thing_\d+)/gm)].map(([, name = ""]) => name);
  const rank = async (count: number, say: (user: string) => unknown) => {
    const chat = new ToldChat(say);
    const options = { chat, prompts, index, theorem: goal, sketch: plan };
    const result = await rankListwise(ranking(count), options);
    const names = result.map(({ facts: { name } }) => name);
    const windows = chat.asked.map(({ user }) => shownIn(user));
    return { result, names, windows };
  };
  const thing = (at: number): string => `Made.thing_${at}`;

  it.each([1, 2, 39, 40])("reads a list of %i in one window", async (count) => {
    const { windows, names, result } = await rank(count, () => ({ order: [0] }));
    expect(windows.map((window) => window.length)).toEqual([count]);
    expect(names).toEqual(ranking(count).map(({ facts: { name } }) => name));
    expect(result).toHaveLength(count);
  });

  it.each([
    [
      41,
      [
        [1, 40],
        [0, 39],
      ],
    ],
    [
      60,
      [
        [20, 59],
        [0, 39],
      ],
    ],
    [
      70,
      [
        [20, 59],
        [0, 39],
      ],
    ],
  ])("reads a list of %i from its end to its beginning", async (count, expected) => {
    const { windows } = await rank(count, () => ({ order: [0] }));
    const bounds = windows.map((window) => [window[0], window.at(-1)]);
    expect(bounds).toEqual(expected.map((pair) => pair.map((at) => thing(at))));
  });

  it("lets a good declaration rise through the windows to the top of the model's order", async () => {
    const { windows, names } = await rank(60, (user) => ({
      order: [shownIn(user).indexOf(thing(59))],
    }));
    expect(windows[1]).toContain(thing(59));
    expect(names.indexOf(thing(59))).toBeLessThan(3);
  });

  it("gives every declaration once, with scores that go down, whatever the model says", async () => {
    const { names, result } = await rank(70, () => ({ order: [5, 5, 3, 5] }));
    expect(new Set(names).size).toBe(70);
    expect(names.slice(60)).toEqual(Array.from({ length: 10 }, (_, at) => thing(60 + at)));
    result.forEach(({ score }, at) => {
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(result[at - 1]?.score ?? Infinity);
    });
  });

  it("fuses both orders by softened reciprocal places, the model's counting twice", async () => {
    const { result } = await rank(3, () => ({ order: [2, 1, 0] }));
    expect(result.map(({ facts: { name } }) => name)).toEqual(
      [thing(2), thing(0), thing(1)].sort((a, b) => {
        const at = (name: string): number => Number(name.at(-1));
        const score = (place: number): number => 2 / (5 + (2 - place)) + 1 / (5 + place);
        return score(at(b)) - score(at(a));
      }),
    );
    expect(result[0]?.score).toBeCloseTo(2 / 5 + 1 / 7);
  });

  it.each([[{ order: [] }], [{ order: [3] }], [{ order: "012" }], [{}]])(
    "cannot use %j",
    async (answer) => {
      await expect(rank(3, () => answer)).rejects.toBeInstanceOf(UnusableAnswer);
    },
  );

  it("shows declarations that the index does not have by name", async () => {
    const chat = new ToldChat(() => ({ order: [1] }));
    const options = { chat, prompts, index, theorem: goal, sketch: undefined };
    const result = await rankListwise(
      ranked(2, 1).map((one, at) => ({ ...one, facts: facts(10_000 + at) })),
      options,
    );
    expect(chat.asked[0]?.user).toContain("[1] declaration_10001");
    expect(result).toHaveLength(2);
  });
});
