import fc from "fast-check";
import { expect, it } from "vitest";
import { estimatedTokens, fitting, type Size } from "../../src/mcp/context-budget.js";

function write({ entries, statement }: Size) {
  const shown = Array.from({ length: 20 }, (_, at) => `${at} ${"word ".repeat(200)}`)
    .slice(0, entries)
    .map((text) => text.slice(0, statement));
  return { structured: { shown }, text: shown.join("\n") };
}

it("gives the whole answer where there is room, and less where there is not", () => {
  expect(fitting(50_000, write).text).toBe(
    write({ entries: Infinity, statement: 4000, description: 4000 }).text,
  );
  let previous = 0;
  for (const tokens of [200, 500, 1000, 2000, 5000, 20_000]) {
    const { text, structured } = fitting(tokens, write);
    expect(estimatedTokens(text)).toBeLessThanOrEqual(tokens);
    expect(estimatedTokens(JSON.stringify(structured))).toBeLessThanOrEqual(tokens);
    expect(text.length).toBeGreaterThanOrEqual(previous);
    previous = text.length;
  }
});

it("gives the smallest answer where none fits", () => {
  expect(fitting(1, write).structured.shown).toHaveLength(1);
});

it("never guesses fewer tokens for a text with more in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, more) => {
      expect(estimatedTokens(text + more)).toBeGreaterThanOrEqual(estimatedTokens(text));
    }),
  );
});
