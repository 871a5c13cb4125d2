import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildIndex } from "../../src/index/build.js";
import { DeclarationIndex } from "../../src/index/declaration-index.js";
import { ANSWERERS, type OpenIndex } from "../../src/service/answer.js";
import { Search } from "../../src/search/search.js";
import { failureOf } from "../failure.js";
import { declaration, writeCorpus } from "../index/made-up.js";
import { openStarterIndex } from "../search/small-index.js";

let open: OpenIndex;
let close: () => Promise<void>;

beforeAll(async () => {
  const starter = await openStarterIndex();
  close = starter.close;
  const { index } = starter;
  const readiness = { declarations: 1845, builtAt: "", models: {}, notice: undefined };
  const models = {
    embedder: undefined,
    ranker: undefined,
    names: {},
    close: () => Promise.resolve(),
  };
  open = { index, search: new Search(index), models, readiness };
});
afterAll(() => close());

describe("find", () => {
  it("keeps to a package, and to the project's own", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lemmascope-answer-"));
    const path = join(folder, "packages.sqlite");
    const placed = (owner: string) =>
      declaration(`${owner}.compact`, {
        origin: { package: owner, version: "", file: "A.lean", isOwn: owner === "garden" },
      });
    const corpus = writeCorpus(join(folder, "a.jsonl"), ["garden", "meadow"].map(placed));
    await buildIndex({ index: path, sources: [corpus] });
    const index = DeclarationIndex.open(path);
    const house = { ...open, index, search: new Search(index) };
    const found = async (filter: object): Promise<string[]> => {
      const request = { query: "compact", kinds: [], module: "", limit: 5, ...filter };
      return (await ANSWERERS.find(house, request)).map((hit) => hit.declaration.name);
    };
    expect(await found({ package: "meadow" })).toEqual(["meadow.compact"]);
    expect(await found({ own: true })).toEqual(["garden.compact"]);
    expect(await found({ own: false })).toHaveLength(2);
    index.close();
    await rm(folder, { recursive: true });
  });

  it("gives whole declarations, best first, with their use and what is special", async () => {
    const request = { query: "IsCompact.exists_isMinOn", kinds: [], module: "", limit: 3 };
    const hits = await ANSWERERS.find(open, request);
    expect(hits).toHaveLength(3);
    expect(hits[0]?.declaration.name).toBe("IsCompact.exists_isMinOn");
    expect(hits[0]?.reasons).toContain("its name is the query");
    const scores = hits.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it("keeps to kinds and to a module, whose last dot does not matter", async () => {
    const request = { query: "space", kinds: ["class"], module: "Mathlib.Topology.", limit: 5 };
    const hits = await ANSWERERS.find(open, { ...request, kinds: ["class"] });
    expect(hits.length).toBeGreaterThan(0);
    for (const { declaration } of hits) {
      expect(declaration.kind).toBe("class");
      expect(declaration.module).toMatch(/^Mathlib\.Topology(\.|$)/);
    }
  });
});

describe("lookUp", () => {
  const lookUp = (name: string) => ANSWERERS.lookUp(open, { name });

  it("finds a whole name, also as Lean and Markdown write it", async () => {
    for (const name of ["IsCompact.exists_isMinOn", "`IsCompact.exists_isMinOn`"]) {
      const found = await lookUp(name);
      expect(found).toMatchObject({ asked: name, found: true });
      expect(found.found && found.declaration.name).toBe("IsCompact.exists_isMinOn");
    }
    expect(await lookUp("IsCompact.exists_isMinOn")).toMatchObject({ exact: true });
  });

  it("finds the only name with an ending, blind to case, and says that it is not exact", async () => {
    for (const name of ["exists_isMinOn", "iscompact.exists_isminon"]) {
      expect(await lookUp(name)).toMatchObject({ found: true, exact: false });
    }
  });

  it("names what is near a name that does not exist", async () => {
    const found = await lookUp("IsCompct.exists_isMinOm");
    expect(found.found).toBe(false);
    expect(!found.found && found.near).toContain("IsCompact.exists_isMinOn");
  });

  it("does not choose between several names with one ending, and names them", async () => {
    const endings = open.index.names.withEnding("lift", 5);
    expect(endings.length).toBeGreaterThan(1);
    const found = await lookUp("lift");
    expect(!found.found && found.near).toContain(endings[0]?.name);
  });

  it("refuses an empty name in a sentence", async () => {
    const { exit, message } = await failureOf(() => lookUp(" `` "));
    expect({ exit, message }).toEqual({
      exit: "badInput",
      message: "The name is empty: give a declaration's name.",
    });
  });
});

describe("related", () => {
  it("tells what a declaration uses, what uses it, and its siblings, with their numbers", async () => {
    const found = await ANSWERERS.related(open, { name: "IsCompact.exists_isMinOn", limit: 2 });
    if (!found.found) throw new Error("it was not found");
    const id = open.index.idOf(found.name) ?? 0;
    const names = (ids: number[]) => open.index.facts(ids).map(({ name }) => name);
    expect(found.uses.shown.map(({ name }) => name)).toEqual(
      names(open.index.uses(id)).slice(0, 2),
    );
    expect(found.usedBy.total).toBe(open.index.facts([id])[0]?.usedBy);
    expect(found.siblings.shown.length).toBeLessThanOrEqual(2);
    for (const { name, module } of found.siblings.shown) {
      expect(module).toBe(found.module);
      expect(name).not.toBe(found.name);
    }
  });

  it("counts all siblings, however few are shown", async () => {
    const { index } = open;
    const few = await ANSWERERS.related(open, { name: "IsCompact.exists_isMinOn", limit: 1 });
    const all = await ANSWERERS.related(open, { name: "IsCompact.exists_isMinOn", limit: 1000 });
    if (!few.found || !all.found) throw new Error("it was not found");
    expect(few.siblings.total).toBe(all.siblings.total);
    expect(all.siblings.shown).toHaveLength(all.siblings.total);
    expect(index.hasModule(all.module)).toBe(true);
  });

  it("names what is near a name that does not exist", async () => {
    const found = await ANSWERERS.related(open, { name: "IsCompct.exists_isMinOm", limit: 5 });
    expect(!found.found && found.near).toContain("IsCompact.exists_isMinOn");
  });
});

describe("complete", () => {
  it("gives names with a beginning, in alphabetical order", async () => {
    const names = await ANSWERERS.complete(open, { beginning: "IsCompact.", limit: 5 });
    expect(names.length).toBeGreaterThan(1);
    expect(names).toEqual([...names].sort());
    for (const name of names) expect(name.startsWith("IsCompact.")).toBe(true);
  });
});
