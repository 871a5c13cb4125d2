import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { outline } from "../../src/verify/source/commands.js";
import { readHeader } from "../../src/verify/source/header.js";
import { readStatement } from "../../src/verify/source/statement.js";
import { tokenize } from "../../src/verify/source/tokens.js";
import { failureOf } from "../failure.js";

describe("a statement", () => {
  it("is stated again under another name, without attributes and with its scopes closed", () => {
    const statement = readStatement(`import Mathlib.Order.Basic
import Mathlib.Data.Set.Basic

open Set
namespace Foo.Bar

variable {α : Type*} [Preorder α]

/-- Something. -/
@[simp] private theorem baz.qux (s : Set α) : s ⊆ s := by
  sorry

end Foo.Bar
`);
    expect(statement.imports).toEqual(["Mathlib.Order.Basic", "Mathlib.Data.Set.Basic"]);
    expect(statement.fullName).toBe("Foo.Bar.baz.qux");
    expect(statement.restatedName("_x")).toBe("Foo.Bar.baz._x");
    expect(statement.restate("_x").replace(/\n{2,}/g, "\n")).toBe(`
open Set
namespace Foo.Bar
variable {α : Type*} [Preorder α]
theorem baz._x (s : Set α) : s ⊆ s
  := sorry
end Bar
end Foo
`);
  });

  it.each([
    [":= sorry"],
    [":= by sorry"],
    [":= by\n  sorry\n"],
    [":= by"],
    [":="],
    [""],
    [":= by admit -- to do"],
  ])("may end in %j", (stub) => {
    const restated = readStatement(`theorem foo (h : 1 = 1 := by rfl) : 1 = 1 ${stub}`).restate(
      "x",
    );
    expect(restated.trim()).toBe("theorem x (h : 1 = 1 := by rfl) : 1 = 1\n  := sorry");
  });

  it("keeps what stands before an in, and the lines of everything", () => {
    const source =
      "import A\n\nset_option maxHeartbeats 4000 in\n/-- Doc. -/\nlemma foo :\n  True := sorry";
    const restated = readStatement(source).restate("x");
    expect(restated.split("\n").indexOf("lemma x :")).toBe(
      source.split("\n").indexOf("lemma foo :"),
    );
    expect(restated).toContain("set_option maxHeartbeats 4000 in");
  });

  it("keeps a let in its type", () => {
    const restated = readStatement("theorem foo : let x := 1; x = 1 := sorry").restate("y");
    expect(restated.trim()).toBe("theorem y : let x := 1; x = 1\n  := sorry");
  });

  it.each([
    ["def foo := 1", /states no named theorem/],
    ["example : True := sorry", /states no named theorem/],
    ["theorem foo : True := trivial", /has a proof .* cannot be taken off|put sorry/],
    ["theorem foo : True := by trivial", /put sorry/],
    ["theorem foo := sorry", /has no type/],
    ["theorem foo : True := sorry\ndef bar := 1", /goes on after the theorem foo/],
    ["end\ntheorem foo : True := sorry", /closes in line 1 a scope/],
    ["/- theorem foo : True := sorry", /line 1, this comment is never closed/],
    ["module\ntheorem foo : True := sorry", /"module" of Lean's module system/],
  ])("%j is refused in a sentence", async (source, sentence) => {
    const failure = await failureOf(() => readStatement(source));
    expect(failure.exit).toBe("badInput");
    expect(failure.message).toMatch(sentence);
  });

  const shared = fileURLToPath(new URL("../../../shared/benchmarks/", import.meta.url));
  const hasShared = existsSync(shared);
  const why = hasShared ? "" : " (skipped: ../shared/benchmarks is missing)";

  it.skipIf(!hasShared)(`is read from each of FATE-H's problems${why}`, () => {
    const problem = z.object({ header: z.string(), formal_statement: z.string() });
    const lines = readFileSync(`${shared}FATE-H.jsonl`, "utf8").trim().split("\n");
    expect(lines).toHaveLength(100);
    for (const line of lines) {
      const { header, formal_statement: text } = problem.parse(JSON.parse(line));
      const statement = readStatement(header + text);
      expect(statement.imports).toEqual(["Mathlib"]);
      const name = /theorem\s+([^\s([{:]+)/.exec(text)?.[1];
      expect(statement.fullName).toBe(name);
      expect(statement.restate("x").replace(/\s+/g, " ")).toContain(
        `theorem ${statement.restatedName("x")}`,
      );
    }
  });

  it.skipIf(!hasShared)(`is read from each of MathlibMPR's theorems${why}`, () => {
    const theorems = z
      .array(z.object({ formal_statement: z.string(), formal_main_result: z.string() }))
      .parse(JSON.parse(readFileSync(`${shared}MathlibMPR.json`, "utf8")));
    for (const { formal_statement: text } of theorems) {
      if (!/^(?:@\[[^\]]*\]\s*)?(?:theorem|lemma)\b/m.test(text)) continue;
      const statement = readStatement(text);
      expect(text).toContain(statement.fullName.split(".").at(-1));
    }
  });
});

describe("an outline", () => {
  function read(code: string) {
    const tokens = tokenize(code);
    return outline(tokens.slice(readHeader(tokens).tokens));
  }

  it("follows namespaces, sections and mutual blocks", () => {
    const { commands, open, strayEnd } = read(`import A
namespace A.B
section
mutual
theorem one : True := trivial
end
end
theorem _root_.two : True := trivial
end B
noncomputable section C
lemma three : True := trivial`);
    expect(commands.flatMap(({ theorem }) => theorem?.fullName ?? [])).toEqual([
      "A.B.one",
      "two",
      "A.three",
    ]);
    expect(open).toEqual([
      { kind: "namespace", name: "A" },
      { kind: "section", name: "C" },
    ]);
    expect(strayEnd).toBeUndefined();
  });

  it("finds an end that closes nothing", () => {
    expect(read("section\nend\nend A").strayEnd?.position).toEqual({ line: 3, column: 0 });
  });
});
