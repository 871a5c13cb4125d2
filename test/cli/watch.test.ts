import { cpSync, rmSync } from "node:fs";
import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { z } from "zod";
import { EXIT } from "../../src/errors.js";
import {
  describeProgram,
  expectSentence,
  type Program,
  untilSaid,
  WITHOUT_SIGNALS,
  Workplace,
} from "./command-line.js";

const FIXTURES = fileURLToPath(new URL("../fixtures/lake-projects", import.meta.url));

const WAIT = { timeout: 20_000, interval: 200 };

let place: Workplace;
let running: Program | undefined;
beforeEach(async () => {
  place = await Workplace.open();
  cpSync(FIXTURES, place.path(), { recursive: true });
});
afterEach(async () => {
  running?.kill("SIGKILL");
  await running;
  running = undefined;
  await place.close();
});

const told = z.object({
  how: z.enum(["update", "build"]),
  added: z.number().optional(),
  changed: z.number().optional(),
  removed: z.number().optional(),
  problems: z.array(z.object({ line: z.number() })).optional(),
});

/** Starts watching. @returns what it tells, one change after the other. */
async function watching(...args: string[]): Promise<() => Promise<z.infer<typeof told>>> {
  const program = place.start(["index", "garden", "--watch", "--json", ...args]);
  running = program;
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  await untilSaid(program, /Watching .*garden/);
  await lines.next();
  return async () => {
    const line = await lines.next();
    if (line.done === true) throw new Error("it ended");
    return told.parse(JSON.parse(z.string().parse(line.value)));
  };
}

/** Writes a file in one step: else it may be read between its being emptied and its being written. */
async function save(path: string, text: string): Promise<void> {
  await writeFile(place.path("saved"), text);
  await rename(place.path("saved"), path);
}

/** The program that watches. */
function started(): Program {
  if (running === undefined) throw new Error("it does not run");
  return running;
}

async function untilFound(name: string, isThere = true): Promise<void> {
  await vi.waitFor(async () => expect(await finds(name)).toBe(isThere), WAIT);
}

async function finds(name: string): Promise<boolean> {
  return (await place.run(["show", name])).code === EXIT.ok;
}

describeProgram("index --watch", () => {
  it("takes in what is added, renamed, moved and deleted", async () => {
    const next = await watching();
    const rose = place.path("garden", "Garden", "Rose.lean");
    const before = await readFile(rose, "utf8");
    await appendFile(rose, "\ntheorem Garden.thorns : 1 + 1 = 2 := rfl\n");
    expect(await next()).toMatchObject({ how: "update", added: 1, changed: 0, removed: 0 });
    expect(await finds("Garden.thorns")).toBe(true);
    await save(rose, before.replace("petals_watered", "petals_kept"));
    expect(await next()).toMatchObject({ how: "update", added: 1, removed: 2 });
    expect(await finds("Garden.thorns")).toBe(false);
    expect(await finds("Garden.Rose.petals_kept")).toBe(true);
    await rename(rose, place.path("garden", "Garden", "Roses.lean"));
    expect(await next()).toMatchObject({ how: "update", added: 0, removed: 0 });
    const moved = await place.run(["show", "Garden.Rose.petals_kept", "--json"]);
    expect(JSON.parse(moved.stdout)).toMatchObject({ module: "Garden.Roses" });
    rmSync(place.path("garden", "Garden", "Roses.lean"));
    expect(await next()).toMatchObject({ how: "update", added: 0 });
    expect(await finds("Garden.Rose.petals_kept")).toBe(false);
  });

  it("tells what cannot be read, and goes on", async () => {
    const next = await watching();
    const weed = place.path("garden", "Garden", "Weed.lean");
    await save(weed, "theorem weed_starts : True := trivial\n\ntheorem weed_ends ( : True\n");
    expect((await next()).problems).toHaveLength(1);
    await save(weed, "theorem weed_ends : True := trivial\n");
    expect(await next()).toMatchObject({ how: "update", problems: [] });
    expect(await finds("weed_ends")).toBe(true);
  });

  it("reads the project again where its lakefile changes, and waits for one that makes sense", async () => {
    const next = await watching();
    const lakefile = place.path("garden", "lakefile.toml");
    const before = await readFile(lakefile, "utf8");
    const program = running;
    if (program === undefined) throw new Error("it does not run");
    const refused = untilSaid(program, /lakefile\.toml/);
    await save(lakefile, "[[lean_lib\n");
    await refused;
    await save(lakefile, `${before}\n# Nothing else.\n`);
    expect(await next()).toMatchObject({ how: "build" });
    await appendFile(
      place.path("garden", "Garden", "Rose.lean"),
      "theorem late : True := trivial\n",
    );
    expect(await next()).toMatchObject({ how: "update", added: 1 });
  });

  it.skipIf(WITHOUT_SIGNALS)("keeps builds away, and ends with Ctrl-C", async () => {
    await watching();
    expectSentence(await place.run(["index", "starter"]), "io", /building or watching the index/);
    running?.kill("SIGINT");
    expect((await running)?.exitCode).toBe(EXIT.ok);
    expect((await place.run(["index", "starter"])).code).toBe(EXIT.ok);
  });

  it("looks at a project again that is made anew or moved away and back", async () => {
    await watching();
    const garden = place.path("garden");
    const rose = place.path("garden", "Garden", "Rose.lean");
    const plant = (name: string): Promise<void> =>
      appendFile(rose, `\ntheorem ${name} : True := trivial\n`);
    const removed = untilSaid(started(), /There is no folder .*garden/);
    rmSync(garden, { recursive: true });
    await removed;
    cpSync(`${FIXTURES}/garden`, garden, { recursive: true });
    await plant("sown");
    await untilFound("sown");
    await plant("sprouted");
    await untilFound("sprouted");
    const moved = untilSaid(started(), /There is no folder .*garden/);
    await rename(garden, place.path("elsewhere"));
    await moved;
    await rename(place.path("elsewhere"), garden);
    await plant("bloomed");
    await untilFound("bloomed");
    await plant("withered");
    await untilFound("withered");
  });

  it("waits for a dependency that is not there, or cannot be read", async () => {
    await watching("--deps");
    const meadow = place.path("meadow");
    await untilFound("Meadow.wet");
    await rename(meadow, place.path("elsewhere"));
    await untilFound("Meadow.wet", false);
    await rename(place.path("elsewhere"), meadow);
    await untilFound("Meadow.wet");
    await rename(place.path("meadow", "lakefile.lean"), place.path("lakefile"));
    await untilFound("Meadow.wet", false);
    await rename(place.path("lakefile"), place.path("meadow", "lakefile.lean"));
    await untilFound("Meadow.wet");
  });

  it("tells a failure once, however often it tries again", async () => {
    await watching();
    const program = started();
    const lakefile = place.path("garden", "lakefile.toml");
    const before = await readFile(lakefile, "utf8");
    const notices: string[] = [];
    program.stderr.on("data", (data) => notices.push(String(data)));
    const refused = untilSaid(program, /lakefile\.toml, line 1/);
    await save(lakefile, "[[lean_lib\n");
    await refused;
    await sleep(5000);
    expect(notices.join("").match(/lakefile\.toml, line 1/g)).toHaveLength(1);
    await save(lakefile, before);
    await save(place.path("garden", "Garden", "Weed.lean"), "theorem mended : True := trivial\n");
    await untilFound("mended");
  });

  it("is for Lake projects", async () => {
    const outcome = await place.run(["index", "starter", "--watch"]);
    expectSentence(outcome, "usage", /--watch is for Lake projects: name the folder of one/);
  });
});
