import { existsSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { z } from "zod";
import { EXIT } from "../../src/errors.js";
import { FakeChatServer, type FakeQuestion, type FakeReply } from "../llm/fake-chat-server.js";
import { corpusLine, type Outcome, Workplace } from "./command-line.js";

/** A made-up declaration. */
export interface MadeUp {
  readonly name: string;
  /** Numbers of those that its statement names, or of a definition its value. */
  readonly uses: readonly number[];
  readonly more: Readonly<Record<string, unknown>>;
}

/** The name of a made-up declaration. */
export const nameOf = (number: number): string => `Made.thing_${number}`;
/** What the server says of it, which its dependants must be shown. */
export const wordsOf = (number: number): string =>
  `The made-up fact number ${number} holds for all objects of its kind $x_{${number}}$.`;

/** The number of the declaration that a question is about. */
export function askedNumber({ user }: FakeQuestion): number {
  const found = /Describe `Made\.thing_(\d+)`\.$/.exec(user)?.[1];
  if (found === undefined) throw new Error(`a question about nothing: ${user}`);
  return Number(found);
}

/** Some declarations, each resting on up to four that come before it, now and then on one after it. */
export function madeUp(count: number): MadeUp[] {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  return Array.from({ length: count }, (_, number) => {
    const uses = new Set<number>();
    for (let left = number === 0 ? 0 : random(5); left > 0; left -= 1) uses.add(random(number));
    // The next one rests on this one, too: a cycle of two.
    if (number % 97 === 5 && number + 1 < count) uses.add(number + 1);
    if (number % 97 === 6) uses.add(number - 1);
    const named = [...uses].map(nameOf).join(" → ");
    const isTheorem = number % 3 !== 0;
    return {
      name: nameOf(number),
      uses: [...uses],
      more: {
        kind: isTheorem ? "theorem" : "definition",
        module: `Made.Up${Math.floor(number / 100)}`,
        line: 1 + (number % 100),
        ...(isTheorem
          ? { type: named === "" ? "True" : named }
          : { type: "Prop", value: `:= ${named === "" ? "True" : named}` }),
        references: [...uses].map(nameOf),
      },
    };
  });
}

export function corpusOf(declarations: readonly MadeUp[]): string {
  return declarations.map(({ name, more }) => corpusLine(name, more)).join("");
}

const recordSchema = z.looseObject({
  name: z.string(),
  informal_name: z.string(),
  informal_description: z.string(),
  informal_origin: z.enum(["people", "model", "rules"]).optional(),
});
export type WrittenRecord = z.infer<typeof recordSchema>;

const stateSchema = z.object({ name: z.string() });

export let place: Workplace;
export let server: FakeChatServer;

beforeAll(async () => {
  place = await Workplace.open();
});
afterAll(() => place.close());

beforeEach(async () => {
  server = await FakeChatServer.start();
  server.when({}, (question) => good(question));
});
afterEach(async () => {
  await server.stop();
  expect(server.violations).toEqual([]);
});

/** The answer that a declaration is to get. */
export function good(question: FakeQuestion): FakeReply {
  const number = askedNumber(question);
  const value = { informal_name: `Fact ${number}`, informal_description: wordsOf(number) };
  return { kind: "json", value };
}

/** A configuration with one model, which keeps no answers: what is paid once is owed to the state. */
export async function model(more: object = {}): Promise<Record<string, string>> {
  const profile = { baseUrl: server.baseUrl, model: "made-up", concurrency: 8, ...more };
  const llm = { profiles: { made: profile }, cache: false };
  await writeFile(place.path("with-model.json"), JSON.stringify({ llm }));
  return { LEMMASCOPE_CONFIG: "with-model.json" };
}

export const informalize = (
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> => place.run(["informalize", ...args], { env });

export async function written(out: string): Promise<WrittenRecord[]> {
  const lines = (await readFile(place.path(out), "utf8")).trimEnd().split("\n");
  return lines.map((line) => recordSchema.parse(JSON.parse(line)));
}

/** The declarations that a state has a whole line for. */
export function inState(out: string): string[] {
  const path = place.path(`${out}.state.jsonl`);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.slice(1, -1).map((line) => stateSchema.parse(JSON.parse(line)).name);
}

const reportSchema = z.looseObject({
  outcome: z.string(),
  described: z.number(),
  retried: z.number(),
  failed: z.array(z.object({ name: z.string(), problem: z.string() })),
  kept: z.number(),
  stale: z.number(),
  to_ask: z.number(),
  left: z.number(),
  cost: z.number().nullable(),
  usage: z.looseObject({ calls: z.number() }),
});

export function report({ code, stdout }: Outcome): z.infer<typeof reportSchema> {
  expect(code).toBe(EXIT.ok);
  return reportSchema.parse(JSON.parse(stdout));
}
