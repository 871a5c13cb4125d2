import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { afterEach, describe, expect, it, vi } from "vitest";
import { lakeSourceText } from "../../src/corpus/lake/lake-source.js";
import { buildIndex } from "../../src/index/build.js";
import { IndexWatch } from "../../src/index/watch.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";
import { indexContents } from "./index-contents.js";

vi.setConfig({ testTimeout: 60_000 });

const folder = temporaryFolder();
let made = 0;
let watch: IndexWatch | undefined;
afterEach(() => watch?.close());

/** A project, watched. */
async function watched(texts: Readonly<Record<string, string>>) {
  const root = join(folder, `project-${(made += 1)}`);
  const write = (file: string, text: string): string => {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  write("lakefile.toml", '[[lean_lib]]\nname = "Garden"\n');
  for (const [file, text] of Object.entries(texts)) write(file, text);
  const index = `${root}.sqlite`;
  const sources = [lakeSourceText({ folder: root, dependencies: "none", libraries: [] })];
  const started = await IndexWatch.start(() => ({ index, sources }));
  watch = started.watch;
  /** What a new index of the same files holds; names that nothing uses any more may stay. */
  const fresh = async (): Promise<Record<string, string>> => {
    const path = `${root}-fresh.sqlite`;
    await buildIndex({ index: path, sources, fromScratch: true });
    return { ...indexContents(path), names: "" };
  };
  const contents = (): Record<string, string> => ({ ...indexContents(index), names: "" });
  return { root, index, write, watch: started.watch, report: started.report, fresh, contents };
}

const ROSE = "structure Rose where\n  petals : Nat\n";
const BEE = "theorem bee (r : Rose) : r.petals = r.petals := Rose.refl r\n";

describe("a watched index", () => {
  it("comes to what a new one holds, in the changed files and in those that mention them", async () => {
    const garden = await watched({ "Garden.lean": ROSE, "Garden/Bee.lean": BEE });
    expect(garden.report.counts.added).toBe(3);
    const changed = `${ROSE}theorem Rose.refl (r : Rose) : r.petals = r.petals := rfl\n`;
    const first = await garden.watch.change([garden.write("Garden.lean", changed)]);
    // The bee's proof means something now.
    expect(first).toMatchObject({ how: "update", added: 1, changed: 1, removed: 0 });
    expect(garden.contents()).toEqual(await garden.fresh());
    const renamed = changed.replaceAll("petals", "leaves");
    const second = await garden.watch.change([garden.write("Garden.lean", renamed)]);
    expect(second).toMatchObject({ how: "update", added: 1, removed: 1 });
    expect(garden.contents()).toEqual(await garden.fresh());
    rmSync(join(garden.root, "Garden", "Bee.lean"));
    const gone = await garden.watch.change([join(garden.root, "Garden", "Bee.lean")]);
    expect(gone).toMatchObject({ how: "update", removed: 1 });
    expect(garden.contents()).toEqual(await garden.fresh());
  });

  it("is built where it is not told which of two declarations counts", async () => {
    const garden = await watched({ "Garden.lean": ROSE, "Garden/Bee.lean": BEE });
    const twice = await garden.watch.change([garden.write("Garden/Rose.lean", ROSE)]);
    expect(twice).toMatchObject({ how: "build" });
    expect(garden.contents()).toEqual(await garden.fresh());
    const once = await garden.watch.change([garden.write("Garden.lean", "")]);
    expect(once).toMatchObject({ how: "build" });
    expect(garden.contents()).toEqual(await garden.fresh());
  });

  it("passes over what belongs to no library", async () => {
    const garden = await watched({ "Garden.lean": ROSE });
    const other = garden.write("Elsewhere.lean", BEE);
    await expect(garden.watch.change([other])).resolves.toBeUndefined();
  });

  it("writes later what it could not write, in the files that mention the change as well", async () => {
    const garden = await watched({ "Garden.lean": ROSE, "Garden/Bee.lean": BEE });
    const changed = `${ROSE}theorem Rose.refl (r : Rose) : r.petals = r.petals := rfl\n`;
    const path = garden.write("Garden.lean", changed);
    const reader = new SqliteDatabase(garden.index, { readonly: true });
    const rows = reader.prepare("select * from names").iterate();
    rows.next();
    expect(await failureOf(() => garden.watch.change([path]))).toMatchObject({ exit: "io" });
    rows.return?.();
    reader.close();
    await expect(garden.watch.change([path])).resolves.toMatchObject({ added: 1, changed: 1 });
    expect(garden.contents()).toEqual(await garden.fresh());
  });
});
