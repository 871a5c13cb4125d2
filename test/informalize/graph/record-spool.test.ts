import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Declaration } from "../../../src/declaration.js";
import { RecordSpool } from "../../../src/informalize/graph/record-spool.js";
import { failureOf } from "../../failure.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { declaration } from "../../index/made-up.js";
import { inBatches } from "./made-up.js";

const folder = temporaryFolder();
let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(folder, "tmp-"));
  vi.stubEnv("TMPDIR", temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const text = fc.string({ unit: "binary", maxLength: 40 });
const arbitraryCorpus: fc.Arbitrary<Declaration[]> = fc.array(
  fc
    .record({
      name: fc.string({ minLength: 1, maxLength: 5 }),
      type: text,
      docstring: text,
      line: fc.integer({ min: 1 }),
      references: fc.array(text, { maxLength: 3 }),
    })
    .map(({ name, ...parts }) => declaration(name, parts)),
  { maxLength: 30 },
);

describe("a spool of records", () => {
  it("gives back every record as it came, by its position, by its name and all in their order", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCorpus, async (corpus) => {
        const kept = corpus.filter(
          ({ name }, at) => corpus.findIndex((other) => other.name === name) === at,
        );
        const watched: Declaration[] = [];
        const spool = await RecordSpool.from(inBatches(corpus), {
          onRecord: (record) => watched.push(record),
        });
        try {
          expect(spool.size).toBe(kept.length);
          expect(spool.repeated).toBe(corpus.length - kept.length);
          expect(watched).toEqual(kept);
          expect([...spool.records()]).toEqual(kept);
          expect([...spool.names()]).toEqual(kept.map(({ name }) => name));
          for (const [id, record] of [...kept.entries()].reverse()) {
            expect(spool.idOf(record.name)).toBe(id);
            expect(spool.read(id)).toEqual(record);
          }
        } finally {
          spool.close();
        }
      }),
    );
  });

  it("holds records longer than what it writes and reads at once", async () => {
    const corpus = Array.from({ length: 40 }, (_, at) =>
      declaration(`big${at}`, { docstring: "ℝ".repeat(at * 20_000) }),
    );
    const spool = await RecordSpool.from(inBatches(corpus));
    try {
      expect([...spool.records()]).toEqual(corpus);
      expect(spool.read(39)).toEqual(corpus[39]);
    } finally {
      spool.close();
    }
  });

  it("refuses positions that there are none of", async () => {
    const spool = await RecordSpool.from(inBatches([declaration("one")]));
    try {
      for (const id of [-1, 1, 0.5, NaN]) expect(() => spool.read(id)).toThrow(RangeError);
    } finally {
      spool.close();
    }
  });

  it.skipIf(process.platform === "win32")(
    "leaves nothing behind, closed once, twice or never, as where the program is killed",
    async () => {
      const spool = await RecordSpool.from(inBatches([declaration("one")]));
      expect(readdirSync(temporary)).toEqual([]);
      expect(spool.read(0).name).toBe("one");
      spool.close();
      spool.close();
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  it("leaves nothing behind where the corpus fails or the user interrupts", async () => {
    const failing = async function* (): AsyncGenerator<Declaration[]> {
      yield* inBatches([declaration("one")]);
      throw new Error("torn");
    };
    await expect(RecordSpool.from(failing())).rejects.toThrow("torn");
    const signal = AbortSignal.abort(new Error("enough"));
    const work = RecordSpool.from(inBatches([declaration("one")]), { signal });
    await expect(work).rejects.toThrow("enough");
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("says what to do where the temporary folder cannot be used", async () => {
    rmSync(temporary, { recursive: true });
    writeFileSync(temporary, "");
    const failure = await failureOf(() => RecordSpool.from(inBatches([declaration("one")])));
    expect(failure.exit).toBe("io");
    expect(failure.message).toMatch(/^The temporary folder .* cannot be written \(ENOTDIR\): /);
    expect(existsSync(temporary)).toBe(true);
  });
});
