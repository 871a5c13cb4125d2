import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LakeSource } from "../../../src/corpus/lake/lake-source.js";
import { type ProjectChange, ScannedProject } from "../../../src/corpus/lake/scanned-project.js";
import type { Declaration } from "../../../src/declaration.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
let made = 0;

const FILES = ["Garden.lean", "Garden/Rose.lean", "Garden/Thorn.lean", "Garden/Deep/Bee.lean"];

/** A project of these files; a file without text is not there. */
function newProject(texts: Readonly<Record<string, string>>): LakeSource {
  const root = join(folder, `project-${(made += 1)}`);
  mkdirSync(root);
  writeFileSync(join(root, "lakefile.toml"), '[[lean_lib]]\nname = "Garden"\n');
  write(root, texts);
  return { folder: root, dependencies: "none", libraries: [] };
}

/** @returns the paths, absolute. */
function write(root: string, texts: Readonly<Record<string, string>>): string[] {
  return Object.entries(texts).map(([file, text]) => {
    const path = join(root, file);
    mkdirSync(join(path, ".."), { recursive: true });
    if (text === "") rmSync(path, { force: true });
    else writeFileSync(path, text);
    return path;
  });
}

/** What each file declares. */
async function everything(source: LakeSource): Promise<Map<string, readonly Declaration[]>> {
  const project = await ScannedProject.scan(source);
  return declarationsOf(project);
}

async function declarationsOf(
  project: ScannedProject,
): Promise<Map<string, readonly Declaration[]>> {
  const found = new Map<string, readonly Declaration[]>();
  for await (const { file, declarations } of project.files()) found.set(file, declarations);
  return found;
}

/** What is known after a change: what it tells, and of the other files what was known before. */
function afterwards(
  known: ReadonlyMap<string, readonly Declaration[]>,
  change: ProjectChange,
): Map<string, readonly Declaration[]> {
  const now = new Map(known);
  for (const { file, declarations } of change.files) now.set(file, declarations);
  for (const [file, declarations] of now) if (declarations.length === 0) now.delete(file);
  return now;
}

function nonEmpty(
  known: ReadonlyMap<string, readonly Declaration[]>,
): Map<string, readonly Declaration[]> {
  return new Map([...known].filter(([, declarations]) => declarations.length > 0));
}

// Declarations that mean something to each other across files, whichever of them are there.
const PIECES = [
  "structure Plot where\n  area : Nat\n  soil : Nat",
  "structure Plot where\n  area : Nat",
  "class Grows (α : Type) where\n  rate : α → Nat",
  "class Grows (α : Type) (β : Type) where\n  rate : α → β → Nat",
  "instance : Grows Plot where\n  rate := Plot.area",
  "instance : Grows Nat where\n  rate := id",
  "namespace Plot\ntheorem area_pos (p : Plot) : 0 < p.area := sorry\nend Plot",
  "namespace Plot\ndef doubled (p : Plot) : Nat := p.area + p.soil\nend Plot",
  "open Plot in\ntheorem uses_area (p : Plot) : doubled p = 0 := by simp [area_pos, doubled]",
  "@[to_additive]\ntheorem mul_plots (a b : Nat) : a * b = b * a := sorry",
  "@[to_additive add_plots_together]\ntheorem mul_plots (a b : Nat) : a * b = b * a := sorry",
  "theorem after_all (a b : Nat) : a + b = b + a := add_plots a b",
  "theorem together (a b : Nat) : a + b = b + a := add_plots_together a b",
  "alias plots_commute := mul_plots",
  "alias ⟨forth, back⟩ := plots_iff",
  "theorem plots_iff (a b : Nat) : a = b ↔ b = a := sorry",
  "theorem plots_iff (a b c : Nat) : a = c ↔ c = a := sorry",
  "theorem uses_alias (a b : Nat) : a * b = b * a := plots_commute a b",
  "theorem by_back (a b : Nat) (h : b = a) : a = b := back h",
  "/-- Told. -/\ntheorem alone : True := trivial",
];

const texts = fc
  .tuple(...FILES.map(() => fc.uniqueArray(fc.nat({ max: PIECES.length - 1 }), { maxLength: 6 })))
  .map((chosen) =>
    Object.fromEntries(
      FILES.map((file, at) => [
        file,
        (chosen[at] ?? []).map((piece) => `${PIECES[piece] ?? ""}\n\n`).join(""),
      ]),
    ),
  );

const edits = fc.array(fc.record({ file: fc.constantFrom(...FILES), texts }), {
  minLength: 1,
  maxLength: 4,
});

describe("a change of a project's files", () => {
  it("comes to the same as reading everything again, or asks for that", async () => {
    await fc.assert(
      fc.asyncProperty(texts, edits, async (first, later) => {
        const source = newProject({ ...first, "Garden.lean": "theorem here : True := trivial\n" });
        let project = await ScannedProject.scan(source);
        let known = nonEmpty(await declarationsOf(project));
        for (const { file, texts: next } of later) {
          if (file === "Garden.lean") continue;
          const change = project.change(write(source.folder, { [file]: next[file] ?? "" }));
          if (change === undefined) {
            project = await ScannedProject.scan(source);
            known = nonEmpty(await declarationsOf(project));
          } else known = afterwards(known, change);
          expect(known).toEqual(nonEmpty(await everything(source)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it("reads files again that mention what changed, and no others", async () => {
    const source = newProject({
      "Garden.lean": "theorem here : True := trivial\n",
      "Garden/Rose.lean": "theorem Rose.red : True := trivial\n",
      "Garden/Thorn.lean": "theorem thorn : True := Rose.white\n",
    });
    const project = await ScannedProject.scan(source);
    const renamed = { "Garden/Rose.lean": "theorem Rose.white : True := trivial\n" };
    const change = project.change(write(source.folder, renamed));
    expect(change?.files.map(({ file }) => file)).toEqual([
      "Garden/Rose.lean",
      "Garden/Thorn.lean",
    ]);
    expect(change?.files[1]?.declarations[0]?.references).toEqual(["Rose.white"]);
    const proof = { "Garden/Rose.lean": "theorem Rose.white : True := by simp\n" };
    const changed = project.change(write(source.folder, proof));
    expect(changed?.files.map(({ file }) => file)).toEqual(["Garden/Rose.lean"]);
  });

  it("tells what cannot be read, and passes over what is none of the project's", async () => {
    const source = newProject({ "Garden.lean": "theorem here : True := trivial\n" });
    const project = await ScannedProject.scan(source);
    const broken = project.change(
      write(source.folder, { "Garden.lean": "theorem open_ ( : True\n" }),
    );
    expect(broken?.problems).toMatchObject([{ line: 1, message: expect.any(String) as unknown }]);
    const others = write(source.folder, { "Other.lean": "theorem a : True := trivial\n" });
    expect(project.change([...others, join(source.folder, "Garden", "Never.lean")])).toEqual({
      files: [],
      problems: [],
    });
    rmSync(join(source.folder, "Garden.lean"));
    const gone = project.change([join(source.folder, "Garden.lean")]);
    expect(gone?.files).toMatchObject([{ file: "Garden.lean", declarations: [] }]);
  });
});
