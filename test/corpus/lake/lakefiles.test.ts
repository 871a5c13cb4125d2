import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinedName, nameComponents } from "../../../src/corpus/lake/lakefile.js";
import { readLeanLakefile } from "../../../src/corpus/lake/lakefile-lean.js";
import { readTomlLakefile } from "../../../src/corpus/lake/lakefile-toml.js";
import { ownsModule } from "../../../src/corpus/lake/library-files.js";
import { readManifest } from "../../../src/corpus/lake/manifest.js";
import { failureOf } from "../../failure.js";

describe("lakefile.toml", () => {
  it("gives the package, its libraries with roots and globs, and what it requires", () => {
    const text = `
name = "garden"
version = "1.2.3"
srcDir = "src"
packagesDir = "deps"
defaultTargets = ["Garden"]
[[require]]
name = "mathlib"
scope = "leanprover-community"
rev = "v4.28.0"
[[require]]
name = "meadow"
path = "../meadow"
[[lean_lib]]
name = "Garden"
roots = ["Garden", "Greenhouse"]
srcDir = "lean"
[[lean_lib]]
name = "Tests"
globs = ["Tests.+", "Bench.*", "One.File"]
`;
    expect(readTomlLakefile(text, "lakefile.toml")).toEqual({
      name: "garden",
      version: "1.2.3",
      packagesFolder: "deps",
      libraries: [
        { name: "Garden", sourceFolder: "src/lean", roots: ["Garden", "Greenhouse"], globs: [] },
        {
          name: "Tests",
          sourceFolder: "src",
          roots: ["Tests"],
          globs: [
            { module: "Tests", withItself: false, withBelow: true },
            { module: "Bench", withItself: true, withBelow: true },
            { module: "One.File", withItself: true, withBelow: false },
          ],
        },
      ],
      defaultTargets: ["Garden"],
      requirements: [{ name: "mathlib" }, { name: "meadow", path: "../meadow" }],
    });
  });

  it("names a folder that it requires by path or by source", () => {
    const text = `
[[require]]
name = "near"
path = "../near"
[[require]]
name = "beside"
source = { type = "path", dir = "../beside" }
[[require]]
name = "far"
git = { url = "https://example.org/far", subDir = "lean" }
[[require]]
name = "farther"
source = { type = "git", url = "https://example.org/farther" }
`;
    expect(readTomlLakefile(text, "lakefile.toml").requirements).toEqual([
      { name: "near", path: "../near" },
      { name: "beside", path: "../beside" },
      { name: "far" },
      { name: "farther" },
    ]);
  });

  it("is refused in one sentence with its path and line where it is no TOML", async () => {
    const failure = await failureOf(() =>
      readTomlLakefile('name = "a"\nname =\n', "x/lakefile.toml"),
    );
    expect(failure.exit).toBe("badInput");
    expect(failure.message).toMatch(/^x\/lakefile\.toml, line 2: it is not TOML \(.+\); mend it/);
  });

  it("is refused with the key where a value is of the wrong type", async () => {
    const failure = await failureOf(() => readTomlLakefile("lean_lib = [{ name = 7 }]", "l.toml"));
    expect(failure.message).toMatch(/^l\.toml is not as Lake needs it: "lean_lib\.0\.name" is/);
  });
});

describe("lakefile.lean", () => {
  it("gives what is written out, whatever stands around it", () => {
    const text = `
import Lake
open Lake DSL
/-- Not a command: lean_lib Hidden -/
abbrev options : Array LeanOption := #[⟨\`autoImplicit, false⟩]

package «my-garden» where
  version := v!"0.1.0"
  srcDir := "src"
  packagesDir := ".." / "deps"
  leanOptions := options

require "leanprover-community" / "batteries" @ git "main"
require "leanprover-community" / "proofwidgets" @ git "main"
  with NameMap.empty.insert \`errorOnBuild
    "it failed @ once"
require mathlib from git
  "https://example.org/mathlib4" @ "v4.28.0" / "sub"
require meadow from ".." / "meadow" -- beside this one
meta if get_config? env = some "dev" then
require «doc-gen4» from git "https://example.org/doc-gen4" @ "main"

@[default_target]
lean_lib Garden where
  roots := #[\`Garden, -- the first
    \`Greenhouse.«odd name»]
  leanOptions := options

@[default_target] lean_lib Tests {
  srcDir := "test"
  globs := #[.submodules \`Tests, .one \`Bench, .andSubmodules \`More, \`A.+, \`B.C.*, Glob.submodules \`D]
}

/-- With a doc comment. -/
lean_lib Garden.Demos where
  leanOptions := options.push ⟨\`weak.linter, false⟩
    |>.push ⟨\`weak.other, true⟩
  extraDepTargets := #[\`\`allOfIt]

lean_lib «my-lib»
lean_exe tool where
  root := \`Tool.Main
`;
    const lakefile = readLeanLakefile(text);
    expect(lakefile).toMatchObject({
      name: "my-garden",
      version: "0.1.0",
      packagesFolder: "../deps",
      defaultTargets: ["Garden", "Tests"],
      requirements: [
        { name: "batteries" },
        { name: "proofwidgets" },
        { name: "mathlib" },
        { name: "meadow", path: "../meadow" },
        { name: "doc-gen4" },
      ],
    });
    expect(lakefile.libraries).toEqual([
      {
        name: "Garden",
        sourceFolder: "src",
        roots: ["Garden", "Greenhouse.«odd name»"],
        globs: [],
      },
      {
        name: "Tests",
        sourceFolder: "src/test",
        roots: ["Tests"],
        globs: [
          { module: "Tests", withItself: false, withBelow: true },
          { module: "Bench", withItself: true, withBelow: false },
          { module: "More", withItself: true, withBelow: true },
          { module: "A", withItself: false, withBelow: true },
          { module: "B.C", withItself: true, withBelow: true },
          { module: "D", withItself: false, withBelow: true },
        ],
      },
      { name: "Garden.Demos", sourceFolder: "src", roots: ["Garden.Demos"], globs: [] },
      { name: "my-lib", sourceFolder: "src", roots: ["«my-lib»"], globs: [] },
    ]);
  });

  it("never throws, whatever the text", () => {
    const pieces = [
      "package ",
      "lean_lib ",
      "require ",
      "\n",
      "@[default_target]",
      "where",
      ":=",
      "#[",
      "]",
      "`A.+",
      '"',
      "from",
      "«",
      " ",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces)), (words) => {
        expect(readLeanLakefile(words.join("")).libraries).toBeInstanceOf(Array);
      }),
    );
  });
});

