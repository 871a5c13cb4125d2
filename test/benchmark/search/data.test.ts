import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  fingerprintQueries,
  QUERY_STYLES,
  readSearchQueries,
} from "../../../benchmark/search/data.js";

const published = fileURLToPath(new URL("../../../../shared/benchmarks", import.meta.url));
const missing = !existsSync(join(published, "MathlibQR.json"));

const ENTRY = {
  id: "O1",
  full_name: "Lattice",
  file: "Mathlib/Order/Lattice.lean:342",
  difficulty: "Easy",
  kind: "class",
  q1a_lean: " a poset with `⊔` and `⊓` ",
  q1b_latex: "",
  q1c_natural: "  ",
  q2_slogan: null,
  q3_nickname: "lattice",
  q4_special_case: "",
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lemmascope-mathlibqr-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function place(entries: unknown, fair: unknown = { shared_declarations: [] }): Promise<void> {
  await writeFile(join(folder, "MathlibQR.json"), JSON.stringify(entries));
  await writeFile(join(folder, "MathlibQR_shared171.json"), JSON.stringify(fair));
}

describe("readSearchQueries", () => {
  it("gives every non-empty style of every entry, trimmed, with the fair subset marked", async () => {
    const other = {
      ...ENTRY,
      id: "O2",
      full_name: "inf_le_sup",
      kind: "lemma",
      difficulty: "Hard",
    };
    await place([ENTRY, other], { shared_declarations: ["Lattice"], note: "ignored" });
    const queries = await readSearchQueries(folder);
    expect(queries.map(({ id, kind, difficulty, fair }) => [id, kind, difficulty, fair])).toEqual([
      ["O1/lean", "class", "Easy", true],
      ["O1/nickname", "class", "Easy", true],
      ["O2/lean", "theorem", "Hard", false],
      ["O2/nickname", "theorem", "Hard", false],
    ]);
    expect(queries[0]).toMatchObject({
      style: "lean",
      text: "a poset with `⊔` and `⊓`",
      declaration: "Lattice",
    });
  });

  it("says where to get the data when the folder or a file is missing", async () => {
    const advice = /does not exist: get MathlibQR\.json .*github\.com\/frenzymath\/LeanSearch-v2/;
    const nowhere = readSearchQueries(join(folder, "nowhere"));
    await expect(nowhere).rejects.toMatchObject({ name: "UserError", exit: "badInput" });
    await expect(nowhere).rejects.toThrow(advice);
    await writeFile(join(folder, "MathlibQR.json"), JSON.stringify([ENTRY]));
    await expect(readSearchQueries(folder)).rejects.toThrow(/MathlibQR_shared171\.json does not/);
  });

  it.each<[string, unknown, unknown, RegExp]>([
    ["is not a list", { queries: [] }, undefined, /MathlibQR\.json is not as expected \(/],
    ["lacks a name", [{ ...ENTRY, full_name: "" }], undefined, /at 0\.full_name/],
    ["has a style that is no text", [ENTRY, { ...ENTRY, q2_slogan: 3 }], undefined, /1\.q2_slogan/],
    ["has an unknown kind", [{ ...ENTRY, kind: "macro" }], undefined, /at 0\.kind/],
    ["has an unknown difficulty", [{ ...ENTRY, difficulty: "?" }], undefined, /at 0\.difficulty/],
    ["has an entry twice", [ENTRY, ENTRY], undefined, /two entries O1/],
    ["holds no query", [{ ...ENTRY, q1a_lean: "", q3_nickname: "" }], undefined, /holds no query/],
    [
      "has a fair list of another shape",
      [ENTRY],
      ["Lattice"],
      /shared171\.json is not as expected/,
    ],
    ["has a fair name nobody asks for", [ENTRY], { shared_declarations: ["Nat"] }, /names Nat,/],
  ])("refuses data that %s", async (_, entries, fair, message) => {
    await place(entries, fair);
    const reading = readSearchQueries(folder);
    await expect(reading).rejects.toMatchObject({ name: "UserError", exit: "badInput" });
    await expect(reading).rejects.toThrow(message);
  });

  it.skipIf(missing)(
    `finds 946 queries for 200 declarations, 810 for 171 fair ones${missing ? " (skipped: ../shared/benchmarks is not here)" : ""}`,
    async () => {
      const queries = await readSearchQueries(published);
      const fair = queries.filter((query) => query.fair);
      const declarations = (of: typeof queries) =>
        new Set(of.map((query) => query.declaration)).size;
      expect([queries.length, declarations(queries)]).toEqual([946, 200]);
      expect([fair.length, declarations(fair)]).toEqual([810, 171]);
      expect(new Set(queries.map(({ id }) => id)).size).toBe(946);
      const styles = new Map(
        QUERY_STYLES.map((style) => [style, queries.filter((query) => query.style === style)]),
      );
      expect([...styles].map(([style, of]) => [style, of.length])).toEqual([
        ["lean", 199],
        ["latex", 200],
        ["natural", 199],
        ["slogan", 197],
        ["nickname", 128],
        ["special case", 23],
      ]);
    },
  );
});

describe("fingerprintQueries", () => {
  const one = { id: "O1/lean", text: "t", declaration: "D", fair: true };
  const two = { id: "O2/lean", text: "u", declaration: "E", fair: false };

  it("does not depend on the order", () => {
    expect(fingerprintQueries([one, two])).toBe(fingerprintQueries([two, one]));
    expect(fingerprintQueries([one])).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("changes with anything that is asked or counts as found", () => {
    const variants = [
      [one],
      [one, two],
      [{ ...one, text: "u" }],
      [{ ...one, id: "O3/lean" }],
      [{ ...one, declaration: "E" }],
      [{ ...one, fair: false }],
    ];
    expect(new Set(variants.map(fingerprintQueries)).size).toBe(variants.length);
  });
});
