import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lakeSourceText } from "../../src/corpus/lake/lake-source.js";
import { IndexWatch } from "../../src/index/watch.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();

it("knows what was made, changed and removed between reading a project and watching it", async () => {
  const root = join(folder, "garden");
  const at = (file: string): string => join(root, file);
  mkdirSync(at("Garden"), { recursive: true });
  const long = new Date(Date.now() - 60_000);
  const write = (file: string, text: string): void => {
    writeFileSync(at(file), text);
    utimesSync(at(file), long, long);
  };
  write("lakefile.toml", '[[lean_lib]]\nname = "Garden"\n');
  for (const flower of ["Rose", "Tulip", "Aster"]) {
    write(`Garden/${flower}.lean`, `theorem ${flower} : True := trivial\n`);
  }
  const sources = [lakeSourceText({ folder: root, dependencies: "none", libraries: [] })];
  const { watch } = await IndexWatch.start(() => ({ index: at("index.sqlite"), sources }));
  try {
    const later = Date.now() + 60_000;
    const untouched = ["lakefile.toml", "Garden/Rose.lean", "Other.lean"].map(at);
    expect(watch.changedSince(later, untouched)).toEqual([]);
    write("Garden/Lily.lean", "theorem lily : True := trivial\n");
    rmSync(at("Garden/Tulip.lean"));
    const found = [...untouched, at("Garden/Lily.lean")];
    const missed = ["Garden/Tulip.lean", "Garden/Lily.lean"].map(at);
    expect(watch.changedSince(later, found)).toEqual(missed);
    // However old a file says that it is, it was put there now.
    expect(watch.changedSince(Date.now() - 5000, found).sort()).toEqual(
      [
        "Garden/Aster.lean",
        "Garden/Rose.lean",
        "lakefile.toml",
        ...["Tulip", "Lily"].map((each) => `Garden/${each}.lean`),
      ]
        .map(at)
        .sort(),
    );
    expect(await watch.change(missed)).toMatchObject({ how: "update", added: 1, removed: 1 });
  } finally {
    watch.close();
  }
});
