import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeclarationIndex } from "../../src/index/declaration-index.js";
import { matchName } from "../../src/premises/match-names.js";
import { TheoremItself } from "../../src/premises/theorem.js";
import { indexOf } from "./made-up.js";

const SAME = "{G : Type*} [Group G] (a b : G) (h : a * b = 1) : b = a⁻¹";
const same = {
  signature: "{G : Type*} [Group G] (a b : G) (h : a * b = 1)",
  type: "b = a⁻¹",
};

let index: DeclarationIndex;
let close: () => Promise<void>;
beforeAll(async () => {
  const many = Array.from({ length: 60 }, (_, at) => ({
    name: `Many${at}.ext`,
    type: `number_${at} = thing_${at}`,
    references: ["Used.often"],
  }));
  ({ index, close } = await indexOf([
    { name: "Group.eq_inv", ...same, references: ["Used.often", "Used.once"] },
    { name: "Other.eq_inv", ...same },
    { name: "Unlike.eq_inv", statement: "theorem Unlike.eq_inv : Continuous f" },
    { name: "Group.eq_inv_aux", ...same, derived_from: "Group.eq_inv" },
    {
      name: "AddGroup.eq_neg",
      statement: "theorem (a b : A) : b = -a",
      derived_from: "Group.eq_inv",
    },
    { name: "Derived.thing", statement: "theorem : Q", derived_from: "Source.thing" },
    { name: "Derived.sibling", statement: "theorem : R", derived_from: "Source.thing" },
    { name: "Source.thing", statement: "theorem : P" },
    { name: "Used.often", statement: "def Used.often : Nat" },
    { name: "Used.once", statement: "def Used.once : Nat" },
    { name: "Rare.ext", type: "Rare.first seldom = Rare.second seldom" },
    { name: "Nat.Prime", statement: "def Nat.Prime : Prop" },
    { name: "Nat.prime", statement: "theorem Nat.prime : P" },
    { name: "My.Nat.Prime", statement: "def My.Nat.Prime : Prop" },
    ...many,
  ]));
});
afterAll(() => close());

const factsOf = (name: string) => {
  const id = index.idOf(name);
  const [one] = index.facts(id === undefined ? [] : [id]);
  if (one === undefined) throw new Error(`no ${name}`);
  return one;
};
const matches = (guess: string) =>
  matchName(index, guess).map(({ id, match }) => [index.declaration(id)?.name, match]);

describe("a guessed name", () => {
  it("means the declaration of that name, and those that end in it", () => {
    expect(matches("Nat.Prime")).toEqual([
      ["Nat.Prime", "exact"],
      ["Nat.prime", "ending"],
      ["My.Nat.Prime", "ending"],
    ]);
    const [exact] = matchName(index, "Nat.Prime");
    expect(exact).toMatchObject({ rank: 1, fit: 1 });
  });

  it("means those that end in it where there is none of that name", () => {
    const found = matchName(index, "eq_inv").filter(({ match }) => match === "ending");
    expect(found.map(({ rank }) => rank)).toEqual([1, 2, 3]);
    for (const { id, fit } of found) {
      expect(fit).toBe("eq_inv".length / (index.declaration(id)?.name.length ?? 0));
    }
  });

  it("means those of its ending in other namespaces, the fewer are left out the better", () => {
    expect(matches("Wrong.Nat.Prime").filter(([, match]) => match === "other namespace")).toEqual(
      expect.arrayContaining([["Nat.Prime", "other namespace"]]),
    );
    expect(matchName(index, "Wrong.Nat.Prime")[0]?.fit).toBe(1 / 2);
    expect(matchName(index, "So.Wrong.Nat.Prime")[0]?.fit).toBe(1 / 3);
  });

  it("means those that are spelt alike", () => {
    expect(matches("Grup.eq_inw")).toContainEqual(["Group.eq_inv", "misspelt"]);
    for (const { fit } of matchName(index, "Grup.eq_inw")) expect(fit).toBeLessThan(1);
  });

  it.each(["", ".", "..", "«", "\0", "%_", "x".repeat(400), "a b", "'; drop table names"])(
    "is taken as it is, whatever it is: %j",
    (guess) => {
      expect(() => matchName(index, guess)).not.toThrow();
    },
  );

  it("brings each declaration once", () => {
    const ids = matchName(index, "Many1.ext").map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("the theorem itself", () => {
  const itself = (name: string | undefined, statement = SAME) =>
    new TheoremItself(index, { name, statement });

  it("is the declaration of its name, whatever that states", () => {
    expect(itself("Group.eq_inv", "").is(factsOf("Group.eq_inv"))).toBe(true);
    expect(itself("Group.eq_inv", "").is(factsOf("Other.eq_inv"))).toBe(false);
  });

  it("is its name in another namespace where the statement is the same", () => {
    const mine = itself("My.eq_inv");
    expect(mine.is(factsOf("Group.eq_inv"))).toBe(true);
    expect(mine.is(factsOf("Other.eq_inv"))).toBe(true);
    expect(mine.is(factsOf("Unlike.eq_inv"))).toBe(false);
    expect(mine.is(factsOf("Group.eq_inv_aux"))).toBe(true);
  });

  it("is what was generated from it, and what it was generated from with its siblings", () => {
    expect(itself("Group.eq_inv").is(factsOf("AddGroup.eq_neg"))).toBe(true);
    const twin = itself("Derived.thing", "");
    for (const name of ["Derived.thing", "Source.thing", "Derived.sibling"]) {
      expect(twin.is(factsOf(name))).toBe(true);
    }
  });

  it("is found among ever so many declarations of the same last name", () => {
    expect(itself("Rare.ext", "").is(factsOf("Rare.ext"))).toBe(true);
    expect(
      itself("Another.ext", ": Rare.first seldom = Rare.second seldom").is(factsOf("Rare.ext")),
    ).toBe(true);
  });

  it("is nothing where it has no name, or none that is known", () => {
    for (const one of [itself(undefined), itself("No.such_theorem")]) {
      expect(one.is(factsOf("Group.eq_inv"))).toBe(false);
    }
  });

  it("does not count as a use of what it uses", () => {
    const mine = itself("Group.eq_inv");
    const often = factsOf("Used.often");
    expect(often.usedBy).toBe(61);
    expect(mine.without(often).usedBy).toBe(60);
    expect(mine.without(factsOf("Used.once")).usedBy).toBe(0);
    expect(mine.without(factsOf("Nat.Prime"))).toEqual(factsOf("Nat.Prime"));
    expect(itself("Many1.ext", "").without(factsOf("Used.once")).usedBy).toBe(1);
  });
});
