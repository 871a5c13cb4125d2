import { once } from "node:events";
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, type ResultPromise } from "execa";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { buildIndex } from "../../src/index/build.js";
import { DeclarationIndex } from "../../src/index/declaration-index.js";
import { compileSource } from "../compiled-source.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";
import { indexContents } from "./index-contents.js";
import { declaration, madeUpCorpus, writeCorpus } from "./made-up.js";

const folder = temporaryFolder();
// Each test starts several processes, which take their time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const isWindows = process.platform === "win32";

/** Builds an index, telling what it is at: a line for each step, and the report or the failure. */
const BUILD_SCRIPT = `
  import { buildIndex } from "./src/index/build.js";
  const [index, ...sources] = process.argv.slice(2);
  const say = (what) => process.stdout.write(JSON.stringify(what) + "\\n");
  try {
    const report = await buildIndex({
      index,
      sources,
      fromScratch: process.env.FROM_SCRATCH === "1",
      onStart: (start) => say({ start }),
      onProgress: ({ phase, declarations }) => say({ phase, declarations }),
    });
    say({ report });
  } catch (error) {
    say({ failure: error.message, name: error.name });
  }`;

/** Opens an index again and again until standard input ends, and says which corpora it met. */
const READ_SCRIPT = `
  import { DeclarationIndex } from "./src/index/declaration-index.js";
  import { words } from "./src/text/words.js";
  let goOn = true;
  process.stdin.on("end", () => (goOn = false)).resume();
  const met = new Set();
  let openings = 0;
  const look = (index) => {
    const { declarations } = index.summary();
    const names = index.names.withBeginning("Item", 10_000);
    const known = index.lexical.knownWords(words("generation"));
    const docstrings = new Set(names.map((name) => index.declaration(index.idOf(name)).docstring));
    if (docstrings.size !== 1 || names.length !== declarations || known[0].documents !== declarations)
      throw new Error("a mixture: " + [...docstrings] + ", " + names.length + " of " + declarations);
    met.add([...docstrings][0]);
  };
  try {
    let kept;
    while (goOn) {
      const index = DeclarationIndex.open(process.argv[2]);
      look(index);
      if (kept !== undefined) look(kept);
      openings += 1;
      if (openings % 5 === 0) { kept?.close(); kept = index; } else index.close();
      if (openings === 1) process.stdout.write("reading\\n");
      await new Promise((resolve) => setImmediate(resolve));
    }
    process.stdout.write(JSON.stringify({ openings, met: met.size }) + "\\n");
  } catch (error) {
    process.stdout.write(JSON.stringify({ error: String(error) }) + "\\n");
  }`;

beforeAll(() => {
  compileSource(folder, { "build.mjs": BUILD_SCRIPT, "read.mjs": READ_SCRIPT });
});

interface BuildEvent {
  readonly start?: string;
  readonly phase?: string;
  readonly declarations?: number;
  readonly failure?: string;
  readonly name?: string;
  readonly report?: { readonly start: string; readonly declarations: number };
}

type Child = ResultPromise<{ reject: false }>;

function startBuild(index: string, source: string, options: object = {}): Child {
  const script = join(folder, "build.mjs");
  return execa(process.execPath, [script, index, source], { reject: false, ...options }) as Child;
}

async function* events(child: Child): AsyncGenerator<BuildEvent> {
  for await (const line of child.iterable()) yield JSON.parse(line) as BuildEvent;
}

async function lastEvent(child: Child): Promise<BuildEvent> {
  let last: BuildEvent = {};
  for await (const event of events(child)) last = event;
  return last;
}

/** Starts a build and kills it, `delayMs` after the first event that is far enough. */
async function killBuild(
  index: string,
  source: string,
  isFarEnough: (event: BuildEvent) => boolean,
  delayMs: number,
): Promise<void> {
  const child = startBuild(index, source);
  for await (const event of events(child)) {
    if (!isFarEnough(event)) continue;
    await sleep(delayMs);
    child.kill("SIGKILL");
    break;
  }
  expect((await child).signal).toBe("SIGKILL");
}

function leftovers(index: string): string[] {
  return readdirSync(dirname(index)).filter((name) => name.startsWith(`${basename(index)}.`));
}

