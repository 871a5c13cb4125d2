import { describe, expect, it } from "vitest";
import { LATEX_COMMANDS, LATEX_WITHOUT_WORDS } from "../../src/text/latex-commands.js";
import { LATEX_PATTERNS } from "../../src/text/latex-patterns.js";
import { LEAN_MORPHISMS } from "../../src/text/lean-morphisms.js";
import { LEAN_NOTATION } from "../../src/text/lean-notation.js";
import { LEAN_PATTERNS } from "../../src/text/lean-patterns.js";
import { normalForms, normalFormsOfAll } from "../../src/text/normal.js";
import { PHRASES } from "../../src/text/phrases.js";
import { headOf } from "../../src/text/scan.js";
import { STOP_WORDS } from "../../src/text/stop-words.js";
import { SYNONYMS } from "../../src/text/synonyms.js";
import { UNICODE_NOTATION } from "../../src/text/unicode-notation.js";
import { words } from "../../src/text/words.js";

const TABLES = {
  "Unicode symbols": Object.entries(UNICODE_NOTATION),
  "Lean morphisms": Object.entries(LEAN_MORPHISMS),
  "Lean notation": Object.entries(LEAN_NOTATION),
  "Lean patterns": LEAN_PATTERNS.map(({ pattern, words }) => [pattern.source, words] as const),
  "LaTeX commands": Object.entries(LATEX_COMMANDS),
  "LaTeX patterns": LATEX_PATTERNS.map(({ pattern, words }) => [pattern.source, words] as const),
  phrases: Object.entries(PHRASES),
  synonyms: Object.entries(SYNONYMS),
};

const FIXED_NOTATION = [
  ...Object.entries(UNICODE_NOTATION),
  ...Object.entries(LEAN_MORPHISMS),
  ...Object.entries(LEAN_NOTATION),
];

describe("tables of the vocabulary", () => {
  describe.each(Object.entries(TABLES))("%s", (_name, entries) => {
    it("stand for words that the vocabulary keeps", () => {
      const dropped = entries.flatMap(([form, value]) =>
        value === ""
          ? []
          : value
              .split(" ")
              .filter((word) => normalForms(word).length === 0 || !/^[a-z][a-z0-9]+$/.test(word))
              .map((word) => `${form}: ${word}`),
      );
      expect(dropped).toEqual([]);
    });

    it("give the same words as those words written out", () => {
      const distinct = (found: readonly string[]) => [...new Set(found)].sort().join(" ");
      const different = entries
        .filter(([, value]) => distinct(words(value)) !== distinct(normalFormsOfAll(value)))
        .map(([form, value]) => `${form}: ${value} -> ${words(value).join(" ")}`);
      expect(different).toEqual([]);
    });
  });

  it("hold a few hundred entries of notation", () => {
    expect(FIXED_NOTATION.length).toBeGreaterThan(400);
    expect(Object.keys(LATEX_COMMANDS).length).toBeGreaterThan(150);
  });

  it("list no form twice", () => {
    const forms = [
      ...FIXED_NOTATION.map(([form]) => form),
      ...Object.keys(LATEX_COMMANDS),
      ...LATEX_WITHOUT_WORDS,
    ];
    expect(forms.filter((form, place) => forms.indexOf(form) !== place)).toEqual([]);
    expect(STOP_WORDS.filter((word, place) => STOP_WORDS.indexOf(word) !== place)).toEqual([]);
  });

  it("list no synonym or phrase that is a stop word or starts with nothing", () => {
    expect(Object.keys(SYNONYMS).filter((word) => STOP_WORDS.includes(word))).toEqual([]);
    expect(Object.keys(PHRASES).filter((phrase) => headOf(phrase) === "")).toEqual([]);
  });

  it.each(FIXED_NOTATION)("read %s as %s, wherever it stands", (form, value) => {
    const expected = normalFormsOfAll(value);
    expect(words(form)).toEqual(expected);
    expect(words(`x ${form} y`)).toEqual(expected);
  });

  it.each(Object.entries(LATEX_COMMANDS))("read %s as %s, wherever it stands", (command, value) => {
    const expected = normalFormsOfAll(value);
    expect(words(command)).toEqual(expected);
    expect(words(`$x ${command} y$`)).toEqual(expected);
  });

  it.each(LATEX_WITHOUT_WORDS)("read nothing into %s", (command) => {
    expect(words(`${command} x`)).toEqual([]);
  });

  it.each(Object.entries(PHRASES))("read the phrase “%s” as %s", (phrase, value) => {
    const expected = normalFormsOfAll(value);
    expect(words(phrase)).toEqual(expected);
    expect(words(`${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}`)).toEqual(expected);
    expect(words(phrase.replaceAll(" ", "-"))).toEqual(expected);
  });

  it("try every pattern at a token", () => {
    const heads = [...LEAN_PATTERNS, ...LATEX_PATTERNS].map(({ head }) => head);
    expect(heads.filter((head) => headOf(head) !== head)).toEqual([]);
  });
});
