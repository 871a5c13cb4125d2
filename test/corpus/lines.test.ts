import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { brotliCompressSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BytesRead, type Line, LONGEST_LINE, readLines } from "../../src/corpus/lines.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function linesOf(path: string): Promise<Line[]> {
  return collect(readLines({ kind: "file", path }));
}

async function collect(batches: AsyncIterable<Line[]>): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of batches) lines.push(...batch);
  return lines;
}

const text = "first\n\nthird ∀ x\r\nlast";
const expected: Line[] = [
  { number: 1, text: "first" },
  { number: 2, text: "" },
  { number: 3, text: "third ∀ x\r" },
  { number: 4, text: "last" },
];

describe("lines are numbered from 1", () => {
  it.each([
    ["plain.jsonl", Buffer.from(text)],
    ["packed.jsonl.gz", gzipSync(text)],
    ["packed.jsonl.br", brotliCompressSync(text)],
    ["gzip-without-the-ending.jsonl", gzipSync(text)],
    ["members.gz", Buffer.concat([gzipSync(text.slice(0, 9)), gzipSync(text.slice(9))])],
  ])("in %s", async (name, content) => {
    expect(await linesOf(file(name, content))).toEqual(expected);
  });

  it("in a stream, also a compressed one", async () => {
    for (const content of [Buffer.from(text), gzipSync(text)]) {
      const stream = Readable.from(
        [...content].map((byte) => Buffer.of(byte)),
        {
          objectMode: false,
        },
      );
      const lines = readLines({ kind: "stream", label: "a stream", stream });
      expect(await collect(lines)).toEqual(expected);
    }
  });

  it.skipIf(process.platform === "win32")("in a named pipe, also a compressed one", async () => {
    for (const [name, content] of [
      ["pipe", Buffer.from(text)],
      ["pipe.gz", gzipSync(text)],
      ["packed-pipe", gzipSync(text)],
    ] as const) {
      const path = join(folder, name);
      execFileSync("mkfifo", [path]);
      const writer = spawn("sh", ["-c", 'cat "$1" > "$0"', path, file(`${name}.content`, content)]);
      const totals = new Set<number | undefined>();
      const onProgress = ({ total }: BytesRead): unknown => totals.add(total);
      const lines = readLines({ kind: "file", path }, { onProgress });
      expect(await collect(lines)).toEqual(expected);
      expect([...totals]).toEqual([undefined]);
      writer.kill();
    }
  });

  it("wherever the source is cut into pieces", async () => {
    const pieces = fc.array(fc.string({ unit: "binary" }).map((s) => Buffer.from(`${s}\n`)));
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 7 }), async (some, size) => {
        const whole = Buffer.concat([Buffer.from("start\n"), ...some]);
        const cut: Buffer[] = [];
        for (let i = 0; i < whole.length; i += size) cut.push(whole.subarray(i, i + size));
        const stream = Readable.from(cut, { objectMode: false });
        const lines = await collect(readLines({ kind: "stream", label: "a stream", stream }));
        const wanted = whole.toString().split("\n").slice(0, -1);
        expect(lines).toEqual(wanted.map((line, i) => ({ number: i + 1, text: line })));
      }),
      { numRuns: 50 },
    );
  });
});

describe("progress", () => {
  it("counts the bytes on disk and ends at their total", async () => {
    const path = file("progress.gz", gzipSync(`${"x".repeat(1000)}\n`.repeat(3000)));
    const seen: BytesRead[] = [];
    const onProgress = (progress: BytesRead): unknown => seen.push(progress);
    await collect(readLines({ kind: "file", path }, { onProgress }));
    const last = seen.at(-1);
    expect(last?.total).toBeGreaterThan(0);
    expect(last?.read).toBe(last?.total);
  });
});

describe("a line that is not UTF-8", () => {
  it("is told apart from text, and the lines around it are read", async () => {
    const bytes = Buffer.concat([Buffer.from("a\n"), Buffer.of(0xc3, 0x28), Buffer.from("\nb\n")]);
    expect((await linesOf(file("latin.jsonl", bytes))).map((line) => line.text)).toEqual([
      "a",
      null,
      "b",
    ]);
  });

  it("is not what a byte order mark makes of the first", async () => {
    expect((await linesOf(file("mark.jsonl", "\ufeffa\nb\n")))[0]?.text).toBe("a");
  });
});

