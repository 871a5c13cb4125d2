import { describe, expect, it } from "vitest";
import { type Declaration, DECLARATION_KINDS } from "../../src/declaration.js";
import { InformalizePrompts } from "../../src/informalize/ask/informalize-prompts.js";
import { DEPENDENCY_TOKENS, type Known, questionOf } from "../../src/informalize/ask/question.js";
import { knownWords, withKnownWords } from "../../src/informalize/known-words.js";
import { estimatedTokens } from "../../src/llm/budget.js";

const prompts = new InformalizePrompts();

function declaration(more: Partial<Declaration> = {}): Declaration {
  return {
    ...{ name: "Made.up", kind: "theorem", module: "Made.Module", signature: "(x : ℕ)" },
    ...{ type: "x = x", value: "", statement: "", docstring: "" },
    ...{ informalName: "", informalDescription: "", aliases: [], topics: [], references: [] },
    ...more,
  };
}

/** What is asked about a declaration. */
function asked(
  one: Declaration,
  dependencies: readonly Known[] = [],
  neighbours: readonly Declaration[] = [],
): { system: string; user: string } {
  return prompts.fill(questionOf(one, dependencies, neighbours));
}

const words = { informalName: "Compact set", informalDescription: "Every open cover is finite." };

describe("a question about a declaration", () => {
  it.each(DECLARATION_KINDS)(
    "has all that is known of one of kind %s, and no slot left",
    (kind) => {
      const odd = "{{value}} $& $1";
      const one = declaration({ kind, docstring: odd, value: ":= by rfl" });
      const dependency = { declaration: declaration({ name: "Is.compact" }), words };
      const { system, user } = asked(one, [dependency], [declaration({ name: "Made.neighbour" })]);
      expect(user).toContain("(x : ℕ) : x = x");
      expect(user).toContain(odd);
      expect(user).toContain("- Is.compact (Compact set): Every open cover is finite.");
      expect(user).toContain("Made.neighbour");
      expect(user).toContain("of the module Made.Module");
      expect(user).toMatch(/Describe `Made\.up`\.$/);
      expect(`${system}${user.replaceAll(odd, "odd")}`).not.toMatch(/\{\{|\}\}|\n\n\n/);
      expect(user.includes(":= by rfl")).toBe(kind !== "theorem" && kind !== "axiom");
    },
  );

  it("has a task of its own for theorems, definitions, instances and the rest", () => {
    const tasks = DECLARATION_KINDS.map((kind) => asked(declaration({ kind })).system);
    expect(new Set(tasks).size).toBe(4);
    expect(new Set(DECLARATION_KINDS.map((kind) => prompts.version(kind))).size).toBe(4);
  });

  it("leaves out what there is nothing to say of", () => {
    const { user } = asked(declaration());
    expect(user).not.toContain("\n\n\n");
    expect(user).not.toMatch(/docstring|value|rests on|before and after/);
  });

  it("shows of a dependency its words, else its docstring, else its statement", () => {
    const documented = declaration({ name: "B.b", docstring: "Explained\nhere." });
    const { user } = asked(declaration(), [
      { declaration: documented, words },
      { declaration: documented, words: undefined },
      { declaration: declaration({ name: "C.c" }), words: undefined },
    ]);
    expect(user).toContain(
      [
        "- B.b (Compact set): Every open cover is finite.",
        "- B.b: Explained here.",
        "- theorem C.c (x : ℕ) : x = x",
      ].join("\n"),
    );
  });

  it("shows dependencies while there is room, and reads no further", () => {
    let read = 0;
    function* many(): Generator<Known> {
      for (; read < 10_000; read += 1) {
        const informalDescription = `Number ${read} ${"is long ".repeat(100)}`;
        yield {
          declaration: declaration({ name: `A.a${read}` }),
          words: { informalName: "", informalDescription },
        };
      }
    }
    const { dependencies } = questionOf(declaration(), many(), []);
    expect(dependencies.length).toBeGreaterThan(5);
    expect(read).toBe(dependencies.length);
    expect(dependencies[0]).toMatch(/^A\.a0: Number 0 is long/);
    expect(estimatedTokens(dependencies.join("\n"))).toBeLessThanOrEqual(DEPENDENCY_TOKENS);
  });

  it("keeps a length that models take, however long the declaration is", () => {
    const long = "long ".repeat(100_000);
    const one = declaration({ kind: "definition", type: long, value: long, docstring: long });
    const { user } = asked(one, [{ declaration: one, words: undefined }], [one, one]);
    expect(user.length).toBeLessThan(20_000);
  });

  it("is estimated without its parts", () => {
    for (const kind of DECLARATION_KINDS) {
      const { system, user } = asked(declaration({ kind }));
      const tokens = estimatedTokens(`${system}${user}`);
      expect(prompts.instructionTokens(kind)).toBeGreaterThan(tokens);
      expect(prompts.instructionTokens(kind)).toBeLessThan(tokens + 300);
    }
  });
});

describe("what is known of a declaration", () => {
  const given = { informalName: "Given", informalDescription: "It was given." };
  const model = new Map([["Made.up", words]]);

  it.each([
    ["people", given],
    [undefined, given],
    ["model", words],
    ["rules", words],
  ] as const)("with words of the corpus by %s, where a model wrote some", (by, expected) => {
    const origin = by === undefined ? {} : { informalOrigin: by };
    expect(knownWords(declaration({ ...given, ...origin }), model)).toEqual(expected);
  });

  it.each([
    ["people", given],
    ["model", given],
    ["rules", undefined],
  ] as const)("with words of the corpus by %s alone", (informalOrigin, expected) => {
    expect(knownWords(declaration({ ...given, informalOrigin }), new Map())).toEqual(expected);
  });

  it("is written with whose it is, and people's stays as it is", () => {
    expect(withKnownWords(declaration(), model)).toMatchObject({
      ...words,
      informalOrigin: "model",
    });
    const people = declaration(given);
    expect(withKnownWords(people, model)).toBe(people);
    const rules = declaration({ ...given, informalOrigin: "rules" });
    expect(withKnownWords(rules, new Map())).toBe(rules);
    expect(withKnownWords(rules, model)).toMatchObject({ informalOrigin: "model" });
  });
});
