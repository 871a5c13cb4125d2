import { describe, expect, it } from "vitest";
import { bestAttempt, compareAttempts } from "../../src/prove/attempt.js";
import { attempt, errorAt, verdict } from "./made-up.js";

const hole = { start: undefined, end: undefined, goal: "" };
const refusal = { rule: "native", sentence: "It cheats.", position: undefined } as const;

/** From the best to the worst. */
const ORDER = [
  verdict(undefined),
  verdict("axioms"),
  verdict("sorry", { sorries: [hole] }),
  verdict("sorry", { sorries: [hole, hole] }),
  verdict("errors", { diagnostics: [errorAt(1, "wrong")] }),
  verdict("errors", { diagnostics: [errorAt(1, "wrong")], sorries: [hole] }),
  verdict("errors", { diagnostics: [errorAt(1, "wrong"), errorAt(2, "wrong")] }),
  verdict("statement", { diagnostics: [errorAt(1, "mismatch")] }),
  verdict("timeout"),
  verdict("refused", { refused: [refusal] }),
  undefined,
].map((of, at) => attempt(at + 1, of));

describe("compareAttempts", () => {
  it("puts fewer errors first, then fewer holes, and what Lean did not judge last", () => {
    expect([...ORDER].reverse().sort(compareAttempts)).toEqual(ORDER);
  });

  it("finds attempts alike that came equally far", () => {
    const [first, second] = [attempt(1, verdict("timeout")), attempt(2, verdict("crash"))];
    expect(compareAttempts(first, second)).toBe(0);
  });
});

describe("bestAttempt", () => {
  it("is the earliest of those that came closest", () => {
    const one = attempt(1, verdict("errors", { diagnostics: [errorAt(1, "wrong")] }));
    const same = { ...one, round: 2 };
    expect(bestAttempt([attempt(1, verdict("timeout")), one, same])).toBe(one);
  });

  it("is none where no answer held code", () => {
    expect(bestAttempt([attempt(1, undefined, { code: undefined })])).toBeUndefined();
    expect(bestAttempt([])).toBeUndefined();
  });
});
