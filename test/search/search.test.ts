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
async function namesOrRefusal(text: string, options: SearchOptions = {}): Promise<string[] | null> {
  try {
    const results = await search.search(text, options);
    return results.map(({ facts }) => facts.name);
  } catch (error) {
    if (error instanceof UserError && error.exit === "badInput") return null;
    throw error;
  }
}

async function first(text: string, options: SearchOptions = {}): Promise<string | undefined> {
  return (await namesOrRefusal(text, { ...options, limit: 1 }))?.[0];
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
  it("is answered or refused as unsearchable, twice alike, within the limit, without repeats", async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery, fc.integer({ min: 1, max: 40 }), async (text, limit) => {
        const names = await namesOrRefusal(text, { limit });
        expect(await namesOrRefusal(text, { limit })).toEqual(names);
        if (names === null) return;
        expect(names.length).toBeLessThanOrEqual(limit);
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 200 },
    );
  });

  it("gets only results that pass its filters, best first", async () => {
    const kinds = fc.subarray([...DECLARATION_KINDS], { maxLength: 3 });
    const module = fc.constantFrom("", "Mathlib", "Mathlib.Topology", "Mathlib.Algebra.Group");
    await fc.assert(
      fc.asyncProperty(anyQuery, kinds, module, async (text, kinds, module) => {
        let last = Infinity;
        const results = await search
          .search(text, { limit: 100, filter: { kinds, module } })
          .catch((error: unknown) => {
            expect(error).toMatchObject({ exit: "badInput" });
            return [];
          });
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
  ])("has no syntax: %s", async (text) => {
    await expect(namesOrRefusal(text)).resolves.not.toThrow();
  });

  it("treats words of the query language as the plain words that they are", async () => {
    expect(await first("compact NOT closed")).toBeDefined();
    expect(await namesOrRefusal("closed bounded compact", { limit: 5 })).toEqual(
      await namesOrRefusal('"closed" (bounded), compact;', { limit: 5 }),
    );
  });
});

describe("a query that is or resembles a name", () => {
  /** Enough names of every length, spread over the corpus. */
  const everyTenth = async (): Promise<string[]> => {
    const query = "theorem of continuous group ring set space map";
    const results = await search.search(query, { limit: 1000 });
    return results.map(({ facts }) => facts.name).filter((_, place) => place % 10 === 0);
  };

  it("finds that declaration first, however it is quoted or cased", async () => {
    const names = await everyTenth();
    expect(names.length).toBeGreaterThan(50);
    for (const name of names) {
      expect(await first(name)).toBe(name);
      expect(await first(`\`${name}\``)).toBe(name);
      expect(await first(`@${name}`)).toBe(name);
      expect(await first(`_root_.${name}`)).toBe(name);
      expect((await first(name.toLowerCase()))?.toLowerCase()).toBe(name.toLowerCase());
    }
  });

  it("finds it first in spite of one wrong letter", async () => {
    const names = (await everyTenth()).filter((name) => name.length >= 12);
    let found = 0;
    for (const name of names) {
      const middle = Math.floor(name.length / 2);
      const misspelt = `${name.slice(0, middle)}q${name.slice(middle + 1)}`;
      if ((await first(misspelt)) === name) found += 1;
    }
    expect(found / names.length).toBeGreaterThanOrEqual(0.95);
  });

  it("finds it by its last component where that is unique", async () => {
    for (const name of await everyTenth()) {
      const ending = name.slice(name.lastIndexOf(".") + 1);
      const [only, second] = index.names.withEnding(ending, 2);
      if (only === undefined || second !== undefined || !/[_]|[a-z][A-Z]/.test(ending)) continue;
      expect(await first(ending)).toBe(name);
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
  ])("takes %s for the one that is meant", async (spelling) => {
    expect(await first(spelling)).toBe("IsCompact.exists_isMinOn");
  });

  it("passes filters before it is pinned", async () => {
    const filter = { kinds: ["definition"] as const };
    for (const name of (await namesOrRefusal("IsCompact.exists_isMinOn", { filter })) ?? []) {
      expect(name).not.toBe("IsCompact.exists_isMinOn");
    }
  });
});

describe("a search", () => {
  it("refuses a module under which there is nothing", async () => {
    const filter = { module: "Mathlib.Topolgy" };
    await expect(search.search("compact", { filter })).rejects.toMatchObject({ exit: "usage" });
  });

  it("says for each result which channels brought it and which words were found where", async () => {
    const [result] = await search.search("heine borel", { limit: 1 });
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
