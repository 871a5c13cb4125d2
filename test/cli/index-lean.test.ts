import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT } from "../../src/errors.js";
import { installReadingLake, type ReadingLake } from "../prove/fake/reading-lake.js";
import {
  corpusLine,
  describeProgram,
  expectSentence,
  untilSaid,
  WITHOUT_SIGNALS,
  Workplace,
} from "./command-line.js";

/** What the fake Lean says where it is to list declarations. */
interface Said {
  readonly stdout?: readonly string[];
  readonly stderr?: readonly string[];
  readonly status?: number;
  readonly hang?: boolean;
}

let place: Workplace;
let lake: ReadingLake;
beforeAll(async () => {
  place = await Workplace.open();
  lake = installReadingLake(place.path("lean"));
});
afterAll(() => place.close());

const RECORD = corpusLine("Made.up", { type: "True", references: ["True"], line: 3 }).trim();
const OTHER = corpusLine("Made.other", { docstring: "Another." }).trim();

function environment(said: Said): Record<string, string> {
  return {
    ...lake.environment,
    PATH: `${lake.bin}:${process.env["PATH"] ?? ""}`,
    FAKE_DECLARATIONS: JSON.stringify(said),
  };
}

function index(said: Said, args: readonly string[] = ["--modules", "Made"]) {
  const all = ["index", "--lean", lake.project, "--embedder", "none", ...args];
  return place.run(all, { env: environment(said) });
}

const listings = () => readdirSync(place.path("data")).filter((name) => name.startsWith("lean-"));

describe.skipIf(WITHOUT_SIGNALS)("with Lean", () => {
  describeProgram("index --lean", () => {
    it("indexes what Lean lists, and says that it awaits a real Lean", async () => {
      const stderr = ["Made.odd is left out: it cannot be printed"];
      const said = { stdout: ["Fetching made-up things", RECORD, OTHER], stderr };
      const outcome = await index(said);
      expect(outcome.code).toBe(EXIT.ok);
      expect(outcome.stdout).toMatch(/: 2 declarations indexed/);
      expect(outcome.stderr).toMatch(
        /^Lean lists the declarations of Made in .* This awaits a first run with a real Lean/m,
      );
      expect(outcome.stderr).toMatch(/^Made\.odd is left out: it cannot be printed$/m);
      const [command, , run, program, ...modules] = lake.starts().at(-1) ?? [];
      expect([command, run, modules]).toEqual(["env", "--run", ["Made"]]);
      expect(existsSync(program ?? "")).toBe(true);
      const [name = ""] = listings();
      expect(readFileSync(place.path("data", name), "utf8")).toBe(`${RECORD}\n${OTHER}\n`);
      const shown = await place.run(["show", "Made.up"]);
      expect(shown.stdout).toContain("Made.up");
    });

    it("brings the index up to date with what was listed, without Lean", async () => {
      await index({ stdout: [RECORD] });
      const { code, stdout } = await place.run(["index", "--embedder", "none"], {
        env: { PATH: "" },
      });
      expect(code).toBe(EXIT.ok);
      expect(stdout).toMatch(/is up to date: 1 declarations/);
    });

    it("keeps what was listed before where Lean fails", async () => {
      await index({ stdout: [RECORD] });
      const before = listings();
      const failed = await index({
        ...{ stdout: [RECORD, OTHER], stderr: ["unknown module prefix 'Made'"], status: 1 },
      });
      expect(failed.code).toBe(EXIT.unavailable);
      expect(failed.stderr).toMatch(
        /^Lean did not list Made in .* \(unknown module prefix 'Made'\): build the project first/m,
      );
      expect(listings()).toEqual(before);
      expect(readFileSync(place.path("data", before[0] ?? ""), "utf8")).toBe(`${RECORD}\n`);
    });

    it("ends for Ctrl-C, with nothing half-written left", async () => {
      const args = ["index", "--lean", lake.project, "--modules", "Slow"];
      const env = environment({ stdout: [RECORD], hang: true });
      const before = lake.starts().length;
      const running = place.start(args, { env });
      await untilSaid(running, /Lean lists the declarations of Slow/);
      while (lake.starts().length === before) await new Promise((go) => setTimeout(go, 50));
      running.kill("SIGINT");
      expect((await running).exitCode).toBe(EXIT.interrupted);
      expect(listings().filter((name) => name.endsWith(".tmp"))).toEqual([]);
    });

    it("says so where Lean lists nothing", async () => {
      const { code, stderr } = await index({ stdout: ["nothing"] });
      expect(code).toBe(EXIT.badInput);
      expect(stderr).toMatch(/^Lean listed no declaration of Made in .*--modules\.$/m);
    });

    it.each<[string[], Record<string, string>, "unavailable" | "usage", RegExp]>([
      [["--lean", "lean/project"], {}, "usage", /does not have Mathlib: name the modules/],
      [["--lean", "lean/project", "--modules", "A"], { PATH: "" }, "unavailable", /no lake on the/],
      [["--lean", ".", "--modules", "A"], {}, "unavailable", /is no Lake project, as it has no/],
      [["--modules", "A", "starter"], {}, "usage", /^--modules is for --lean/],
    ])("%j with %j ends in a sentence", async (args, more, exit, sentence) => {
      const env = { ...environment({}), ...more };
      const outcome = await place.run(["index", "-q", ...args], { env });
      expectSentence(outcome, exit, sentence);
    });
  });
});
