import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { jsonValues, readAnswer, withoutThinking } from "../../src/llm/read-answer.js";

const schema = z.object({ name: z.string(), score: z.number().optional() });

/** JSON objects with all kinds of strings, also such as look like the things around them. */
const object = fc.dictionary(
  fc.string(),
  fc.oneof(
    fc.jsonValue(),
    fc.constantFrom("```", "}", "{", '"', "\\", "<think>", "```json\n{}\n```", "∀ {α}"),
  ),
);
/** Prose without braces, fences or thinking. */
const prose = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[{}`<>]/g, ""));

describe("the values of an answer", () => {
  it("are found alone, in fences, in prose and after thinking, whatever they hold", () => {
    fc.assert(
      fc.property(object, prose, prose, fc.boolean(), (value, before, after, isPretty) => {
        const json = JSON.stringify(value, undefined, isPretty ? 2 : 0);
        const expected: unknown = JSON.parse(json);
        const texts = [
          json,
          ` \n${json}\n`,
          `${before}\n\`\`\`json\n${json}\n\`\`\`\n${after}`,
          `\`\`\`\n${json}\n\`\`\``,
          `${before}${json}${after}`,
          `<think>${before} {"draft": 1}\n</think>\n\n${json}`,
          `${before}{"draft": 1}</think>${json}${after}`,
        ];
        for (const text of texts) {
          expect(jsonValues(text), text).toEqual({ values: [expected], problem: "" });
        }
      }),
      { numRuns: 500 },
    );
  });

  it("are never an exception, whatever the text", () => {
    const pieces = fc.constantFrom("{", "}", '"', "\\", "```", "\n", "</think>", "<think>", "a:1");
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((list) => list.join("")),
        ),
        (text) => {
          const read = readAnswer(text, schema);
          expect(read.ok ? "" : read.problem).toSatisfy((said: string) =>
            read.ok ? said === "" : said !== "" && !said.includes("\n"),
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("are passed by where braces are Lean's", () => {
    const text = 'For {α : Type*} and {x | x > 0}: {"name": "a"} holds for {s : Set α}.';
    expect(readAnswer(text, schema)).toEqual({ ok: true, value: { name: "a" } });
  });

  it("may be said twice, if they are the same", () => {
    const text = '{"name": "a", "score": 1} or, in other words, {"score": 1, "name": "a"}';
    expect(readAnswer(text, schema)).toEqual({ ok: true, value: { name: "a", score: 1 } });
  });

  it("are those that fit, if others do not", () => {
    const text = 'You asked for {"type": "object"}. Here: {"name": "a"}';
    expect(readAnswer(text, schema)).toEqual({ ok: true, value: { name: "a" } });
  });

  it("end soon where braces never close", () => {
    for (const text of ["{".repeat(300_000), '{"'.repeat(100_000), "```a\n".repeat(100_000)]) {
      expect(readAnswer(text, schema).ok).toBe(false);
    }
  });

  it("are not taken from thinking that never ended", () => {
    expect(readAnswer('<think>Perhaps {"name": "a"}', schema)).toEqual({
      ok: false,
      problem: "it holds nothing beside its thinking",
    });
  });

  it.each([
    ["", "it holds no JSON object"],
    ["null", "Invalid input: expected object, received null"],
    ["[]", "Invalid input: expected object, received array"],
    ['{"name": 1, "score": "x"}', /^at "name": .*; at "score": .*$/],
    ['{"name": "a" "score": 1}', /^its JSON is malformed \(.*position \d+.*\)$/],
  ])("are told to be wrong: %s", (text, problem) => {
    const read = readAnswer(text, schema);
    expect(read.ok ? "" : read.problem).toMatch(problem);
  });
});

describe("withoutThinking", () => {
  it.each([
    ["<think>a\nb</think>\n answer ", "answer"],
    ["a\n</think>answer", "answer"],
    ["  <think>a", ""],
    [" answer <think> ", "answer <think>"],
  ])("of %j is %j", (text, answer) => {
    expect(withoutThinking(text)).toBe(answer);
  });
});
