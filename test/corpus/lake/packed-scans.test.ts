import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packScans, unpackScans } from "../../../src/corpus/lake/packed-scans.js";
import { type FileScan, scanFile } from "../../../src/corpus/lake/scan-file.js";
import { FIXTURE_FILES, FIXTURE_ROOT, moduleOf } from "../lean-source/fixture-library.js";

const SCANS: readonly FileScan[] = [
  ...FIXTURE_FILES.map((file) =>
    scanFile({ path: join(FIXTURE_ROOT, file), module: moduleOf(file) }),
  ),
  scanFile({ path: join(FIXTURE_ROOT, "Missing.lean"), module: "Missing" }),
];

describe("packed scans", () => {
  it("come out of another thread's copy as they went in, every field of every declaration", () => {
    const copied = structuredClone(packScans(SCANS));
    expect(unpackScans(copied)).toEqual(SCANS);
    expect(SCANS.flatMap(({ scanned }) => scanned?.declarations ?? []).length).toBeGreaterThan(50);
  });

  it("keep a file that could not be read, with the reason", () => {
    const unread = unpackScans(packScans(SCANS)).find(({ path }) => path.endsWith("Missing.lean"));
    expect(unread).toMatchObject({ scanned: undefined, failure: { line: 1 } });
  });

  it("hold a name once, however often it is mentioned", () => {
    const { words } = packScans([...SCANS, ...SCANS]);
    expect(words).toEqual([...new Set(words)]);
    expect(words).toEqual(packScans(SCANS).words);
  });

  it("can be none", () => {
    expect(unpackScans(packScans([]))).toEqual([]);
  });
});
