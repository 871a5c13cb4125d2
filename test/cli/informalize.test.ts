import { existsSync } from "node:fs";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { z } from "zod";
import { EXIT, type ExitName } from "../../src/errors.js";
import {
  corpusLine,
  describeProgram,
  expectSentence,
  untilSaid,
  WITHOUT_SIGNALS,
} from "./command-line.js";
import {
  askedNumber,
  corpusOf,
  good,
  informalize,
  inState,
  madeUp,
  model,
  nameOf,
  place,
  report,
  server,
  wordsOf,
  written,
} from "./informalize-workplace.js";

const planSchema = z.looseObject({
  dry_run: z.literal(true),
  selected: z.number(),
  to_ask: z.number(),
  levels: z.number(),
  estimated: z.object({
    prompt_tokens: z.number(),
    completion_tokens: z.number(),
    cost: z.number().nullable(),
  }),
});

let count = 0;

/** Arguments for a corpus of so many declarations, with files of its own. */
async function fresh(declarations: number, more = ""): Promise<{ args: string[]; out: string }> {
  count += 1;
  await place.file(`corpus-${count}.jsonl`, corpusOf(madeUp(declarations)) + more);
  const out = `out-${count}.jsonl`;
  return { args: [`corpus-${count}.jsonl`, "--out", out, "--json", "-q"], out };
}

const asked = (): number[] => server.questions.map(askedNumber);

