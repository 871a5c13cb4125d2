import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Declaration } from "../../src/declaration.js";
import { buildIndex, type BuildOptions, type BuildReport } from "../../src/index/build.js";
import { DeclarationIndex } from "../../src/index/declaration-index.js";
import { StaticEmbedder } from "../../src/models/static-embedder.js";
import { PACKAGE_ROOT } from "../../src/package-root.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";
import { indexContents } from "./index-contents.js";
import { declaration, madeUpCorpus, madeUpName, writeCorpus } from "./made-up.js";

// Hundreds of builds and readings take their time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const folder = temporaryFolder();
let files = 0;

function newPath(): string {
  files += 1;
  return join(folder, `${files}.sqlite`);
}

/** Builds an index of these declarations; of the same path, it brings the index up to date. */
async function build(
  index: string,
  corpus: readonly Declaration[],
  more: Pick<BuildOptions, "embedder"> = {},
): Promise<BuildReport> {
  const source = writeCorpus(join(folder, "corpus.jsonl"), corpus);
  return buildIndex({ index, sources: [source], ...more });
}

async function freshContents(corpus: readonly Declaration[]): Promise<Record<string, string>> {
  const index = newPath();
  await build(index, corpus);
  return indexContents(index);
}

function idsByName(path: string): Map<string, number> {
  const db = new SqliteDatabase(path, { readonly: true });
  const rows = db
    .prepare<[], [string, number]>(
      "select n.name, d.id from declarations d join names n on n.id = d.id",
    )
    .raw()
    .all();
  db.close();
  return new Map(rows);
}

function usedBy(path: string, name: string): string[] {
  const index = DeclarationIndex.open(path);
  try {
    const id = index.idOf(name) ?? -1;
    const users = index.facts(index.usedBy(id, 100)).map((facts) => facts.name);
    expect(index.facts([id])[0]?.usedBy).toBe(users.length);
    return users.sort();
  } finally {
    index.close();
  }
}

