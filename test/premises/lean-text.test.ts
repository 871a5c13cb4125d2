import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findOutside, withoutComments } from "../../src/premises/lean-text.js";
import { LONGEST_THEOREM, readTheorem } from "../../src/premises/read-theorem.js";
import { UserError } from "../../src/errors.js";

/** Pieces that mean something to the reader, in any order and number. */
const PIECES = [
  ...[
    "/-",
    "-/",
    "/--",
    "/--/",
    "--",
    '"',
    "\\",
    "'\"'",
    "\n",
    "\r\n",
    " ",
    "  ",
    "(",
    ")",
    "[",
    "]",
  ],
  ...["{", "}", "⟨", "⟩", ":", ":=", "|", "| x =>", "@[", "@[a]", "theorem", "theorem a", "lemma "],
  ...["example", "instance", "def f", "where", "let ", "in ", "open A in ", "namespace A.B", "end"],
  ...[
    "end A",
    "section",
    "mutual",
    "variable (x)",
    "import X",
    "«",
    "»",
    "sorry",
    "𝓝",
    "\ud835",
    "∀",
  ],
];
const leanLike = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 4 })), {
    maxLength: 60,
  })
  .map((pieces) => pieces.join(""));

describe("source without comments", () => {
  it("never fails and stays as long, with its line breaks in place", () => {
    fc.assert(
      fc.property(leanLike, (text) => {
        const { code, docstrings } = withoutComments(text);
        expect(code).toHaveLength(text.length);
        for (let at = 0; at < text.length; at += 1) {
          if (text[at] === "\n") expect(code[at]).toBe("\n");
          else expect([text[at], " "]).toContain(code[at]);
        }
        let before = 0;
        for (const { end, content } of docstrings) {
          expect(end).toBeGreaterThan(before);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(text.slice(before, end)).toContain(content);
          before = end;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("has nothing more to take out once it is taken out", () => {
    fc.assert(
      fc.property(leanLike, (text) => {
        const { code } = withoutComments(text);
        expect(withoutComments(code).code).toBe(code);
      }),
    );
  });

  it.each([
    ["a -- b\nc", "a     \nc"],
    ["a /- b /- c -/ d -/ e", "a                   e"],
    ['f "a -- b /-" g', 'f "         " g'],
    ['"\\"--" x', '"    " x'],
    ["'\"' -- c", "'\"'     "],
    ["x /--/ y", "x      y"],
    ["x /- y", "x     "],
    ['x "y', 'x "y'],
  ])("blanks comments and strings: %j", (text, code) => {
    expect(withoutComments(text).code).toBe(code);
  });

  it("gives the docstrings", () => {
    const { docstrings } = withoutComments("/-- A /- nested -/ one.\n -/ def x /- no -/ /--B-/");
    expect(docstrings.map(({ content }) => content)).toEqual(["A /- nested -/ one.", "B"]);
  });
});

describe("reading a theorem", () => {
  it("gives a theorem or a sentence for any text", () => {
    fc.assert(
      fc.property(leanLike, fc.option(fc.constantFrom("a", "f", "A.B.a")), (text, chosen) => {
        try {
          const theorem = readTheorem(text, { source: "The text", chosen: chosen ?? undefined });
          expect(theorem.formal + theorem.informal).not.toBe("");
          expect(theorem.statement).toContain(theorem.conclusion);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 500 },
    );
  });

  // Where any of these took more than linear time, it would take minutes.
  it.each(
    PIECES.concat(
      "/-- d -/theorem a\n",
      "theorem a (\n",
      "theorem a : P\n",
      " \n",
      "@[[",
      "/-- d -/\n",
      "open A in\t",
    )
      .filter((piece) => piece.length > 0)
      .map((piece) => [piece]),
  )("ends for the longest text of %j", (piece) => {
    const text = piece.repeat(Math.floor(LONGEST_THEOREM / piece.length));
    try {
      readTheorem(text, { source: "The text" });
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
    }
  });
});

describe("what stands outside brackets", () => {
  it.each<[string, string[], number]>([
    ["(a : b) : c", [":"], 8],
    ["⟨:⟩[:]{:}⟦:⟧:", [":"], 12],
    ["somewhere where", ["where"], 10],
    ["x.where where' where", ["where"], 15],
    [") : x", [":"], 2],
    ["(:", [":"], -1],
  ])("%j", (code, wanted, place) => {
    expect(findOutside(code, wanted, 0)).toBe(place);
  });
});
