import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECLARATION_KINDS } from "../../src/declaration.js";
import { UserError } from "../../src/errors.js";
import type { DeclarationIndex } from "../../src/index/declaration-index.js";
import { nearNames } from "../../src/search/near-names.js";
import { Search, type SearchOptions } from "../../src/search/search.js";
import { openStarterIndex } from "./small-index.js";

let index: DeclarationIndex;
let search: Search;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ index, close } = await openStarterIndex());
  search = new Search(index);
});
afterAll(() => close());

/** Names of the results; null where the query is refused as one that cannot be searched. */
function namesOrRefusal(text: string, options: SearchOptions = {}): string[] | null {
  try {
    return search.search(text, options).map(({ facts }) => facts.name);
  } catch (error) {
    if (error instanceof UserError && error.exit === "badInput") return null;
    throw error;
  }
}

function first(text: string, options: SearchOptions = {}): string | undefined {
  return namesOrRefusal(text, { ...options, limit: 1 })?.[0];
}

/** Characters and words that mean something to FTS5, SQL, Lean or LaTeX. */
const troublesome = fc.constantFrom(
  ..."\"'*^:{}()[]+-|;,.!?@#$%&/\\<>=~`«»∀∃→⟨⟩₀𝓝\0\n\t".split(""),
  ..."AND OR NOT NEAR NEAR(a,2) name:group {name,type}:x ^compact comp* --x /* */".split(" "),
  "'; drop table words; --",
  '" or 1=1',
  "\\frac{1}{2}",
  "\ud835",
  "\udcdd",
  "𝓝",
);
const anyQuery = fc
  .array(
    fc.oneof(
      troublesome,
      fc.constantFrom("compact", "IsCompact", "group", "mul_comm", "continuous", "of"),
      fc.string({ unit: "binary", maxLength: 12 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .chain((parts) => fc.constantFrom(" ", "").map((glue) => parts.join(glue)));

describe("any text as a query", () => {
  it("is answered or refused as unsearchable, twice alike, within the limit, without repeats", () => {
    fc.assert(
      fc.property(anyQuery, fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const names = namesOrRefusal(text, { limit });
        expect(namesOrRefusal(text, { limit })).toEqual(names);
        if (names === null) return;
        expect(names.length).toBeLessThanOrEqual(limit);
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 200 },
    );
  });

  it("gets only results that pass its filters, best first", () => {
    const kinds = fc.subarray([...DECLARATION_KINDS], { maxLength: 3 });
    const module = fc.constantFrom("", "Mathlib", "Mathlib.Topology", "Mathlib.Algebra.Group");
    fc.assert(
      fc.property(anyQuery, kinds, module, (text, kinds, module) => {
        let last = Infinity;
        const results = ((): ReturnType<Search["search"]> => {
          try {
            return search.search(text, { limit: 100, filter: { kinds, module } });
          } catch (error) {
            expect(error).toMatchObject({ exit: "badInput" });
            return [];
          }
        })();
        for (const { facts, score } of results) {
          if (kinds.length > 0) expect(kinds).toContain(facts.kind);
          if (module !== "") expect(`${facts.module}.`.startsWith(`${module}.`)).toBe(true);
          expect(score).toBeLessThanOrEqual(last);
          last = score;
        }
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    '"',
    "compact AND",
    "NEAR(compact set)",
    "name:compact",
    "(compact",
    "compact*",
    "^compact",
  ])("has no syntax: %s", (text) => {
    expect(() => namesOrRefusal(text)).not.toThrow();
  });

  it("treats words of the query language as the plain words that they are", () => {
    expect(first("compact NOT closed")).toBeDefined();
    expect(namesOrRefusal("closed bounded compact", { limit: 5 })).toEqual(
      namesOrRefusal('"closed" (bounded), compact;', { limit: 5 }),
    );
  });
});

describe("a query that is or resembles a name", () => {
  /** Enough names of every length, spread over the corpus. */
  const everyTenth = (): string[] =>
    search
      .search("theorem of continuous group ring set space map", { limit: 1000 })
      .map(({ facts }) => facts.name)
      .filter((_, place) => place % 10 === 0);

  it("finds that declaration first, however it is quoted or cased", () => {
    const names = everyTenth();
    expect(names.length).toBeGreaterThan(50);
    for (const name of names) {
      expect(first(name)).toBe(name);
      expect(first(`\`${name}\``)).toBe(name);
      expect(first(`@${name}`)).toBe(name);
      expect(first(`_root_.${name}`)).toBe(name);
      expect(first(name.toLowerCase())?.toLowerCase()).toBe(name.toLowerCase());
    }
  });

  it("finds it first in spite of one wrong letter", () => {
    const names = everyTenth().filter((name) => name.length >= 12);
    const found = names.filter((name) => {
      const middle = Math.floor(name.length / 2);
      return first(`${name.slice(0, middle)}q${name.slice(middle + 1)}`) === name;
    });
    expect(found.length / names.length).toBeGreaterThanOrEqual(0.95);
  });

  it("finds it by its last component where that is unique", () => {
    for (const name of everyTenth()) {
      const ending = name.slice(name.lastIndexOf(".") + 1);
      const [only, second] = index.names.withEnding(ending, 2);
      if (only === undefined || second !== undefined || !/[_]|[a-z][A-Z]/.test(ending)) continue;
      expect(first(ending)).toBe(name);
    }
  });

  it.each([
    "IsCompact.exists_isMinOn",
    "iscompact.EXISTS_ISMINON",
    "exists_isMinOn",
    "_root_.IsCompact.exists_isMinOn",
    "@IsCompact.exists_isMinOn",
    "`IsCompact.exists_isMinOn`",
    "`@_root_.IsCompact.exists_isMinOn`",
    "IsCompact.exist_isMinOn",
    "IsCompct.exists_isMinOm",
    "Wrong.exists_isMinOn",
    "exists_isMinOm",
    "#check IsCompact.exists_isMinOn",
  ])("takes %s for the one that is meant", (spelling) => {
    expect(first(spelling)).toBe("IsCompact.exists_isMinOn");
  });

  it("passes filters before it is pinned", () => {
    const filter = { kinds: ["definition"] as const };
    for (const name of namesOrRefusal("IsCompact.exists_isMinOn", { filter }) ?? []) {
      expect(name).not.toBe("IsCompact.exists_isMinOn");
    }
  });
});

describe("a search", () => {
  it("refuses a module under which there is nothing", () => {
    const filter = { module: "Mathlib.Topolgy" };
    expect(() => search.search("compact", { filter })).toThrow(
      expect.objectContaining({ exit: "usage" }) as Error,
    );
  });

  it("says for each result which channels brought it and which words were found where", () => {
    const [result] = search.search("heine borel", { limit: 1 });
    expect(result?.evidence.length).toBeGreaterThan(0);
    for (const { rank } of result?.evidence ?? []) expect(rank).toBeGreaterThanOrEqual(1);
    expect(result?.lexical.matches.map(({ word }) => word)).toContain("borel");
    expect(result?.lexical.queryCoverage).toBeCloseTo(1);
  });
});

describe("nearNames", () => {
  it("offers the name in other namespaces, misspelt names, and none for gibberish", () => {
    expect(nearNames(index, "Wrong.exists_isMinOn", 5)).toContain("IsCompact.exists_isMinOn");
    expect(nearNames(index, "IsCompact.exists_isMinOm", 5)).toContain("IsCompact.exists_isMinOn");
    expect(nearNames(index, "qqqqqqqq", 5)).toEqual([]);
  });
});
