import { copyFile, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import SqliteDatabase from "better-sqlite3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { EXIT, type ExitName } from "../../src/errors.js";
import { corpusLine, describeProgram, expectSentence, Workplace } from "./command-line.js";

let place: Workplace;

beforeAll(async () => {
  place = await Workplace.open();
  await place.run(["search", "compact"]);
  const [starter = ""] = (await readdir(place.path("data"))).filter((n) => n.endsWith(".sqlite"));
  for (const name of ["cut", "newer", "torn"]) {
    await copyFile(place.path("data", starter), place.path(`${name}.sqlite`));
  }
  await truncate(place.path("cut.sqlite"), 500_000);
  const newer = new SqliteDatabase(place.path("newer.sqlite"));
  newer.pragma("user_version = 99");
  newer.close();
  const torn = await readFile(place.path("torn.sqlite"));
  torn.fill(0xa5, 20 * 4096, torn.length - 4096);
  await writeFile(place.path("torn.sqlite"), torn);
  await place.file("empty.sqlite", "");
  await place.file("notes.sqlite", "These are my notes, and no index at all.\n".repeat(200));
  await place.file("empty.jsonl", "");
  await place.file("fake.jsonl.gz", corpusLine("a"));
  await place.file(
    "junk.jsonl",
    Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * 7) % 256)),
  );
  await place.file("long.jsonl", `{"name":"${"a".repeat(10_000_000)}"}\n`);
  await place.file("broken.json", "{");
  await place.file("stray.json", '{"idnex": "x"}');
  await place.file("wrong.json", '{"limit": "ten"}');
  await place.file("mixed.jsonl", `${corpusLine("a")}{"name":"b"}\n`);
});
afterAll(() => place.close());

describeProgram("a command line that makes no sense", () => {
  const cases: [string[], ExitName, RegExp][] = [
    [
      ["search", "--lmit", "3", "x"],
      "usage",
      /^Unknown option '--lmit'\. Did you mean --limit\?$/m,
    ],
    [["serch", "x"], "usage", /^Unknown command 'serch'\. Did you mean search\?$/m],
    [["search"], "usage", /^Missing required argument 'QUERY'\./],
    [["show"], "usage", /^Missing required argument 'NAME'\./],
    [["show", "a", "b"], "usage", /^Too many arguments for 'show'/],
    [["search", "x", "--index"], "usage", /'--index <PATH>' argument missing/],
    [["search", "--limit", "0", "x"], "usage", /--limit is "0": it must be a whole number/],
    [["search", "--limit", "x", "y"], "usage", /--limit is "x": it must be a whole number/],
    [["search", "--limit", "1e1", "y"], "usage", /--limit is "1e1"/],
    [["search", "--kind", "lemmma", "x"], "usage", /no kind "lemmma": the kinds are theorem, /],
    [["search", "--module", "Mathlib.Topolgy", "set"], "usage", /no module Mathlib\.Topolgy/],
    [["pull", "--stall-timeout", "soon"], "usage", /--stall-timeout is "soon"/],
    [["pull", "just-a-name", "-q"], "usage", /"just-a-name" is not a data set/],
    [["bench", "search", "--compare", "a.json"], "usage", /--compare takes two reports/],
  ];
  it.concurrent.each(cases)("%j ends with %s", async (args, exit, sentence) => {
    expectSentence(await place.run(args), exit, sentence);
  });
});

describeProgram("a query that cannot be searched", () => {
  const cases: [string, string[], RegExp][] = [
    ["an empty one", ["search", ""], /^The query is empty/],
    ["one of blanks", ["search", " \t "], /^The query is empty/],
    ["one of stop words", ["search", "the", "of"], /^The query "the of" has no word to search for/],
    ["one of signs", ["search", "();"], /^The query "\(\);" has no word to search for/],
    ["a very long one", ["search", "a ".repeat(50_000)], /99999 characters .* shorten it/],
    ["an empty name", ["show", " "], /^The name is empty/],
    ["an empty standard input", ["search", "-"], /^The query is empty/],
  ];
  it.concurrent.each(cases)("%s ends with badInput", async (_what, args, sentence) => {
    expectSentence(await place.run([...args, "-q"]), "badInput", sentence);
  });
});

