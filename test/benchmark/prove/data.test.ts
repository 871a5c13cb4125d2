import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fingerprintProblems, readProblems } from "../../../benchmark/prove/data.js";
import { readStatement } from "../../../src/verify/source/statement.js";

const SHARED = fileURLToPath(new URL("../../../../shared/benchmarks", import.meta.url));
const isThere = existsSync(join(SHARED, "FATE-H.jsonl"));

const FATE = {
  name: "Problem_1",
  header: "import Mathlib\n\nopen Finset\n\n",
  formal_statement: "theorem first (n : ℕ) : n = n := by",
  informal_statement: "Every number is itself.",
  informal_proof: "Clear.",
};
const MPR = {
  id: "mathlibmpr_003",
  formal_main_result: "DoubleCoset.finite_iff",
  NL_main_result: "It is finite if and only if it is.",
  formal_statement:
    "import Mathlib.GroupTheory.DoubleCoset\n\nnamespace DoubleCoset\n\n/-- **Main.** -/\n@[simp] lemma finite_iff (n : ℕ) :\n    n = n := sorry\n\nend DoubleCoset",
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lemmascope-problems-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(name: string, content: unknown): void {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(folder, name), text);
}

describe("readProblems", () => {
  it("reads a problem of FATE-H as it stands, without its proof in words", async () => {
    put("FATE-H.jsonl", `${JSON.stringify(FATE)}\n\n`);
    const [one, ...others] = await readProblems(folder);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ id: "FATE-H/Problem_1", set: "FATE-H", inLibrary: undefined });
    expect(one?.problem.statement).toBe(`${FATE.header}${FATE.formal_statement}\n`);
    expect(one?.problem.theorem).toMatchObject({
      ...{ name: "first", informal: FATE.informal_statement, informalProof: "" },
    });
  });

  it("asks for a theorem of MathlibMPR under another name, and knows its own", async () => {
    put("MathlibMPR.json", [MPR]);
    put("MathlibMPR_Prop_ids.txt", "# the subset\nmathlibmpr_003\n");
    const [one] = await readProblems(folder);
    expect(one).toMatchObject({ id: MPR.id, inLibrary: "DoubleCoset.finite_iff" });
    const { statement, theorem } = one?.problem ?? { statement: "", theorem: undefined };
    expect(readStatement(statement).fullName).toBe("DoubleCoset.asked_theorem");
    expect(statement).toMatch(/^import Mathlib\.GroupTheory\.DoubleCoset\n\n/);
    expect(statement).not.toMatch(/finite_iff|Main|simp/);
    // Retrieval leaves out what has the name that the library gives it.
    expect(theorem).toMatchObject({ name: "DoubleCoset.finite_iff", informal: MPR.NL_main_result });
  });

  it("reads only the sets that are wanted, or are there", async () => {
    put("FATE-H.jsonl", JSON.stringify(FATE));
    put("MathlibMPR.json", [MPR]);
    put("MathlibMPR_Prop_ids.txt", MPR.id);
    expect(await readProblems(folder)).toHaveLength(2);
    const only = await readProblems(folder, ["MathlibMPR-Prop"]);
    expect(only.map(({ id }) => id)).toEqual([MPR.id]);
  });

  it.each<[string, () => void, RegExp]>([
    ["an empty folder", () => undefined, /has no FATE-H\.jsonl and no .*: get .*frenzymath/],
    ["lines that are no JSON", () => put("FATE-H.jsonl", "{"), /FATE-H\.jsonl, line 1, is not as/],
    ["nothing", () => put("FATE-H.jsonl", "\n"), /FATE-H\.jsonl holds no problem/],
    [
      "a problem twice",
      () => put("FATE-H.jsonl", `${JSON.stringify(FATE)}\n${JSON.stringify(FATE)}`),
      /has two problems FATE-H\/Problem_1/,
    ],
    [
      "a statement with a proof",
      () => put("FATE-H.jsonl", { ...FATE, formal_statement: "theorem a : True := trivial" }),
      /line 1, cannot be used: The statement to prove has a proof/,
    ],
    ["no ids", () => put("MathlibMPR.json", [MPR]), /MathlibMPR_Prop_ids\.txt cannot be read/],
    [
      "an id without a theorem",
      () => {
        put("MathlibMPR.json", [MPR]);
        put("MathlibMPR_Prop_ids.txt", "mathlibmpr_004");
      },
      /has no theorem mathlibmpr_004/,
    ],
  ])("refuses %s in a sentence", async (_, prepare, sentence) => {
    prepare();
    await expect(readProblems(folder)).rejects.toMatchObject({
      ...{ exit: "badInput", message: expect.stringMatching(sentence) as string },
    });
  });

  it("has a fingerprint that follows what is asked, in any order", async () => {
    put("FATE-H.jsonl", JSON.stringify(FATE));
    put("MathlibMPR.json", [MPR]);
    put("MathlibMPR_Prop_ids.txt", MPR.id);
    const both = await readProblems(folder);
    expect(fingerprintProblems([...both].reverse())).toBe(fingerprintProblems(both));
    expect(fingerprintProblems(both.slice(1))).not.toBe(fingerprintProblems(both));
  });

  it.skipIf(!isThere)(
    `reads all 150 of the published problems${isThere ? "" : " (skipped: no ../shared/benchmarks)"}`,
    async () => {
      const problems = await readProblems(SHARED);
      const count = (set: string) => problems.filter((one) => one.set === set).length;
      expect([count("FATE-H"), count("MathlibMPR-Prop")]).toEqual([100, 50]);
      for (const { problem, inLibrary, set } of problems) {
        const { fullName } = readStatement(problem.statement);
        expect(fullName.endsWith("asked_theorem")).toBe(set === "MathlibMPR-Prop");
        if (inLibrary !== undefined) expect(problem.theorem.name).toBe(inLibrary);
        expect(problem.theorem.conclusion).not.toBe("");
      }
    },
  );
});
