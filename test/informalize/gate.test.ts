import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { descriptionSchema } from "../../src/informalize/gate/description.js";
import { mayBeEnglish } from "../../src/informalize/gate/language.js";
import { formulaProblem, latexParts } from "../../src/informalize/gate/latex.js";
import { parrotedNames } from "../../src/informalize/gate/lean-names.js";
import { readAnswer } from "../../src/llm/read-answer.js";
import { PACKAGE_ROOT } from "../../src/package-root.js";

const GOOD = "A continuous function on a nonempty compact set $K$ attains its maximum on $K$.";

/** What the gate says to a description. */
function problems(
  informal_description: string,
  { title = "Extreme value theorem", name = "IsCompact.exists_isMaxOn" } = {},
): string {
  const answer = JSON.stringify({ informal_name: title, informal_description });
  const read = readAnswer(answer, descriptionSchema(name));
  return read.ok ? "" : read.problem;
}

const described = z.object({
  name: z.string(),
  informal_name: z.string(),
  informal_description: z.string(),
});

/** The names of a file's declarations whose words, written by people, the gate refuses. */
function refused(path: string): string[] {
  const records = readFileSync(path, "utf8").trimEnd().split("\n");
  expect(records.length).toBeGreaterThan(1000);
  return records
    .map((line) => described.parse(JSON.parse(line)))
    .map(({ name, informal_name: title, informal_description: text }) => ({
      name,
      problem: problems(text, { title, name }),
    }))
    .filter(({ problem }) => problem !== "")
    .map(({ name, problem }) => `${name}: ${problem}`);
}

const QUERIES = join(PACKAGE_ROOT, "..", "shared", "training", "queries.jsonl");

describe("the quality gate", () => {
  it("lets what people wrote for the starter corpus pass", () => {
    expect(refused(join(PACKAGE_ROOT, "corpus", "starter.jsonl"))).toEqual([]);
  });

  it.skipIf(!existsSync(QUERIES))("lets what people wrote for the training queries pass", () => {
    expect(refused(QUERIES)).toEqual([]);
  });

  it.each([
    ["", /needs at least 20/],
    ["A fact.", /7 characters and needs at least 20/],
    [`${GOOD} `.repeat(30), /may have at most 1500/],
    ["As an AI language model, I cannot say what this theorem means.", /does not describe/],
    ["I'm sorry, but there is not enough information to describe it.", /does not describe/],
    ["The theorem IsCompact.exists_isMaxOn says that a maximum is attained.", /names of Lean/],
    ["By exists_isMaxOn a continuous function on a compact set has a maximum.", /exists_isMaxOn/],
    ["The set satisfies `IsMaxOn f s x` for some point of the compact set.", /quotes Lean code/],
    [String.raw`A maximum is attained: $\text{exists\_isMaxOn}$ holds for it.`, /exists_isMaxOn/],
    ["A continuous function on a compact set $K attains its maximum.", /"\$" opens is not closed/],
    [String.raw`For all $x$ the number $\frac{1}{x$ is not zero, as it is.`, /"}" is missing/],
    [String.raw`For all $x$ the number $\left( x + 1$ is not zero at all.`, /\\right" is missing/],
    [String.raw`The matrix is $\begin{matrix} 1 \end{pmatrix}$ in this case.`, /has no partner/],
    ["The product $a \times b$ of two positive numbers is positive.", /write each backslash twice/],
    ["The half $\frac{a}{2}$ of a positive number is positive.", /write each backslash twice/],
    ["The gradient $\nabla f$ of a constant function is zero.", /write each backslash twice/],
    ["Eine stetige Funktion auf einer kompakten Menge nimmt das Maximum an und ist.", /English/],
    ["Toute fonction continue sur un compact est bornée et atteint ses bornes.", /English/],
    ["紧集上的连续函数在该集合上达到最大值和最小值，并且函数在其上有界。", /English/],
  ])("refuses %j and says why", (text, why) => {
    expect(problems(text)).toMatch(why);
  });

  it.each([
    "A sequence that converges a.e. is bounded, i.e. it has a bound, e.g. its supremum.",
    String.raw`The integers $\{x_i : i \in \mathbb{Z}\}$ with $\left\{ y \right.$ cost \$5 each.`,
    String.raw`If \(x \in K\), then \[f(x) \leq M\] for the maximum $M$ of $f$ on $K$.`,
    String.raw`The group $\mathrm{GL}_n(\mathbb{F}_q)$ acts on the space of column vectors.`,
    "The Lindelöf property of a σ-compact space, as in section 2.1 of the book by Poincaré.",
    "Two lines.\nnext to each other, and the numbers 1.5 and 3.25 between them.",
  ])("lets %j pass", (text) => {
    expect(problems(text)).toBe("");
  });

  it("tells what is wrong with the title as well", () => {
    expect(problems(GOOD, { title: "IsCompact.exists_isMaxOn" })).toMatch(
      /^at "informal_name": it repeats names of Lean/,
    );
    expect(problems(GOOD, { title: "x".repeat(121) })).toMatch(/may have at most 120/);
  });

  it("gives the texts without the space around them", () => {
    const said = { informal_name: " Extreme values\n", informal_description: ` ${GOOD} ` };
    expect(descriptionSchema("A.b").parse(said)).toEqual({
      informalName: "Extreme values",
      informalDescription: GOOD,
    });
  });

  it("takes any text without failing", () => {
    const alphabet = ["$", "\\", "{", "}", "\\left", "\\right", "\\begin{a}", "\\(", "\\]", "x_1"];
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.array(fc.constantFrom(...alphabet, ".", " ", "`", "\n", "é"), { maxLength: 60 }),
    );
    fc.assert(
      fc.property(text, fc.string({ minLength: 1 }), (pieces, name) => {
        const said = Array.isArray(pieces) ? pieces.join("") : pieces;
        expect(typeof problems(said, { name, title: said })).toBe("string");
      }),
    );
  });
});

