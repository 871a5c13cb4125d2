import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { execa } from "execa";
import fc from "fast-check";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { buildIndex } from "../../src/index/build.js";
import { DeclarationIndex } from "../../src/index/declaration-index.js";
import { checkIntegrity } from "../../src/index/integrity.js";
import { Search } from "../../src/search/search.js";
import { compileSource } from "../compiled-source.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";
import { indexContents } from "./index-contents.js";
import { madeUpCorpus, madeUpName, writeCorpus } from "./made-up.js";

// Hundreds of builds and readings take their time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const folder = temporaryFolder();
const good = join(folder, "good.sqlite");
const source = join(folder, "corpus.jsonl");
const isWindows = process.platform === "win32";

beforeAll(async () => {
  writeCorpus(source, madeUpCorpus(60));
  await buildIndex({ index: good, sources: [source] });
});

let copies = 0;

/** A copy of the good index with something done to it. */
function copy(change: (path: string) => void = () => undefined): string {
  copies += 1;
  const path = join(folder, `copy-${copies}.sqlite`);
  copyFileSync(good, path);
  change(path);
  return path;
}

function sql(path: string, statements: string): void {
  const db = new SqliteDatabase(path);
  db.pragma("foreign_keys = off");
  db.exec(statements);
  db.close();
}

/** Asks an index all that there is to ask. */
async function useAll(path: string): Promise<void> {
  const index = DeclarationIndex.open(path);
  try {
    index.summary();
    index.kindCounts();
    index.hasModule("Mathlib");
    const search = new Search(index);
    await search.search("compact group");
    await search.search("the norm of a prime ideal", {
      filter: { kinds: ["theorem"], module: "" },
    });
    await search.search(madeUpName(3));
    index.names.withBeginning("C", 50);
    index.names.similar(madeUpName(5).replace("_of_", "_fo_"), 10);
    for (let i = 0; i < 60; i += 4) {
      for (const { id } of index.names.withEnding(madeUpName(i), 3)) {
        index.declaration(id);
        index.facts(index.uses(id));
        index.facts(index.usedBy(id, 10));
      }
    }
  } finally {
    index.close();
  }
}

async function openingFailure(path: string): Promise<string> {
  const failure = await failureOf(() => DeclarationIndex.open(path).close());
  expect(failure.exit).toBe("noIndex");
  return failure.message;
}

