import { describe, expect, it } from "vitest";
import type { Declaration } from "../../../src/declaration.js";
import { readSource } from "../../../src/corpus/read-source.js";
import { surveyCorpus } from "../../../src/informalize/graph/survey.js";
import { isInternalName } from "../../../src/informalize/graph/internal-name.js";
import { declaration } from "../../index/made-up.js";
import { dependencyNames, idOf, withSurvey } from "./made-up.js";

const definition = (name: string, parts: Partial<Declaration> = {}): Declaration =>
  declaration(name, { kind: "definition", ...parts });

/** What the last declaration of a corpus depends on. */
function dependencies(...corpus: Declaration[]): Promise<string[]> {
  const last = corpus.at(-1)?.name ?? "";
  return withSurvey(corpus, (survey) => dependencyNames(survey, last));
}

describe("what a theorem depends on", () => {
  it("is what its statement names, in its order, and not what its proof alone uses", async () => {
    const isOpen = definition("IsOpen");
    const compact = definition("IsCompact");
    const helper = declaration("isCompact_helper");
    const theorem = declaration("Space.isOpen_of", {
      signature: "(h : IsCompact s)",
      type: "IsOpen s",
      references: ["isCompact_helper", "IsOpen", "IsCompact"],
    });
    expect(await dependencies(helper, isOpen, compact, theorem)).toEqual(["IsCompact", "IsOpen"]);
  });

  it("has what is reached through a hypothesis, a term or a variable", async () => {
    const corpus = ["Box.left", "Box.right", "Box.size", "Other.size"].map((name) =>
      definition(name),
    );
    const theorem = declaration("box_facts", {
      signature: "(b : Box)",
      type: "b.left = (f b).right ∧ b.left.size = 0",
      references: ["Box.right", "Box.size"],
    });
    expect(await dependencies(...corpus, theorem)).toEqual(["Box.left", "Box.right", "Box.size"]);
  });

  it("has names that the record does not list, whole or within its own namespaces", async () => {
    const corpus = ["Algebra.Tensor", "Algebra.Deep.mul", "Ring", "mul"].map((name) =>
      definition(name),
    );
    const theorem = declaration("Algebra.Deep.mul_comm", {
      signature: "[Ring A] (t : Tensor A)",
      type: "mul a b = mul b a",
    });
    expect(await dependencies(...corpus, theorem)).toEqual([
      "Ring",
      "Algebra.Tensor",
      "Algebra.Deep.mul",
    ]);
  });

  it("prefers what the record lists over a name of its own namespace", async () => {
    const corpus = [definition("Garden.map"), definition("List.map")];
    const theorem = declaration("Garden.map_nil", {
      type: "map f [] = []",
      references: ["List.map"],
    });
    expect(await dependencies(...corpus, theorem)).toEqual(["List.map"]);
  });

  it("has a name of an opened namespace where only one of its outermost namespace ends so", async () => {
    const zero = declaration("Category.Limits.HasZero", { kind: "class" });
    const theorem = declaration("Category.foo", { signature: "[HasZero C]", type: "True" });
    const elsewhere = { ...theorem, name: "Order.foo" };
    const second = declaration("Category.Other.HasZero", { kind: "class" });
    expect(await dependencies(zero, theorem)).toEqual(["Category.Limits.HasZero"]);
    expect(await dependencies(zero, elsewhere)).toEqual([]);
    expect(await dependencies(zero, second, theorem)).toEqual([]);
  });

  it("has no variables, bound or not", async () => {
    const corpus = ["Space.s", "Space.x", "Space.point", "Space.f"].map((name) => definition(name));
    const theorem = declaration("Space.foo", {
      signature: "(point : α)",
      type: "∀ x, f point = s x",
      references: ["Space.x"],
    });
    // The record says that `x` is used; `∀ x` does not tell it from a name that is mentioned.
    expect(await dependencies(...corpus, theorem)).toEqual(["Space.x"]);
  });

  it("is read from a whole statement too, without its name and its proof", async () => {
    const corpus = ["Prime", "Even", "Even.foo", "Odd", "Space.bar"].map((name) =>
      definition(name),
    );
    const theorem = declaration("Space.bar.foo", {
      statement: "theorem Space.bar.foo (h : Prime p) : Odd p := by exact Even.elim",
      // Its own name ends as the one that only its proof uses.
      references: ["Even.foo"],
    });
    expect(await dependencies(...corpus, theorem)).toEqual(["Prime", "Odd"]);
  });
});

