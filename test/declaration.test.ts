import { describe, expect, it } from "vitest";
import {
  type Declaration,
  declarationSchema,
  documentationUrl,
  leanStatement,
  toCorpusRecord,
  wordsAbout,
} from "../src/declaration.js";

const plain: Declaration = {
  name: "Nat.add_comm",
  kind: "theorem",
  module: "Init.Data.Nat.Basic",
  signature: "(n m : ℕ)",
  type: "n + m = m + n",
  value: ":= by omega",
  statement: "",
  docstring: "",
  informalName: "",
  informalDescription: "",
  aliases: [],
  topics: [],
  references: [],
};

describe("leanStatement", () => {
  it("puts keyword, name, binders and type together and leaves a proof out", () => {
    expect(leanStatement(plain)).toBe("theorem Nat.add_comm (n m : ℕ) : n + m = m + n");
  });

  it("leaves out what a declaration does not have", () => {
    expect(leanStatement({ ...plain, signature: "", type: "" })).toBe("theorem Nat.add_comm");
  });

  it("shows the body of a structure, class or inductive, which is its meaning", () => {
    const body = { ...plain, name: "Point", signature: "", type: "Type", value: "where x : ℕ" };
    for (const kind of ["structure", "class", "inductive"] as const) {
      expect(leanStatement({ ...body, kind })).toBe(`${kind} Point : Type where x : ℕ`);
    }
    expect(leanStatement({ ...body, kind: "definition" })).toBe("def Point : Type");
  });

  it("prefers a statement that the corpus wrote out", () => {
    const statement = "lemma foo : True";
    expect(leanStatement({ ...plain, statement })).toBe(statement);
  });
});

describe("wordsAbout", () => {
  const about = (more: Partial<Declaration>): string => wordsAbout({ ...plain, ...more });

  it("prefers the informal texts to the docstring", () => {
    expect(about({ docstring: "Doc." })).toBe("Doc.");
    expect(about({ docstring: "Doc.", informalName: "Name" })).toBe("Name");
    expect(about({ informalName: "Name", informalDescription: "Told." })).toBe("Name. Told.");
  });

  it("prefers a docstring to what rules read off the statement", () => {
    const rules = { informalDescription: "Theorem about Nat.", informalOrigin: "rules" } as const;
    expect(about({ ...rules, docstring: "Doc." })).toBe("Doc.");
    expect(about(rules)).toBe("Theorem about Nat.");
    expect(about({ ...rules, informalOrigin: "model", docstring: "Doc." })).toBe(
      "Theorem about Nat.",
    );
  });
});

describe("documentationUrl", () => {
  it("leads to the page of the module and the anchor of the name", () => {
    const url = documentationUrl({ name: "Set.«term_∩_»", module: "Mathlib.Data.Set.Basic" });
    expect(url).toBe(
      "https://leanprover-community.github.io/mathlib4_docs/Mathlib/Data/Set/Basic.html#Set.%C2%ABterm_%E2%88%A9_%C2%BB",
    );
  });

  it("is absent for modules that are not published with Mathlib", () => {
    expect(documentationUrl({ name: "foo", module: "MyProject.Basic" })).toBeUndefined();
    expect(documentationUrl({ name: "foo", module: "" })).toBeUndefined();
    expect(documentationUrl({ name: "foo", module: "MathlibExtras.Basic" })).toBeUndefined();
  });
});

describe("the record", () => {
  it("keeps unknown fields out", () => {
    expect(declarationSchema.safeParse(plain).success).toBe(true);
    expect(declarationSchema.safeParse({ ...plain, proof: "rfl" }).success).toBe(false);
  });

  it("is written with null for what is not known", () => {
    expect(toCorpusRecord(plain)).toMatchObject({ name: "Nat.add_comm", line: null });
    expect(toCorpusRecord({ ...plain, line: 3, derivedFrom: "x" })).toMatchObject({
      line: 3,
      derived_from: "x",
    });
  });
});
