import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Declaration, declarationKind, declarationSchema } from "../../../src/declaration.js";
import { readLeanFile } from "../../../src/corpus/lean-source/read-lean-file.js";
import { scanLeanFile } from "../../../src/corpus/lean-source/scan-lean-file.js";
import {
  FIXTURE_FILES,
  FIXTURE_ROOT,
  fixtureText,
  moduleOf,
  readFixtureLibrary,
} from "./fixture-library.js";

const expectedRecord = z.strictObject({
  name: z.string(),
  kind: declarationKind,
  line: z.number(),
  signature: z.string().default(""),
  type: z.string().default(""),
  value: z.string().default(""),
  docstring: z.string().default(""),
  references: z.array(z.string()).default([]),
  derivedFrom: z.string().optional(),
});

/** A record as Lean would have it and, where docs/lean-source.md owns to less, what is read instead. */
const handWritten = expectedRecord.extend({
  approximation: z.strictObject({ signature: z.string() }).optional(),
});

function expectedRecords(file: string): z.infer<typeof handWritten>[] {
  return readFileSync(join(FIXTURE_ROOT, file.replace(/\.lean$/, ".expected.jsonl")), "utf8")
    .trim()
    .split("\n")
    .map((line) => handWritten.parse(JSON.parse(line)));
}

function comparable(declaration: Declaration): z.infer<typeof expectedRecord> {
  const { name, kind, line, signature, type, value, docstring, references } = declaration;
  return {
    ...{ name, kind, line: line ?? 0, signature, type, value, docstring },
    references: [...references].sort(),
    ...(declaration.derivedFrom === undefined ? {} : { derivedFrom: declaration.derivedFrom }),
  };
}

describe("the made-up library", () => {
  const library = readFixtureLibrary({ guessedInstances: true });

  it.each(FIXTURE_FILES)("gives the expected records of %s, no more and no less", (file) => {
    const found = library.declarations(file).map(comparable);
    const expected = expectedRecords(file).map(({ approximation, ...record }) => ({
      ...record,
      ...approximation,
      references: [...record.references].sort(),
    }));
    expect(found.map(({ name }) => name).sort()).toEqual(expected.map(({ name }) => name).sort());
    for (const record of expected) {
      expect(found.find(({ name }) => name === record.name)).toEqual(record);
    }
  });

  it.each(FIXTURE_FILES)("gives records of %s that fit the schema of declarations", (file) => {
    for (const declaration of library.declarations(file)) {
      expect(declarationSchema.parse(declaration)).toEqual(declaration);
      expect(declaration.module).toBe(moduleOf(file));
    }
  });

  it.each(FIXTURE_FILES.filter((file) => !file.includes("Broken")))(
    "finds nothing wrong with %s",
    (file) => {
      expect(library.problems(file)).toEqual([]);
    },
  );

  it("reports the line and the matter of what cannot be read, and goes on", () => {
    expect(library.problems("Garden/Broken.lean")).toEqual([
      { line: 6, message: "the bracket ( is not closed" },
      { line: 8, message: "the bracket ) closes nothing" },
      { line: 10, message: "end Elsewhere closes nothing" },
      { line: 12, message: "theorem has no name" },
      { line: 15, message: "end Broken leaves sections open that began after it" },
      { line: 19, message: "a comment that starts here has no end (-/)" },
    ]);
  });
});

describe("a library that changes", () => {
  it("leaves instances out whose name the text does not tell, unless it is asked for a guess", () => {
    const names = (guessedInstances: boolean) =>
      readFixtureLibrary({ guessedInstances })
        .declarations("Garden/Instances.lean")
        .map(({ name }) => name);
    const guessed = "Garden.instInhabitedFinHAddNatOfNat_garden";
    expect(names(true)).toContain(guessed);
    expect(names(false)).toEqual(names(true).filter((name) => name !== guessed));
  });

  it("takes renamed and deleted declarations away, and finds references anew", () => {
    const library = readFixtureLibrary();
    const before = library.declarations("Garden/Uses.lean");
    expect(before.find(({ name }) => name === "uses_open")?.references).toContain(
      "Garden.Plot.width_pos",
    );
    const renamed = fixtureText("Garden/Basic.lean").replace(
      "Plot.width_pos",
      "Plot.width_positive",
    );
    library.set("Garden/Basic.lean", scanLeanFile(renamed, { module: "Garden.Basic" }));
    const names = library.declarations("Garden/Basic.lean").map(({ name }) => name);
    expect(names).toContain("Garden.Plot.width_positive");
    expect(names).not.toContain("Garden.Plot.width_pos");
    const after = library.declarations("Garden/Uses.lean");
    expect(after.find(({ name }) => name === "uses_open")?.references).not.toContain(
      "Garden.Plot.width_pos",
    );
    library.delete("Garden/Basic.lean");
    expect(library.declarations("Garden/Basic.lean")).toEqual([]);
    expect([...library.files()]).not.toContain("Garden/Basic.lean");
  });

  it("gives the same records after a file has been read again", () => {
    const library = readFixtureLibrary();
    const before = FIXTURE_FILES.map((file) => library.declarations(file));
    for (const file of FIXTURE_FILES) {
      library.set(file, scanLeanFile(fixtureText(file), { module: moduleOf(file) }));
      expect(library.declarations(file)).toHaveLength(
        before[FIXTURE_FILES.indexOf(file)]?.length ?? 0,
      );
    }
    expect(FIXTURE_FILES.map((file) => library.declarations(file))).toEqual(before);
  });

  it("keeps plain data between the passes, so that threads can pass it on", () => {
    for (const file of FIXTURE_FILES) {
      const scanned = scanLeanFile(fixtureText(file), { module: moduleOf(file) });
      expect(structuredClone(scanned)).toEqual(scanned);
    }
  });
});

describe("readLeanFile", () => {
  it("reads one file by itself", () => {
    const { declarations, problems } = readLeanFile(
      "namespace A\n/-- Of one. -/\ntheorem b (n : ℕ) : n = n := rfl\ntheorem c : 1 = 1 := b 1\nend A\n",
      { module: "A.Module" },
    );
    expect(problems).toEqual([]);
    expect(declarations.map(comparable)).toEqual([
      {
        ...{ name: "A.b", kind: "theorem", line: 3, signature: "(n : ℕ)", type: "n = n" },
        ...{ value: "", docstring: "Of one.", references: [] },
      },
      {
        ...{ name: "A.c", kind: "theorem", line: 4, signature: "", type: "1 = 1" },
        ...{ value: "", docstring: "", references: ["A.b"] },
      },
    ]);
  });
});
