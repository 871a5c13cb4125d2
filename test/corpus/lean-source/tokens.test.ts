import { describe, expect, it } from "vitest";
import { TOKEN } from "../../../src/corpus/lean-source/token-list.js";
import { tokenize } from "../../../src/corpus/lean-source/tokens.js";

function words(text: string): string[] {
  const { tokens, problems } = tokenize(text);
  expect(problems).toEqual([]);
  return Array.from({ length: tokens.size }, (_, token) => tokens.word(token));
}

function kinds(text: string): number[] {
  const { tokens } = tokenize(text);
  return Array.from({ length: tokens.size }, (_, token) => tokens.kind(token));
}

describe("tokenize", () => {
  it.each([
    ["a.b.c' x₁ 𝓝 ℝ Γ'", ["a.b.c'", "x₁", "𝓝", "ℝ", "Γ'"]],
    ["foo.«bar baz».qux", ["foo.«bar baz».qux"]],
    ["f.{u, v} x.1", ["f", ".", "{", "u", ",", "v", "}", "x", ".", "1"]],
    ["f '' s ⁻¹' t", ["f", "''", "s", "⁻¹'", "t"]],
    ["M →ₗ[R] N", ["M", "→ₗ", "[", "R", "]", "N"]],
    ["αˣ ᵐᵒᵖ", ["α", "ˣ", "ᵐᵒᵖ"]],
    ["¬∃x, ↑↑a", ["¬", "∃", "x", ",", "↑", "↑", "a"]],
    ["a:=b", ["a", ":=", "b"]],
    ["a -- b\nc /- d /- e -/ f -/ g", ["a", "c", "g"]],
    ["a=-- b\nc", ["a", "=", "c"]],
    ["1.5e3 0x1F 2", ["1.5e3", "0x1F", "2"]],
  ])("splits %s", (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it("tells characters from names with apostrophes", () => {
    expect(kinds("'a' '\\n' '\\'' '\"' a' '")).toEqual([
      ...[TOKEN.character, TOKEN.character, TOKEN.character, TOKEN.character],
      ...[TOKEN.name, TOKEN.sign],
    ]);
  });

  it.each(['"a \\" b"', 's!"a {"b" ++ s!"{c}"} d"', 'r"\\"', 'r#"a " b"#', '"a\nb"'])(
    "reads %s as one string",
    (text) => {
      expect(kinds(`${text} x`)).toEqual([TOKEN.string, TOKEN.name]);
    },
  );

  it("keeps doc comments and drops module documentation", () => {
    const { tokens } = tokenize("/-! no -/\n/-- yes -/ a b");
    expect(kinds("/-! no -/\n/-- yes -/ a b")).toEqual([TOKEN.doc, TOKEN.name, TOKEN.name]);
    expect(tokens.line(0)).toBe(2);
    expect(tokens.column(0)).toBe(0);
  });

  it("reports what has no end, with its line", () => {
    expect(tokenize('a\n"b').problems).toEqual([
      { line: 2, message: "a string that starts here has no end" },
    ]);
    expect(tokenize("a\n\n/- b").problems).toEqual([
      { line: 3, message: "a comment that starts here has no end (-/)" },
    ]);
  });
});