describe("an index that cannot be used is told in a sentence", () => {
  it.each<[string, () => string, RegExp]>([
    [
      "a missing file",
      () => join(folder, "none.sqlite"),
      /There is no index at .*lemmascope index/,
    ],
    ["a path below a file", () => join(source, "x.sqlite"), /There is no index at/],
    ["a directory", () => folder, /is a directory/],
    ["an empty file", () => copy((path) => truncateSync(path)), /is empty; make it with/],
    ["a text", () => source, /corpus\.jsonl is not a lemmascope index/],
    ["a short text", () => copy((path) => writeFileSync(path, "x")), /is not a lemmascope index/],
    [
      "another program's database",
      () => {
        const path = join(folder, "bookmarks.sqlite");
        sql(path, "create table bookmarks (url text)");
        return path;
      },
      /bookmarks\.sqlite is not a lemmascope index/,
    ],
    [
      "a newer schema",
      () => copy((path) => sql(path, "pragma user_version = 99")),
      /made by a newer lemmascope \(schema 99, .*rebuild it with: lemmascope index --index .*copy/,
    ],
    [
      "an older schema",
      () => copy((path) => sql(path, "pragma user_version = 0")),
      /made by an older lemmascope \(schema 0, .*rebuild it with: lemmascope index --index .*copy/,
    ],
    [
      "another vocabulary",
      () =>
        copy((path) => sql(path, "update meta set value='0' where key='vocabulary_fingerprint'")),
      /another vocabulary of words .*rebuild it with: lemmascope index --index .*copy/,
    ],
    [
      "one that was never completed",
      () => copy((path) => sql(path, "update meta set value='building' where key='state'")),
      /was never completed/,
    ],
    [
      "one cut short",
      () => copy((path) => truncateSync(path, readFileSync(path).length - 5000)),
      /is damaged .*lemmascope index --index/,
    ],
    ["one cut to its header", () => copy((path) => truncateSync(path, 4096)), /damaged/],
    ["one cut in its header", () => copy((path) => truncateSync(path, 50)), /is not a lemmascope/],
    [
      "one without a table",
      () => copy((path) => sql(path, "drop table names")),
      /is damaged \(no such table/,
    ],
    [
      "one without meta",
      () => copy((path) => sql(path, "drop table meta")),
      /is damaged \(no such table/,
    ],
    [
      "one whose counts are nonsense",
      () => copy((path) => sql(path, "update meta set value='[1' where key='field_lengths'")),
      /is damaged/,
    ],
  ])("%s", async (_, path, sentence) => {
    expect(await openingFailure(path())).toMatch(sentence);
  });

  it("damage that shows only when a record is read", async () => {
    const path = copy((name) =>
      sql(name, "update records set aliases = '[1'; update declarations set kind = 'nonsense'"),
    );
    const index = DeclarationIndex.open(path);
    const id = index.idOf(madeUpName(0)) ?? -1;
    const asking = [() => index.declaration(id), () => index.facts([id])];
    for (const ask of asking) expect((await failureOf(ask)).message).toMatch(/is damaged/);
    index.close();
  });

  it("damage that only the whole check finds", async () => {
    expect(checkIntegrity(good)).toMatchObject({ declarations: 60 });
    const path = copy((name) => sql(name, "delete from records where id % 2 = 0"));
    const failure = await failureOf(() => checkIntegrity(path));
    expect(failure.message).toMatch(/is damaged \(records is incomplete\)/);
  });
});

describe("an index in which any bytes were changed", () => {
  const size = (): number => readFileSync(good).length;
  const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
    minLength: 1,
    maxLength: 12,
  });

  function damaged(changes: readonly (readonly [number, number])[]): string {
    const bytes = readFileSync(good);
    for (const [where, byte] of changes) bytes[Math.floor(where * (bytes.length - 1))] = byte;
    const path = join(folder, "damaged.sqlite");
    writeFileSync(path, bytes);
    return path;
  }

  it("answers or says that it is damaged", async () => {
    expect(size()).toBeGreaterThan(4096);
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const path = damaged(changes);
        for (const use of [useAll, checkIntegrity]) {
          try {
            await use(path);
          } catch (error) {
            expect(error).toMatchObject({ name: "UserError" });
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it("answers or says so where the header was hit", async () => {
    for (let at = 0; at < 100; at += 1) {
      for (const byte of [0, 2, 0xff]) {
        const path = damaged([[(at + 0.5) / (size() - 1), byte]]);
        try {
          await useAll(path);
        } catch (error) {
          expect(error).toMatchObject({ name: "UserError" });
        }
      }
    }
  });

  it("is brought up to date or refused, and left as it was", async () => {
    const changed = join(folder, "changed.jsonl");
    writeCorpus(changed, madeUpCorpus(70).slice(5));
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const path = damaged(changes);
        const before = readFileSync(path);
        try {
          await buildIndex({ index: path, sources: [changed] });
        } catch (error) {
          expect(error).toMatchObject({ name: "UserError" });
          expect(readFileSync(path).equals(before)).toBe(true);
        }
        expect(readdirSync(folder).filter((name) => name.includes(".building"))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a place that cannot be built in is told in a sentence", () => {
  it.each<[string, () => string, RegExp]>([
    ["a directory", () => folder, /is a directory; name a file/],
    ["a folder that is a file", () => join(source, "index.sqlite"), /cannot be written/],
    ["a name too long", () => join(folder, "x".repeat(300)), /cannot be written/],
    ["the corpus itself", () => source, /corpus\.jsonl exists and is not a lemmascope index/],
    [
      "another program's database",
      () => {
        const path = join(folder, "mail.sqlite");
        sql(path, "create table mail (subject text)");
        return path;
      },
      /mail\.sqlite exists and is not a lemmascope index/,
    ],
  ])("%s", async (_, index, sentence) => {
    const path = index();
    const failure = await failureOf(() => buildIndex({ index: path, sources: [source] }));
    expect(failure.message).toMatch(sentence);
    expect(failure.exit).toBe("io");
  });

  it.skipIf(isWindows)("a device", async () => {
    const failure = await failureOf(() => buildIndex({ index: "/dev/null", sources: [source] }));
    expect(failure.message).toMatch(/is not a plain file/);
  });

  it("but what an older or newer version made is replaced", async () => {
    for (const version of [0, 99]) {
      const path = copy((name) => sql(name, `pragma user_version = ${version}`));
      expect((await buildIndex({ index: path, sources: [source] })).start).toBe("fresh");
      expect(indexContents(path)).toEqual(indexContents(good));
    }
  });

  it("and a symbolic link leads to the index that is replaced", async () => {
    const path = copy();
    const link = join(folder, "link.sqlite");
    symlinkSync(path, link);
    const other = join(folder, "other.jsonl");
    writeCorpus(other, madeUpCorpus(7));
    expect((await buildIndex({ index: link, sources: [other] })).start).toBe("update");
    expect(readlinkSync(link)).toBe(path);
    for (const name of [link, path]) {
      const index = DeclarationIndex.open(name);
      expect(index.summary().declarations).toBe(7);
      index.close();
    }
  });
});

describe("a full disk", () => {
  const big = join(folder, "big.jsonl");
  const before = (): Record<string, string> => indexContents(good);

  beforeAll(() => {
    writeCorpus(big, madeUpCorpus(4000));
    compileSource(folder, {
      "build.mjs": `
        import { buildIndex } from "./src/index/build.js";
        try {
          await buildIndex({ index: process.argv[2], sources: [process.argv[3]] });
          console.log("done");
        } catch (error) {
          console.log(error.name + ": " + error.message);
        }`,
      "read.mjs": `
        import { DeclarationIndex } from "./src/index/declaration-index.js";
        try {
          console.log(DeclarationIndex.open(process.argv[2]).summary().declarations);
        } catch (error) {
          console.log(error.name + ": " + error.message);
        }`,
    });
  });

  it("is told and leaves the good index and nothing beside it", async () => {
    const path = copy();
    const failure = await failureOf(() =>
      buildIndex({ index: path, sources: [big], maximumBytes: 300_000 }),
    );
    expect(failure.message).toMatch(/The disk is full: .* was left as it was/);
    expect(failure.exit).toBe("io");
    expect(indexContents(path)).toEqual(before());
    expect(readdirSync(folder).filter((name) => name.includes(".building"))).toEqual([]);
    expect((await buildIndex({ index: path, sources: [big] })).start).toBe("update");
  });

  it.skipIf(isWindows)("by a real limit on the size of files is told as well", async () => {
    // Sizes at which creating, writing the log, and copying the old index are cut off.
    for (const kilobytes of [0, 8, 100, 600]) {
      for (const index of [copy(), join(folder, `limited-${kilobytes}.sqlite`)]) {
        const { stdout } = await execa("bash", [
          "-c",
          `ulimit -f ${kilobytes}; exec "$@"`,
          "bash",
          process.execPath,
          join(folder, "build.mjs"),
          index,
          big,
        ]);
        expect(stdout).toMatch(
          /^UserError: (?:The disk is full|Writing .* failed|The index .* cannot)/,
        );
        if (index.includes("copy")) expect(indexContents(index)).toEqual(before());
        expect(readdirSync(folder).filter((name) => name.includes(".building"))).toEqual([]);
      }
    }
  });

  it.skipIf(isWindows)("and a read-only folder are told, and its index can be read", async () => {
    const locked = join(folder, "locked");
    mkdirSync(locked);
    const index = join(locked, "index.sqlite");
    copyFileSync(good, index);
    chmodSync(index, 0o444);
    chmodSync(locked, 0o555);
    chmodSync(folder, 0o755);
    // Root may write anywhere, so it becomes somebody else.
    const somebody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const run = async (script: string, ...args: string[]): Promise<string> => {
      const { stdout } = await execa(process.execPath, [join(folder, script), ...args], somebody);
      return stdout;
    };
    expect(await run("read.mjs", index)).toBe("60");
    expect(await run("build.mjs", index, source)).toMatch(
      /UserError: The index .* cannot be written/,
    );
    const elsewhere = join(locked, "new", "index.sqlite");
    expect(await run("build.mjs", elsewhere, source)).toMatch(/UserError: .* cannot be written/);
    chmodSync(locked, 0o755);
    chmodSync(index, 0o000);
    expect(await run("read.mjs", index)).toMatch(
      /UserError: The index .* cannot be (?:read|opened)/,
    );
  });
});