describeProgram("a source that cannot be indexed", () => {
  const cases: [string, RegExp][] = [
    ["missing.jsonl", /There is no file .*missing\.jsonl/],
    [".", /is a directory/],
    ["empty.jsonl", /empty\.jsonl is empty/],
    ["fake.jsonl.gz", /fake\.jsonl\.gz is named \.gz but is not gzip data/],
    ["junk.jsonl", /junk\.jsonl holds no declarations/],
    ["long.jsonl", /long\.jsonl, line 1 is longer than/],
    ["-", /^Standard input is empty/],
  ];
  it.concurrent.each(cases)(
    "%s ends with badInput and leaves no index",
    async (source, sentence) => {
      const target = `${source}.new`;
      const args = ["index", source, "--index", target, "--quiet"];
      expectSentence(await place.run(args), "badInput", sentence);
      const left = (await readdir(place.folder)).filter((name) => name.startsWith(target));
      expect(left).toEqual([]);
    },
  );

  it("ends at a malformed line with --strict only", async () => {
    const args = ["index", "mixed.jsonl", "--index", "mixed.sqlite"];
    expectSentence(
      await place.run([...args, "--strict"]),
      "badInput",
      /mixed\.jsonl, line 2: .*kind/,
    );
    const { code, stderr } = await place.run(args);
    expect(code).toBe(EXIT.ok);
    expect(stderr).toMatch(/^Left out .*mixed\.jsonl, line 2: its field "kind"/);
  });
});

describeProgram("an index that cannot be used", () => {
  const cases: [string, RegExp][] = [
    ["none.sqlite", /There is no index at .*none\.sqlite; make one with: lemmascope index/],
    [".", /is a directory/],
    ["empty.sqlite", /empty\.sqlite is empty/],
    ["notes.sqlite", /notes\.sqlite is not a lemmascope index/],
    ["cut.sqlite", /cut\.sqlite is damaged/],
    ["torn.sqlite", /torn\.sqlite is damaged/],
    ["newer.sqlite", /newer\.sqlite was made by a newer lemmascope/],
  ];
  it.concurrent.each(cases)("%s ends search with noIndex", async (index, sentence) => {
    expectSentence(await place.run(["search", "set", "--index", index]), "noIndex", sentence);
  });

  it.concurrent.each(["torn.sqlite", "newer.sqlite"])(
    "is not replaced by the starter corpus where no SOURCE is named: %s",
    async (index) => {
      const before = await readFile(place.path(index));
      const outcome = await place.run(["index", "--index", index]);
      expectSentence(outcome, "noIndex", /damaged|newer lemmascope/);
      expect(before.equals(await readFile(place.path(index)))).toBe(true);
    },
  );

  it("is told apart by the other commands too", async () => {
    const args = ["--index", "cut.sqlite"];
    expectSentence(await place.run(["show", "Group", ...args]), "noIndex", /damaged/);
    expectSentence(await place.run(["status", ...args]), "noIndex", /damaged/);
    const { code, stdout } = await place.run(["doctor", ...args]);
    expect(code).toBe(EXIT.noIndex);
    expect(stdout).toMatch(/^✗ Index: The index .*cut\.sqlite is damaged/m);
  });

  it("cannot be made where nothing can be written", async () => {
    const args = ["index", "starter", "-q", "--index", "empty.jsonl/index.sqlite"];
    expectSentence(await place.run(args), "io", /cannot be written: choose another place/);
    const folder = ["index", "starter", "-q", "--index", "."];
    expectSentence(await place.run(folder), "io", /is a directory/);
  });
});

describeProgram("a configuration that makes no sense", () => {
  const cases: [Record<string, string>, RegExp][] = [
    [{ LEMMASCOPE_LIMIT: "many" }, /LEMMASCOPE_LIMIT is "many": it must be a whole number/],
    [{ LEMMASCOPE_LOG: "loud" }, /LEMMASCOPE_LOG is "loud": it must be one of silent, /],
    [{ LEMMASCOPE_CONFIG: "nowhere.json" }, /nowhere\.json cannot be read/],
    [{ LEMMASCOPE_CONFIG: "broken.json" }, /broken\.json is not valid JSON/],
    [{ LEMMASCOPE_CONFIG: "stray.json" }, /no setting "idnex"; the settings are index, /],
    [{ LEMMASCOPE_CONFIG: "wrong.json" }, /wrong\.json is wrong: "limit": .*number/],
  ];
  it.concurrent.each(cases)("%j ends with usage", async (env, sentence) => {
    expectSentence(await place.run(["search", "set"], { env }), "usage", sentence);
  });
});