describeProgram("informalize", () => {
  it.each<[string[], ExitName, RegExp]>([
    [["corpus.jsonl"], "usage", /^Name the file to write with --out, or take --dry-run/],
    [["corpus.jsonl", "--out", "a.jsonl"], "usage", /^No language model .* role "informalize"/],
    [["corpus.jsonl", "--out", "a.jsonl.gz"], "usage", /name a file that ends in \.jsonl/],
    [["corpus.jsonl", "--out", "./corpus.jsonl"], "usage", /^--out is the corpus itself/],
    [["corpus.jsonl", "--out", "link.jsonl"], "usage", /^--out is the corpus itself/],
    [
      ["corpus.jsonl", "--people", "people.jsonl", "--out", "./people.jsonl"],
      "usage",
      /^--out is the file of --people, \.\/people\.jsonl: name another file/,
    ],
    [["corpus.jsonl", "--out", "words.txt"], "usage", /name a file that ends in \.jsonl/],
    [
      ["corpus.jsonl", "--out", "a.jsonl", "--without-model", "--limit", "3"],
      "usage",
      /^--limit is about asking a model/,
    ],
    [
      ["corpus.jsonl", "--out", "a.jsonl", "--without-model", "--max-calls", "3"],
      "usage",
      /^--max-calls is about asking a model/,
    ],
    [["corpus.jsonl", "--without-model", "--dry-run"], "usage", /^--dry-run is about asking/],
    [["corpus.jsonl", "--dry-run", "--budget", "3"], "usage", /give the --prices as well/],
    [["corpus.jsonl", "--dry-run", "--budget", "much"], "usage", /^--budget is "much"/],
    [["corpus.jsonl", "--dry-run", "--prices", "1"], "usage", /must be two prices/],
    [["corpus.jsonl", "--dry-run", "--kinds", "theorem,fact"], "usage", /^--kinds has "fact"/],
    [["corpus.jsonl", "--dry-run", "--modules", "Nowhere"], "usage", /the module "Nowhere"/],
    [["nowhere.jsonl", "--dry-run"], "badInput", /nowhere\.jsonl/],
    [["corpus.jsonl", "--dry-run", "--people", "nowhere"], "badInput", /nowhere/],
    [["corpus.jsonl", "--dry-run", "--deps"], "usage", /^--deps chooses within a Lake project/],
    [
      ["nowhere", "--dry-run", "--deps"],
      "badInput",
      /^There is no folder .*nowhere: check the path/,
    ],
  ])("refuses in a sentence: %j", async (args, exit, sentence) => {
    await place.file("corpus.jsonl", corpusOf(madeUp(3)));
    if (args.includes("link.jsonl")) await symlink("corpus.jsonl", place.path("link.jsonl"));
    expectSentence(await informalize([...args, "-q"]), exit, sentence);
  });

  it("plans without a language model, and makes no file", async () => {
    const { args, out } = await fresh(30);
    const whole = await informalize([...args, "--dry-run", "--prices", "0.5,2"]);
    expect(whole.code).toBe(EXIT.ok);
    const plan = planSchema.parse(JSON.parse(whole.stdout));
    expect(plan).toMatchObject({ declarations: 30, selected: 30, to_ask: 30 });
    const { prompt_tokens: prompt, completion_tokens: answer, cost } = plan.estimated;
    expect(cost).toBeCloseTo((0.5 * prompt + 2 * answer) / 1e6);
    const few = await informalize([...args, "--dry-run", "--kinds", "def", "--limit", "4"]);
    expect(planSchema.parse(JSON.parse(few.stdout))).toMatchObject({ selected: 4, to_ask: 4 });
    const text = await informalize([args[0] ?? "", "--dry-run"]);
    expect(text.stdout).toMatch(/^30 declarations, 0 of them described by people\.\n/);
    expect(text.stdout).toMatch(/\nTo be described: 30 in \d+ levels\.\n/);
    expect(existsSync(place.path(out))).toBe(false);
    expect(existsSync(place.path(`${out}.state.jsonl`))).toBe(false);
  });

  it("estimates about what a run then costs", async () => {
    const { args } = await fresh(60);
    const plan = planSchema.parse(
      JSON.parse((await informalize([...args, "--dry-run"])).stdout),
    ).estimated;
    const { usage } = report(await informalize(args, await model({ jsonMode: "schema" })));
    // The server counts words, of which each takes a token or two more.
    const words = z.number().parse(usage["prompt_tokens"]);
    expect(plan.prompt_tokens).toBeGreaterThan(words);
    expect(plan.prompt_tokens).toBeLessThan(4 * words);
  });

  it("keeps what people wrote, shows it to the model, and asks for the rest", async () => {
    const given = corpusLine("Made.given", { informal_description: "Given by the corpus." });
    const { args, out } = await fresh(6, given);
    const people = { name: nameOf(0), informal_name: "Ours", informal_description: "By people." };
    await place.file("people.jsonl", `${JSON.stringify(people)}\nno JSON\n`);
    const outcome = await informalize([...args, "--people", "people.jsonl"], await model());
    expect(report(outcome)).toMatchObject({
      described: 5,
      words: { people: 2, model: 5, none: 0 },
    });
    expect(asked().sort()).toEqual([1, 2, 3, 4, 5]);
    const records = await written(out);
    expect(records[0]).toMatchObject({ informal_name: "Ours", informal_origin: "people" });
    expect(records[6]).not.toHaveProperty("informal_origin");
    const shown = server.questions.filter(({ user }) => user.includes("(Ours): By people."));
    const resting = madeUp(6).filter(({ uses }) => uses.includes(0));
    expect(resting.length).toBeGreaterThan(0);
    expect(shown).toHaveLength(resting.length);
  });

  it("writes a line by rules for what nobody described, without a language model", async () => {
    const { args, out } = await fresh(12);
    await informalize([...args, "--limit", "3"], await model());
    const outcome = await informalize([...args, "--without-model"]);
    expect(outcome.code).toBe(EXIT.ok);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ words: { model: 3, rules: 9, none: 0 } });
    for (const record of await written(out)) {
      expect(record.informal_description).not.toBe("");
      expect(["model", "rules"]).toContain(record.informal_origin);
    }
    // A model's words take the place of those by rules, also where the corpus brings them.
    const next = [out, "--out", `more-${out}`, "--json", "-q"];
    expect(report(await informalize(next, await model()))).toMatchObject({ described: 9 });
  });

  it("makes a corpus that is found by the words", async () => {
    const { args, out } = await fresh(40);
    await informalize(args, await model());
    const env = { LEMMASCOPE_INDEX: place.path("words.sqlite") };
    await place.run(["index", out, "--embedder", "none"], { env });
    const found = await place.run(["search", "made-up fact number 17", "--json", "-n", "1"], {
      env,
    });
    const results = z.object({ results: z.array(z.looseObject({ name: z.string() })) });
    expect(results.parse(JSON.parse(found.stdout)).results[0]).toMatchObject({
      name: nameOf(17),
      informal_description: wordsOf(17),
      informal_origin: "model",
    });
  });

  it("never costs more than the budget, and the next run goes on", async () => {
    const { args, out } = await fresh(40);
    const env = await model({ maxTokens: 200 });
    const priced = [...args, "--prices", "10,10"];
    const whole = planSchema.parse(
      JSON.parse((await informalize([...priced, "--dry-run"])).stdout),
    );
    const budget = (whole.estimated.cost ?? 0) / 4;
    const first = report(await informalize([...priced, "--budget", budget.toFixed(4)], env));
    expect(first.outcome).toBe("budget spent");
    expect(first.cost).toBeLessThanOrEqual(budget);
    expect(first.described).toBeGreaterThan(0);
    expect(first.left).toBe(40 - first.described);
    expect(inState(out)).toHaveLength(first.described);
    const rest = report(await informalize([...priced, "--max-calls", "7"], env));
    expect(rest).toMatchObject({ described: 7, kept: first.described, outcome: "budget spent" });
    expect(new Set(asked()).size).toBe(asked().length);
  });

  it("asks again only for what another model described, with --redo", async () => {
    const { args, out } = await fresh(20);
    await informalize([...args, "--limit", "5"], await model());
    await informalize(args, await model({ model: "better" }));
    server.questions.length = 0;
    const again = report(await informalize([...args, "--redo"], await model({ model: "better" })));
    expect(again).toMatchObject({ described: 5, stale: 5, kept: 15 });
    expect(inState(out)).toHaveLength(20);
    const none = report(await informalize([...args, "--redo"], await model({ model: "better" })));
    expect(none).toMatchObject({ described: 0, kept: 20 });
  });

  it("ends where the server fails for good, and keeps what was done", async () => {
    const { args, out } = await fresh(40);
    const refused = await informalize(args, { ...(await model()), ...(await failing(0)) });
    expect(refused.code).toBe(EXIT.unavailable);
    expect(JSON.parse(refused.stdout)).toMatchObject({ outcome: "server failed", described: 0 });
    expect(await written(out)).toHaveLength(40);
    expect(server.questions.length).toBeLessThan(20);
    server.questions.length = 0;
    const halfway = await informalize(args, await failing(20));
    expect(halfway.code).toBe(EXIT.unavailable);
    expect(JSON.parse(halfway.stdout)).toMatchObject({ described: 20, words: { model: 20 } });
    expect(inState(out)).toHaveLength(20);
  });

  it("goes on where the server refuses one question", async () => {
    const { args } = await fresh(20);
    server.when({ user: `Describe \`${nameOf(4)}\`` }, { kind: "status", status: 400 });
    const last = report(await informalize(args, await model()));
    expect(last).toMatchObject({ outcome: "done", described: 19 });
    expect(last.failed.map(({ name }) => name)).toEqual([nameOf(4)]);
  });

  it.skipIf(WITHOUT_SIGNALS)("waits after Ctrl-C for what is under way", async () => {
    const { args, out } = await fresh(40);
    server.delayMs = () => 400;
    const running = place.start(["informalize", ...args], { env: await model({ concurrency: 4 }) });
    server.onQuestion = () => {
      if (server.questions.length === 6) setTimeout(() => running.kill("SIGINT"), 50);
    };
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(EXIT.interrupted);
    const asked = server.questions.length;
    expect(asked).toBeLessThan(12);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "interrupted", described: asked });
    expect(inState(out)).toHaveLength(asked);
    expect(await written(out)).toHaveLength(40);
  });

  it.skipIf(WITHOUT_SIGNALS)("cuts what is under way at the second Ctrl-C", async () => {
    const { args, out } = await fresh(40);
    server.when({}, { kind: "stall", after: 10 });
    const said = args.filter((arg) => arg !== "-q");
    const running = place.start(["informalize", ...said], { env: await model() });
    const waiting = untilSaid(running, /Ctrl-C again cuts them/);
    server.onQuestion = () => {
      if (server.questions.length === 1) setTimeout(() => running.kill("SIGINT"), 100);
    };
    await waiting;
    running.kill("SIGINT");
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(EXIT.interrupted);
    expect(JSON.parse(stdout)).toMatchObject({ described: 0, failed: [], left: 40 });
    expect(await written(out)).toHaveLength(40);
  });

  it("lets no second run write to the same output, and takes no state that is none", async () => {
    const { args, out } = await fresh(40);
    server.delayMs = () => 4000;
    const env = await model();
    const running = place.start(["informalize", ...args, "--max-calls", "8"], { env });
    await new Promise<void>((resolve) => (server.onQuestion = () => resolve()));
    expectSentence(await informalize(args, env), "io", /^Another run is writing to .*state\.jsonl/);
    expect((await running).exitCode).toBe(EXIT.ok);
    const state = place.path(`${out}.state.jsonl`);
    const [header = "", ...lines] = (await readFile(state, "utf8")).trimEnd().split("\n");
    await writeFile(state, [header, "damaged", ...lines, ""].join("\n"));
    expectSentence(await informalize(args, env), "badInput", /is damaged at line 2: take that/);
    await writeFile(state, "{}\n");
    expectSentence(await informalize(args, env), "usage", /is no state of an informalization/);
    expect(await readFile(state, "utf8")).toBe("{}\n");
  });
});

/** A model whose server answers so often and then fails for good. */
async function failing(answers: number): Promise<Record<string, string>> {
  let left = answers;
  server.when({}, (question) => {
    left -= 1;
    return left >= 0 ? good(question) : { kind: "status", status: 401 };
  });
  return await model({ concurrency: 4 });
}
