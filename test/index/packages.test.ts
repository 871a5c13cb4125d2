import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DeclarationOrigin } from "../../src/declaration.js";
import { buildIndex } from "../../src/index/build.js";
import { DeclarationIndex } from "../../src/index/declaration-index.js";
import { Search } from "../../src/search/search.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";
import { indexContents } from "./index-contents.js";
import { declaration, writeCorpus } from "./made-up.js";

const folder = temporaryFolder();
const corpus = join(folder, "corpus.jsonl");

const GARDEN: DeclarationOrigin = {
  package: "garden",
  version: "0.3.0",
  file: "Garden/Rose.lean",
  isOwn: true,
};
const MEADOW: DeclarationOrigin = {
  package: "meadow",
  version: "v2.0.1",
  file: "Meadow.lean",
  isOwn: false,
};

const DECLARATIONS = [
  declaration("Alpha.rose_blooms", {
    origin: MEADOW,
    docstring: "Roses bloom in spring.",
  }),
  declaration("Gamma.rose_blooms", {
    origin: GARDEN,
    docstring: "Roses bloom in spring.",
  }),
  declaration("Beta.rose_blooms", { docstring: "Roses bloom in spring." }),
];

async function built(name: string, declarations = DECLARATIONS): Promise<string> {
  const index = join(folder, name);
  await buildIndex({ index, sources: [writeCorpus(corpus, declarations)] });
  return index;
}

async function found(path: string, filter: object): Promise<string[]> {
  const index = DeclarationIndex.open(path);
  try {
    const results = await new Search(index).search("roses bloom in spring", {
      filter,
    });
    return results.map(({ facts }) => facts.name);
  } finally {
    index.close();
  }
}

describe("an index of packages", () => {
  it("keeps where each declaration comes from, and tells its packages", async () => {
    const index = DeclarationIndex.open(await built("kept.sqlite"));
    try {
      for (const { name, origin } of DECLARATIONS) {
        expect(index.declaration(index.idOf(name) ?? 0)?.origin).toEqual(origin);
      }
      expect(index.summary().packages).toEqual([
        { name: "meadow", version: "v2.0.1", isOwn: false, declarations: 1 },
        { name: "garden", version: "0.3.0", isOwn: true, declarations: 1 },
      ]);
    } finally {
      index.close();
    }
  });

  it("limits every channel to a package, or to the project's own", async () => {
    const path = await built("limited.sqlite");
    expect(await found(path, { package: "meadow" })).toEqual(["Alpha.rose_blooms"]);
    expect(await found(path, { package: "garden" })).toEqual(["Gamma.rose_blooms"]);
    expect(await found(path, { own: true })).toEqual(["Gamma.rose_blooms"]);
    expect(await found(path, { own: true, package: "meadow" })).toEqual([]);
    const index = DeclarationIndex.open(path);
    try {
      const filter = { package: "meadow" };
      const [named] = await new Search(index).search("rose_blooms", { filter });
      expect(named?.facts.name).toBe("Alpha.rose_blooms");
    } finally {
      index.close();
    }
  });

  it("has its own project's declarations first among equals", async () => {
    const [first] = await found(await built("ties.sqlite"), {});
    expect(first).toBe("Gamma.rose_blooms");
  });

  it("refuses a package that it does not have, and names those that it has", async () => {
    const path = await built("refused.sqlite");
    const failure = await failureOf(() => found(path, { package: "pond" }));
    expect(failure.exit).toBe("usage");
    expect(failure.message).toBe(
      `The index ${path} has no package pond: it has the packages garden, meadow.`,
    );
  });

  it("is the same after an update as made anew, without packages that are gone", async () => {
    const path = await built("updated.sqlite");
    const moved = DECLARATIONS.slice(1).map((each) => ({
      ...each,
      ...(each.origin === undefined ? {} : { origin: { ...each.origin, version: "0.4.0" } }),
    }));
    await built("updated.sqlite", moved);
    const fresh = await built("fresh.sqlite", moved);
    expect(indexContents(path)).toEqual(indexContents(fresh));
    const index = DeclarationIndex.open(path);
    expect(index.summary().packages).toMatchObject([{ name: "garden", version: "0.4.0" }]);
    index.close();
  });
});

describe("an index without packages", () => {
  it("is searched as before, and says so when a package is asked for", async () => {
    const plain = DECLARATIONS.map(({ name, docstring }) => declaration(name, { docstring }));
    const path = await built("plain.sqlite", plain);
    expect(await found(path, {})).toHaveLength(3);
    const missing = await failureOf(() => found(path, { package: "garden" }));
    expect(missing.message).toBe(`The index ${path} has no package garden: it has no packages.`);
    const own = await failureOf(() => found(path, { own: true }));
    expect(own.message).toMatch(/holds no project's own declarations: make it of a Lake project's/);
  });

  it("takes a corpus whose fields of these names mean something else", async () => {
    const line = {
      name: "A.b",
      kind: "theorem",
      package: 7,
      file: ["x"],
      own: "yes",
    };
    const path = join(folder, "odd.jsonl");
    writeFileSync(path, `${JSON.stringify(line)}\n`);
    const report = await buildIndex({
      index: join(folder, "odd.sqlite"),
      sources: [path],
    });
    expect(report).toMatchObject({ declarations: 1, skippedLines: 0 });
  });
});
