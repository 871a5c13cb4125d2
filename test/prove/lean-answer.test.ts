import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leanCode } from "../../src/prove/lean-answer.js";

const fenced = (code: string, language = "lean"): string => `\`\`\`${language}\n${code}\`\`\`\n`;
const FILE = "import Mathlib\n\ntheorem a : True := trivial\n";

describe("leanCode", () => {
  it.each<[string, string, string | undefined]>([
    ["one block", `It goes so.\n\n${fenced(FILE)}Done.`, FILE],
    ["the last of two blocks", `${fenced("first\n")}Better:\n${fenced(FILE)}`, FILE],
    ["a block marked lean4", fenced(FILE, "lean4"), FILE],
    ["a block marked Lean 4", fenced(FILE, "Lean 4"), FILE],
    ["a block without a mark", fenced(FILE, ""), FILE],
    ["the Lean block where others follow", `${fenced(FILE)}${fenced("lake build\n", "sh")}`, FILE],
    [
      "the marked block where an unmarked one follows",
      `${fenced(FILE)}${fenced("ok\n", "")}`,
      FILE,
    ],
    ["a block that is not closed", `\`\`\`lean\n${FILE.trimEnd()}`, FILE],
    ["a block with longer fences", `\`\`\`\`lean\n${FILE}\`\`\`\`\n`, FILE],
    ["a block of tildes", `~~~lean\n${FILE}~~~\n`, FILE],
    ["an indented fence", `1. So:\n   \`\`\`lean\n${FILE}   \`\`\`\n`, FILE],
    ["lines that end as on Windows", fenced(FILE).replaceAll("\n", "\r\n"), FILE],
    ["an answer that is Lean and nothing else", `\n${FILE}`, FILE],
    ["words", "It follows by induction.", undefined],
    ["words that begin like a theorem's name", "Theorem a is trivial.", undefined],
    ["a block of another language alone", fenced("print(1)\n", "python"), undefined],
    ["an empty block", fenced("\n"), undefined],
    ["nothing", "", undefined],
  ])("reads %s", (_, answer, code) => {
    expect(leanCode(answer)).toBe(code);
  });

  it("gives back every text that is fenced, whatever stands before", () => {
    const line = fc.string({ unit: "grapheme" }).filter((text) => !/[`~\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.array(line), (lines, before) => {
        const code = lines.map((text) => `${text}\n`).join("");
        fc.pre(code.trim() !== "");
        expect(leanCode(`${before.join("\n")}\n${fenced(code)}`)).toBe(code);
      }),
    );
  });

  it("never fails", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("`", "~", "\n", "lean", " ", "a") }),
        (text) => {
          expect(typeof leanCode(text)).toMatch(/string|undefined/);
        },
      ),
    );
  });
});