describe("a new index", () => {
  it("holds every record as it was read", async () => {
    const index = newPath();
    const corpus = [
      declaration("Whole.record", {
        kind: "class",
        module: "Mathlib.A",
        line: 7,
        signature: "(α : Type*)",
        type: "Prop",
        value: "where x : α",
        statement: "class Whole.record",
        docstring: "Doc.\nTwo lines.",
        informalName: "Name",
        informalDescription: "Description",
        informalOrigin: "model",
        aliases: ["one", "two"],
        topics: ["algebra"],
        references: ["Other", "Absent"],
        derivedFrom: "Source",
      }),
      declaration("Other", { module: "" }),
    ];
    await build(index, corpus);
    const opened = DeclarationIndex.open(index);
    for (const wanted of corpus) {
      expect(opened.declaration(opened.idOf(wanted.name) ?? -1)).toEqual(wanted);
    }
    expect(opened.idOf("Absent")).toBeUndefined();
    expect(opened.declaration(12345)).toBeUndefined();
    expect(opened.facts([12345])).toEqual([]);
    opened.close();
  });

  it("searches what rules read off a statement where it has no vectors, and not where it has", async () => {
    const index = newPath();
    const corpus = [
      declaration("Foo", { informalDescription: "a peculiar line", informalOrigin: "rules" }),
    ];
    const known = async (embedder?: StaticEmbedder): Promise<number> => {
      await build(index, corpus, embedder === undefined ? {} : { embedder });
      const opened = DeclarationIndex.open(index);
      const words = opened.lexical.knownWords(["peculiar"]);
      opened.close();
      return words.length;
    };
    const embedder = await StaticEmbedder.load();
    expect(await known()).toBe(1);
    expect(await known(embedder)).toBe(0);
    expect(await known()).toBe(1);
    await embedder?.close();
  });

  it("says what it is made of", async () => {
    const index = newPath();
    const path = join(folder, "partly.jsonl");
    writeCorpus(path, [...madeUpCorpus(5), ...madeUpCorpus(2)]);
    writeFileSync(path, "nonsense\n", { flag: "a" });
    const report = await buildIndex({ index, sources: [path] });
    expect(report).toMatchObject({
      start: "fresh",
      counts: { added: 5, changed: 0, unchanged: 0, duplicate: 2 },
      removed: 0,
      skippedLines: 1,
      declarations: 5,
      written: true,
    });
    const opened = DeclarationIndex.open(index);
    expect(opened.summary()).toMatchObject({
      path: index,
      declarations: 5,
      duplicates: 2,
      skippedLines: 1,
      sources: [path],
    });
    expect(opened.summary().corpusFingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(opened.kindCounts().reduce((sum, { declarations }) => sum + declarations, 0)).toBe(5);
    opened.close();
  });

  it("keeps the first of two declarations with one name, also over several sources", async () => {
    const index = newPath();
    const first = writeCorpus(join(folder, "first.jsonl"), [
      declaration("a", { docstring: "first" }),
      declaration("a", { docstring: "second" }),
    ]);
    const second = writeCorpus(join(folder, "second.jsonl.gz"), [
      declaration("a", { docstring: "third" }),
      declaration("b"),
    ]);
    const report = await buildIndex({ index, sources: [first, second] });
    expect(report.counts).toEqual({ added: 2, changed: 0, unchanged: 0, duplicate: 2 });
    const opened = DeclarationIndex.open(index);
    expect(opened.declaration(opened.idOf("a") ?? -1)?.docstring).toBe("first");
    opened.close();
  });

  it("has the same fingerprint for the same declarations in any order", async () => {
    const corpus = madeUpCorpus(50);
    expect(await freshContents([...corpus].reverse())).toEqual(await freshContents(corpus));
  });

  it("is made in folders that do not exist yet, and nothing else is left there", async () => {
    const index = join(folder, "some", "where", "index.sqlite");
    await build(index, madeUpCorpus(3));
    expect(readdirSync(join(folder, "some", "where"))).toEqual(["index.sqlite"]);
  });
});

describe("an update", () => {
  it("writes only what changed, and what was not touched keeps its id", async () => {
    const index = newPath();
    const before = madeUpCorpus(500);
    await build(index, before);
    const ids = idsByName(index);
    const changed = new Set([10, 200, 499]);
    const gone = new Set([0, 300]);
    const after = before
      .map((some, i) => (changed.has(i) ? { ...some, docstring: "Entirely new words." } : some))
      .filter((_, i) => !gone.has(i))
      .concat(declaration("New.one", { references: [madeUpName(0)] }), declaration("New.two"));
    expect(await build(index, after)).toMatchObject({
      start: "update",
      counts: { added: 2, changed: 3, unchanged: 495, duplicate: 0 },
      removed: 2,
      declarations: 500,
      written: true,
    });
    for (const [name, id] of idsByName(index)) {
      if (!name.startsWith("New.")) expect(id).toBe(ids.get(name));
    }
    expect(indexContents(index)).toEqual(await freshContents(after));
  });

  it("of the same corpus writes nothing", async () => {
    const index = newPath();
    await build(index, madeUpCorpus(20));
    const before = new SqliteDatabase(index, { readonly: true }).serialize();
    expect(await build(index, madeUpCorpus(20))).toMatchObject({ written: false, removed: 0 });
    expect(new SqliteDatabase(index, { readonly: true }).serialize().equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes("building"))).toEqual([]);
  });

  it("from scratch makes all declarations again", async () => {
    const index = newPath();
    const source = writeCorpus(join(folder, "again.jsonl"), madeUpCorpus(10));
    await buildIndex({ index, sources: [source] });
    const report = await buildIndex({ index, sources: [source], fromScratch: true });
    expect(report).toMatchObject({ start: "fresh", counts: { added: 10 }, written: true });
  });

  it("comes to the same as a new index, whatever was edited", async () => {
    const names = ["A.one", "A.two", "B.one", "one", "Ω.ε", "«a.b».c", "B.two'", "C"];
    const words = ["group", "compact", "prime", "ideal", "measure", "norm"];
    const text = fc.array(fc.constantFrom(...words), { maxLength: 5 }).map((all) => all.join(" "));
    const some = fc
      .record({
        name: fc.constantFrom(...names),
        kind: fc.constantFrom("theorem" as const, "class" as const),
        module: fc.constantFrom("Mathlib.A", "Mathlib.A.B", ""),
        docstring: text,
        type: text,
        aliases: fc.array(text, { maxLength: 2 }),
        references: fc.uniqueArray(fc.constantFrom(...names, "Never.declared"), { maxLength: 4 }),
      })
      .map(({ name, ...rest }) => declaration(name, rest));
    const corpus = fc.array(some, { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(fc.array(corpus, { minLength: 2, maxLength: 4 }), async (corpora) => {
        const index = newPath();
        for (const each of corpora) await build(index, each);
        expect(indexContents(index)).toEqual(await freshContents(corpora.at(-1) ?? []));
      }),
      { numRuns: 40 },
    );
  });
});

describe("the references graph", () => {
  it("counts who uses a declaration, itself left out, whatever the order of the corpus", async () => {
    const index = newPath();
    await build(index, [
      declaration("a", { references: ["z", "a", "missing"] }),
      declaration("b", { references: ["z", "a"] }),
      declaration("z", { references: ["z"] }),
    ]);
    expect(usedBy(index, "z")).toEqual(["a", "b"]);
    expect(usedBy(index, "a")).toEqual(["b"]);
    expect(usedBy(index, "b")).toEqual([]);
    const opened = DeclarationIndex.open(index);
    const uses = opened.facts(opened.uses(opened.idOf("a") ?? -1)).map(({ name }) => name);
    expect(uses).toEqual(["z"]);
    opened.close();
  });

  it("follows declarations that come later, vanish and come back", async () => {
    const index = newPath();
    const user = declaration("user", { references: ["used"] });
    const used = declaration("used");
    await build(index, [user]);
    await build(index, [user, used]);
    expect(usedBy(index, "used")).toEqual(["user"]);
    await build(index, [user]);
    expect(DeclarationIndex.open(index).idOf("used")).toBeUndefined();
    await build(index, [used, user]);
    expect(usedBy(index, "used")).toEqual(["user"]);
    await build(index, [used]);
    expect(usedBy(index, "used")).toEqual([]);
    expect(indexContents(index)).toEqual(await freshContents([used]));
  });
});

describe("a build that ends early", () => {
  const source = (): string => writeCorpus(join(folder, "long.jsonl"), madeUpCorpus(7000));

  async function interruptedBuild(index: string): Promise<void> {
    const controller = new AbortController();
    const failure = await failureOf(() =>
      buildIndex({
        index,
        sources: [source()],
        signal: controller.signal,
        onProgress: () => controller.abort(),
      }),
    );
    expect(failure.exit).toBe("interrupted");
  }

  it("by the signal is resumed by the next, and comes to the same", async () => {
    const index = newPath();
    await interruptedBuild(index);
    expect(existsSync(index)).toBe(false);
    const report = await buildIndex({ index, sources: [source()] });
    expect(report.start).toBe("resume");
    expect(report.counts.unchanged).toBeGreaterThan(0);
    expect(report.counts.added).toBeGreaterThan(0);
    expect(indexContents(index)).toEqual(await freshContents(madeUpCorpus(7000)));
  });

  it("keeps what an interrupted build had done through a slip in the sources", async () => {
    const index = newPath();
    await interruptedBuild(index);
    const failure = await failureOf(() =>
      buildIndex({ index, sources: [join(folder, "typo.jsonl")] }),
    );
    expect(failure.message).toMatch(/There is no file/);
    expect((await buildIndex({ index, sources: [source()] })).start).toBe("resume");
  });

  it("by a bad source leaves the good index as it was, and nothing beside it", async () => {
    const index = newPath();
    await build(index, madeUpCorpus(30));
    const before = indexContents(index);
    const bad = join(folder, "bad.jsonl");
    writeFileSync(bad, '{"name":"x","kind":"theorem"}\nnonsense\n');
    await failureOf(() => buildIndex({ index, sources: [bad], strict: true }));
    await failureOf(() => buildIndex({ index, sources: [bad, folder] }));
    expect(indexContents(index)).toEqual(before);
    expect(readdirSync(folder).filter((name) => name.includes("building"))).toEqual([]);
  });
});

const publishedCorpus = join(PACKAGE_ROOT, "../shared/corpus/mathlib-v4.28.0-rc1.jsonl.gz");

describe("the published corpus of Mathlib", () => {
  it.skipIf(!existsSync(publishedCorpus))(
    "gives an index of its first declarations (skipped without ../shared/corpus)",
    async () => {
      const index = newPath();
      const controller = new AbortController();
      const failure = await failureOf(() =>
        buildIndex({
          index,
          sources: [publishedCorpus],
          signal: controller.signal,
          onProgress: ({ declarations }) => {
            if (declarations >= 5000) controller.abort();
          },
        }),
      );
      expect(failure.exit).toBe("interrupted");
      const source = join(folder, "first.jsonl.gz");
      const { readCorpus } = await import("../../src/corpus/read.js");
      const first: Declaration[] = [];
      for await (const batch of readCorpus(publishedCorpus, { strict: true })) {
        first.push(...batch);
        if (first.length >= 5000) break;
      }
      first.length = 5000;
      writeCorpus(source, first);
      const report = await buildIndex({ index, sources: [source] });
      expect(report).toMatchObject({ start: "resume", declarations: 5000, skippedLines: 0 });
      const opened = DeclarationIndex.open(index);
      for (const wanted of first.slice(0, 200)) {
        const found = opened.declaration(opened.idOf(wanted.name) ?? -1);
        const references = wanted.references.filter((name) => name !== wanted.name);
        expect(found).toEqual({ ...wanted, references });
      }
      opened.close();
    },
  );
});
