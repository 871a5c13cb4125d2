import fc from "fast-check";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { codeSpan, markdownTable, threeDecimals } from "../../benchmark/markdown-table.js";

describe("markdownTable", () => {
  it("lines columns up, words left and figures right, and escapes bars", () => {
    const table = markdownTable(
      [
        { title: "slice", align: "left" },
        { title: "n", align: "right" },
      ],
      [["fair", "810"], ["a|b", "7"], ["short"]],
    );
    expect(table).toBe(
      [
        "| slice |   n |",
        "| ----- | --: |",
        "| fair  | 810 |",
        "| a\\|b  |   7 |",
        "| short |     |",
        "",
      ].join("\n"),
    );
  });

  it("is already as Prettier would write it", async () => {
    const table = markdownTable(
      [
        { title: "query", align: "left" },
        { title: "n", align: "right" },
      ],
      [
        [codeSpan("for adjoint `f`, `f (⨆ i, x i) = ⨆ i, f (x i)`"), "1"],
        [codeSpan("a `Finset` that is a lower set"), "2"],
        [codeSpan("$|x| \\le y$ and `⟪x, y⟫`"), "12,345"],
      ],
    );
    expect(await format(table, { parser: "markdown" })).toBe(table);
  });
});

describe("codeSpan", () => {
  it("holds text with backticks and line breaks on one line", () => {
    expect(codeSpan("plain")).toBe("`plain`");
    expect(codeSpan("a `b`\nc")).toBe("``a `b` c``");
    expect(codeSpan("`b`")).toBe("`` `b` ``");
    expect(codeSpan(" ")).toBe("");
  });

  it("always has a fence that the text does not contain", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("`", "a", " ")), (signs) => {
        fc.pre(signs.join("").trim() !== "");
        const span = codeSpan(signs.join(""));
        const fence = /^`+/.exec(span)?.[0].length ?? 0;
        const inner = span.slice(fence, -fence);
        expect([...inner.matchAll(/`+/g)].every(([run]) => run.length < fence)).toBe(true);
      }),
    );
  });
});

describe("threeDecimals", () => {
  it("writes a dash for no figure and never minus nought", () => {
    expect(threeDecimals(0.62349)).toBe("0.623");
    expect(threeDecimals(undefined)).toBe("–");
    expect(threeDecimals(-0.0001)).toBe("0.000");
  });
});
