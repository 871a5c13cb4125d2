import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/errors.js";
import { LONGEST_QUERY, looksLikeName, parseQuery } from "../../src/search/query.js";

describe("parseQuery", () => {
  it.each([
    ["mul_comm", "mul_comm"],
    ["`IsCompact.image`", "IsCompact.image"],
    ["@IsCompact.image", "IsCompact.image"],
    ["`@IsCompact.image`", "IsCompact.image"],
    ["_root_.Nat.add_comm", "_root_.Nat.add_comm"],
    ["  Nat.succ_le_iff'\n", "Nat.succ_le_iff'"],
    ["Filter.Eventually.and₂", "Filter.Eventually.and₂"],
    ["«a b».c", "«a b».c"],
    ["ℝ", "ℝ"],
  ])("takes %j for the name %j", (text, name) => {
    expect(parseQuery(text).asName).toBe(name);
  });

  it.each(["continuous function", "a + b", "12", "...", "x.", ".x.", "$x$", "f(x)"])(
    "takes %j for no name",
    (text) => {
      expect(parseQuery(text).asName).toBeUndefined();
    },
  );

  it("finds the names that a longer text mentions", () => {
    const query = parseQuery("how do I use IsCompact.image with `mul_comm`, and (Nat.succ)?");
    expect(query.mentionedNames).toEqual(["IsCompact.image", "mul_comm", "Nat.succ"]);
    expect(parseQuery("no names here").mentionedNames).toEqual([]);
  });

  it("spells names from plain words", () => {
    expect(parseQuery("simple graph").spelledNames).toEqual(["simplegraph", "simple_graph"]);
    expect(parseQuery("Simple-Graph").spelledNames).toEqual(["simplegraph", "simple_graph"]);
    expect(parseQuery("graph").spelledNames).toEqual([]);
  });

  it("refuses empty and very long queries", () => {
    for (const text of ["", " \n\t "]) {
      expect(() => parseQuery(text)).toThrow(UserError);
    }
    expect(() => parseQuery("a".repeat(LONGEST_QUERY))).not.toThrow();
    expect(() => parseQuery("a".repeat(LONGEST_QUERY + 1))).toThrow(/shorten it/);
  });

  it("has words of small letters and digits only, whatever is asked", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        fc.pre(text.trim() !== "");
        for (const word of parseQuery(text).words) expect(word).toMatch(/^[a-z0-9]{2,}$/);
      }),
    );
  });
});

describe("looksLikeName", () => {
  it.each([
    ["mul_comm", true],
    ["IsCompact", true],
    ["Nat.succ", true],
    ["«x»", true],
    ["ideal", false],
    ["Group", false],
  ])("%s: %s", (text, looks) => {
    expect(looksLikeName(text)).toBe(looks);
  });
});
