import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeclarationIndex } from "../../src/index/declaration-index.js";
import { Prompts } from "../../src/premises/prompts.js";
import type { PremiseParts } from "../../src/premises/premise-run.js";
import { StatementPremises } from "../../src/premises/without-model/statement-premises.js";
import { IndexRetriever } from "../../src/prove/index-retriever.js";
import { Search } from "../../src/search/search.js";
import { indexOf } from "../premises/made-up.js";
import { problem } from "./made-up.js";

const { theorem } = problem();
let index: DeclarationIndex;
let close: () => Promise<void>;
let parts: PremiseParts;
let statementPremises: StatementPremises;

beforeAll(async () => {
  ({ index, close } = await indexOf([
    { name: "Finset.sum_range_succ", type: "∑ i ∈ range (n + 1), f i = ∑ i ∈ range n, f i + f n" },
    { name: "Finset.sum_range_id", type: "∑ i ∈ range n, i = n * (n - 1) / 2" },
    { name: "Nat.even_mul_succ_self", type: "Even (n * (n + 1))", docstring: "One is even." },
    { name: "sum_first", type: "2 * ∑ i ∈ range (n + 1), i = n * (n + 1)" },
    { name: "Topology.isOpen_union", type: "IsOpen s → IsOpen t → IsOpen (s ∪ t)" },
  ]));
  const search = new Search(index);
  statementPremises = await StatementPremises.open(index, search);
  parts = { index, search, statementPremises, prompts: new Prompts() };
});
afterAll(async () => {
  await statementPremises.close();
  await close();
});

describe("IndexRetriever", () => {
  it("begins with what the statement brings, without the theorem itself", async () => {
    const { premises, plan } = await new IndexRetriever(parts, theorem, false).begin();
    const names = premises.map(({ name }) => name);
    expect(names).toContain("Finset.sum_range_id");
    expect(names).not.toContain("sum_first");
    expect(plan).toEqual([]);
    const even = premises.find(({ name }) => name === "Nat.even_mul_succ_self");
    expect(even?.text).toBe("theorem Nat.even_mul_succ_self : Even (n * (n + 1)) -- One is even.");
  });

  it("finds names near unknown ones, and declarations for goals", async () => {
    const retriever = new IndexRetriever(parts, theorem, false);
    const names = ["Nat.sum_range_succ", "Finset.sum_rang_id"];
    const findings = await retriever.again({ names, goals: ["Even (m * (m + 1))"] });
    expect(findings.map(({ asked, premises }) => [asked, premises[0]?.name])).toEqual([
      ["names near `Nat.sum_range_succ`", "Finset.sum_range_succ"],
      ["names near `Finset.sum_rang_id`", "Finset.sum_range_id"],
      ["the goal `Even (m * (m + 1))`", "Nat.even_mul_succ_self"],
    ]);
  });

  it("never finds the theorem itself, and leaves out what brings nothing", async () => {
    const retriever = new IndexRetriever(parts, theorem, false);
    const wants = { names: ["sum_first", "Zzz.qqq"], goals: ["⊢", "2 * ∑ i ∈ range (n + 1), i"] };
    const found = (await retriever.again(wants)).flatMap(({ premises }) => premises);
    expect(found.map(({ name }) => name)).not.toContain("sum_first");
    expect((await retriever.again({ names: ["Zzz.qqq"], goals: ["⊢"] })).length).toBe(0);
  });

  it("begins with nothing where the statement has no word to search for", async () => {
    const { theorem: bare } = problem("theorem t : 1 = 1 := sorry\n");
    const { premises } = await new IndexRetriever(parts, bare, false).begin();
    expect(Array.isArray(premises)).toBe(true);
  });

  it("needs a language model to reason", async () => {
    const begun = new IndexRetriever(parts, theorem, true).begin();
    await expect(begun).rejects.toMatchObject({ exit: "usage" });
  });
});
