import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { guessName } from "../../../src/corpus/lean-source/guess-name.js";
import { readCorpus } from "../../../src/corpus/read.js";

const CORPUS = fileURLToPath(
  new URL("../../../../shared/corpus/mathlib-v4.28.0-rc1.jsonl.gz", import.meta.url),
);

describe("guessName", () => {
  it.each([
    ["mul_comm", "add_comm"],
    ["mul_one", "add_zero"],
    ["one_le_mul", "nonneg_add"],
    ["le_one", "nonpos"],
    ["CommGroup", "AddCommGroup"],
    ["instCommMonoid", "instAddCommMonoid"],
    ["inv_mul_cancel'", "neg_add_cancel'"],
    ["prod_pow_eq", "sum_nsmul_eq"],
    ["mulSupport", "support"],
    ["DivisionMonoid", "SubtractionMonoid"],
    ["HMul", "HAdd"],
    ["IsUnit", "IsAddUnit"],
    ["eventuallyLE_one", "eventuallyLE_zero"],
    ["unrelated", "unrelated"],
  ])("turns %s into %s for to_additive", (name, expected) => {
    expect(guessName(name, "to_additive")).toBe(expected);
  });

  it.each([
    ["le_top", "le_bot"],
    ["sup_inf_self", "inf_sup_self"],
    ["colimit.hom", "colimit.hom"],
    ["min_le_max", "max_le_min"],
    ["IsPushout", "IsPullback"],
  ])("turns %s into %s for to_dual", (name, expected) => {
    expect(guessName(name, "to_dual")).toBe(expected);
  });

  it.skipIf(!existsSync(CORPUS))(
    "agrees with a corpus of Mathlib on most additive names (needs ../shared)",
    async () => {
      let agreeing = 0;
      let all = 0;
      for await (const batch of readCorpus(CORPUS)) {
        for (const { name, derivedFrom, type } of batch) {
          if (derivedFrom === undefined || type.startsWith("alias of")) continue;
          if (name.endsWith("_assoc")) continue;
          all += 1;
          const [source = "", target = ""] = [derivedFrom, name].map((full) =>
            full.slice(full.lastIndexOf(".") + 1),
          );
          if (guessName(source, "to_additive") === target) agreeing += 1;
        }
      }
      // What is left has names that the source gives.
      expect(all).toBeGreaterThan(10_000);
      expect(agreeing / all).toBeGreaterThan(0.82);
    },
    60_000,
  );
});