describe("a build that is killed", () => {
  const corpus = madeUpCorpus(20_000);
  const source = join(folder, "big.jsonl.gz");
  const smaller = corpus.slice(0, 6000);
  const smallerSource = join(folder, "smaller.jsonl.gz");
  const smallerIndex = join(folder, "smaller.sqlite");

  beforeAll(async () => {
    writeCorpus(source, corpus);
    writeCorpus(smallerSource, smaller);
    await buildIndex({ index: smallerIndex, sources: [smallerSource] });
  });

  it("is resumed with nothing lost or doubled, at whatever moments it was killed", async () => {
    const index = join(folder, "killed.sqlite");
    const moments: [(event: BuildEvent) => boolean, number][] = [
      [({ start }) => start === "fresh", 0],
      [({ declarations = 0 }) => declarations >= 2000, Math.random() * 40],
      [({ declarations = 0 }) => declarations >= 8000, Math.random() * 40],
      [({ phase }) => phase === "completing", Math.random() * 100],
    ];
    for (const [isFarEnough, delayMs] of moments) {
      await killBuild(index, source, isFarEnough, delayMs);
      expect(existsSync(index)).toBe(false);
    }
    const { report } = await lastEvent(startBuild(index, source));
    expect(report).toMatchObject({ start: "resume", declarations: corpus.length });
    const inOneGo = join(folder, "one-go.sqlite");
    await buildIndex({ index: inOneGo, sources: [source] });
    expect(indexContents(index)).toEqual(indexContents(inOneGo));
    expect(leftovers(index)).toEqual([]);
  });

  it("leaves the good index that it was to update answering from the old corpus", async () => {
    const index = join(folder, "updated.sqlite");
    const old = writeCorpus(join(folder, "old.jsonl"), [
      declaration("Only.old", { docstring: "An old theorem." }),
      ...corpus.slice(0, 1000),
    ]);
    await buildIndex({ index, sources: [old] });
    const before = indexContents(index);
    await killBuild(index, smallerSource, ({ declarations = 0 }) => declarations >= 2000, 10);
    await killBuild(index, smallerSource, ({ phase }) => phase === "completing", 0);
    const opened = DeclarationIndex.open(index);
    expect(opened.declaration(opened.idOf("Only.old") ?? -1)?.docstring).toBe("An old theorem.");
    opened.close();
    expect(indexContents(index)).toEqual(before);
    const { report } = await lastEvent(startBuild(index, smallerSource));
    expect(report).toMatchObject({ start: "resume", declarations: smaller.length });
    expect(indexContents(index)).toEqual(indexContents(smallerIndex));
  });

  it("just before its file took the index's place is brought there by the next", async () => {
    const index = join(folder, "renamed.sqlite");
    copyFileSync(smallerIndex, `${index}.building`);
    const report = await buildIndex({ index, sources: [smallerSource] });
    expect(report).toMatchObject({ start: "resume", written: true });
    expect(indexContents(index)).toEqual(indexContents(smallerIndex));
  });

  it.skipIf(isWindows)("leaves no log behind that could get into the next one", async () => {
    const index = join(folder, "log.sqlite");
    await killBuild(index, source, ({ declarations = 0 }) => declarations >= 4000, 5);
    expect(existsSync(`${index}.building-wal`)).toBe(true);
    rmSync(`${index}.building`);
    writeFileSync(`${index}.building-copy`, "half a copy");
    const small = writeCorpus(join(folder, "small.jsonl"), corpus.slice(0, 10));
    expect((await buildIndex({ index, sources: [small] })).start).toBe("fresh");
    expect(leftovers(index)).toEqual([]);
    const fresh = join(folder, "fresh.sqlite");
    await buildIndex({ index: fresh, sources: [small] });
    expect(indexContents(index)).toEqual(indexContents(fresh));
  });

  it("and whose file a power cut tore starts anew", async () => {
    const index = join(folder, "torn.sqlite");
    const small = writeCorpus(join(folder, "few.jsonl"), corpus.slice(0, 10));
    for (const content of ["junk".repeat(3000), "", "SQLite format 3\0"]) {
      writeFileSync(`${index}.building`, content);
      expect((await buildIndex({ index, sources: [small], fromScratch: false })).start).not.toBe(
        "resume",
      );
      rmSync(index);
    }
  });
});

