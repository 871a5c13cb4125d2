import { describe, expect, it } from "vitest";
import { requestsOf, type Sketch, sketchSchema } from "../../src/premises/sketch.js";

const sketch = (more: Partial<Sketch>): Sketch => sketchSchema.parse(more);

describe("what a sketch asks for", () => {
  it("comes in its order, each with its channel and purpose", () => {
    const asked = requestsOf(
      sketch({
        guessedNames: ["A.b"],
        hypotheticalStatements: ["(n : ℕ) : n = n"],
        steps: [
          { what: "first", why: "", queries: ["s0"] },
          { what: "second", why: "", queries: ["s1", "s2"] },
        ],
        theoremQueries: ["a theorem"],
        definitionQueries: ["a notion"],
      }),
    );
    expect(asked).toEqual([
      { channel: "query", text: "a notion", purpose: { kind: "definition" } },
      { channel: "query", text: "a theorem", purpose: { kind: "theorem" } },
      { channel: "query", text: "s0", purpose: { kind: "step", step: 0 } },
      { channel: "query", text: "s1", purpose: { kind: "step", step: 1 } },
      { channel: "query", text: "s2", purpose: { kind: "step", step: 1 } },
      { channel: "statement", text: "(n : ℕ) : n = n", purpose: { kind: "lemma" } },
      { channel: "name", text: "A.b", purpose: { kind: "guess" } },
    ]);
  });

  it("comes once in a channel, for its first purpose, and once in each channel", () => {
    const asked = requestsOf(
      sketch({
        definitionQueries: ["Compact set"],
        theoremQueries: ["compact set"],
        hypotheticalStatements: ["compact set"],
        guessedNames: ["compact set"],
      }),
    );
    expect(asked.map(({ channel, text }) => [channel, text])).toEqual([
      ["query", "Compact set"],
      ["statement", "compact set"],
      ["name", "compact set"],
    ]);
  });

  it("tells names apart by case, as Lean does", () => {
    const asked = requestsOf(sketch({ guessedNames: ["Set.Infinite", "Set.infinite"] }));
    expect(asked.map(({ text }) => text)).toEqual(["Set.Infinite", "Set.infinite"]);
  });

  it.each([
    ["`Nat.succ`", "Nat.succ"],
    ["@Nat.succ", "Nat.succ"],
    [" `@_root_.Nat.succ` ", "Nat.succ"],
    ["_root_.Nat", "Nat"],
  ])("has names as they are declared: %j", (name, plain) => {
    expect(requestsOf(sketch({ guessedNames: [name] }))).toEqual([
      { channel: "name", text: plain, purpose: { kind: "guess" } },
    ]);
  });

  it("leaves out names that are nothing but signs", () => {
    expect(requestsOf(sketch({ guessedNames: ["``", "@", "_root_."] }))).toEqual([]);
  });
});

describe("the schema of a sketch", () => {
  it("fills in what is left out", () => {
    expect(sketchSchema.parse({ steps: [{ what: "x" }] })).toEqual({
      definitionQueries: [],
      theoremQueries: [],
      steps: [{ what: "x", why: "", queries: [] }],
      guessedNames: [],
      hypotheticalStatements: [],
    });
  });

  it.each([
    [{ theoremQueries: "a query" }],
    [{ theoremQueries: [""] }],
    [{ theoremQueries: ["x".repeat(4001)] }],
    [{ theoremQueries: Array.from({ length: 61 }, String) }],
    [{ steps: [{ why: "x" }] }],
    [{ guessedNames: [7] }],
  ])("refuses what is none: %j", (value) => {
    expect(sketchSchema.safeParse(value).success).toBe(false);
  });
});
