import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildIndex } from "../../src/index/build.js";
import { DeclarationIndex } from "../../src/index/declaration-index.js";
import { nameComponents, nameKey } from "../../src/index/name-key.js";
import { temporaryFolder } from "../temporary-folder.js";
import { declaration, madeUpCorpus, writeCorpus } from "./made-up.js";

const LONG = `Long.${"x".repeat(10_000)}`;

/** Names that could upset SQL, FTS5 or a regular expression. */
const HOSTILE = [
  '"',
  "'",
  "%",
  "*",
  "a%b",
  "a_b",
  "a*",
  "NEAR(a b)",
  "x OR y",
  "«",
  "»",
  "««a»",
  "..",
  ".leading",
  "trailing.",
  "a..b",
  "\u{1f600}.\u{1f680}",
  "tab\there",
  "null\0inside",
  "'; drop table names; --",
  "\\",
  "[a-z]",
  "İstanbul",
  LONG,
];

const NAMES = [
  "IsCompact.exists_isMaxOn",
  "IsCompact.exists_isMinOn",
  "Nat.add_comm",
  "Int.add_comm",
  "add_comm",
  "Add_Comm",
  "Foo.«a.b».c",
  "Foo.«term_∩_»",
  "Ω.measurable_ε",
  "Ideal",
  "Ideal.Quotient.mk",
  "Ideal.Quotient.mk_surjective",
  "Nat",
  "Nat.succ",
  "Nat'.zero",
  "MeasureTheory.Measure.haveLebesgueDecomposition",
  "CategoryTheory.Functor.map_id",
  ...HOSTILE,
];

let index: DeclarationIndex;
const folder = temporaryFolder();

beforeAll(async () => {
  const uses = declaration("Some.user", { references: ["Int.add_comm", "Only.referred"] });
  const corpus = [...NAMES.map((name) => declaration(name)), uses, ...madeUpCorpus(500)];
  const path = join(folder, "names.sqlite");
  await buildIndex({ index: path, sources: [writeCorpus(join(folder, "names.jsonl"), corpus)] });
  index = DeclarationIndex.open(path);
});

afterAll(() => index.close());

function ending(name: string, limit = 10): string[] {
  return index.names.withEnding(name, limit).map((found) => found.name);
}

function similar(name: string): string[] {
  return index.names.similar(name, 10).map((found) => found.name);
}

describe("every name, hostile ones too", () => {
  it.each(NAMES.map((name) => [name.slice(0, 40), name]))("%j is found by itself", (_, name) => {
    const id = index.idOf(name) ?? -1;
    expect(index.declaration(id)?.name).toBe(name);
    expect(ending(name)[0]).toBe(name);
    expect(index.names.withBeginning(name, 5)).toContain(name);
    const likest = index.names.similar(name, 10).filter(({ similarity }) => similarity === 1);
    const canBeMisspelt = name.length >= 3 && name.length <= 200 && !name.includes("\0");
    expect(likest.map((found) => found.name).includes(name)).toBe(canBeMisspelt);
  });

  it("that is only referred to is no declaration", () => {
    expect(index.idOf("Only.referred")).toBeUndefined();
    expect(ending("Only.referred")).toEqual([]);
    expect(index.names.withBeginning("Only.", 5)).toEqual([]);
    expect(similar("Only.referred")).toEqual([]);
  });
});

describe("withEnding", () => {
  it("finds a name without its namespaces, blind to case", () => {
    expect(ending("exists_ismaxon")).toEqual(["IsCompact.exists_isMaxOn"]);
    expect(ending("EXISTS_ISMAXON")).toEqual(["IsCompact.exists_isMaxOn"]);
    expect(ending("iscompact.exists_ismaxon")).toEqual(["IsCompact.exists_isMaxOn"]);
    expect(ending("quotient.mk")).toEqual(["Ideal.Quotient.mk"]);
  });

  it("puts the name itself first, then its other spelling, then the most used", () => {
    expect(ending("add_comm")).toEqual(["add_comm", "Add_Comm", "Int.add_comm", "Nat.add_comm"]);
    expect(ending("Add_Comm").slice(0, 2)).toEqual(["Add_Comm", "add_comm"]);
    expect(ending("add_comm", 1)).toEqual(["add_comm"]);
  });

  it("ends at a component and never within one", () => {
    expect(ending("comm")).toEqual([]);
    expect(ending("dd_comm")).toEqual([]);
    expect(ending("Compact.exists_isMaxOn")).toEqual([]);
    expect(ending("at")).toEqual([]);
  });

  it("understands _root_", () => {
    expect(ending("_root_.add_comm")[0]).toBe("add_comm");
    expect(ending("_root_.Nat.add_comm")).toEqual(["Nat.add_comm"]);
  });

  it("takes dots in guillemets as part of a component", () => {
    expect(ending("«a.b».c")).toEqual(["Foo.«a.b».c"]);
    expect(ending("c")).toEqual(["Foo.«a.b».c"]);
    expect(ending("b».c")).toEqual([]);
    expect(ending("«term_∩_»")).toEqual(["Foo.«term_∩_»"]);
  });

  it("folds the case of other alphabets too", () => {
    expect(ending("ω.MEASURABLE_ε")).toEqual(["Ω.measurable_ε"]);
  });
});

