import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { readCorpus, type SkippedLine } from "../../src/corpus/read.js";
import type { Declaration } from "../../src/declaration.js";
import { PACKAGE_ROOT } from "../../src/package-root.js";
import { compileSource } from "../compiled-source.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(
  source: string,
  options: Parameters<typeof readCorpus>[1] = {},
): Promise<{ declarations: Declaration[]; skipped: SkippedLine[] }> {
  const declarations: Declaration[] = [];
  const skipped: SkippedLine[] = [];
  const corpus = readCorpus(source, { ...options, onSkip: (line) => skipped.push(line) });
  for await (const batch of corpus) declarations.push(...batch);
  return { declarations, skipped };
}

const good = (name: string): string => JSON.stringify({ name, kind: "theorem" });

describe("malformed lines", () => {
  const source = (): string =>
    file(
      "some.jsonl",
      Buffer.concat([
        Buffer.from(`${good("a")}\n\n{"name":"b"}\n${good("c")}\n`),
        Buffer.of(0xff, 0xfe, 0x0a),
        Buffer.from(`   \n${good("d")}\r\nnonsense`),
      ]),
    );

  it("are left out and told with line number and reason, and blank lines are not", async () => {
    const { declarations, skipped } = await read(source());
    expect(declarations.map(({ name }) => name)).toEqual(["a", "c", "d"]);
    expect(skipped).toEqual([
      {
        source: source(),
        line: 3,
        reason: 'its field "kind" is missing or not of the right type',
      },
      { source: source(), line: 5, reason: "it is not UTF-8 text" },
      { source: source(), line: 8, reason: "it is not JSON" },
    ]);
  });

  it("end the reading at the first with strict", async () => {
    const failure = await failureOf(() => read(source(), { strict: true }));
    expect(failure.message).toMatch(/some\.jsonl, line 3: its field "kind" is missing/);
    expect(failure.exit).toBe("badInput");
  });
});

describe("what is no corpus is told in a sentence", () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ["blank lines only", "\n \n\r\n", /holds no declarations: it needs one JSON object a line/],
    [
      "binary junk",
      Buffer.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 10, 0, 0xff),
      /line 1: it is not/,
    ],
    ["UTF-16", Buffer.from(`\ufeff${good("a")}\n`, "utf16le"), /line 1: it is not UTF-8 text/],
    ["gzip of nothing", gzipSync(""), /holds no declarations/],
    ["only malformed lines", '{"name":1}\n{}', /\(line 1: its field "name" is missing/],
    ["a JSON array in one line", `[${good("a")},${good("b")}]`, /is one JSON array/],
    ["a JSON array, an element a line", `[\n${good("a")},\n${good("b")}\n]`, /is one JSON array/],
    ["a JSON array after a blank line", `\n  [ ${good("a")},\n${good("b")}]`, /is one JSON array/],
  ])("%s", async (name, content, sentence) => {
    const failure = await failureOf(() => read(file(`${name}.jsonl`, content)));
    expect(failure.message).toMatch(sentence);
    expect(failure.exit).toBe("badInput");
  });

  it("but one list among the lines is no more than a malformed line", async () => {
    const { declarations, skipped } = await read(file("list.jsonl", `["a"]\n${good("a")}\n[1]\n`));
    expect(declarations).toHaveLength(1);
    expect(skipped.map(({ line }) => line)).toEqual([1, 3]);
  });
});

describe("the starter corpus", () => {
  it("has no malformed line and no name twice", async () => {
    const { declarations, skipped } = await read("starter", { strict: true });
    expect(skipped).toEqual([]);
    expect(declarations.length).toBeGreaterThan(1000);
    expect(new Set(declarations.map(({ name }) => name)).size).toBe(declarations.length);
  });
});

describe("in a process of its own", () => {
  const script = join(folder, "count.mjs");

  beforeAll(() => {
    compileSource(folder, {
      "count.mjs": `
        import { readCorpus } from "./src/corpus/read.js";
        let declarations = 0, skipped = 0;
        try {
          const corpus = readCorpus(process.argv[2], { onSkip: () => (skipped += 1) });
          for await (const batch of corpus) declarations += batch.length;
          const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
          console.log(JSON.stringify({ declarations, skipped, megabytes }));
        } catch (error) {
          console.log(JSON.stringify({ failure: error.name + ": " + error.message }));
        }`,
    });
  });

  const count = async (source: string, options: object): Promise<Record<string, unknown>> => {
    const { stdout } = await execa(process.execPath, [script, source], options);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  it("standard input is read, plain or packed, from a pipe or a file", async () => {
    const text = `${good("a")}\nnonsense\n${good("b")}\n`;
    for (const input of [Buffer.from(text), gzipSync(text)]) {
      const wanted = { declarations: 2, skipped: 1 };
      expect(await count("-", { input })).toMatchObject(wanted);
      expect(await count("-", { inputFile: file("input", input) })).toMatchObject(wanted);
    }
  });

  it("standard input without a byte is told", async () => {
    const told = { failure: "UserError: standard input is empty: it holds no declarations." };
    expect(await count("-", { input: "" })).toEqual(told);
    expect(await count("-", { stdin: "ignore" })).toEqual(told);
  });

  it("standard input that is cut short is told", async () => {
    const packed = gzipSync(`${good("a")}\n`.repeat(1000));
    const told = await count("-", { input: packed.subarray(0, packed.length - 12) });
    expect(told["failure"]).toMatch(/^UserError: standard input ends in the middle of its gzip/);
  });

  it("a corpus far larger than the memory allowed is streamed", async () => {
    const member = gzipSync(
      Array.from({ length: 1000 }, (_, i) =>
        JSON.stringify({ name: `a${i}`, kind: "theorem", docstring: `${i} words `.repeat(100) }),
      ).join("\n") + "\n",
    );
    const path = file("large.jsonl.gz", Buffer.concat(new Array<Buffer>(60).fill(member)));
    const environment = { NODE_OPTIONS: "--max-old-space-size=64" };
    const found = await count("-", { inputFile: path, env: environment });
    expect(found).toMatchObject({ declarations: 60_000, skipped: 0 });
    expect(found["megabytes"]).toBeLessThan(250);
  });
});

describe("any bytes at all", () => {
  it("are declarations, skipped lines or a sentence", async () => {
    const line = fc.oneof(
      { weight: 3, arbitrary: fc.string().map(good) },
      { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
      { weight: 1, arbitrary: fc.json() },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), fc.boolean(), async (lines, packed) => {
        const text = lines.join("\n");
        const source = file("any", packed ? gzipSync(text) : text);
        const outcome = await read(source).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome.name).toBe("UserError");
        else expect(outcome).toHaveProperty("declarations");
      }),
      { numRuns: 150 },
    );
  });
});

const publishedCorpus = join(PACKAGE_ROOT, "../shared/corpus/mathlib-v4.28.0-rc1.jsonl.gz");

describe("the published corpus of Mathlib", () => {
  it.skipIf(!existsSync(publishedCorpus))(
    "has no malformed line in its first 5,000 (skipped without ../shared/corpus)",
    async () => {
      let declarations = 0;
      const skipped: SkippedLine[] = [];
      const corpus = readCorpus(publishedCorpus, { onSkip: (line) => skipped.push(line) });
      for await (const batch of corpus) {
        declarations += batch.length;
        if (declarations >= 5000) break;
      }
      expect(declarations).toBeGreaterThanOrEqual(5000);
      expect(skipped).toEqual([]);
    },
  );
});
