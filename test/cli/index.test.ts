import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import SqliteDatabase from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { EXIT } from "../../src/errors.js";
import {
  corpusLine,
  describeProgram,
  expectSentence,
  largeCorpus,
  untilSaid,
  WITHOUT_SIGNALS,
  Workplace,
} from "./command-line.js";

const TWO = corpusLine("Made.first") + corpusLine("Made.second", { references: ["Made.first"] });

let place: Workplace;
beforeEach(async () => {
  place = await Workplace.open();
});
afterEach(() => place.close());

const statusSchema = z.object({
  path: z.string(),
  declarations: z.number(),
  sources: z.array(z.string()),
});

async function status(): Promise<z.infer<typeof statusSchema>> {
  const { stdout } = await place.run(["status", "--json"]);
  return statusSchema.parse(JSON.parse(stdout));
}

describeProgram("index", () => {
  it("makes the index that the other commands then use, and says what it did", async () => {
    await place.file("made.jsonl", TWO);
    const built = await place.run(["index", "made.jsonl"]);
    expect(built).toMatchObject({ code: EXIT.ok });
    expect(built.stdout).toMatch(/index\.sqlite: 2 declarations indexed in .* s\.\n {2}2 added\n$/);
    expect(await status()).toEqual({
      path: place.path("data", "index.sqlite"),
      declarations: 2,
      sources: [place.path("made.jsonl")],
    });
    const found = await place.run(["search", "Made.second", "-n", "1"]);
    expect(found.stdout).toMatch(/^ 1\. Made\.second/);
    expect(found.stderr).toBe("");
  });

  it("makes an index of another vocabulary again from the sources that it remembers", async () => {
    await place.file("made.jsonl", TWO);
    await place.run(["index", "made.jsonl"]);
    const db = new SqliteDatabase(place.path("data", "index.sqlite"));
    db.exec("update meta set value = 'old' where key = 'vocabulary_fingerprint'");
    db.close();
    expectSentence(await place.run(["status"]), "noIndex", /made with another vocabulary/);
    const again = await place.run(["index"]);
    expect(again.stdout).toMatch(/2 declarations indexed/);
    expect(await status()).toMatchObject({ declarations: 2 });
  });

  it("remembers its sources, from whatever folder it is brought up to date", async () => {
    await place.file("made.jsonl", TWO);
    await place.run(["index", "made.jsonl"]);
    await mkdir(place.path("elsewhere"));
    const cwd = place.path("elsewhere");
    const same = await place.run(["index"], { cwd });
    expect(same.stdout).toMatch(/is up to date: 2 declarations/);
    expect(same.stderr).toBe(`Indexing ${place.path("made.jsonl")}.\n`);
    await place.file("made.jsonl", TWO + corpusLine("Made.third"));
    const { stdout } = await place.run(["index", "--json"], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      start: "update",
      counts: { added: 1, unchanged: 2, changed: 0, duplicate: 0 },
      declarations: 3,
    });
  });

  it("makes the starter index where nothing is named and nothing is remembered", async () => {
    const { code, stderr } = await place.run(["index"]);
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: "Indexing the starter corpus.\n" });
    expect(await status()).toMatchObject({ declarations: 1845, sources: ["starter"] });
    expect((await place.run(["index", "starter"])).stdout).toMatch(/is up to date/);
  });

  it("reads standard input, plain or gzip, and asks for a SOURCE the next time", async () => {
    const packed = await place.run(["index", "-"], { input: gzipSync(TWO) });
    expect(packed.stdout).toMatch(/2 declarations indexed/);
    const plain = await place.run(["index", "-"], { input: TWO + corpusLine("Made.third") });
    expect(plain.stdout).toMatch(/3 declarations indexed/);
    expectSentence(
      await place.run(["index"]),
      "usage",
      /made from standard input.*name the SOURCE/,
    );
    expect((await status()).declarations).toBe(3);
  });

  it("never takes a file for its index that is none", async () => {
    const notes = "My notes.\n".repeat(1000);
    await place.file("made.jsonl", TWO);
    await place.file("notes.txt", notes);
    const outcome = await place.run(["index", "made.jsonl", "--index", "notes.txt"]);
    expectSentence(outcome, "io", /notes\.txt exists and is not a lemmascope index/);
    expect((await stat(place.path("notes.txt"))).size).toBe(notes.length);
  });
});

describeProgram("Ctrl-C", () => {
  it.skipIf(WITHOUT_SIGNALS)("ends index, and the same command goes on from there", async () => {
    const declarations = 16_000;
    await place.file("large.jsonl", largeCorpus(declarations));
    const building = place.path("large.sqlite.building");
    const args = ["index", "large.jsonl", "--index", "large.sqlite"];
    const running = place.start(args);
    while ((await sizeOf(building)) + (await sizeOf(`${building}-wal`)) < 1_000_000)
      await sleep(20);
    running.kill("SIGINT");
    const { exitCode: code, stdout, stderr } = await running;
    expectSentence(
      { code, stdout, stderr },
      "interrupted",
      /^Interrupted; what was indexed so far/,
    );
    expect(existsSync(place.path("large.sqlite"))).toBe(false);

    const again = await place.run(args);
    expect(again.stderr).toMatch(/^Going on with the interrupted build\./);
    expect(again.stdout).toMatch(/16000 declarations indexed/);
    expect(again.stdout).toMatch(/[1-9]\d* unchanged/);
  });

  it.skipIf(WITHOUT_SIGNALS)("ends index while it waits for standard input", async () => {
    const running = place.start(["index", "-", "-v"], { input: { open: true } });
    running.stdin.write(TWO);
    await untilSaid(running, /"building"/);
    running.kill("SIGINT");
    const { exitCode, stdout, stderr } = await running;
    expect({ exitCode, stdout }).toEqual({ exitCode: EXIT.interrupted, stdout: "" });
    expect(stderr).toMatch(/^Interrupted; /m);
  });
});

async function sizeOf(path: string): Promise<number> {
  return existsSync(path) ? (await stat(path)).size : 0;
}
