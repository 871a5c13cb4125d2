import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fingerprintTheorems, readPremiseTheorems } from "../../../benchmark/premises/data.js";
import { readRecordedSketches } from "../../../benchmark/premises/recorded-sketches.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const BENCHMARKS = join(root, "../shared/benchmarks");
const RECORDINGS = join(root, "../shared/recordings/mathlibmpr-sketches.jsonl");
const DEVELOPMENT = join(root, "training/premises/development");

const ENTRY = {
  id: "m_1",
  pr: 7,
  formal_main_result: "Made.Up.thing",
  NL_main_result: "A thing holds.",
  formal_statement: "namespace Up\n\n/-- Other words. -/\nlemma thing (n : ℕ) : n = n := sorry",
  premise_group: [
    { kind: "original", docs: ["Eq.refl", "rfl"] },
    { kind: "alternative", docs: ["Nat.le_antisymm"] },
  ],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lemmascope-premise-data-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(entries: unknown, file = "MathlibMPR.json"): Promise<void> {
  await writeFile(join(folder, file), JSON.stringify(entries));
}

describe("readPremiseTheorems", () => {
  it("reads a theorem with its words, its full name and its groups", async () => {
    await write([ENTRY]);
    const { benchmark, theorems } = await readPremiseTheorems(folder);
    expect(benchmark).toBe("MathlibMPR");
    expect(theorems).toMatchObject([
      {
        id: "m_1",
        theorem: { name: "Made.Up.thing", informal: "A thing holds.", conclusion: "n = n" },
        groups: [
          { kind: "original", declarations: ["Eq.refl", "rfl"] },
          { kind: "alternative", declarations: ["Nat.le_antisymm"] },
        ],
      },
    ]);
  });

  it("reads theorems.json under the folder's name where there is no MathlibMPR.json", async () => {
    await write([ENTRY], "theorems.json");
    expect((await readPremiseTheorems(folder)).benchmark).toMatch(/^lemmascope-premise-data-/);
    await write([{ ...ENTRY, id: "m_2" }]);
    expect((await readPremiseTheorems(folder)).theorems[0]?.id).toBe("m_2");
  });

  it.each<[string, unknown, RegExp]>([
    ["there is no theorem", [], /there is no theorem/],
    ["an id comes twice", [ENTRY, ENTRY], /has two theorems m_1/],
    ["there are no groups", [{ ...ENTRY, premise_group: [] }], /at 0\.premise_group/],
    ["a group is empty", [{ ...ENTRY, premise_group: [{ kind: "original", docs: [] }] }], /docs/],
    [
      "all groups are alternative",
      [{ ...ENTRY, premise_group: [{ kind: "alternative", docs: ["rfl"] }] }],
      /group of the kind original/,
    ],
    ["a statement is empty", [{ ...ENTRY, formal_statement: " " }], /cannot be used at m_1/],
  ])("is told in a sentence that %s", async (_, entries, message) => {
    await write(entries);
    await expect(readPremiseTheorems(folder)).rejects.toMatchObject({ exit: "badInput" });
    await expect(readPremiseTheorems(folder)).rejects.toThrow(message);
  });

  it("says where to get a file that is missing", async () => {
    await expect(readPremiseTheorems(folder)).rejects.toThrow(
      /MathlibMPR\.json does not exist: get .*github\.com\/frenzymath/,
    );
  });

  it.skipIf(!existsSync(BENCHMARKS))(
    "reads all of MathlibMPR (skipped without ../shared/benchmarks)",
    async () => {
      const { theorems } = await readPremiseTheorems(BENCHMARKS);
      const groups = theorems.flatMap((theorem) => theorem.groups);
      expect([theorems.length, groups.length]).toEqual([69, 204]);
      expect(groups.filter(({ kind }) => kind === "alternative")).toHaveLength(33);
      expect(theorems.every(({ theorem }) => theorem.statement !== "")).toBe(true);
      expect(theorems.every(({ theorem }) => theorem.conclusion !== "")).toBe(true);
    },
  );
});

describe("fingerprintTheorems", () => {
  it("changes with what is asked and what counts, and not with the order", async () => {
    const read = async (...entries: object[]) => {
      await write(entries);
      return fingerprintTheorems((await readPremiseTheorems(folder)).theorems);
    };
    const other = { ...ENTRY, id: "m_2" };
    const both = await read(ENTRY, other);
    expect(both).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await read(other, ENTRY)).toBe(both);
    expect(await read(ENTRY)).not.toBe(both);
    const fewer = { ...other, premise_group: ENTRY.premise_group.slice(0, 1) };
    expect(await read(ENTRY, fewer)).not.toBe(both);
    expect(await read(ENTRY, { ...other, NL_main_result: "Otherwise." })).not.toBe(both);
  });
});

