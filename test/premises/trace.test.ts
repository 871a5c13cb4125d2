import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RecordingEntry } from "../../src/llm/recording-file.js";
import { isTrace, readTrace, TraceWriter } from "../../src/premises/trace.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";
import { ranked, theorem } from "./made-up.js";

const folder = temporaryFolder();
let count = 0;
const newPath = (): string => join(folder, `${(count += 1)}.jsonl`);

const GOAL = theorem({ informal: "in words\n{}", imports: ["X"] });

const entry = (text: string): RecordingEntry => ({
  key: "k",
  role: "judge",
  model: "m",
  parameters: { temperature: null, maxTokens: 5, jsonMode: "none" },
  messages: [{ role: "user", content: "q\n\u2028" }],
  answeredBy: "m-1",
  result: {
    ...{ outcome: "answer", text, isCutOff: false },
    ...{ promptTokens: 1, completionTokens: 2, calls: 1 },
  },
});

/** A trace of a run with two answers. @returns its path. */
function written(name?: string): string {
  const path = newPath();
  const trace = new TraceWriter(path);
  const { formal, statement, conclusion, informal, informalProof } = GOAL;
  trace.start({
    lemmascope: "0",
    index: { corpus: "c", vocabulary: "v" },
    models: { encoder: "f" },
    prompts: { sketch: "s" },
    theorem: {
      ...{ formal, statement, conclusion, informal, informalProof, imports: ["X"] },
      ...(name === undefined ? {} : { name }),
    },
    ...{ mode: "full", fusion: "pool", rounds: 3, perQuery: 30 },
  });
  trace.goal([{ name: "G", score: 0.5 }]);
  trace.answer(entry("first"));
  trace.judged(1, { verdict: "good" });
  trace.answer(entry("second"));
  trace.ranking("pool", ranked(2, 1));
  trace.end({ outcome: "supported" });
  trace.close();
  trace.close();
  return path;
}

const texts = (path: string) =>
  readTrace(path).answers.map(({ result }) => (result.outcome === "answer" ? result.text : ""));

describe("a trace", () => {
  it.each(["A.b", undefined])("gives back the start, the theorem and the answers (%s)", (name) => {
    const path = written(name);
    expect(isTrace(path)).toBe(true);
    const { start, theorem: read, answers } = readTrace(path);
    expect(start).toMatchObject({ mode: "full", rounds: 3, index: { corpus: "c" } });
    expect(read).toEqual({ ...GOAL, name });
    expect(answers.map(({ messages }) => messages[0]?.content)).toEqual(["q\n\u2028", "q\n\u2028"]);
    expect(texts(path)).toEqual(["first", "second"]);
  });

  it("is one JSON line an event, in order", () => {
    const events = readFileSync(written(), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toEqual(["start", "goal", "answer", "judged", "answer", "ranking", "end"]);
  });

  it("can be read however short its last line was cut", () => {
    const whole = readFileSync(written(), "utf8");
    const firstLine = whole.indexOf("\n") + 1;
    for (let length = firstLine; length < whole.length; length += 7) {
      const path = newPath();
      writeFileSync(path, Buffer.from(whole).subarray(0, length));
      expect(readTrace(path).answers.length).toBeLessThanOrEqual(2);
    }
  });

  it.each<[string, (lines: string[]) => string[]]>([
    ["a line that is no JSON", (lines) => lines.with(2, "{")],
    ["an answer with something missing", (lines) => lines.with(2, '{"event":"answer"}')],
    ["a line that is no event", (lines) => lines.with(1, "{}")],
    ["a last line that is whole and wrong", (lines) => [...lines.slice(0, -1), "{", ""]],
  ])("is refused where it is damaged: %s", async (_name, change) => {
    const path = newPath();
    const lines = readFileSync(written(), "utf8").split("\n");
    writeFileSync(path, change(lines).join("\n"));
    const failure = await failureOf(() => readTrace(path));
    expect(failure.exit).toBe("badInput");
    expect(failure.message).toMatch(/ is damaged at line \d+: make it again with --trace\.$/);
  });

  it.each([
    "",
    "\n",
    "{}",
    '{"format":"lemmascope language model recording","version":1}\n',
    '{"event":"start","format":"lemmascope premises trace","version":2}\n',
    "\0\u{1F600}",
  ])("is none where its first line is %j", async (text) => {
    const path = newPath();
    writeFileSync(path, text);
    expect(isTrace(path)).toBe(false);
    expect((await failureOf(() => readTrace(path))).exit).toBe("badInput");
  });

  it("is none where there is no file, or a folder", async () => {
    for (const path of [newPath(), folder]) {
      expect(isTrace(path)).toBe(false);
      const failure = await failureOf(() => readTrace(path));
      expect(failure.exit).toBe("badInput");
      expect(failure.message).toMatch(/cannot be read/);
    }
  });

  it("says in a sentence where it cannot be written", async () => {
    for (const path of [folder, join(folder, "missing", "x")]) {
      const failure = await failureOf(() => new TraceWriter(path));
      expect(failure.exit).toBe("io");
      expect(failure.message).toMatch(/cannot be written .*: see to its folder/);
    }
  });
});
