import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Declaration } from "../../src/declaration.js";
import { UserError } from "../../src/errors.js";
import { InformalizePrompts } from "../../src/informalize/ask/informalize-prompts.js";
import { type CorpusSurvey, surveyCorpus } from "../../src/informalize/graph/survey.js";
import { planInformalization } from "../../src/informalize/plan/plan.js";
import {
  informalize,
  type InformalizeOptions,
  type InformalizeProgress,
  type InformalizeReport,
} from "../../src/informalize/run.js";
import { DescriptionState } from "../../src/informalize/state/description-state.js";
import {
  BudgetSpent,
  type Chat,
  type ChatAnswer,
  type ChatRequest,
  UnusableAnswer,
} from "../../src/llm/chat.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();
const NO_USAGE = { calls: 0, promptTokens: 0, completionTokens: 0, cachedAnswers: 0 };
const prompts = new InformalizePrompts();

/** A chat that says what it is told to of each declaration, and knows who asked when. */
class ToldChat implements Chat {
  readonly usage = NO_USAGE;
  readonly asked: string[] = [];
  mostAtOnce = 0;
  #underWay = 0;
  readonly #say: (name: string) => string;

  constructor(say: (name: string) => string = (name) => `The words about ${name} are these.`) {
    this.#say = say;
  }

  async ask<T>({ user, schema, signal }: ChatRequest<T>): Promise<ChatAnswer<T>> {
    const name = /Describe `(.+)`\.$/.exec(user)?.[1] ?? "";
    this.asked.push(name);
    this.#underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay);
    await new Promise((resolve) => setImmediate(resolve));
    this.#underWay -= 1;
    if (signal?.aborted === true) throw new UserError("interrupted", "Interrupted.");
    const said = { informal_name: "A title", informal_description: this.#say(name) };
    const from = { text: "", model: "told", usage: NO_USAGE, elapsedMs: 0, repaired: false };
    return { value: schema.parse(said), ...from, source: "model" };
  }

  askText(): Promise<never> {
    return Promise.reject(new Error("nobody asks for a text"));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Ten declarations in a row that each rest on the one before, and ten that rest on nothing. */
function corpus(): Declaration[] {
  const empty = { signature: "", value: "", statement: "", docstring: "", module: "Made" };
  const nobody = { informalName: "", informalDescription: "", aliases: [], topics: [] };
  const one = (name: string, references: string[]): Declaration => ({
    ...{ ...empty, ...nobody, name, kind: "theorem", type: references.join(" "), references },
  });
  const chain = Array.from({ length: 10 }, (_, at) =>
    one(`chain${at}`, at === 0 ? [] : [`chain${at - 1}`]),
  );
  return [...chain.reverse(), ...Array.from({ length: 10 }, (_, at) => one(`free${at}`, []))];
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

let count = 0;

async function parts(): Promise<{ survey: CorpusSurvey; state: DescriptionState }> {
  async function* batches(): AsyncGenerator<Declaration[]> {
    yield await Promise.resolve(corpus());
  }
  const survey = await surveyCorpus(batches());
  closing.push(() => survey.close());
  const state = await DescriptionState.open(join(folder, `run-${(count += 1)}.jsonl`));
  closing.push(() => state.close());
  return { survey, state };
}

/** Runs a plan of everything. */
async function run(
  chat: Chat,
  options: Partial<InformalizeOptions> = {},
): Promise<{ report: InformalizeReport; state: DescriptionState }> {
  const { survey, state } = await parts();
  const plan = planInformalization(survey, { order: "corpus" }, new Map(), prompts);
  const report = await informalize(
    { survey, plan, state, chat, prompts, model: "told" },
    { concurrency: 4, ...options },
  );
  return { report, state };
}

describe("a run", () => {
  it("describes what a declaration rests on before it, and as many at once as it may", async () => {
    const chat = new ToldChat();
    const seen: InformalizeProgress[] = [];
    const { report, state } = await run(chat, { onProgress: (progress) => seen.push(progress) });
    expect(report).toMatchObject({ outcome: "done", described: 20, left: 0, failed: [] });
    const chain = chat.asked.filter((name) => name.startsWith("chain"));
    expect(chain).toEqual(Array.from({ length: 10 }, (_, at) => `chain${at}`));
    expect(chat.mostAtOnce).toBe(4);
    expect(seen.map(({ done }) => done)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(state.get("chain3")).toMatchObject({
      informalDescription: "The words about chain3 are these.",
      model: "told",
      prompt: prompts.version("theorem"),
    });
  });

  it("goes on where no answer about one will do", async () => {
    const chat = new ToldChat((name) => {
      if (name !== "chain2") return "The words that will do.";
      throw new UnusableAnswer({ role: "informalize", model: "told" }, "it is no use");
    });
    const { report, state } = await run(chat);
    expect(report).toMatchObject({ outcome: "done", described: 19, left: 0 });
    expect(report.failed).toEqual([{ name: "chain2", problem: "it is no use" }]);
    expect(state.get("chain2")).toBeUndefined();
  });

  it("ends where the budget is spent, and keeps what was answered after that", async () => {
    let left = 6;
    const chat = new ToldChat(() => {
      left -= 1;
      if (left === 3) throw new BudgetSpent("money", "The budget of 3 is spent.");
      return "The words that will do.";
    });
    const { report, state } = await run(chat);
    expect(report).toMatchObject({ outcome: "budget spent", reason: "The budget of 3 is spent." });
    expect(state.size).toBe(report.described);
    expect(report.described + report.left).toBe(20);
    expect(chat.asked.length).toBeLessThan(9);
  });

  it("ends where a server fails again and again, but not where it fails now and then", async () => {
    let times = 0;
    const now = await run(
      new ToldChat(() => {
        if ((times += 1) % 3 === 0) return "The words that will do.";
        throw new UserError("unavailable", "The server is ill.");
      }),
      { concurrency: 1 },
    );
    expect(now.report).toMatchObject({ outcome: "done", described: 6, left: 0 });
    times = 0;
    const chat = new ToldChat(() => {
      if ((times += 1) <= 7) return "The words that will do.";
      throw new UserError("unavailable", "The server is ill.");
    });
    const { report } = await run(chat);
    expect(report).toMatchObject({ outcome: "server failed", reason: "The server is ill." });
    expect(report).toMatchObject({ described: 7 });
    expect(report.failed).toHaveLength(5);
    expect(report.left).toBe(8);
  });

  it("asks nothing new once it is stopped, and is done where nothing was left", async () => {
    const stop = new AbortController();
    const chat = new ToldChat(() => {
      stop.abort();
      return "The words that will do.";
    });
    const { report } = await run(chat, { stop: stop.signal });
    expect(report).toMatchObject({ outcome: "interrupted", described: 4, left: 16, failed: [] });
    const late = new AbortController();
    const all = new ToldChat((name) => {
      if (name === "chain9") late.abort();
      return "The words that will do.";
    });
    expect((await run(all, { stop: late.signal })).report.outcome).toBe("done");
  });

  it("fails where a description cannot be kept, and pays for no more", async () => {
    const { survey, state } = await parts();
    const plan = planInformalization(survey, { order: "corpus" }, new Map(), prompts);
    const chat = new ToldChat();
    vi.spyOn(state, "add").mockImplementation(() => {
      throw new UserError("io", "The disk is full.");
    });
    const running = { survey, plan, state, chat, prompts, model: "told" };
    const failure = await failureOf(() => informalize(running, { concurrency: 4 }));
    expect(failure).toMatchObject({ exit: "io" });
    expect(chat.asked.length).toBe(4);
  });
});