describe("names of modules", () => {
  it("keep guillemets apart from components", () => {
    expect(nameComponents("A.«b.c d».E")).toEqual(["A", "b.c d", "E"]);
    expect(joinedName(["A", "b-c", "d₁'"])).toBe("A.«b-c».d₁'");
  });

  it("belong to a library by its roots and globs, component by component", () => {
    const library = {
      name: "Garden",
      sourceFolder: ".",
      roots: ["Garden"],
      globs: [{ module: "Tool", withItself: true, withBelow: false }],
    };
    const owned = ["Garden", "Garden.Rose", "Gardening", "Tool", "Tool.Main"].map((module) =>
      ownsModule(library, module),
    );
    expect(owned).toEqual([true, true, false, true, false]);
  });
});

describe("lake-manifest.json", () => {
  it("is read in its present form and in that of versions 5 and 6", () => {
    const present = readManifest(
      `{"version": "1.1.0", "packagesDir": ".lake/packages", "packages": [
        {"type": "git", "name": "«doc-gen4»", "rev": "abc", "inputRev": null, "subDir": "lean", "configFile": "lakefile.toml"},
        {"type": "path", "name": "meadow", "dir": "../meadow"}]}`,
      "m.json",
    );
    const git = { name: "doc-gen4", inputRevision: "", revision: "abc", folder: undefined };
    const path = { name: "meadow", inputRevision: "", revision: "", folder: "../meadow" };
    expect(present).toEqual({
      packagesFolder: ".lake/packages",
      packages: [
        { ...git, subfolder: "lean", lakefile: "lakefile.toml" },
        { ...path, subfolder: "", lakefile: undefined },
      ],
    });
    const old = readManifest(
      `{"version": 6, "packagesDir": "lake-packages", "packages": [
        {"git": {"name": "doc-gen4", "rev": "abc", "url": "u", "opts": {}, "inherited": false, "inputRev?": "main", "subDir?": null}},
        {"path": {"name": "meadow", "dir": "../meadow", "opts": {}, "inherited": true}}]}`,
      "m.json",
    );
    expect(old.packages).toMatchObject([{ ...git, inputRevision: "main" }, path]);
  });

  it("is read as Lake's first versions wrote it, without types or with other names", () => {
    const wrapped = readManifest(
      `{"version": 4, "packagesDir": "lake-packages", "packages": [
        {"git": {"url": "u", "subDir?": "lean", "rev": "c43db94a", "name": "proofwidgets", "inputRev?": "v0.0.11"}}]}`,
      "m.json",
    );
    expect(wrapped).toMatchObject({
      packagesFolder: "lake-packages",
      packages: [{ name: "proofwidgets", inputRevision: "v0.0.11", subfolder: "lean" }],
    });
    const flat = readManifest(
      `{"version": 2, "packages": [{"url": "u", "rev": "abc", "name": "mathlib", "inputRev": "master"}]}`,
      "m.json",
    );
    expect(flat.packages).toMatchObject([
      { name: "mathlib", inputRevision: "master", revision: "abc", subfolder: "" },
    ]);
  });

  it("is refused in one sentence where it is none", async () => {
    const noJson = await failureOf(() => readManifest("{", "a/lake-manifest.json"));
    expect(noJson.message).toBe(
      "a/lake-manifest.json is not JSON: make it again with lake update.",
    );
    const odd = await failureOf(() => readManifest('{"packages": [{"type": "svn"}]}', "m.json"));
    expect(odd).toMatchObject({ exit: "badInput" });
    expect(odd.message).toMatch(/^m\.json is not a manifest of Lake's: "packages\.0/);
  });
});
