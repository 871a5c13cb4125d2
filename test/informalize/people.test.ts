import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { SkippedLine } from "../../src/corpus/read.js";
import { STARTER_PATH } from "../../src/corpus/starter.js";
import { readDescriptions, withDescriptions } from "../../src/informalize/people.js";
import { withRuleDescription } from "../../src/informalize/rules.js";
import { PACKAGE_ROOT } from "../../src/package-root.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";
import { declarationOf } from "./verbalise/lean-text.js";

const folder = temporaryFolder();
const QUERIES = join(PACKAGE_ROOT, "..", "shared", "training", "queries.jsonl");

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function line(name: string, description: string, rest: object = {}): string {
  return `${JSON.stringify({ name, informal_name: `${name} in words`, informal_description: description, ...rest })}\n`;
}

describe("descriptions by people", () => {
  it("are read by name from plain and compressed lines, other fields left alone", async () => {
    const text = line("a", "One.", { kind: 7, queries: {}, aliases: ["uno"] }) + line("b", "Two.");
    for (const path of [file("some.jsonl", text), file("some.jsonl.gz", gzipSync(text))]) {
      const found = await readDescriptions(path);
      expect([...found]).toEqual([
        [
          "a",
          {
            informalName: "a in words",
            informalDescription: "One.",
            aliases: ["uno"],
            topics: [],
          },
        ],
        ["b", { informalName: "b in words", informalDescription: "Two.", aliases: [], topics: [] }],
      ]);
    }
  });

  it("leave out lines that cannot be used, each with its number and a reason", async () => {
    const path = file(
      "bad.jsonl",
      Buffer.concat([
        Buffer.from(`${line("a", "One.")}\nnonsense\n[1]\n{"informal_name":"x"}\n`),
        Buffer.from(`{"name":"c"}\n${line("d", "By rules.", { informal_origin: "rules" })}`),
        Buffer.of(0xff, 0x0a),
        Buffer.from(line("a", "Another.")),
      ]),
    );
    const skipped: SkippedLine[] = [];
    const found = await readDescriptions(path, { onSkip: (one) => skipped.push(one) });
    expect([...found.keys()]).toEqual(["a"]);
    expect(found.get("a")?.informalDescription).toBe("One.");
    expect(skipped).toEqual([
      { source: path, line: 3, reason: "it is not JSON" },
      { source: path, line: 4, reason: "it is not a JSON object" },
      { source: path, line: 5, reason: 'its field "name" is missing or not of the right type' },
      {
        source: path,
        line: 6,
        reason: "it has neither an informal_name nor an informal_description",
      },
      { source: path, line: 7, reason: "its description is not by people" },
      { source: path, line: 8, reason: "it is not UTF-8 text" },
    ]);
    const failure = await failureOf(() => readDescriptions(path, { strict: true }));
    expect(failure).toMatchObject({ exit: "badInput" });
    expect(failure.message).toContain("bad.jsonl, line 3: it is not JSON");
  });

  it("that are none at all are refused with the first reason", async () => {
    const path = file("none.jsonl", '{"name":"c"}\n');
    const failure = await failureOf(() => readDescriptions(path));
    expect(failure.message).toContain("holds no descriptions (line 1: it has neither");
  });

  it("are there for every record of the starter corpus", async () => {
    const skipped: SkippedLine[] = [];
    const found = await readDescriptions(STARTER_PATH, { onSkip: (one) => skipped.push(one) });
    expect(skipped).toEqual([]);
    expect(found.size).toBe(1845);
  });

  it.skipIf(!existsSync(QUERIES))(
    "are there for every declaration of the training queries (needs ../shared/training)",
    async () => {
      const skipped: SkippedLine[] = [];
      const found = await readDescriptions(QUERIES, { onSkip: (one) => skipped.push(one) });
      expect(skipped).toEqual([]);
      expect(found.size).toBe(2400);
    },
  );
});

describe("of one declaration", () => {
  const written = new Map([
    [
      "Garden.rose",
      {
        informalName: "Roses are red",
        informalDescription: "Every rose is red.",
        aliases: ["rose theorem"],
        topics: ["botany"],
      },
    ],
  ]);

  it("what people wrote wins over what a model or rules gave, and keeps other names", () => {
    for (const informalOrigin of ["model", "rules", undefined] as const) {
      const before = declarationOf({
        informalName: "Rose",
        informalDescription: "Something.",
        aliases: ["red rose"],
        ...(informalOrigin === undefined ? {} : { informalOrigin }),
      });
      expect(withDescriptions(before, written)).toEqual({
        ...before,
        informalName: "Roses are red",
        informalDescription: "Every rose is red.",
        informalOrigin: "people",
        aliases: ["red rose", "rose theorem"],
        topics: ["botany"],
      });
    }
  });

  it("nothing changes where people wrote nothing", () => {
    const before = declarationOf({ name: "Garden.tulip" });
    expect(withDescriptions(before, written)).toBe(before);
  });

  it("rules describe it only where nobody else did, and are marked", () => {
    const bare = declarationOf({ type: "x ∈ s" });
    const described = withRuleDescription(bare);
    expect(described).toMatchObject({
      informalName: "garden: rose",
      informalDescription: "Theorem about Garden.rose: x is in s.",
      informalOrigin: "rules",
    });
    for (const informalOrigin of ["people", "model"] as const) {
      const other = declarationOf({ informalDescription: "It is red.", informalOrigin });
      expect(withRuleDescription(other)).toBe(other);
    }
    const unmarked = declarationOf({ informalName: "Rose" });
    expect(withRuleDescription(unmarked)).toBe(unmarked);
    const stale = { ...described, type: "x ∈ t" };
    expect(withRuleDescription(stale).informalDescription).toBe(
      "Theorem about Garden.rose: x is in t.",
    );
  });
});
