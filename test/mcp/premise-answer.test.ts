import { expect, it } from "vitest";
import { estimatedTokens, fitting } from "../../src/mcp/context-budget.js";
import { premiseOutput, writePremises } from "../../src/mcp/premise-answer.js";
import type { PremisesFound } from "../../src/service/premises/premise-service.js";

const SIZE = { statement: 500, description: 250, entries: 2 };

/** A report as long as one can be. */
function large(): PremisesFound {
  const long = "word ".repeat(500);
  return {
    outcome: "sketched",
    languageModel: "none",
    isCallersSketch: true,
    premises: Array.from({ length: 100 }, (_, at) => ({
      declaration: {
        ...{ name: `Some.theorem_${at}`, kind: "theorem", module: "Some.Module" },
        ...{ signature: long, type: long, value: "", statement: "", docstring: long },
        ...{ informalName: long, informalDescription: long },
        ...{ aliases: [], topics: [], references: [] },
      },
      usedBy: 3,
      score: 1,
      steps: [at % 40],
      evidence: [
        {
          ...{ round: 1, channel: "query", asked: long, rank: 1, fit: 1 },
          purpose: { kind: "step", step: at % 40 },
        },
      ],
    })),
    sketch: {
      definitionQueries: [],
      theoremQueries: [],
      hypotheticalStatements: [],
      guessedNames: [],
      steps: Array.from({ length: 40 }, () => ({ what: long, why: long, queries: [long] })),
    },
    rounds: 1,
    unsupportedSteps: [3, 39],
    unknownNames: Array.from({ length: 300 }, (_, at) => ({
      name: `No.such_name_${at}`,
      near: Array(5).fill(`Some.theorem_${at}`) as string[],
    })),
    notes: Array(20).fill(long) as string[],
    usage: { calls: 0, promptTokens: 0, completionTokens: 0, cachedAnswers: 0 },
  };
}

it("fits into what an agent allows, however much was found", () => {
  for (const tokens of [1000, 1900, 10_000]) {
    const { structured, text } = fitting(tokens, (size) => writePremises(large(), size));
    expect(premiseOutput.parse(structured)).toEqual(structured);
    expect(structured.premises.length).toBeGreaterThan(0);
    for (const form of [text, JSON.stringify(structured)]) {
      expect(estimatedTokens(form)).toBeLessThanOrEqual(tokens);
    }
  }
});

it("says what it leaves out, so that nobody takes it for good", () => {
  const { structured, text } = writePremises(large(), SIZE);
  expect(structured).toMatchObject({ left_out: 98 });
  expect(structured.steps).toHaveLength(4);
  expect(structured.unknown_names).toHaveLength(4);
  expect(structured.notes?.slice(0, 3)).toEqual([
    "36 more steps are not shown.",
    "Of these not supported: 40.",
    "296 more guessed names do NOT exist; raise max_tokens to see them.",
  ]);
  expect(text).toContain("Step 4 is NOT supported");
  expect(text).toContain("(98 more: raise max_tokens to see them)");
});

it("counts steps and premises from 1, and ties them to each other", () => {
  const { structured } = writePremises(large(), SIZE);
  expect(structured.premises.map(({ rank, steps }) => [rank, steps])).toEqual([
    [1, [1]],
    [2, [2]],
  ]);
  expect(structured.steps.map(({ step, premises }) => [step, premises])).toEqual([
    [1, [1]],
    [2, [2]],
    [3, []],
    [4, []],
  ]);
});

it("tells whose language model planned the proof, and when none could", () => {
  const summary = (change: Partial<PremisesFound>): string =>
    writePremises({ ...large(), isCallersSketch: false, ...change }, SIZE).structured.summary;
  expect(summary({ languageModel: "configured", outcome: "supported" })).toMatch(
    /^The server's language model planned the proof\. Every step/,
  );
  expect(summary({ languageModel: "client" })).toMatch(/^Your own language model.* planned/);
  expect(summary({ languageModel: "none", outcome: "no language model" })).toMatch(
    /^No language model was used/,
  );
  expect(summary({ languageModel: "client", sketch: undefined, outcome: "budget spent" })).toMatch(
    /made no plan.*budget ran out/,
  );
});