describe("what another declaration depends on", () => {
  it("is what its statement names, then what its value names, then what it was derived from", async () => {
    const corpus = ["Group", "power", "Sub.closure", "Source"].map((name) => definition(name));
    const made = definition("Sub.span", {
      signature: "[Group G]",
      type: "G",
      value: ":= power (Sub.closure G)",
      references: ["power"],
      derivedFrom: "Source",
    });
    expect(await dependencies(...corpus, made)).toEqual([
      "Group",
      "power",
      "Sub.closure",
      "Source",
    ]);
  });

  it("is for a field its structure, and for a structure none of its parts nor their namesakes", async () => {
    const structure = declaration("Order", {
      kind: "structure",
      value: "where le : α → α → Prop le_trans : ∀ a b c, le a b",
      references: ["le_trans", "Order.le"],
    });
    const field = declaration("Order.le", { kind: "field", type: "α → α → Prop" });
    const trans = declaration("Order.le_trans", { kind: "field", type: "True" });
    const theorem = declaration("le_trans", { signature: "[Order α]", type: "True" });
    const corpus = [structure, field, trans, theorem];
    await withSurvey(corpus, (survey) => {
      expect(dependencyNames(survey, "Order")).toEqual([]);
      expect(dependencyNames(survey, "Order.le")).toEqual(["Order"]);
      expect(dependencyNames(survey, "le_trans")).toEqual(["Order"]);
      expect(survey.components.count).toBe(corpus.length);
    });
  });

  it("is never itself, nor what Lean made and nobody explained", async () => {
    const corpus = ["Tree.rec", "Tree._aux", "Tree.match_1", "Tree.leaf"].map((name) =>
      definition(name),
    );
    const explained = definition("Multi.rec", { docstring: "Recursion on multisets." });
    const names = [...corpus, explained].map(({ name }) => name);
    const made = definition("Tree.size", { references: [...names, "Tree.size", "Unknown"] });
    expect(await dependencies(...corpus, explained, made)).toEqual(["Tree.leaf", "Multi.rec"]);
  });
});

describe("the starter corpus", () => {
  it("has its dependencies though its records list no references, almost all without cycles", async () => {
    const survey = await surveyCorpus(readSource("starter"));
    try {
      expect(survey.facts.length).toBeGreaterThan(1000);
      expect(dependencyNames(survey, "FaithfulSMul.algebraMap_injective")).toContain("Algebra");
      expect(survey.graph.edges).toBeGreaterThan(survey.facts.length);
      expect(survey.components.count).toBeGreaterThan(0.99 * survey.facts.length);
    } finally {
      survey.close();
    }
  });
});

describe("uses", () => {
  it("count each declaration once that names it, in its proof too", async () => {
    const lemma = declaration("helper");
    const first = declaration("first", { references: ["helper"] });
    const second = declaration("second", { type: "helper = helper", references: ["helper"] });
    await withSurvey([lemma, first, second], ({ graph, ...survey }) => {
      expect(graph.uses(idOf({ graph, ...survey }, "helper"))).toBe(2);
      expect(graph.edges).toBe(1);
    });
  });
});

describe("internal names", () => {
  it.each(["Foo.rec", "Foo.bar.match_1", "foo.proof_2_1", "Foo.mk.injEq", "_private.Foo.bar"])(
    "are recognised: %s",
    (name) => expect(isInternalName(name)).toBe(true),
  );

  it.each(["Foo.record", "Nat.below_iff", "eq_1_of", "Foo.snake_case", "IsRecOn"])(
    "are not taken for it: %s",
    (name) => expect(isInternalName(name)).toBe(false),
  );
});

describe("neighbours", () => {
  it("are the declarations before and after in the file, by their lines", async () => {
    const at = (name: string, module: string, line?: number): Declaration =>
      declaration(name, { module, ...(line === undefined ? {} : { line }) });
    const corpus = [at("c", "A", 30), at("a", "A", 10), at("z", "B", 1), at("b", "A", 20)];
    await withSurvey([...corpus, at("n", ""), at("y", "C"), at("x", "C", 1)], (survey) => {
      const around = (name: string): (string | undefined)[] => {
        const id = idOf(survey, name);
        const { neighbours } = survey;
        return [neighbours.before(id), neighbours.after(id)].map(
          (other) => survey.facts[other ?? -1]?.name,
        );
      };
      expect(around("a")).toEqual([undefined, "b"]);
      expect(around("b")).toEqual(["a", "c"]);
      expect(around("c")).toEqual(["b", undefined]);
      expect(around("z")).toEqual([undefined, undefined]);
      expect(around("n")).toEqual([undefined, undefined]);
      // Where a line is not known, the corpus's order holds.
      expect(around("y")).toEqual([undefined, "x"]);
    });
  });
});
