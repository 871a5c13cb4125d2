import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Declaration,
  DECLARATION_KINDS,
  INFORMAL_ORIGINS,
  toCorpusRecord,
} from "../../src/declaration.js";
import { kindOf, parseRecord } from "../../src/corpus/record.js";

function parsed(record: unknown): Declaration {
  const result = parseRecord(JSON.stringify(record));
  if (!result.ok) throw new Error(result.reason);
  return result.declaration;
}

function reason(line: string): string {
  const result = parseRecord(line);
  if (result.ok) throw new Error("it was read");
  return result.reason;
}

describe("a record in the public data set's shape", () => {
  const published = {
    module_name: ["Mathlib", "Topology", "Order", "Compact"],
    kind: "theorem",
    name: ["IsCompact", "exists_isMaxOn"],
    signature: "{s : Set α}",
    type: "∃ x ∈ s, IsMaxOn f s x",
    value: null,
    docstring: "The extreme value theorem.",
    informal_name: null,
    informal_description: null,
    line: 229,
    references: [["IsCompact"], ["IsMaxOn"]],
  };

  it("has its names joined by dots and its nulls read as empty texts", () => {
    expect(parsed(published)).toEqual({
      name: "IsCompact.exists_isMaxOn",
      kind: "theorem",
      module: "Mathlib.Topology.Order.Compact",
      line: 229,
      signature: "{s : Set α}",
      type: "∃ x ∈ s, IsMaxOn f s x",
      value: "",
      statement: "",
      docstring: "The extreme value theorem.",
      informalName: "",
      informalDescription: "",
      aliases: [],
      topics: [],
      references: ["IsCompact", "IsMaxOn"],
    });
  });

  it("is the same with its names as strings, and with module for module_name", () => {
    const { module_name: module, ...rest } = published;
    const name = published.name.join(".");
    const references = ["IsCompact", "IsMaxOn"];
    const asStrings = { ...rest, name, module: module.join("."), references };
    expect(parsed(asStrings)).toEqual(parsed(published));
  });

  it("may have components that are numbers, as Lean's names may", () => {
    expect(parsed({ name: ["Foo", "_proof", 1], kind: "theorem" }).name).toBe("Foo._proof.1");
  });
});

describe("a record", () => {
  it("needs no more than a name and a kind", () => {
    const declaration = parsed({ name: "foo", kind: "def" });
    expect(declaration).toMatchObject({ name: "foo", kind: "definition", module: "", type: "" });
    expect(declaration).not.toHaveProperty("line");
    expect(declaration).not.toHaveProperty("derivedFrom");
  });

  it("keeps unknown fields out", () => {
    const declaration = parsed({ name: "foo", kind: "axiom", proof: "rfl", __proto__x: 1 });
    expect(Object.keys(declaration)).not.toContain("proof");
    expect(JSON.stringify(declaration)).not.toContain("rfl");
  });

  it("has each reference once, and no empty one", () => {
    const references = ["b", ["a"], "b", "", [], "a"];
    expect(parsed({ name: "foo", kind: "theorem", references }).references).toEqual(["b", "a"]);
  });

  it("comes back the same from what is written of it", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((s) => s.trim() === s);
    const text = fc.string({ unit: "grapheme" });
    const declaration = fc.record({
      name,
      kind: fc.constantFrom(...DECLARATION_KINDS),
      module: text.map((s) => s.trim()),
      signature: text,
      type: text,
      value: text,
      statement: text,
      docstring: text,
      informalName: text,
      informalDescription: text,
      aliases: fc.array(text),
      topics: fc.array(text),
      references: fc.uniqueArray(name),
    });
    const optional = fc.record(
      {
        line: fc.integer({ min: 1 }),
        derivedFrom: name,
        informalOrigin: fc.constantFrom(...INFORMAL_ORIGINS),
        origin: fc.record({
          package: name,
          version: text,
          file: text,
          isOwn: fc.boolean(),
        }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(declaration, optional, (required, extra) => {
        const whole: Declaration = { ...required, ...extra };
        expect(parsed(toCorpusRecord(whole))).toEqual(whole);
      }),
    );
  });
});

describe("a malformed record comes back with the reason", () => {
  it.each([
    ["", "it is not JSON"],
    ['{"name":"foo"', "it is not JSON"],
    ["[]", "it is not a JSON object"],
    ["null", "it is not a JSON object"],
    ['"foo"', "it is not a JSON object"],
    ['{"kind":"theorem"}', 'its field "name" is missing or not of the right type'],
    ['{"name":"foo"}', 'its field "kind" is missing or not of the right type'],
    ['{"name":7,"kind":"theorem"}', 'its field "name" is missing or not of the right type'],
    ['{"name":"","kind":"theorem"}', "its name is empty"],
    ['{"name":[],"kind":"theorem"}', "its name is empty"],
    ['{"name":"  ","kind":"theorem"}', "its name is empty"],
    ['{"name":"a","kind":"theorem","line":0}', 'its field "line" is missing or not of the right'],
    ['{"name":"a","kind":"theorem","type":[1]}', 'its field "type" is missing or not of the right'],
    ['{"name":"a","kind":"theorem","references":["b",3]}', 'its field "references.1"'],
    ['{"name":"a","kind":"thm"}', 'its kind "thm" is none of theorem, definition'],
  ])("%s", (line, expected) => {
    expect(reason(line)).toContain(expected);
  });

  it("never throws, whatever the line holds", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((o) => JSON.stringify(o)),
        ),
        (line) => {
          expect(typeof parseRecord(line).ok).toBe("boolean");
        },
      ),
    );
  });
});

describe("kindOf", () => {
  it("knows the words of Lean source and other data sets, blind to case", () => {
    expect(kindOf("lemma")).toBe("theorem");
    expect(kindOf("def")).toBe("definition");
    expect(kindOf("Theorem")).toBe("theorem");
    expect(kindOf("ctor")).toBe("constructor");
    expect(kindOf("notation")).toBeUndefined();
    expect(kindOf("toString")).toBeUndefined();
  });
});
