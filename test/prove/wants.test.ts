import { describe, expect, it } from "vitest";
import { wantsOf } from "../../src/prove/wants.js";
import type { Diagnostic } from "../../src/verify/verdict.js";
import { errorAt, verdict } from "./made-up.js";

function wants(...messages: string[]) {
  const diagnostics = messages.map((message, at) => errorAt(at + 1, message));
  return wantsOf(verdict("errors", { diagnostics }));
}

describe("wantsOf", () => {
  it.each([
    ["Unknown identifier `Nat.sum_first`", "Nat.sum_first"],
    ["unknown identifier 'Nat.sum_first''", "Nat.sum_first'"],
    ["Unknown constant `Finset.sum_gauss`\n\nNote: Inferred this name.", "Finset.sum_gauss"],
    ["unknown constant 'Finset.sum_gauss'", "Finset.sum_gauss"],
    [
      "Invalid field `foo`: The environment does not contain `Nat.foo`, so it is not possible to project the field `foo` from an expression\n  n\nof type `ℕ`",
      "Nat.foo",
    ],
    [
      "invalid field 'foo', the environment does not contain 'Nat.foo'\n  n\nhas type\n  ℕ",
      "Nat.foo",
    ],
  ])("hears of the name that is unknown in %j", (message, name) => {
    expect(wants(message)).toEqual({ names: [name], goals: [] });
  });

  it.each(["Unknown identifier `h`", "Unknown identifier `hx✝`", "Unknown identifier `h₁`"])(
    "does not look in the library for what a proof names itself: %s",
    (message) => expect(wants(message).names).toEqual([]),
  );

  it("searches for what was left to show, with its hypotheses", () => {
    const message =
      "unsolved goals\ncase succ\nn : ℕ\nih : 2 * ∑ i ∈ range n, i = n * n\nhn : 0 < n\n⊢ 2 * (∑ i ∈ range n, i + n)\n    = n * (n + 1)\n\ncase zero\n⊢ Even 0";
    expect(wants(message).goals).toEqual([
      "2 * ∑ i ∈ range n, i = n * n → 0 < n → 2 * (∑ i ∈ range n, i + n) = n * (n + 1)",
      "Even 0",
    ]);
  });

  it("leaves the hypotheses out where the goal would be too long", () => {
    const message = `unsolved goals\nh : ${"x ∧ ".repeat(400)}x\n⊢ Even n`;
    expect(wants(message).goals).toEqual(["Even n"]);
  });

  it("takes the goals of holes, where Lean tells them", () => {
    const sorries = [{ start: undefined, end: undefined, goal: "n : ℕ\n⊢ Odd n" }];
    expect(wantsOf(verdict("sorry", { sorries })).goals).toEqual(["Odd n"]);
  });

  it("names each thing once, and not too many", () => {
    const messages = Array.from({ length: 20 }, (_, at) => `Unknown constant \`Foo.bar${at}\``);
    const { names } = wants(...messages, ...messages);
    expect(names).toEqual(["Foo.bar0", "Foo.bar1", "Foo.bar2", "Foo.bar3", "Foo.bar4", "Foo.bar5"]);
  });

  it("does not listen to warnings, nor to what is said of the statement", () => {
    const about = { ...errorAt(1, "Unknown constant `Foo.bar`"), about: "comparison" as const };
    const warning: Diagnostic = { ...errorAt(1, "⊢ Even n"), severity: "warning" };
    const nothing = { names: [], goals: [] };
    expect(wantsOf(verdict("errors", { diagnostics: [about, warning] }))).toEqual(nothing);
  });
});