describe("withBeginning", () => {
  it("completes a name in alphabetical order, up to the limit", () => {
    expect(index.names.withBeginning("IsCompact.exists_isM", 10)).toEqual([
      "IsCompact.exists_isMaxOn",
      "IsCompact.exists_isMinOn",
    ]);
    expect(index.names.withBeginning("Ideal.Quotient.mk", 10)).toEqual([
      "Ideal.Quotient.mk",
      "Ideal.Quotient.mk_surjective",
    ]);
    expect(index.names.withBeginning("IsCompact", 1)).toHaveLength(1);
    expect(index.names.withBeginning("Zzz", 10)).toEqual([]);
  });

  it("takes % and _ as they are", () => {
    expect(index.names.withBeginning("a%", 10)).toEqual(["a%b"]);
    expect(index.names.withBeginning("a_", 10)).toEqual(["a_b"]);
  });
});

describe("similar", () => {
  it.each([
    ["one letter wrong", "IsCompact.exists_isMaxOm", "IsCompact.exists_isMaxOn"],
    ["one letter missing", "IsCompact.exist_isMaxOn", "IsCompact.exists_isMaxOn"],
    ["one letter too many", "IsCompactt.exists_isMaxOn", "IsCompact.exists_isMaxOn"],
    ["two letters swapped", "IsCompact.exsits_isMaxOn", "IsCompact.exists_isMaxOn"],
    ["two edits apart", "IsCompct.exists_isMaxO", "IsCompact.exists_isMaxOn"],
    ["without its namespace", "exists_isMaxOm", "IsCompact.exists_isMaxOn"],
    [
      "without some namespaces",
      "Measure.haveLebesgueDecompositon",
      "MeasureTheory.Measure.haveLebesgueDecomposition",
    ],
    ["in a wrong namespace", "IsCompakt.exists_isMaxOn", "IsCompact.exists_isMaxOn"],
    ["with _root_", "_root_.IsCompact.exists_isMaxOm", "IsCompact.exists_isMaxOn"],
    ["in other case", "iscompact.EXISTS_ismaxom", "IsCompact.exists_isMaxOn"],
    ["a short one", "Idael", "Ideal"],
    ["a short one whose first letters are wrong", "Udeal", "Ideal"],
    ["a short last component", "map_ido", "CategoryTheory.Functor.map_id"],
    ["a dot missing", "Natadd_comm", "Nat.add_comm"],
    ["of other alphabets", "Ω.measurble_ε", "Ω.measurable_ε"],
  ])("finds a name misspelt: %s", (_, misspelt, meant) => {
    expect(similar(misspelt)[0]).toBe(meant);
  });

  it("finds any long enough name after one edit", () => {
    const names = NAMES.filter((name) => /^[\w.]{12,60}$/.test(name));
    const edit = fc.record({
      name: fc.constantFrom(...names),
      at: fc.nat(100),
      kind: fc.constantFrom(
        "wrong" as const,
        "missing" as const,
        "more" as const,
        "swapped" as const,
      ),
    });
    fc.assert(
      fc.property(edit, ({ name, at, kind }) => {
        const i = at % (name.length - 1);
        const [before, here, next, after] = [
          name.slice(0, i),
          name.charAt(i),
          name.charAt(i + 1),
          name.slice(i + 2),
        ];
        const misspelt = {
          wrong: `${before}q${next}${after}`,
          missing: `${before}${next}${after}`,
          more: `${before}q${here}${next}${after}`,
          swapped: `${before}${next}${here}${after}`,
        }[kind];
        expect(similar(misspelt)).toContain(name);
      }),
      { numRuns: 300 },
    );
  });

  it("says how alike, the likest first, and finds nothing in nonsense", () => {
    const found = index.names.similar("IsCompact.exists_isMaxOn", 10);
    expect(found[0]?.similarity).toBe(1);
    expect(found.map(({ similarity }) => similarity)).toEqual(
      found.map(({ similarity }) => similarity).sort((a, b) => b - a),
    );
    for (const nonsense of [
      "",
      "x",
      "ab",
      "qqqqqqqqqq",
      "x".repeat(10_000),
      "\u{1f600}".repeat(50),
    ]) {
      expect(similar(nonsense)).toEqual([]);
    }
  });
});

describe("any text at all", () => {
  it("can be looked up", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.constantFrom(...HOSTILE),
      fc
        .array(fc.constantFrom('"', "'", "%", "*", ".", "«", "»", "a", "\0", "\ud800"))
        .map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, (name) => {
        index.idOf(name);
        ending(name);
        similar(name);
        index.names.withBeginning(name, 3);
        index.hasModule(name);
        index.lexical.knownWords([name]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("nameKey", () => {
  it("reverses the components and folds case", () => {
    expect(nameKey("IsCompact.exists_isMaxOn")).toBe("exists_ismaxon.iscompact");
    expect(nameKey("Foo.«a.b».c")).toBe("c.«a.b».foo");
    expect(nameComponents("Foo.«a.b».c")).toEqual(["Foo", "«a.b»", "c"]);
  });
});
