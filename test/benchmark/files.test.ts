import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { checkShape, readJson, writeAtomically } from "../../benchmark/files.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lemmascope-files-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("readJson", () => {
  it("says what to do about a missing file, a folder, and a file that is not JSON", async () => {
    const broken = join(folder, "broken.json");
    await writeFile(broken, "{");
    await expect(readJson(join(folder, "none.json"), "fetch it")).rejects.toMatchObject({
      exit: "badInput",
      message: `${join(folder, "none.json")} does not exist: fetch it.`,
    });
    await expect(readJson(folder, "fetch it")).rejects.toMatchObject({
      exit: "badInput",
      message: `${folder} cannot be read (EISDIR): fetch it.`,
    });
    await expect(readJson(broken, "fetch it")).rejects.toThrow(/is not JSON \(.+\): fetch it\.$/);
  });

  it("reads past a byte order mark", async () => {
    const path = join(folder, "marked.json");
    await writeFile(path, "\uFEFF[1]");
    expect(await readJson(path, "")).toEqual([1]);
  });
});

describe("checkShape", () => {
  it("names the place that is wrong", () => {
    const schema = z.array(z.object({ id: z.string() }));
    expect(() => checkShape([{ id: "a" }, { id: 1 }], schema, "f.json", "fetch it")).toThrow(
      /^f\.json is not as expected at 1\.id \(.+\): fetch it\.$/,
    );
    expect(() => checkShape(null, schema, "f.json", "fetch it")).toThrow(/as expected \(/);
  });
});

describe("writeAtomically", () => {
  it("makes missing folders, replaces the old text and leaves nothing else behind", async () => {
    const path = join(folder, "new", "report.json");
    await writeAtomically(path, "old");
    await writeAtomically(path, "new");
    expect(await readFile(path, "utf8")).toBe("new");
    expect(await readdir(join(folder, "new"))).toEqual(["report.json"]);
  });

  it("refuses a path that cannot be written, without leaving a temporary file", async () => {
    await writeAtomically(join(folder, "report.json", "inner.txt"), "text");
    await expect(writeAtomically(join(folder, "report.json"), "text")).rejects.toMatchObject({
      name: "UserError",
      exit: "io",
    });
    expect(await readdir(folder)).toEqual(["report.json"]);
  });
});
