import { cpSync, rmSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { EXIT } from "../../src/errors.js";
import { describeProgram, expectSentence, Workplace } from "./command-line.js";

const FIXTURES = fileURLToPath(new URL("../fixtures/lake-projects", import.meta.url));
const WEED = /Garden\/Weed\.lean, line 7: the bracket \( is not closed\.\n/;

let place: Workplace;
beforeEach(async () => {
  place = await Workplace.open();
  cpSync(FIXTURES, place.path(), { recursive: true });
});
afterEach(() => place.close());

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(place.path(file), "utf8");
  expect(text).toContain(from);
  await writeFile(place.path(file), text.replace(from, to));
}

describeProgram("index of a Lake project", () => {
  it("reads its own libraries from the source, and says what it could not read", async () => {
    const { code, stdout, stderr } = await place.run(["index", "garden"]);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(
      /: 6 declarations indexed .*\n {2}6 added, 1 place that could not be read\n$/,
    );
    expect(stderr).toMatch(WEED);
    expect(stderr).toMatch(/Not read, as lake does not build them by default: GardenTest \(--libs/);
    const shown = await place.run(["show", "Garden.weed_grows", "--json"]);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      module: "Garden.Weed",
      line: 4,
      docstring: "Nothing imports this file, yet it belongs to the library.",
      package: "garden",
      package_version: "0.3.0",
      file: "Garden/Weed.lean",
      own: true,
    });
    expect((await place.run(["show", "Meadow.wet"])).code).toBe(EXIT.nothingFound);
  });

  it("reads its dependencies too where that is asked for, all or some", async () => {
    const all = await place.run(["index", "garden", "--deps"]);
    expect(all.stdout).toMatch(/: 10 declarations indexed/);
    const used = await place.run(["show", "Meadow.wet", "--json"]);
    expect(JSON.parse(used.stdout)).toMatchObject({
      used_by: expect.arrayContaining(["Garden.Rose.petals_watered", "Meadow.wet_eq"]) as unknown,
    });
    const wet = ["search", "wet", "water", "--json"];
    const packagesOf = async (...limits: string[]): Promise<unknown> => {
      const { stdout } = await place.run([...wet, ...limits]);
      const { results } = z
        .object({ results: z.array(z.object({ package: z.string() })) })
        .parse(JSON.parse(stdout));
      return [...new Set(results.map((result) => result.package))].sort();
    };
    expect(await packagesOf()).toEqual(["garden", "meadow", "pond"]);
    expect(await packagesOf("--own")).toEqual(["garden"]);
    expect(await packagesOf("--package", "pond")).toEqual(["pond"]);
    const status = await place.run(["status"]);
    expect(status.stdout).toMatch(/^Own package +garden 0\.3\.0, 6 declarations$/m);
    expect(status.stdout).toMatch(/^Package +meadow 2\.0\.1, 2 declarations$/m);
    expect(status.stdout).toMatch(/^Package +pond v1\.2\.0, 2 declarations$/m);
    const some = await place.run(["index", "garden", "--deps", "pond"]);
    expect(some.stdout).toMatch(
      /: 8 declarations indexed .*\n {2}1 changed, 7 unchanged, 2 removed/,
    );
  });

  it("is brought up to date: what was renamed, deleted or changed is so in the index", async () => {
    await place.run(["index", "garden", "--deps", "--libs", "GardenTest"]);
    await edit("garden/Garden/Weed.lean", "theorem weed_grows", "theorem weed_thrives");
    await edit("garden/Garden/Rose.lean", "A rose has", "Every rose has");
    rmSync(place.path("garden", "lib", "ForMeadow", "Path.lean"));
    writeFileSync(place.path("garden", "Garden", "Bee.lean"), "theorem bee : True := trivial\n");
    const { stdout, stderr } = await place.run(["index", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      start: "update",
      counts: { added: 2, changed: 1, unchanged: 8, duplicate: 0 },
      removed: 2,
      problems: 2,
    });
    expect(stderr).toMatch(
      /^Indexing the Lake project .*garden with GardenTest and its dependencies\./,
    );
    expect((await place.run(["show", "Meadow.path_length"])).code).toBe(EXIT.nothingFound);
    expect((await place.run(["show", "Garden.weed_thrives"])).code).toBe(EXIT.ok);
  });

  it("stops at the first place that it cannot read with --strict", async () => {
    expectSentence(
      await place.run(["index", "garden", "--strict"]),
      "badInput",
      /Weed\.lean, line 7: the bracket \( is not closed; mend it, or leave --strict out/,
    );
  });

  it.each([
    [
      ["garden", "--deps", "lake"],
      "usage",
      /does not depend on lake: it has the dependencies meadow, pond/,
    ],
    [
      ["garden", "--libs", "Lake"],
      "usage",
      /has no library Lake: its lakefile has Garden, ForMeadow, G/,
    ],
    [["starter", "--deps"], "usage", /--deps chooses within a Lake project: name its folder/],
    [["nowhere", "--deps"], "badInput", /^There is no folder .*nowhere: check the path/],
    [["--deps", "garden/"], "usage", /is no name: give names joined by commas/],
    [["garden/lib"], "badInput", /lib is a directory: name a file .* a folder with a lakefile/],
  ] as const)("refuses %j in one sentence", async (args, exit, sentence) => {
    expectSentence(await place.run(["index", ...args]), exit, sentence);
  });
});
