import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listed, wantsColors, wholeNumber } from "../../src/cli/context.js";
import { shorten, shortenMiddle } from "../../src/cli/declaration-text.js";

describe("shorten", () => {
  it("cuts at a word and says so", () => {
    expect(shorten("every compact set is closed", 20)).toBe("every compact set …");
    expect(shorten("every  compact\nset", 20)).toBe("every compact set");
  });

  it("never gives more than it may, nor cuts what fits", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 80 }),
        fc.integer({ min: 10, max: 40 }),
        (text, length) => {
          const line = text.replaceAll(/\s+/g, " ").trim();
          const cut = shorten(text, length);
          expect(cut.length).toBeLessThanOrEqual(length);
          if (line.length <= length) expect(cut).toBe(line);
          else expect(cut).toMatch(/ …$/);
        },
      ),
    );
  });
});

describe("shortenMiddle", () => {
  it("keeps a statement's name and its conclusion", () => {
    const binders = Array.from({ length: 40 }, (_, number) => `(h${number} : P ${number})`);
    const statement = `theorem Some.name ${binders.join(" ")} : IsCompact (f '' s)`;
    const cut = shortenMiddle(statement, 120);
    expect(cut).toMatch(/^theorem Some\.name \(h0 : P 0\) .* … .* : IsCompact \(f '' s\)$/);
    expect(cut.length).toBeLessThanOrEqual(121);
    expect(shortenMiddle("theorem a : b", 20)).toBe("theorem a : b");
  });
});

describe("wantsColors", () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: "1" }, false],
    [true, { NO_COLOR: "" }, true],
    [true, { TERM: "dumb" }, false],
    [false, { FORCE_COLOR: "1" }, true],
    [true, { FORCE_COLOR: "0" }, false],
    [true, { FORCE_COLOR: "3", NO_COLOR: "1" }, true],
  ])("terminal %s with %j: %s", (isTerminal, environment, wanted) => {
    expect(wantsColors(isTerminal, environment)).toBe(wanted);
  });
});

describe("flags with values", () => {
  it("takes whole numbers within their range only", () => {
    const parse = wholeNumber("--limit", 1, 1000);
    expect(parse("1000")).toBe(1000);
    for (const text of ["0", "1001", "-1", "1.5", "1e2", " 5", "", "x"]) {
      expect(() => parse(text)).toThrow(`--limit is "${text}": it must be a whole number from 1`);
    }
  });

  it("joins repeats and comma-separated values", () => {
    const parse = listed((text) => text.toUpperCase());
    expect(parse("c, d", parse("a,b"))).toEqual(["A", "B", "C", "D"]);
  });
});