describe("what cannot be read is told in a sentence", () => {
  const random = Buffer.concat(
    Array.from({ length: 200 }, (_, i) => createHash("sha256").update(String(i)).digest()),
  );
  const packed = gzipSync(random);
  const crushed = brotliCompressSync(random);

  it.each<[string, () => string, RegExp]>([
    ["a missing file", () => join(folder, "none.jsonl"), /There is no file .*none\.jsonl/],
    ["a path below a file", () => join(file("f", "x"), "g"), /There is no file/],
    ["a directory", () => folder, /is a directory: name a file/],
    ["an empty file", () => file("empty.jsonl", ""), /empty\.jsonl is empty/],
    ["an empty file named .gz", () => file("empty.gz", ""), /empty\.gz is empty/],
    ["plain text named .gz", () => file("plain.gz", text), /is named \.gz but is not gzip data/],
    ["one byte named .gz", () => file("one.gz", "\x1f"), /is named \.gz but is not gzip data/],
    ["plain text named .br", () => file("plain.br", text), /is not valid brotli data/],
    ["gzip cut short", () => file("cut.gz", packed.subarray(0, 2000)), /cut short/],
    ["gzip cut in its header", () => file("head.gz", packed.subarray(0, 5)), /cut short/],
    ["brotli cut short", () => file("cut.br", crushed.subarray(0, 1000)), /cut short/],
    [
      "gzip with a wrong byte",
      () => file("wrong.gz", Buffer.from(packed).fill(0, 3000, 3010)),
      /is not valid gzip data \(Z_/,
    ],
    ["a name too long", () => join(folder, "x".repeat(300)), /cannot be read \(ENAMETOOLONG\)/],
  ])("%s", async (_, path, sentence) => {
    const failure = await failureOf(() => linesOf(path()));
    expect(failure.message).toMatch(sentence);
    expect(failure.exit).toBe("badInput");
  });

  it.skipIf(process.platform === "win32")("a symbolic link to itself", async () => {
    const path = join(folder, "loop.jsonl");
    symlinkSync(path, path);
    expect((await failureOf(() => linesOf(path))).message).toMatch(/cannot be read \(ELOOP\)/);
  });

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "a file without permission (not as root, who has them all)",
    async () => {
      const path = join(folder, "secret.jsonl");
      writeFileSync(path, text, { mode: 0o000 });
      expect((await failureOf(() => linesOf(path))).message).toMatch(/may not be read/);
    },
  );

  it("a line longer than any declaration, plain and packed, with its number", async () => {
    const long = Buffer.concat([Buffer.from("short\n"), Buffer.alloc(10_000_000, "x")]);
    for (const path of [file("long.jsonl", long), file("long.gz", gzipSync(long))]) {
      const failure = await failureOf(() => linesOf(path));
      expect(failure.message).toMatch(/line 2 is longer than 4 MiB/);
    }
  });

  it("but not one that is just as long as allowed", async () => {
    const path = file("longest.jsonl", `${"x".repeat(LONGEST_LINE)}\n`);
    expect((await linesOf(path))[0]?.text).toHaveLength(LONGEST_LINE);
  });

  it("an empty stream, and one that was read before", async () => {
    const stream = Readable.from([], { objectMode: false });
    for (let time = 0; time < 2; time += 1) {
      const failure = await failureOf(() =>
        collect(readLines({ kind: "stream", label: "standard input", stream })),
      );
      expect(failure.message).toMatch(/standard input is empty/);
    }
  });
});

describe("reading that ends early", () => {
  it("lets its stream go", async () => {
    for (const content of [Buffer.from(`${text}\n`.repeat(100_000)), gzipSync(text.repeat(10))]) {
      const stream = Readable.from([content], { objectMode: false });
      for await (const lines of readLines({ kind: "stream", label: "a stream", stream })) {
        expect(lines.length).toBeGreaterThan(0);
        break;
      }
      expect(stream.destroyed).toBe(true);
    }
  });

  it("is heard by a stream that keeps silent, before and after its first bytes", async () => {
    for (const first of ["", '{"name": "half a li']) {
      const stream = new Readable({ read: () => undefined });
      if (first !== "") stream.push(first);
      const { signal, abort } = abortable();
      const reading = collect(readLines({ kind: "stream", label: "a stream", stream }, { signal }));
      setTimeout(abort, 20);
      await expect(reading).rejects.toMatchObject({ name: "AbortError" });
      expect(stream.destroyed).toBe(true);
    }
  });
});

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe("any bytes at all", () => {
  it("are lines or a sentence, and never hang", async () => {
    mkdirSync(join(folder, "fuzz"));
    const whole = gzipSync('{"name":"a","kind":"theorem"}\n'.repeat(200));
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .uint8Array({ maxLength: 100 })
        .map((rest) => Buffer.concat([Buffer.of(31, 139, 8, 0), rest])),
      fc.nat({ max: whole.length - 1 }).map((length) => whole.subarray(0, length)),
      fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })).map(([at, byte]) => {
        const damaged = Buffer.from(whole);
        damaged[at] = byte;
        return damaged;
      }),
    );
    const ending = fc.constantFrom(".jsonl", ".gz", ".br");
    await fc.assert(
      fc.asyncProperty(content, ending, async (bytes, name) => {
        const path = file(`fuzz/any${name}`, bytes);
        try {
          await linesOf(path);
        } catch (error) {
          expect(error).toMatchObject({ name: "UserError", exit: "badInput" });
        }
      }),
      { numRuns: 300 },
    );
  });
});
