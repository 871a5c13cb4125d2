import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Declaration, DeclarationOrigin } from "../../src/declaration.js";
import { buildIndex } from "../../src/index/build.js";
import { DeclarationIndex } from "../../src/index/declaration-index.js";
import { type FileUpdate, IndexUpdater } from "../../src/index/update.js";
import { StaticEmbedder } from "../../src/models/static-embedder.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";
import { indexContents } from "./index-contents.js";
import { declaration, writeCorpus } from "./made-up.js";

const folder = temporaryFolder();
let made = 0;
const newPath = (): string => join(folder, `index-${(made += 1)}.sqlite`);

let embedder: StaticEmbedder;
beforeAll(async () => {
  const bundled = await StaticEmbedder.load();
  if (bundled === undefined) throw new Error("the bundled encoder is missing");
  embedder = bundled;
});
afterAll(() => embedder.close());

const FILES = ["Garden/Rose.lean", "Garden/Thorn.lean", "Garden/Bee.lean"] as const;
type File = (typeof FILES)[number];

function originOf(file: File): DeclarationOrigin {
  // One file is a dependency's, so that packages come and go as well.
  const isOwn = file !== "Garden/Bee.lean";
  return { package: isOwn ? "garden" : "bees", version: "1", file, isOwn };
}

/** What each file of a project declares; a name is declared once. */
type Project = ReadonlyMap<File, readonly Declaration[]>;

async function build(project: Project): Promise<string> {
  const index = newPath();
  const corpus = writeCorpus(`${index}.jsonl`, [...project.values()].flat());
  await buildIndex({ index, sources: [corpus], embedder });
  return index;
}

/** What a build of the project gives; names that nothing refers to any more may stay after updates. */
function contentsOf(index: string): Record<string, string> {
  return { ...indexContents(index), names: "" };
}

function updateOf(project: Project, files: readonly File[]): FileUpdate[] {
  return files.map((file) => ({
    origin: originOf(file),
    declarations: project.get(file) ?? [],
  }));
}

const words = ["group", "compact", "prime", "ideal", "measure", "norm", "hom", "field"];
const text = fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((all) => all.join(" "));
const names = ["A.one", "A.two", "B.one", "one", "Ω.ε", "«a.b».c", "B.two'", "C", "D.e", "D.f"];
const projects: fc.Arbitrary<Project> = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      file: fc.constantFrom(...FILES),
      kind: fc.constantFrom("theorem" as const, "class" as const),
      docstring: text,
      type: text,
      references: fc.uniqueArray(fc.constantFrom(...names, "Never.declared"), { maxLength: 4 }),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  )
  .map((rows) => {
    const project = new Map<File, Declaration[]>(FILES.map((file) => [file, []]));
    for (const { name, file, ...rest } of rows) {
      const module = file.replace(".lean", "").replace("/", ".");
      const origin = originOf(file);
      project.get(file)?.push(declaration(name, { ...rest, module, origin }));
    }
    return project;
  });

