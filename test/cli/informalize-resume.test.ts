import { appendFile } from "node:fs/promises";
import { expect, it } from "vitest";
import type { FakeQuestion, FakeReply } from "../llm/fake-chat-server.js";
import { describeProgram } from "./command-line.js";
import {
  askedNumber,
  corpusOf,
  good,
  inState,
  informalize,
  madeUp,
  model,
  nameOf,
  place,
  report,
  server,
  wordsOf,
  written,
} from "./informalize-workplace.js";

const COUNT = 3000;
const CONCURRENCY = 8;
const ARGS = ["corpus.jsonl", "--out", "words.jsonl", "--json", "-q"];

/** What goes wrong with a declaration, and how often. */
function fault(number: number, times: number): FakeReply | undefined {
  if (number % 211 === 3) return { kind: "says", text: "I cannot describe this." };
  if (times > 1) return undefined;
  if (number % 89 === 1) return { kind: "status", status: 500 };
  if (number % 127 === 2) return { kind: "cut", after: 40 };
  if (number % 151 === 4) {
    return { kind: "status", status: 429, headers: { "retry-after": "0" } };
  }
  if (number % 67 === 5) return { kind: "says", text: "{ not JSON" };
  if (number % 61 !== 7) return undefined;
  const informal_description = `It is Made.thing_${number} that holds for all objects.`;
  return { kind: "json", value: { informal_name: "A fact", informal_description } };
}

describeProgram("an informalization that is killed twice", () => {
  const declarations = madeUp(COUNT);
  const isHopeless = (number: number): boolean => number % 211 === 3;

  it("pays once for each declaration, describes dependencies first, and writes all in order", async () => {
    await place.file("corpus.jsonl", corpusOf(declarations));
    const env = await model({ concurrency: CONCURRENCY });
    const asked = new Map<number, number>();
    /** How often the server gave each declaration a good answer. */
    const answered = new Map<number, number>();
    server.when({}, (question: FakeQuestion) => {
      const number = askedNumber(question);
      const times = (asked.get(number) ?? 0) + 1;
      asked.set(number, times);
      const wrong = fault(number, times);
      if (wrong !== undefined) return wrong;
      answered.set(number, (answered.get(number) ?? 0) + 1);
      return good(question);
    });
    const known: string[][] = [];
    for (const questions of [900, 2100]) {
      const running = place.start(["informalize", ...ARGS], { env });
      server.onQuestion = () => {
        if (server.questions.length === questions) running.kill("SIGKILL");
      };
      expect((await running).signal).toBe("SIGKILL");
      known.push(inState("words.jsonl"));
      // Who is killed may leave half a line.
      if (known.length === 1) await appendHalfLine();
    }
    server.onQuestion = () => undefined;
    const [first = [], second = []] = known;
    expect(first.length).toBeGreaterThan(700);
    expect(second.length).toBeGreaterThan(first.length + 700);
    const last = report(await informalize(ARGS, env));

    const hopeless = declarations.filter((_, number) => isHopeless(number));
    expect(last).toMatchObject({ outcome: "done", left: 0, kept: second.length });
    expect(last.described).toBe(COUNT - hopeless.length - second.length);
    expect(last.failed.map(({ name }) => name).sort()).toEqual(
      hopeless.map(({ name }) => name).sort(),
    );

    // Only what was under way when a run was killed can have been answered twice.
    expect(answered.size).toBe(COUNT - hopeless.length);
    const twice = [...answered].filter(([, times]) => times > 1);
    expect(twice.length).toBeLessThanOrEqual(2 * CONCURRENCY);
    for (const [number, times] of twice) {
      expect(times).toBe(2);
      expect(first.includes(nameOf(number)) && second.includes(nameOf(number))).toBe(false);
    }

    const records = await written("words.jsonl");
    expect(records.map(({ name }) => name)).toEqual(declarations.map(({ name }) => name));
    for (const [number, record] of records.entries()) {
      expect(record.informal_description).toBe(isHopeless(number) ? "" : wordsOf(number));
      expect(record.informal_origin).toBe(isHopeless(number) ? undefined : "model");
    }
    expectDependenciesFirst(declarations.map(({ uses }) => uses));
    expect(server.mostAtOnce).toBeLessThanOrEqual(CONCURRENCY);
  }, 240_000);

  it("asks again for what has changed and for what rests on it, and for nothing else", async () => {
    const env = await model();
    const changed = declarations.findIndex((_, number) => {
      const { size } = restingOn(number);
      return number > 50 && size > 20 && size < COUNT / 4;
    });
    const stale = restingOn(changed);
    const mended = declarations.map((one, number) =>
      number === changed ? { ...one, more: { ...one.more, docstring: "It was explained." } } : one,
    );
    await place.file("corpus.jsonl", corpusOf(mended));
    const last = report(await informalize(ARGS, env));
    const asked = new Set(server.questions.map(askedNumber));
    const hopeful = [...stale].filter((number) => !isHopeless(number));
    expect(last.stale).toBe(hopeful.length);
    // Those that no answer was found for before are asked for as well.
    expect([...asked].filter((number) => !isHopeless(number)).sort((a, b) => a - b)).toEqual(
      hopeful.sort((a, b) => a - b),
    );
    expect(new Set(inState("words.jsonl")).size).toBe(inState("words.jsonl").length);

    server.questions.length = 0;
    const none = report(await informalize(ARGS, env));
    expect(none).toMatchObject({ to_ask: 0, described: 0, kept: COUNT, usage: { calls: 0 } });
    expect(server.questions).toEqual([]);
  }, 120_000);

  /** A declaration with all that rests on it, however far. */
  function restingOn(number: number): Set<number> {
    const found = new Set([number]);
    for (let before = 0; before < found.size;) {
      before = found.size;
      for (const [one, { uses }] of declarations.entries()) {
        if (uses.some((used) => found.has(used))) found.add(one);
      }
    }
    return found;
  }

  async function appendHalfLine(): Promise<void> {
    await appendFile(place.path("words.jsonl.state.jsonl"), '{"name":"Made.thing_1","informal_na');
  }

  /** Each prompt shows what was said of what the declaration rests on, but for cycles. */
  function expectDependenciesFirst(uses: readonly (readonly number[])[]): void {
    let shown = 0;
    for (const question of server.questions) {
      const number = askedNumber(question);
      for (const dependency of uses[number] ?? []) {
        if (isHopeless(dependency) || uses[dependency]?.includes(number) === true) continue;
        expect(question.user).toContain(
          `- ${nameOf(dependency)} (Fact ${dependency}): ${wordsOf(dependency)}`,
        );
        shown += 1;
      }
    }
    expect(shown).toBeGreaterThan(COUNT);
  }
});
