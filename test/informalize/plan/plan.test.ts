import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Declaration, DeclarationKind } from "../../../src/declaration.js";
import type { CorpusSurvey } from "../../../src/informalize/graph/survey.js";
import {
  type InformalizationPlan,
  planInformalization,
  type PromptMeasures,
} from "../../../src/informalize/plan/plan.js";
import type { Selection } from "../../../src/informalize/plan/selection.js";
import { failureOf } from "../../failure.js";
import { declaration } from "../../index/made-up.js";
import { arbitraryRows, idOf, withSurvey } from "../graph/made-up.js";

const MEASURES: PromptMeasures = {
  instructionTokens: () => 1000,
  dependencyTokens: 300,
  answerTokens: 100,
};

const described = { informalName: "A rose", informalDescription: "It is a rose." };

/** The base is used three times, the middle twice, and the tops by none. */
const GARDEN: readonly Declaration[] = [
  declaration("top.one", { module: "Garden.High", type: "middle ∧ base", docstring: "One." }),
  declaration("top.two", { module: "Garden.High", type: "middle ∧ base" }),
  declaration("middle", {
    module: "Garden.Mid",
    kind: "definition",
    value: ":= base",
    references: ["base"],
  }),
  declaration("base", { module: "Garden", kind: "definition", docstring: "The base." }),
  declaration("alone", { module: "Gardener", kind: "instance" }),
];

function plan(
  survey: CorpusSurvey,
  selection: Partial<Selection> = {},
  earlier = new Map<string, string>(),
): InformalizationPlan {
  return planInformalization(survey, { order: "corpus", ...selection }, earlier, MEASURES);
}

function namesOf(survey: CorpusSurvey, { levels }: InformalizationPlan): string[][] {
  return levels.map((level) => Array.from(level, (id) => survey.facts[id]?.name ?? ""));
}

/** Plans over the garden, with some of it changed. */
function planned(
  selection: Partial<Selection> = {},
  changes: Readonly<Record<string, Partial<Declaration>>> = {},
): Promise<string[][]> {
  const corpus = GARDEN.map((one) => ({ ...one, ...changes[one.name] }));
  return withSurvey(corpus, (survey) => namesOf(survey, plan(survey, selection)));
}

function stampsOf(corpus: readonly Declaration[]): Promise<Map<string, string>> {
  return withSurvey(
    corpus,
    (survey) => new Map(corpus.map(({ name }) => [name, survey.stamps.of(idOf(survey, name))])),
  );
}

describe("a plan", () => {
  it("asks for everything level by level, what is needed first", async () => {
    expect(await planned()).toEqual([["base", "alone"], ["middle"], ["top.one", "top.two"]]);
  });

  it("takes the most used first inside of a level", async () => {
    const corpus = [declaration("little"), declaration("much")].concat(
      ["a", "b"].map((name) => declaration(name, { references: ["much"] })),
    );
    await withSurvey(corpus, (survey) => {
      const levels = namesOf(survey, plan(survey, { order: "most-used" }));
      expect(levels).toEqual([["much", "little", "a", "b"]]);
    });
  });

  it("takes the first of the order where there is a limit, and then puts them into levels", async () => {
    expect(await planned({ limit: 3 })).toEqual([["middle"], ["top.one", "top.two"]]);
    expect(await planned({ limit: 3, order: "most-used" })).toEqual([
      ["base"],
      ["middle"],
      ["top.one"],
    ]);
  });

  it("does not bring in what a chosen declaration depends on", async () => {
    expect(await planned({ kinds: ["theorem"] })).toEqual([["top.one", "top.two"]]);
  });

  it("keeps to the modules, kinds and documentation that were chosen", async () => {
    expect(await planned({ modules: ["Garden"] })).toEqual([
      ["base"],
      ["middle"],
      ["top.one", "top.two"],
    ]);
    expect(await planned({ modules: ["Garden.High", "Gardener"] })).toEqual([
      ["top.one", "top.two", "alone"],
    ]);
    expect(await planned({ kinds: ["instance", "definition"] })).toEqual([
      ["base", "alone"],
      ["middle"],
    ]);
    expect(await planned({ undocumented: true })).toEqual([["middle", "alone"], ["top.two"]]);
  });

  it("says which module the corpus does not have", async () => {
    const failure = await failureOf(() => planned({ modules: ["Garden", "Gard"] }));
    expect(failure.exit).toBe("usage");
    expect(failure.message).toContain('"Gard"');
  });

  it.each(["people", undefined] as const)("never asks for what %s described", async (origin) => {
    const people = { ...described, ...(origin === undefined ? {} : { informalOrigin: origin }) };
    expect(await planned({}, { base: people })).toEqual([
      ["middle", "alone"],
      ["top.one", "top.two"],
    ]);
  });

  it("asks for what only rules described, and keeps what a model did", async () => {
    const changes = {
      base: { ...described, informalOrigin: "rules" },
      middle: { ...described, informalOrigin: "model" },
    } as const;
    expect(await planned({}, changes)).toEqual([
      ["base", "alone"],
      ["top.one", "top.two"],
    ]);
  });
});

