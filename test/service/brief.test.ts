import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { briefDescription, briefStatement } from "../../src/service/brief.js";
import { statementParts } from "../../src/service/statement-parts.js";
import { declaration } from "../index/made-up.js";

const BARE = declaration("Some.theorem", { module: "Some" });

describe("a brief statement", () => {
  it("is the whole statement in one line where there is room", () => {
    const some = { ...BARE, signature: "(n : ℕ)", type: "n = n\n  ∧ True" };
    expect(briefStatement(some, 100)).toBe("theorem Some.theorem (n : ℕ) : n = n ∧ True");
  });

  it("keeps what is concluded before what is assumed", () => {
    const some = { ...BARE, signature: "[A B] ".repeat(40), type: "the conclusion" };
    const brief = briefStatement(some, 90);
    expect(brief).toMatch(/^theorem Some\.theorem \[A B\] .*… : the conclusion$/);
    expect(brief.length).toBeLessThanOrEqual(90);
  });

  it("keeps about to the length, and never splits a character", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 400 });
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 80, max: 300 }), (a, b, c, length) => {
        const some = { ...BARE, signature: a, type: b, docstring: c };
        const brief = briefStatement(some, length);
        expect(brief.length).toBeLessThanOrEqual(length + 10);
        expect(Buffer.from(brief).toString()).toBe(brief);
        expect(briefDescription(some, length).length).toBeLessThanOrEqual(length);
      }),
    );
  });
});

describe("the parts of a statement", () => {
  it("are read off a statement that a corpus has in one piece", () => {
    const statement = "theorem Some.theorem {s : Set ℕ} (h : ∀ x : ℕ, x ∈ s) : s = {x : ℕ | True}";
    expect(statementParts({ ...BARE, statement })).toEqual({
      signature: "{s : Set ℕ} (h : ∀ x : ℕ, x ∈ s)",
      type: "s = {x : ℕ | True}",
    });
  });

  it("are the record's own where it has them, and empty where nobody knows", () => {
    const parts = { signature: "(n : ℕ)", type: "n = n" };
    expect(statementParts({ ...BARE, ...parts, statement: "x" })).toEqual(parts);
    const nothing = { signature: "", type: "" };
    for (const statement of ["", "def Some.theorem := 3", "structure Other where a : ℕ"]) {
      expect(statementParts({ ...BARE, statement })).toEqual(nothing);
    }
  });
});

describe("a brief description", () => {
  it("is what people wrote about it, the informal text first", () => {
    expect(briefDescription({ ...BARE, docstring: "A\nB" }, 100)).toBe("A B");
    const informal = { ...BARE, docstring: "no", informalName: "N", informalDescription: "D" };
    expect(briefDescription(informal, 100)).toBe("N. D");
    expect(briefDescription(informal, 0)).toBe("");
  });
});
