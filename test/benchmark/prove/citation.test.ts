import { describe, expect, it } from "vitest";
import { citesItself } from "../../../benchmark/prove/citation.js";

const statement = "import Mathlib\n\ntheorem asked : f.comp g = g := sorry\n";
const cites = (body: string, name: string): boolean =>
  citesItself(statement.replace("sorry", `by\n  ${body}`), statement, name);

describe("citesItself", () => {
  it.each([
    "exact DoubleCoset.finite_iff H K",
    "exact _root_.DoubleCoset.finite_iff H K",
    "rw [finite_iff]",
    "exact h.finite_iff.mp hx",
    "exact (foo H).finite_iff",
    "exact DoubleCoset.finite_iff.mp h",
    "exact?",
    "apply? using h",
    "rw?",
  ])("sees %s", (body) => {
    expect(cites(body, "DoubleCoset.finite_iff")).toBe(true);
  });

  it.each([
    "exact DoubleCoset.finite_iff_of_index H K",
    "exact Subgroup.finite_iff H K",
    "exact trivial -- not by DoubleCoset.finite_iff",
    "exact foo 'a' \"finite_iff\"",
    "simp [finite_iff_range]",
    "exact h",
    "simp?",
  ])("does not see it in %s", (body) => {
    expect(cites(body, "DoubleCoset.finite_iff")).toBe(false);
  });

  it("takes short names for themselves only where they can be", () => {
    const name = "ScottContinuousOn.comp";
    expect(cites("exact ScottContinuousOn.comp hf hg", name)).toBe(true);
    expect(cites("exact hf.comp hg", name)).toBe(true);
    expect(cites("rw [Function.comp, comp_apply]", name)).toBe(false);
    // The statement itself has a composition, which the proof repeats.
    expect(cites("simp", name)).toBe(false);
  });

  it("knows theorems without a namespace", () => {
    expect(cites("exact discrete_gronwall h", "discrete_gronwall")).toBe(true);
    expect(cites("exact _root_.discrete_gronwall h", "discrete_gronwall")).toBe(true);
    expect(cites("exact gronwall h", "discrete_gronwall")).toBe(false);
  });
});
