import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generatedLibrary } from "../../../benchmark/lean-source/generated-library.js";
import { readLeanFile } from "../../../src/corpus/lean-source/read-lean-file.js";
import type { Declaration } from "../../../src/declaration.js";
import { FIXTURE_FILES, fixtureText } from "./fixture-library.js";

const texts = FIXTURE_FILES.map(fixtureText);

/** Reads a text and checks what holds for every text: names, lines and messages make sense. */
function read(text: string): ReturnType<typeof readLeanFile> {
  const report = readLeanFile(text, { module: "Any.Module" });
  const lines = text.split("\n").length;
  const isOdd = ({ name, line = 0 }: Declaration) => name === "" || line < 1 || line > lines;
  expect(report.declarations.filter(isOdd)).toEqual([]);
  for (const { line, message } of report.problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
    expect(message).not.toBe("");
  }
  const names = report.declarations.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  return report;
}

const someText = fc.constantFrom(...texts);

describe("no input", () => {
  it("stops the reader when bytes are flipped", () => {
    const flips = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(someText, flips, (text, changes) => {
        const bytes = Buffer.from(text);
        for (const [place, byte] of changes) bytes[Math.floor(place * (bytes.length - 1))] = byte;
        read(bytes.toString("utf8"));
      }),
      { numRuns: 150 },
    );
  });

  it("stops the reader when it is cut short or starts in the middle", () => {
    fc.assert(
      fc.property(
        someText,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (text, place, fromStart) => {
          const at = Math.floor(place * text.length);
          read(fromStart ? text.slice(0, at) : text.slice(at));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("stops the reader when words and brackets come in any order", () => {
    const word = fc.constantFrom(
      ..."( ) [ ] { } ⟨ ⟩ ⦃ ⦄ @[ | := : , . ; => ↦ → ↔ ≫ = « » ` ' '' \" s!\" /- -/ /-- -- by in where".split(
        " ",
      ),
      ..."theorem def instance structure class inductive namespace section end mutual open alias".split(
        " ",
      ),
      ..."variable include omit attribute to_additive to_dual reassoc notation deriving extends".split(
        " ",
      ),
      ..."private protected _root_.a a.b x₁ ℝ 1 let have fun ∀ match with 😀 \ud800 \n \n\n \t".split(
        " ",
      ),
    );
    const joint = fc.constantFrom("", " ", "\n", "\n  ");
    fc.assert(
      fc.property(fc.array(fc.tuple(word, joint), { maxLength: 120 }), (pieces) => {
        read(pieces.map(([text, between]) => text + between).join(""));
      }),
      { numRuns: 400 },
    );
  });

  it("stops the reader however deep it nests or however long it is", () => {
    const units = [
      ...[
        "(",
        "[",
        "{",
        "⟨",
        "/-",
        '"',
        's!"{',
        "«",
        "@[",
        "|",
        "a.",
        "fun x ↦ ",
        "∀ x, ",
        "→ ",
        "x ",
      ],
      ...["namespace A\n", "section\n", "end\n", "open A in\n", "open A\n", "mutual\n"],
      ...[
        "variable [Foo x]\n",
        "structure A extends B, ",
        "inductive A\n| a ",
        "theorem : ",
        "/-- d -/ ",
      ],
      "theorem a (x : Nat) : x = x := by simp\n",
      "@[to_additive (attr := ",
    ];
    for (const unit of units) {
      for (const start of ["", "theorem foo : ", "instance : ", "structure A where\n  x : "]) {
        read(start + unit.repeat(Math.ceil(60_000 / unit.length)));
      }
    }
  });

  it("stops the reader when it has ten million characters", () => {
    const [file] = [...generatedLibrary(1, 10_000_000, 1)];
    const report = read(file?.text ?? "");
    expect(report.declarations.length).toBeGreaterThan(10_000);
    expect(report.problems).toEqual([]);
    const deep = readLeanFile("theorem foo : " + "(".repeat(10_000_000), { module: "Deep" });
    expect(deep.declarations.map(({ name }) => name)).toEqual(["foo"]);
    expect(deep.problems).toEqual([{ line: 1, message: "the bracket ( is not closed" }]);
  });
});

describe("a file with a fault", () => {
  it("loses at most the declarations around the fault", () => {
    const good = (n: number) => `theorem good${n} (n : Nat) : n = n := rfl\n`;
    const faults = [
      "theorem bad (n : Nat : n = ⟨n := (\n",
      "end Nowhere\n",
      "theorem : x\n",
      ") ] }\n",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...faults), fc.nat(20), (fault, place) => {
        const lines = Array.from({ length: 20 }, (_, n) => good(n));
        lines.splice(place, 0, fault);
        const { declarations, problems } = read(lines.join("\n"));
        const names = declarations.map(({ name }) => name).filter((name) => name !== "bad");
        expect(names).toEqual(Array.from({ length: 20 }, (_, n) => `good${n}`));
        expect(problems.length).toBeGreaterThan(0);
      }),
    );
  });
});