describe("an update in place", () => {
  it("comes to the same as a new index, whatever was edited", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(projects, { minLength: 2, maxLength: 4 }), async (versions) => {
        const [first, ...later] = versions;
        const index = await build(first ?? new Map());
        const updater = IndexUpdater.open(index, embedder);
        try {
          for (const version of later) await updater.apply(updateOf(version, FILES));
        } finally {
          updater.close();
        }
        const wanted = await build(later.at(-1) ?? new Map());
        expect(contentsOf(index)).toEqual(contentsOf(wanted));
      }),
      { numRuns: 40 },
    );
  });

  const rose = (more: Partial<Declaration> = {}): Declaration =>
    declaration("Rose.blooms", { origin: originOf(FILES[0]), ...more });
  const thorn = declaration("Thorn.pricks", {
    origin: originOf(FILES[1]),
    references: ["Rose.blooms"],
  });

  it("leaves files alone that it is not told of, and tells what it did", async () => {
    const index = await build(
      new Map([
        [FILES[0], [rose()]],
        [FILES[1], [thorn]],
      ] as const),
    );
    const updater = IndexUpdater.open(index, embedder);
    const [file] = updateOf(new Map([[FILES[0], [rose({ docstring: "In spring." })]]]), [FILES[0]]);
    const changed = await updater.apply(file === undefined ? [] : [file]);
    expect(changed).toMatchObject({ added: 0, changed: 1, removed: 0 });
    const same = await updater.apply(file === undefined ? [] : [file]);
    expect(same).toMatchObject({ added: 0, changed: 0, removed: 0 });
    const gone = await updater.apply([{ origin: originOf(FILES[0]), declarations: [] }]);
    expect(gone).toMatchObject({ added: 0, changed: 0, removed: 1 });
    updater.close();
    const opened = DeclarationIndex.open(index);
    expect(opened.idOf("Rose.blooms")).toBeUndefined();
    expect(opened.idOf("Thorn.pricks")).toBeDefined();
    expect(opened.summary().declarations).toBe(1);
    opened.close();
  });

  it("leaves to a build which of two declarations of one name counts", async () => {
    const index = await build(
      new Map([
        [FILES[0], [rose()]],
        [FILES[1], [thorn]],
      ] as const),
    );
    const before = contentsOf(index);
    const updater = IndexUpdater.open(index, embedder);
    const again = { ...rose({ docstring: "Again." }), origin: originOf(FILES[1]) };
    const second = { origin: originOf(FILES[1]), declarations: [thorn, again] };
    await expect(updater.apply([second])).resolves.toBeUndefined();
    const contested = new Set(["Rose.blooms"]);
    const withoutFirst = { origin: originOf(FILES[0]), declarations: [] };
    await expect(updater.apply([withoutFirst], { contested })).resolves.toBeUndefined();
    // That it is contested is known, and the one that counts stays.
    const nothing = { added: 0, changed: 0, removed: 0 };
    await expect(updater.apply([second], { contested })).resolves.toMatchObject(nothing);
    updater.close();
    expect(contentsOf(index)).toEqual(before);
  });

  it("is seen by an index that was open before, once that is opened again", async () => {
    const index = await build(new Map([[FILES[0], [rose()]]]));
    const reader = DeclarationIndex.open(index);
    expect(reader.isOutdated()).toBe(false);
    const updater = IndexUpdater.open(index, embedder);
    const many = Array.from({ length: 50 }, (_, at) =>
      declaration(`Rose.petal_${at}`, { origin: originOf(FILES[0]), type: "group hom" }),
    );
    await updater.apply([{ origin: originOf(FILES[0]), declarations: many }]);
    updater.close();
    expect(reader.isOutdated()).toBe(true);
    // Until then it goes on answering, without what came or went since.
    const known = reader.lexical.knownWords(["group", "hom"]);
    const parameters = {
      weights: { name: 1, docstring: 1, informal: 1, type: 1, binders: 1, module: 1 },
      saturation: 1,
      lengthNormalization: 0.5,
    };
    expect(
      reader.facts(reader.lexical.candidates(known, 10, parameters).map(({ id }) => id)),
    ).toEqual([]);
    reader.close();
    const reopened = DeclarationIndex.open(index);
    expect(reopened.isOutdated()).toBe(false);
    expect(reopened.lexical.candidates(known, 100, parameters)).toHaveLength(50);
    reopened.close();
  });

  it("is left undone where somebody reads all the time, and can be done later", async () => {
    const index = await build(new Map([[FILES[0], [rose()]]]));
    const before = contentsOf(index);
    const reader = new SqliteDatabase(index, { readonly: true });
    const rows = reader.prepare("select * from names").iterate();
    rows.next();
    const updater = IndexUpdater.open(index, embedder);
    const gone = [{ origin: originOf(FILES[0]), declarations: [] }];
    const failure = await failureOf(() => updater.apply(gone));
    expect(failure).toMatchObject({ exit: "io" });
    expect(failure.message).toMatch(/was not updated, as another program has been reading it/);
    rows.return?.();
    reader.close();
    expect(contentsOf(index)).toEqual(before);
    await expect(updater.apply(gone)).resolves.toMatchObject({ removed: 1 });
    updater.close();
  });

  it("keeps builds and other updates away while it goes on", async () => {
    const index = await build(new Map([[FILES[0], [rose()]]]));
    const updater = IndexUpdater.open(index, embedder);
    const opening = failureOf(() => {
      IndexUpdater.open(index, embedder);
    });
    await expect(opening).resolves.toMatchObject({ exit: "io" });
    updater.close();
    IndexUpdater.open(index, embedder).close();
  });
});

describe("an index whose update was killed half-way", () => {
  /** Changes a finished index in one transaction, so far that it reaches the file, and waits. */
  const HALF_WAY = `
    import SqliteDatabase from "better-sqlite3";
    const db = new SqliteDatabase(process.argv[1]);
    db.pragma("cache_size = 2");
    db.pragma("cache_spill = 1");
    db.exec("begin immediate; update records set docstring = hex(randomblob(20000)); delete from columns;");
    process.stdout.write("half-way");
    setInterval(() => undefined, 1000);
  `;

  it("is as it was before, for whoever opens it next", async () => {
    const many = Array.from({ length: 40 }, (_, at) =>
      declaration(`Rose.petal_${at}`, { origin: originOf(FILES[0]), docstring: "group" }),
    );
    const index = await build(new Map([[FILES[0], many]]));
    const before = contentsOf(index);
    const child = spawn(process.execPath, ["--input-type=module", "-e", HALF_WAY, index], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    const torn = new SqliteDatabase(index, { readonly: true });
    expect(() => torn.prepare("select * from records").all()).toThrow();
    torn.close();
    const opened = DeclarationIndex.open(index);
    expect(opened.summary().declarations).toBe(40);
    opened.close();
    expect(contentsOf(index)).toEqual(before);
  });
});