describe("a plan after an earlier run", () => {
  it("asks for nothing where nothing has changed, also with a limit", async () => {
    const earlier = await stampsOf(GARDEN);
    await withSurvey(GARDEN, (survey) => {
      expect(plan(survey, {}, earlier)).toEqual({
        counts: { declarations: 5, described: 0, selected: 5, kept: 5, stale: 0, toAsk: 0 },
        levels: [],
        tokens: { prompt: 0, answer: 0 },
      });
      expect(plan(survey, { limit: 2 }, earlier).counts).toMatchObject({ selected: 2, kept: 2 });
      const others = new Map([...earlier.keys()].map((name) => [name, "another"]));
      expect(plan(survey, {}, others).counts).toMatchObject({ kept: 0, stale: 5, toAsk: 5 });
    });
  });

  it("asks for what has changed and for all that depends on it, and goes on with the rest", async () => {
    const earlier = await stampsOf(GARDEN);
    earlier.delete("alone");
    const changed = GARDEN.map((one) =>
      one.name === "middle" ? { ...one, value: ":= base 2" } : one,
    );
    await withSurvey(changed, (survey) => {
      const next = plan(survey, {}, earlier);
      expect(namesOf(survey, next)).toEqual([
        ["middle", "alone"],
        ["top.one", "top.two"],
      ]);
      expect(next.counts).toMatchObject({ selected: 5, kept: 1, stale: 3, toAsk: 4 });
    });
  });

  it("lets the words of people win over those that it wrote", async () => {
    const earlier = await stampsOf(GARDEN);
    const known = GARDEN.map((one) => (one.name === "base" ? { ...one, ...described } : one));
    await withSurvey(known, (survey) => {
      const others = new Map([...earlier.keys()].map((name) => [name, "another"]));
      const { counts } = plan(survey, {}, others);
      expect(counts).toMatchObject({ declarations: 5, described: 1, selected: 4, toAsk: 4 });
    });
  });
});

describe("the estimate", () => {
  it("counts instructions, the declaration and what is shown of dependencies, up to their budget", async () => {
    const corpus = [
      declaration("base", { docstring: "b".repeat(300) }),
      declaration("top", { type: "base", docstring: "t".repeat(30) }),
    ];
    await withSurvey(corpus, (survey) => {
      const own = (name: string): number => survey.facts[idOf(survey, name)]?.ownTokens ?? 0;
      const both = plan(survey);
      // 20 for the name of the dependency, 100 as its description will be an answer.
      expect(both.tokens.prompt).toBe(1000 + own("base") + (1000 + own("top") + 20 + 100));
      expect(both.tokens.answer).toBe(200);
    });
  });

  it("shows of what is not asked for what is known of it, and never more than fits", async () => {
    const base = (docstring: string): Declaration =>
      declaration("base", { kind: "definition", docstring });
    const top = declaration("top", { type: "base" });
    for (const [length, shown] of [
      [300, 20 + 100],
      [3000, 300],
    ] as const) {
      await withSurvey([base("b".repeat(length)), top], (survey) => {
        const { tokens } = plan(survey, { kinds: ["theorem"] });
        const own = survey.facts[idOf(survey, "top")]?.ownTokens ?? 0;
        expect(tokens.prompt).toBe(1000 + own + shown);
      });
    }
  });

  it("asks for the instructions of each kind that there is", async () => {
    const asked: DeclarationKind[] = [];
    const instructionTokens = (kind: DeclarationKind): number => {
      asked.push(kind);
      return kind === "theorem" ? 1 : 1_000_000;
    };
    await withSurvey(GARDEN, (survey) => {
      const { tokens } = planInformalization(survey, { order: "corpus" }, new Map(), {
        ...MEASURES,
        instructionTokens,
      });
      expect(Math.floor(tokens.prompt / 1_000_000)).toBe(3);
      expect(asked.sort()).toEqual(["definition", "instance", "theorem"]);
    });
  });
});

describe("plans of any corpus", () => {
  const arbitraryRun = fc.tuple(
    arbitraryRows,
    fc.constantFrom("corpus", "most-used"),
    fc.nat({ max: 30 }),
    fc.array(fc.constantFrom("none", "kept", "stale", "people"), { minLength: 25, maxLength: 25 }),
  );

  it("ask for exactly those of the selection that have no current words, dependencies first", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRun, async ([rows, order, limit, states]) => {
        const stateOf = states.slice(0, rows.length);
        const corpus = rows.map((row, id) =>
          declaration(`node${id}`, {
            kind: "definition",
            references: row.map((target) => `node${target}`),
            ...(stateOf[id] === "people"
              ? { ...described, informalOrigin: "people" as const }
              : {}),
          }),
        );
        await withSurvey(corpus, (survey) => {
          const earlier = new Map<string, string>();
          for (const [id, state] of stateOf.entries()) {
            if (state === "kept") earlier.set(`node${id}`, survey.stamps.of(id));
            if (state === "stale") earlier.set(`node${id}`, "0".repeat(32));
          }
          const { counts, levels } = plan(survey, { order, limit }, earlier);
          const levelOf = new Map(levels.flatMap((ids, n) => Array.from(ids, (id) => [id, n])));
          const open = [...rows.keys()]
            .filter((id) => stateOf[id] !== "people")
            .sort((a, b) =>
              order === "corpus" ? a - b : survey.graph.uses(b) - survey.graph.uses(a) || a - b,
            )
            .slice(0, limit);
          const toAsk = open.filter((id) => stateOf[id] !== "kept");
          expect([...levelOf.keys()].sort()).toEqual([...toAsk].sort());
          expect(counts).toEqual({
            declarations: rows.length,
            described: stateOf.filter((state) => state === "people").length,
            selected: open.length,
            kept: open.length - toAsk.length,
            stale: open.filter((id) => stateOf[id] === "stale").length,
            toAsk: toAsk.length,
          });
          const { of } = survey.components;
          for (const [id, level] of levelOf) {
            for (const dependency of rows[id] ?? []) {
              const below = levelOf.get(dependency);
              if (below !== undefined && of[id] !== of[dependency])
                expect(below).toBeLessThan(level);
            }
          }
        });
      }),
    );
  });
});
