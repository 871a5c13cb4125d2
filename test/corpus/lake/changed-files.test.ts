import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ChangedFiles } from "../../../src/corpus/lake/changed-files.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
const { signal } = new AbortController();
let made = 0;
let files: ChangedFiles | undefined;
afterEach(async () => {
  await files?.close();
  files = undefined;
});

/** A folder with a few files. */
function garden(): string {
  const root = join(folder, `garden-${(made += 1)}`);
  mkdirSync(join(root, ".lake"), { recursive: true });
  for (const file of ["lakefile.toml", "Rose.lean", "notes.txt", ".lake/Hidden.lean"]) {
    writeFileSync(join(root, file), "");
  }
  return root;
}

describe("changed files", () => {
  it("begin with those that were there, which are no changes", async () => {
    const root = garden();
    files = await ChangedFiles.of([root]);
    expect([...files.present].sort()).toEqual([
      join(root, "Rose.lean"),
      join(root, "lakefile.toml"),
    ]);
    expect(await files.next(signal, 200)).toEqual([]);
    writeFileSync(join(root, "Tulip.lean"), "");
    expect(await files.next(signal)).toEqual([join(root, "Tulip.lean")]);
    expect(files.hasLostFolder).toBe(false);
  });

  it.each([
    [
      "takes another's place",
      (root: string) => {
        renameSync(root, `${root}-old`);
        renameSync(garden(), root);
      },
    ],
    ["is moved away", (root: string) => renameSync(root, `${root}-old`)],
  ])("tell of a folder that %s as a change of its lakefile", async (_how, change) => {
    const root = garden();
    files = await ChangedFiles.of([root]);
    change(root);
    const told: string[] = [];
    while (!files.hasLostFolder) told.push(...(await files.next(signal)));
    expect([...told, ...(await files.next(signal, 0))]).toContain(join(root, "lakefile.lean"));
  });

  it("tell of a folder that comes later", async () => {
    const root = join(folder, "later");
    files = await ChangedFiles.of([root]);
    renameSync(garden(), root);
    expect(await files.next(signal)).toContain(join(root, "lakefile.lean"));
    expect(files.hasLostFolder).toBe(true);
  });
});