describe("formulas", () => {
  it("are found however many there are, and balanced ones pass", () => {
    const nested = fc.letrec<{ formula: string }>((tie) => ({
      formula: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom("x", String.raw`\alpha`, String.raw`\{`, String.raw`\leftarrow`, "("),
        tie("formula").map((inner) => `{${inner}}`),
        tie("formula").map((inner) => String.raw`\left(${inner}\right]`),
        tie("formula").map((inner) => String.raw`\begin{cases}${inner}\end{cases}`),
        fc.tuple(tie("formula"), tie("formula")).map((both) => both.join(" ")),
      ),
    })).formula;
    fc.assert(
      fc.property(fc.array(nested, { minLength: 1, maxLength: 5 }), (formulas) => {
        const text = formulas.map((formula) => `Let $${formula}$ be`).join(" and ");
        expect(latexParts(text)).toMatchObject({ formulas, problem: undefined });
        for (const formula of formulas) expect(formulaProblem(formula)).toBeUndefined();
        for (const formula of formulas) expect(formulaProblem(`${formula}}`)).toBeDefined();
      }),
    );
  });
});

describe("names of Lean", () => {
  it("are no plain words, even where a declaration is called so", () => {
    expect(parrotedNames("every group is a monoid", [], "group")).toEqual([]);
    expect(parrotedNames("a set that IsCompact calls so", [], "IsCompact")).toEqual(["IsCompact"]);
    expect(parrotedNames("a QuasiIsCompactness", [], "IsCompact")).toEqual([]);
  });
});

describe("English", () => {
  it("need not have common words where it is short, but no other language's", () => {
    expect(mayBeEnglish("Cauchy–Schwarz inequality")).toBe(true);
    expect(mayBeEnglish("")).toBe(true);
    expect(mayBeEnglish("de Moivre's formula")).toBe(true);
    expect(mayBeEnglish("Der Satz von Bolzano")).toBe(false);
    expect(mayBeEnglish("wort ".repeat(13))).toBe(false);
  });
});
