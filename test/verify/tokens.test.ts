import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placesOf } from "./reference-lexer.js";
import { tokenize, UnreadableSource } from "../../src/verify/source/tokens.js";

const texts = (code: string): string[] => tokenize(code).map(({ text }) => text);

describe("tokens of Lean code", () => {
  it.each([
    ["theorem Foo.bar' : x₁ ≤ 1.5", ["theorem", "Foo.bar'", ":", "x₁", "≤", "1.5"]],
    ["a -- b\nc /- d /- e -/ f -/ g", ["a", "c", "g"]],
    ["/-- doc -/ x /-! module -/", ["", "x"]],
    ["f ⁻¹' s ∪ g '' t", ["f", "⁻", "¹", "'", "s", "∪", "g", "'", "'", "t"]],
    ["λx.y", ["λ", "x.y"]],
    ["Σrun", ["Σ", "run"]],
    ["2run", ["2", "run"]],
    ["x.1.foo", ["x", ".", "1.", "foo"]],
    ["«a b».c", ["«a b».c"]],
    ["'a' '\\'' '\"'", ["'a'", "'\\''", "'\"'"]],
    ['"a -- \\" /- b" c', ['"a -- \\" /- b"', "c"]],
  ])("of %j", (code, expected) => {
    expect(texts(code)).toEqual(expected);
  });

  it("have positions in code points", () => {
    const [, last] = tokenize("𝒜𝒜\n  y").map(({ position }) => position);
    expect(last).toEqual({ line: 2, column: 2 });
    const [, second] = tokenize("𝔸𝔸 y").map(({ position, text }) => ({ ...position, text }));
    expect(second).toEqual({ line: 1, column: 3, text: "y" });
  });

  it("lie one after the other, and cover all but spaces and comments", () => {
    const piece = fc.constantFrom(
      ..."a.«»'\"-/{}()[]:=⁻¹λ₁ \n#`\\".split(""),
      " -- x\n",
      " /- y -/ ",
      "theorem",
      "'a'",
      '"s"',
      "12",
    );
    const code = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(code, (text) => {
        let at = 0;
        let tokens;
        try {
          tokens = tokenize(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableSource);
          return;
        }
        for (const token of tokens) {
          expect(token.start).toBeGreaterThanOrEqual(at);
          const between = text.slice(at, token.start);
          expect(between.replace(/\/-[\s\S]*-\/|--[^\n]*/g, "").trim()).toBe("");
          if (token.kind !== "doc") expect(text.slice(token.start, token.end)).toBe(token.text);
          at = token.end;
        }
      }),
      { numRuns: 2000 },
    );
  });

  const TABLE = [
    ..."( ) [ ] { } ⟨ ⟩ , ; : := = . + - * / < > | ∘ λ # ' '' ! ? ` \\ ¬".split(" "),
    ..."// <- -> |- ⁻¹ ⁻¹' Σ' run_tac skip".split(" "),
  ];

  it("hide no word that is code to Lean, whatever tokens notations add", () => {
    const symbol = fc.constantFrom(..."+-/<>|∘*¬'".split(""));
    // A token cannot begin like a comment, which Lean takes first.
    const added = fc
      .tuple(symbol, fc.array(symbol, { minLength: 1, maxLength: 2 }))
      .map(([first, others]) => [first, ...others].join(""))
      .filter((token) => !/^(?:--|\/-|')/.test(token));
    const piece = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom("run_tac", " run_tac ", "run_tac;") },
      {
        weight: 8,
        arbitrary: fc.constantFrom(
          ..."- / -- /- -/ /-- ' '' \" \\ # r « » α ₁ a.b 1 1. <- // ⁻¹' ( ) ⟨ . , ; λ".split(" "),
          " ",
          "\n",
          " -- ",
          " /- ",
          " -/ ",
          "'\"'",
          ' " ',
        ),
      },
      { weight: 1, arbitrary: added },
    );
    const code = fc.array(piece, { minLength: 2, maxLength: 14 }).map((pieces) => pieces.join(""));
    let seen = 0;
    fc.assert(
      fc.property(code, fc.array(added, { maxLength: 4 }), (text, more) => {
        const places = placesOf("run_tac", text, [...TABLE, ...more]);
        if (places.length === 0) return;
        let tokens;
        try {
          tokens = tokenize(text);
        } catch {
          return;
        }
        seen += 1;
        const found = tokens.filter((token) => token.text === "run_tac").map(({ start }) => start);
        expect(found).toEqual(expect.arrayContaining(places));
      }),
      { numRuns: 30_000 },
    );
    expect(seen).toBeGreaterThan(1000);
  });
});
