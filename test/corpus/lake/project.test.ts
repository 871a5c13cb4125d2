import { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { openLakeProject, type ProjectProblem } from "../../../src/corpus/lake/lake-project.js";
import {
  lakeSourceText,
  type LakeSource,
  parseLakeSource,
} from "../../../src/corpus/lake/lake-source.js";
import { readLakeProject } from "../../../src/corpus/lake/read-lake-project.js";
import { failureOf } from "../../failure.js";
import { temporaryFolder } from "../../temporary-folder.js";

const FIXTURES = fileURLToPath(new URL("../../fixtures/lake-projects", import.meta.url));
const place = temporaryFolder();
const garden = join(place, "garden");

beforeEach(() => {
  rmSync(garden, { recursive: true, force: true });
  cpSync(FIXTURES, place, { recursive: true });
});

interface Reading {
  /** Names of declarations by package and file: "garden Garden/Rose.lean". */
  readonly names: Record<string, string[]>;
  readonly problems: ProjectProblem[];
  readonly unread: string[];
}

async function read(source: Partial<LakeSource> = {}): Promise<Reading> {
  const reading: Reading = { names: {}, problems: [], unread: [] };
  const whole = { folder: garden, dependencies: "none" as const, libraries: [], ...source };
  for await (const { package: owner, file, declarations } of readLakeProject(whole, {
    onProblem: (problem) => reading.problems.push(problem),
    onUnread: (libraries) => reading.unread.push(...libraries),
  })) {
    reading.names[`${owner.name} ${file}`] = declarations.map(({ name }) => name);
  }
  return reading;
}

const OWN = {
  "garden Garden.lean": [],
  "garden Garden/Rose.lean": ["Garden.Rose", "Garden.Rose.petals", "Garden.Rose.petals_watered"],
  "garden Garden/Weed.lean": ["Garden.weed_grows", "Garden.weed_broken"],
  "garden lib/ForMeadow/Path.lean": ["Meadow.path_length"],
};

describe("a Lake project", () => {
  it("knows its dependencies, their versions and folders from the manifest", () => {
    const { own, dependencies } = openLakeProject(garden);
    expect(own).toMatchObject({ name: "garden", version: "0.3.0", folder: garden });
    expect(dependencies).toEqual([
      { name: "meadow", version: "", folder: join(place, "meadow"), lakefile: "lakefile.lean" },
      {
        name: "pond",
        version: "v1.2.0",
        folder: join(garden, "packages", "pond"),
        lakefile: "lakefile.toml",
      },
    ]);
  });

  it("finds dependencies without a manifest, those of dependencies too", () => {
    rmSync(join(garden, "lake-manifest.json"));
    const folders = openLakeProject(garden).dependencies.map(({ folder }) => folder);
    expect(folders).toEqual([join(place, "meadow"), join(garden, "packages", "pond")]);
  });

  it("takes the lakefile in Lean where there are two, as Lake does", () => {
    writeFileSync(join(garden, "lakefile.lean"), "package greenhouse\nlean_lib Garden\n");
    expect(openLakeProject(garden).own.name).toBe("greenhouse");
  });

  it("is refused where there is no folder, as after it was moved", async () => {
    const failure = await failureOf(() => openLakeProject(join(place, "moved")));
    expect(failure.message).toBe(
      `There is no folder ${join(place, "moved")}: name the folder of a Lake project.`,
    );
  });

  it("is refused where there is no lakefile", async () => {
    const failure = await failureOf(() => openLakeProject(place));
    expect(failure.message).toBe(
      `${place} is no Lake project: it has neither lakefile.toml nor lakefile.lean.`,
    );
  });
});

describe("reading a Lake project", () => {
  it("gives what is built by default and what that imports, and tells what is left", async () => {
    const { names, unread } = await read();
    expect(names).toEqual(OWN);
    expect(unread).toEqual(["GardenTest"]);
  });

  it("keeps a library that lies below another's root apart from it", async () => {
    const demo = join(garden, "Garden", "Demos", "One.lean");
    mkdirSync(join(garden, "Garden", "Demos"));
    writeFileSync(demo, "theorem demo_one : True := trivial\n");
    appendFileSync(
      join(garden, "lakefile.toml"),
      '\n[[lean_lib]]\nname = "Garden.Demos"\nglobs = ["Garden.Demos.+"]\n',
    );
    const apart = await read();
    expect(apart).toMatchObject({ names: OWN, unread: ["GardenTest", "Garden.Demos"] });
    expect(apart.names).not.toHaveProperty(["garden Garden/Demos/One.lean"]);
    appendFileSync(join(garden, "Garden", "Rose.lean"), "\nimport Garden.Demos.One\n");
    const { names } = await read();
    expect(names["garden Garden/Demos/One.lean"]).toEqual(["demo_one"]);
  });

  it("gives libraries that were asked for as well", async () => {
    const { names, unread } = await read({ libraries: ["GardenTest"] });
    expect(names).toEqual({ ...OWN, "garden GardenTest/Rose.lean": ["garden_test_only"] });
    expect(unread).toEqual([]);
  });

  it("gives the dependencies' declarations, and resolves references into them", async () => {
    const { names } = await read({ dependencies: "all" });
    expect(names).toEqual({
      ...OWN,
      "meadow src/Meadow.lean": ["Meadow.wet", "Meadow.wet_eq"],
      "pond Pond/Water.lean": ["Pond.Water", "Pond.Water.depth"],
    });
    const references: string[] = [];
    for await (const { declarations } of readLakeProject({
      folder: garden,
      dependencies: "all",
      libraries: [],
    })) {
      const watered = declarations.find(({ name }) => name === "Garden.Rose.petals_watered");
      references.push(...(watered?.references ?? []));
    }
    expect(references).toEqual(
      expect.arrayContaining(["Pond.Water", "Meadow.wet", "Meadow.wet_eq", "Garden.Rose"]),
    );
  });

  it("gives only the dependencies that were named", async () => {
    const { names } = await read({ dependencies: ["pond"] });
    expect(Object.keys(names)).toEqual([...Object.keys(OWN), "pond Pond/Water.lean"]);
  });

  it("reports what it cannot read with file and line, and goes on", async () => {
    writeFileSync(
      join(garden, "Garden", "Latin.lean"),
      Buffer.from("-- one\n-- caf\xe9\n", "latin1"),
    );
    symlinkSync(join(garden, "nowhere.lean"), join(garden, "Garden", "Gone.lean"));
    mkdirSync(join(garden, "Garden", "Loop"));
    symlinkSync(join(garden, "Garden"), join(garden, "Garden", "Loop", "Again"));
    rmSync(join(garden, "packages", "pond"), { recursive: true });
    const { names, problems } = await read({ dependencies: "all" });
    expect(names).toMatchObject(OWN);
    const told = problems.map(
      ({ path, line, message }) => `${path.slice(place.length)}:${line} ${message}`,
    );
    expect(told).toEqual([
      expect.stringMatching(
        /^\/garden\/packages\/pond:1 the package pond is left out \(The package pond is not at /,
      ),
      "/garden/Garden/Gone.lean:1 it cannot be read (ENOENT)",
      "/garden/Garden/Latin.lean:2 it is not UTF-8 text",
      "/garden/Garden/Weed.lean:7 the bracket ( is not closed",
    ]);
  });

  it("refuses dependencies and libraries that the project does not have", async () => {
    const unknown = await failureOf(() => read({ dependencies: ["lake"] }));
    expect(unknown).toMatchObject({ exit: "usage" });
    expect(unknown.message).toBe(
      `${garden} does not depend on lake: it has the dependencies meadow, pond.`,
    );
    const library = await failureOf(() => read({ libraries: ["Pond"] }));
    expect(library.message).toBe(
      `${garden} has no library Pond: its lakefile has Garden, ForMeadow, GardenTest.`,
    );
  });

  it("refuses a named dependency that is not there, and a project without Lean files", async () => {
    rmSync(join(garden, "packages", "pond"), { recursive: true });
    const missing = await failureOf(() => read({ dependencies: ["pond"] }));
    expect(missing.message).toMatch(/^The package pond is not at .*: fetch it with lake update/);
    for (const name of ["Garden.lean", "Garden", "lib"]) {
      rmSync(join(garden, name), { recursive: true });
    }
    const empty = await failureOf(() => read());
    expect(empty.message).toMatch(/has no Lean file in the libraries of its lakefile/);
  });

  it("ends with an AbortError after the signal", async () => {
    const source = { folder: garden, dependencies: "none", libraries: [] } as const;
    const reading = readLakeProject(source, { signal: AbortSignal.abort() });
    await expect(reading.next()).rejects.toThrow(/abort/);
  });
});

describe("the text of a Lake source", () => {
  it("means the same when it is read again, whatever the folder is called", () => {
    const names = fc.array(fc.stringMatching(/^[a-zA-Z][\w-]{0,9}$/), {
      minLength: 1,
      maxLength: 3,
    });
    const source = fc.record({
      folder: fc.stringMatching(/^\/[^/\0]{1,12}$/),
      dependencies: fc.oneof(fc.constant("none" as const), fc.constant("all" as const), names),
      libraries: fc.oneof(fc.constant([]), names),
    });
    fc.assert(
      fc.property(source, (made) => {
        fc.pre(made.folder !== "/." && made.folder !== "/..");
        expect(parseLakeSource(lakeSourceText(made))).toEqual(made);
      }),
    );
    expect(parseLakeSource("mathlib.jsonl.gz")).toBeUndefined();
  });
});