describe("two builds of one index at once", () => {
  it("are kept apart: the second says that another process is building", async () => {
    const index = join(folder, "contended.sqlite");
    const first = startBuild(index, "-", { stdin: "pipe" });
    const steps = events(first);
    expect((await steps.next()).value).toEqual({ start: "fresh" });
    const second = await lastEvent(startBuild(index, "starter"));
    expect(second.name).toBe("UserError");
    expect(second.failure).toMatch(
      /Another process is building or watching the index .*contended\.sqlite/,
    );
    const here = await failureOf(() => buildIndex({ index, sources: ["starter"] }));
    expect(here.message).toMatch(/Another process is building/);
    first.stdin.end('{"name":"a","kind":"theorem"}\n');
    let last: BuildEvent = {};
    for await (const event of steps) last = event;
    expect(last.report).toMatchObject({ declarations: 1 });
    expect(leftovers(index)).toEqual([]);
  });

  it("are kept apart within one process", async () => {
    const index = join(folder, "same-process.sqlite");
    const source = writeCorpus(join(folder, "same-process.jsonl"), madeUpCorpus(100));
    const outcomes = await Promise.allSettled([
      buildIndex({ index, sources: [source] }),
      buildIndex({ index, sources: [source] }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    await buildIndex({ index, sources: [source] });
  });

  it("end with one whole index, also where an interrupted one is thrown away first", async () => {
    const index = join(folder, "race.sqlite");
    const source = writeCorpus(join(folder, "race.jsonl"), madeUpCorpus(300));
    for (let round = 0; round < 2; round += 1) {
      writeFileSync(`${index}.building`, "what a power cut left");
      const env = { FROM_SCRATCH: "1" };
      const children = [1, 2, 3].map(() => lastEvent(startBuild(index, source, { env })));
      const outcomes = await Promise.all(children);
      for (const { report, failure } of outcomes) {
        if (report === undefined) expect(failure).toMatch(/Another process is building/);
        else expect(report.declarations).toBe(300);
      }
      expect(outcomes.some(({ report }) => report !== undefined)).toBe(true);
      const opened = DeclarationIndex.open(index);
      expect(opened.summary().declarations).toBe(300);
      opened.close();
      expect(leftovers(index)).toEqual([]);
    }
  });
});

describe("processes that read while others build", () => {
  it.skipIf(isWindows)("always see one whole corpus, and no error", async () => {
    const index = join(folder, "read.sqlite");
    const generation = (number: number): string =>
      writeCorpus(
        join(folder, "generation.jsonl"),
        Array.from({ length: number % 2 === 0 ? 400 : 20 }, (_, i) =>
          declaration(`Item.number_${i}`, { docstring: `Generation ${number}` }),
        ),
      );
    await buildIndex({ index, sources: [generation(0)] });
    const readers = [1, 2].map(
      () => execa(process.execPath, [join(folder, "read.mjs"), index], { stdin: "pipe" }) as Child,
    );
    await Promise.all(readers.map((reader) => once(reader.stdout, "data")));
    for (let number = 1; number <= 25; number += 1) {
      await buildIndex({ index, sources: [generation(number)], fromScratch: number % 3 === 0 });
    }
    for (const reader of readers) {
      reader.stdin.end();
      const { stdout } = await reader;
      const answer = stdout.split("\n").at(-1) ?? "";
      const { error, met, openings } = JSON.parse(answer) as {
        error?: string;
        met: number;
        openings: number;
      };
      expect(error).toBeUndefined();
      expect(met).toBeGreaterThan(3);
      expect(openings).toBeGreaterThan(10);
    }
  });

  it.skipIf(isWindows)("keep the index that they opened when another takes its place", async () => {
    const index = join(folder, "held.sqlite");
    const source = writeCorpus(join(folder, "held.jsonl"), [declaration("First.one")]);
    await buildIndex({ index, sources: [source] });
    const opened = DeclarationIndex.open(index);
    const other = join(folder, "other.sqlite");
    writeCorpus(source, [declaration("Second.one")]);
    await buildIndex({ index: other, sources: [source] });
    renameSync(other, index);
    expect(opened.idOf("First.one")).toBeDefined();
    expect(opened.summary().declarations).toBe(1);
    opened.close();
  });
});
