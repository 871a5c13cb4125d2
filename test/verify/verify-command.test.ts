import { mkdirSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT } from "../../src/errors.js";
import {
  describeProgram,
  expectSentence,
  WITHOUT_SIGNALS,
  Workplace,
} from "../cli/command-line.js";
import { type FakeLake, installFakeLake, type LakePlan } from "./fake/fake-lake.js";
import { FakeKiminaServer } from "./fake/fake-kimina-server.js";

let place: Workplace;
let fake: FakeLake;

beforeAll(async () => {
  place = await Workplace.open();
  fake = installFakeLake(place.path("lean"));
  mkdirSync(place.path("tmp"));
  await place.file("problem.lean", "import Mathlib\n\ntheorem two : 1 + 1 = 2 := sorry\n");
  await place.file("proof.lean", "import Mathlib\n\ntheorem two : 1 + 1 = 2 := by\n  rfl\n");
  await place.file(
    "cheat.lean",
    "import Mathlib\n\ntheorem two : 1 + 1 = 2 := by\n  native_decide\n",
  );
});
afterAll(() => place.close());

function environment(plan: LakePlan): Record<string, string> {
  return {
    PATH: `${fake.bin}:${process.env["PATH"] ?? ""}`,
    LEMMASCOPE_LEAN_PROJECT: fake.project,
    TMPDIR: place.path("tmp"),
    FAKE_LAKE: JSON.stringify(plan),
  };
}

const proved: LakePlan = { kind: "lean", axioms: ["propext"] };

describe.skipIf(WITHOUT_SIGNALS)("with Lean", () => {
  describeProgram("verify", () => {
    it("says that a proof is one, and ends with 0", async () => {
      const args = ["verify", "proof.lean", "--statement", "problem.lean"];
      const outcome = await place.run(args, { env: environment(proved) });
      expect(outcome).toMatchObject({ code: EXIT.ok, stderr: "" });
      expect(outcome.stdout).toMatch(/^Axioms: propext\nProved in \d+\.\d s\.\n$/);
    });

    it("says it as JSON, too", async () => {
      const env = environment({
        kind: "lean",
        errors: [
          { line: 3, text: "declaration uses `sorry`", severity: "warning" },
          { line: 4, text: "unsolved goals" },
        ],
        axioms: ["sorryAx"],
      });
      const args = ["verify", "proof.lean", "--statement", "problem.lean", "--json"];
      const { code, stdout } = await place.run(args, { env });
      expect(code).toBe(EXIT.nothingFound);
      const { elapsed_ms, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
      expect(elapsed_ms).toBeGreaterThan(0);
      expect(rest).toMatchObject({
        proved: false,
        failure: { kind: "errors", sentence: "Lean found an error in line 4: unsolved goals." },
        diagnostics: [
          { severity: "warning", about: "candidate", start: { line: 3, column: 0 } },
          { severity: "error", about: "candidate", message: "unsolved goals" },
        ],
        axioms: ["sorryAx"],
        sorries: [{ start: { line: 3, column: 0 }, goal: "" }],
        refused: [],
      });
    });

    it("reads the file from standard input", async () => {
      const input = "theorem three : 1 + 2 = 3 := rfl";
      const { code } = await place.run(["verify", "-"], { env: environment(proved), input });
      expect(code).toBe(EXIT.ok);
    });

    it("tells what the filter refuses, and lets it pass where it is allowed", async () => {
      const args = ["verify", "cheat.lean", "--statement", "problem.lean"];
      const { code, stdout } = await place.run(args, { env: environment(proved) });
      expect(code).toBe(EXIT.nothingFound);
      expect(stdout).toBe(
        'cheat.lean:4:2: refused: "native_decide" trusts compiled code instead of the kernel. (--allow native)\n' +
          'Not proved: Line 4: "native_decide" trusts compiled code instead of the kernel.\n',
      );
      const env = environment({ kind: "lean", axioms: ["propext", "Lean.ofReduceBool"] });
      const allowed = await place.run([...args, "--allow", "native"], { env });
      expect(allowed.stdout).toMatch(/axioms that are not permitted: Lean\.ofReduceBool\.$/m);
      const flags = ["--allow", "native", "--allow-axiom", "Lean.ofReduceBool"];
      expect((await place.run([...args, ...flags], { env })).code).toBe(EXIT.ok);
    });

    it("ends for Ctrl-C, with nothing left behind", async () => {
      const env = environment({ kind: "hang" });
      const running = place.start(["verify", "proof.lean"], { env });
      while (readdirSync(place.path("tmp")).length === 0) {
        await new Promise((go) => setTimeout(go, 20));
      }
      running.kill("SIGINT");
      expect((await running).exitCode).toBe(EXIT.interrupted);
      expect(readdirSync(place.path("tmp"))).toEqual([]);
    });

    it.each<[string[], Record<string, string>, "unavailable" | "badInput" | "usage", RegExp]>([
      [["proof.lean"], { PATH: "" }, "unavailable", /^There is no lake on the PATH, so no proof/],
      [["proof.lean", "--project", "."], {}, "unavailable", /is no Lake project/],
      [["none.lean"], {}, "badInput", /^none\.lean cannot be read \(ENOENT\)/],
      [["proof.lean", "--statement", "proof.lean"], {}, "badInput", /put sorry in its place/],
      [["proof.lean", "--allow", "all"], {}, "usage", /^--allow knows no rule "all"/],
      [["proof.lean", "--checker", "remote"], {}, "usage", /^No Lean server is configured/],
      [["proof.lean", "--checker", "repl"], {}, "unavailable", /^There is no REPL in /],
    ])("%j with %j ends in a sentence", async (args, env, exit, sentence) => {
      const outcome = await place.run(["verify", ...args], {
        env: { ...environment(proved), ...env },
      });
      expectSentence(outcome, exit, sentence);
    });

    it("asks a Lean server where one is set", async () => {
      const server = await FakeKiminaServer.start();
      try {
        const env = { LEMMASCOPE_LEAN_SERVER: server.baseUrl, PATH: "" };
        const args = ["verify", "proof.lean", "--statement", "problem.lean"];
        expect((await place.run(args, { env })).code).toBe(EXIT.ok);
        expect(server.requests).toHaveLength(1);
      } finally {
        await server.stop();
      }
    });
  });

  describeProgram("doctor", () => {
    it("says what there is for checking proofs, and what to run", async () => {
      const { code, stdout } = await place.run(["doctor"], { env: environment(proved) });
      expect(code).toBe(EXIT.ok);
      expect(stdout).toMatch(/^✓ Lean: .*\/lean\/bin\/lake/m);
      expect(stdout).toMatch(
        /^✓ Lean project: .*leanprover\/lean4:v4\.28\.0-rc1, without Mathlib$/m,
      );
    });

    it("says what the bundled project needs", async () => {
      const { LEMMASCOPE_LEAN_PROJECT, ...env } = environment(proved);
      expect(LEMMASCOPE_LEAN_PROJECT).toBeDefined();
      const { stdout } = await place.run(["doctor"], { env });
      expect(stdout).toMatch(
        /^– Lean project: .*, Mathlib is not built\n {2}Run: cd .*lake update && lake exe cache get && lake build$/m,
      );
    });
  });
});
