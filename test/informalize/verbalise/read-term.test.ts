import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTerm } from "../../../src/informalize/verbalise/read/read-term.js";
import { type Term, withoutBrackets } from "../../../src/informalize/verbalise/read/term.js";
import { nearlyLean } from "./lean-text.js";

/** The term with all of its brackets, quantifiers and signs spelled out, to see how it was read. */
function shown(text: string): string {
  const show = (term: Term): string => {
    const inner = withoutBrackets(term);
    switch (inner.shape) {
      case "infix":
        return `(${show(inner.left)} ${inner.sign} ${show(inner.right)})`;
      case "prefix":
        return `(${inner.sign}${show(inner.operand)})`;
      case "postfix":
        return `(${show(inner.operand)}${inner.sign})`;
      case "application":
        return `${show(inner.head)}(${inner.operands.map(show).join(", ")})`;
      case "member":
        return `${show(inner.owner)}.${inner.member}`;
      case "fenced":
        return `${inner.fence}${show(inner.inner)}${inner.fence}`;
      case "quantified":
        return `${inner.sign}${inner.bound.flatMap(({ names }) => names).join(" ")}[${show(inner.body)}]`;
      case "binding":
        return `${inner.sign}{${inner.variables}}[${show(inner.body)}]`;
      case "name":
        return inner.name;
      case "grouped":
      case "literal":
        return text.slice(inner.from, inner.to);
      case "unread":
        return `<${text.slice(inner.from, inner.to)}>`;
    }
  };
  return show(readTerm(text));
}

describe("signs bind as Lean and Mathlib declare them", () => {
  it.each([
    ["a = b ∧ c ∨ d → e ↔ f", "(((((a = b) ∧ c) ∨ d) → e) ↔ f)"],
    ["p → q → r", "(p → (q → r))"],
    ["¬ a = b ∧ c", "((¬(a = b)) ∧ c)"],
    ["a + b * c ^ 2 = d", "((a + (b * (c ^ 2))) = d)"],
    ["a - b - c = d", "(((a - b) - c) = d)"],
    ["-x ^ 2 ≤ y", "((-(x ^ 2)) ≤ y)"],
    ["f '' s ∪ t ⊆ u", "(((f '' s) ∪ t) ⊆ u)"],
    ["x ∈ s ∩ t", "(x ∈ (s ∩ t))"],
    ["∑ i ∈ s, f i + g i = a", "((∑{i ∈ s}[f(i)] + g(i)) = a)"],
    ["∫ x, f x + g x ∂μ = a", "(∫{x}[(f(x) + g(x))] = a)"],
    ["(⋃ i, s i)ᶜ = t", "((⋃{i}[s(i)]ᶜ) = t)"],
    ["P ↔ ∀ x ∈ s, p x ∧ q", "(P ↔ ∀x[(p(x) ∧ q)])"],
    ["‖f x‖ ≤ |c| * ‖x‖", "(‖f(x)‖ ≤ (|c| * ‖x‖))"],
    ["f =ᵐ[μ] g", "(f =ᵐ g)"],
    ["g ∘ f x⁻¹", "(g ∘ f((x⁻¹)))"],
    ["(s ∩ t).Finite", "(s ∩ t).Finite"],
    ["Module.rank.{u} R M", "Module.rank(R, M)"],
    ["Category* C", "Category*(C)"],
  ])("%s", (text, expected) => {
    expect(shown(text)).toBe(expected);
  });
});

describe("what could bind otherwise than it looks is not read", () => {
  it.each([
    ["an unknown sign", "a ✶ b = c"],
    ["a longer sign that starts like a known one", "C ⥤q D"],
    ["a chain of what does not chain", "a = b = c"],
    ["a pipe, which takes all that is left of it", "f <| a = b"],
    ["brackets that do not pair", "(a = b"],
    ["a pattern behind a quantifier", "∃ ⟨a, b⟩, p a b"],
    ["nothing", ""],
  ])("%s", (_, text) => {
    expect(readTerm(text).shape).toBe("unread");
  });

  it("but what stands around it is, where it ends with its bracket or starts with its quantifier", () => {
    expect(shown("∃ x, a ✶ x = c")).toBe("∃x[<a ✶ x = c>]");
    expect(shown("p ∧ f (a ✶ b) = c")).toBe("(p ∧ (f(<a ✶ b>) = c))");
  });
});

it("reads any text without an error, every part of it inside of the whole", () => {
  const check = (term: Term, from: number, to: number): void => {
    expect(term.from).toBeGreaterThanOrEqual(from);
    expect(term.to).toBeLessThanOrEqual(to);
    expect(term.to).toBeGreaterThanOrEqual(term.from);
    for (const value of Object.values(term) as unknown[]) {
      for (const part of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (typeof part === "object" && part !== null && "shape" in part) {
          check(part as Term, term.from, term.to);
        }
      }
    }
  };
  fc.assert(
    fc.property(nearlyLean, (text) => {
      check(readTerm(text), 0, text.length);
    }),
    { numRuns: 2000 },
  );
});

it("reads a text that nests without end in bounded depth", () => {
  expect(readTerm("(".repeat(50_000) + ")".repeat(50_000)).shape).toBe("grouped");
  expect(readTerm("¬".repeat(50_000)).shape).toBe("unread");
  expect(readTerm("∀ x, ".repeat(20_000)).shape).toBe("quantified");
});