describe("readRecordedSketches", () => {
  const row = { id: "m_1", steps: ["use it"], queries: ["a thing"], guesses: ["`rfl`"] };

  it("makes a sketch of what was recorded, and keeps the final ranking apart", async () => {
    const path = join(folder, "sketches.jsonl");
    await writeFile(path, `${JSON.stringify({ ...row, final_ranking: ["rfl"] })}\n\n`);
    const { sketches, fingerprint } = await readRecordedSketches(path);
    expect(fingerprint).toMatch(/^sha256:/);
    expect(sketches.get("m_1")).toEqual({
      sketch: {
        definitionQueries: [],
        theoremQueries: ["a thing"],
        steps: [{ what: "use it", why: "", queries: [] }],
        guessedNames: ["`rfl`"],
        hypotheticalStatements: [],
      },
      finalRanking: ["rfl"],
    });
  });

  it.each<[string, string, RegExp]>([
    ["a line is not JSON", `${JSON.stringify(row)}\n{`, /line 2, is not JSON/],
    ["a part is missing", '{"id": "m_1", "steps": []}', /line 1, is not as expected at queries/],
    [
      "a query is empty",
      JSON.stringify({ ...row, queries: ["a", " "] }),
      /line 1, is not as expected at queries\.1/,
    ],
    [
      "a theorem comes twice",
      `${JSON.stringify(row)}\n${JSON.stringify(row)}`,
      /line 2, is a second sketch for m_1/,
    ],
  ])("is told in a sentence that %s", async (_, text, message) => {
    const path = join(folder, "sketches.jsonl");
    await writeFile(path, text);
    await expect(readRecordedSketches(path)).rejects.toMatchObject({ exit: "badInput" });
    await expect(readRecordedSketches(path)).rejects.toThrow(message);
  });

  it("says so where there is no file", async () => {
    await expect(readRecordedSketches(join(folder, "none"))).rejects.toThrow(/ENOENT.*name a file/);
  });

  it.skipIf(!existsSync(RECORDINGS))(
    "reads the recordings for MathlibMPR (skipped without ../shared/recordings)",
    async () => {
      const { sketches } = await readRecordedSketches(RECORDINGS);
      const ids = (await readPremiseTheorems(BENCHMARKS)).theorems.map(({ id }) => id);
      expect(sketches.size).toBe(40);
      expect([...sketches.keys()].filter((id) => !ids.includes(id))).toEqual([]);
      expect([...sketches.values()].every(({ finalRanking }) => finalRanking !== undefined)).toBe(
        true,
      );
    },
  );
});

describe("the development theorems", () => {
  it("have a sketch each, and none of MathlibMPR's theorems or premises", async () => {
    const { theorems, benchmark } = await readPremiseTheorems(DEVELOPMENT);
    const { sketches } = await readRecordedSketches(join(DEVELOPMENT, "sketches.jsonl"));
    expect(benchmark).toBe("development");
    expect(theorems).toHaveLength(90);
    expect(theorems.map(({ id }) => id).sort()).toEqual([...sketches.keys()].sort());
    if (!existsSync(BENCHMARKS)) return;
    const kept = (await readPremiseTheorems(BENCHMARKS)).theorems;
    const apart = new Set(
      kept.flatMap(({ theorem, groups }) => [
        theorem.name,
        ...groups.flatMap(({ declarations }) => declarations),
      ]),
    );
    const used = theorems.flatMap(({ theorem, groups }) => [
      theorem.name,
      ...groups.flatMap(({ declarations }) => declarations),
    ]);
    expect(used.filter((name) => apart.has(name))).toEqual([]);
  });
});
