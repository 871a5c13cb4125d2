import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifySection, type VerifySettings } from "../../src/config/verify-settings.js";
import { findLean } from "../../src/verify/lean-installation.js";
import { openChecker, STRICT } from "../../src/verify/open-checker.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";
import { environmentWith, installFakeLake, writeScript } from "./fake/fake-lake.js";

const folder = temporaryFolder();
const fake = installFakeLake(folder);

function settings(more: Partial<VerifySettings> = {}): VerifySettings {
  return { ...verifySection.parse({}), checker: "lake", project: fake.project, ...more };
}

const proof = {
  statement: "theorem a : True := sorry",
  code: "theorem a : True := trivial",
};

describe.skipIf(process.platform === "win32")("a checker", () => {
  it.skipIf(process.platform !== "linux")(
    "runs Lean in bubblewrap where that is asked for",
    async () => {
      const bin = join(folder, "bin");
      const log = join(folder, "bwrap.log");
      const bwrap = join(bin, "bwrap");
      writeFileSync(
        bwrap,
        `#!/bin/sh\nfor word in "$@"; do echo "$word"; done > '${log}'\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n`,
      );
      chmodSync(bwrap, 0o755);
      const environment = environmentWith(
        { kind: "lean", axioms: [] },
        { PATH: `${bin}:${process.env["PATH"] ?? ""}` },
      );
      const checker = openChecker(settings({ sandbox: "bubblewrap" }), {
        permissions: STRICT,
        environment,
      });
      expect((await checker.check(proof)).proved).toBe(true);
      const words = readFileSync(log, "utf8").split("\n");
      expect(words).toContain("--unshare-all");
      expect(words).toContain("--die-with-parent");
      const shown = words.slice(words.indexOf("--bind") + 1, words.indexOf("--bind") + 3);
      expect(shown[0]).toMatch(/lemmascope-check-/);
      expect(words.join(" ")).toContain(`--ro-bind ${fake.project} ${fake.project}`);
      expect(words[words.indexOf("--") + 1]).toBe(fake.lake);
      await checker.close();
    },
  );

  it("does without bubblewrap only where that is said", async () => {
    const environment = { PATH: fake.bin.replace(/bin$/, "none") };
    const options = { permissions: STRICT, environment };
    const failure = await failureOf(() =>
      openChecker(settings({ sandbox: "bubblewrap", lake: fake.lake }), options),
    );
    expect(failure.message).toMatch(/^There is no bwrap on the PATH/);
  });

  it("finds the REPL among the project's packages, and asks it", async () => {
    const bin = join(fake.project, ".lake", "packages", "REPL", ".lake", "build", "bin");
    mkdirSync(bin, { recursive: true });
    const repl = join(bin, "repl");
    writeScript(repl, "repl.mjs");
    // As `lake env PROGRAM` does.
    const lake = join(folder, "env-lake");
    writeFileSync(lake, '#!/bin/sh\nshift\nexec "$@"\n');
    chmodSync(lake, 0o755);
    expect(findLean(settings({ lake }), {}).repl).toBe(repl);
    const checker = openChecker(settings({ checker: "repl", lake }), {
      permissions: STRICT,
      environment: process.env,
    });
    expect(checker.name).toBe("repl");
    expect((await checker.check(proof)).proved).toBe(true);
    await checker.close();
  });

  it("tells whether toolchain and Mathlib are there, without running anything", () => {
    const home = join(folder, "home");
    const toolchains = join(home, ".elan", "toolchains");
    mkdirSync(toolchains, { recursive: true });
    const find = () => findLean(settings(), { HOME: home, PATH: fake.bin });
    expect(find()).toMatchObject({
      lake: fake.lake,
      isProject: true,
      toolchain: "leanprover/lean4:v4.28.0-rc1",
      toolchainInstalled: false,
      mathlib: "none",
    });
    mkdirSync(join(toolchains, "leanprover--lean4---v4.28.0-rc1"));
    writeFileSync(join(fake.project, "lakefile.toml"), '[[require]]\nname = "mathlib"\n');
    expect(find()).toMatchObject({ toolchainInstalled: true, mathlib: "not built" });
    const built = join(fake.project, ".lake/packages/mathlib/.lake/build/lib/lean");
    mkdirSync(built, { recursive: true });
    writeFileSync(join(built, "Mathlib.olean"), "");
    expect(find().mathlib).toBe("built");
  });
});
