import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { vocabularyFingerprint, words, wordsWithSurface } from "../../src/text/words.js";

const WORD = /^[a-z0-9]{2,64}$/;

/** Any sequence of UTF-16 code units, lone surrogates and all. */
const anyString = fc
  .array(fc.integer({ min: 0, max: 0xffff }))
  .map((units) => String.fromCharCode(...units));

/** Strings made of pieces that mean something to the vocabulary, in senseless orders. */
const pieces = fc.constantFrom(
  ..."\\ { } ( ) [ ] ' '' | ‖ _ ^ $ ` . - & < > / ! # → * + ₗ 𝓝 ∀ ᶠ ⁻ ¹ 0 1 a p x R Z C L T if and \n".split(
    " ",
  ),
  ...[
    "\\mathbb",
    "\\frac",
    "\\sum_{",
    "\\|",
    "\\mid",
    "\\{",
    "only if",
    "a.e",
    "less than",
    " ",
    "\ud835",
    "\udcdd",
  ],
);
const notationSoup = fc.array(pieces, { maxLength: 60 }).map((some) => some.join(""));

describe("words", () => {
  it("gives the words of a docstring with Markdown, Lean and LaTeX", () => {
    const text =
      "**Extreme value theorem**: if `K` is a *compact* set and `f : α → ℝ` is continuous on `K`, " +
      "then `∃ x ∈ K, IsMaxOn f K x`; that is, $f(x) = \\sup_{y \\in K} f(y)$.";
    expect(words(text).join(" ")).toBe(
      "extrem valu theorem compact set and real continu exist mem max sup mem",
    );
  });

  it("gives a declaration name and a question about it the same words", () => {
    expect(words("IsCompact.exists_isMaxOn").join(" ")).toBe("compact exist max");
    expect(words("there exists a maximum on a compact set").join(" ")).toBe(
      "exist max compact set",
    );
  });

  it("keeps order and repeats", () => {
    expect(words("ring, group, ring").join(" ")).toBe("ring group ring");
  });

  it("gives nothing for nothing", () => {
    expect(words("")).toEqual([]);
    expect(words(" \n\t.,;:()")).toEqual([]);
  });

  it("gives words of two to 64 small ASCII letters and digits for any string", () => {
    fc.assert(
      fc.property(fc.oneof(anyString, fc.string({ unit: "grapheme" }), notationSoup), (text) => {
        for (const word of words(text)) expect(word).toMatch(WORD);
      }),
      { numRuns: 500 },
    );
  });

  it("reads texts side by side as it reads each alone", () => {
    const texts = fc.constantFrom(
      "IsCompact.exists_isMaxOn",
      "(f : R →+* S) (hf : Injective f)",
      "∀ᶠ x in 𝓝[≠] a, ‖f x‖₊ ≤ C",
      "$\\sum_{n=0}^\\infty \\frac{1}{n^2} = \\frac{\\pi^2}{6}$",
      "L'Hôpital's rule holds if and only if this",
      "a **bold** [link](https://example.org) and `code`",
      "x ∈ s",
      "",
      "map_add_const'",
      "\\mathbb{R}_{\\ge 0}",
    );
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(words(`${one} ${other}`)).toEqual([...words(one), ...words(other)]);
      }),
    );
  });

  it("reads a text the same each time", () => {
    fc.assert(
      fc.property(notationSoup, (text) => {
        expect(words(text)).toEqual(words(text));
      }),
    );
  });

  it("cuts words after 64 letters", () => {
    expect(words("q".repeat(200))).toEqual(["q".repeat(64)]);
  });

  const HOSTILE = [
    ...["\\", "{", "(", "[", "'", "|", "‖", "_", "^", "$", "`", "-", " ", "\n", "<", "&", "!", "→"],
    ...[
      "\\{",
      "\\|",
      "\\mid ",
      "\\mathbb{",
      "\\'",
      "if ",
      "if and ",
      "a.e",
      "C(",
      "^{",
      "aB",
      "A",
      "7",
    ],
    ...[
      "\\sum_{",
      "\\frac{d",
      "less than or ",
      "\ud835",
      "e\u0301",
      "𝓝[",
      "|x",
      "[0,",
      "T_{",
      "non-",
    ],
  ];
  it.each(HOSTILE)("reads 100,000 times %j", (piece) => {
    for (const word of words(piece.repeat(100_000)))
      if (!WORD.test(word)) expect(word).toMatch(WORD);
  });

  it("reads one word of ten million letters", () => {
    expect(words("n".repeat(10_000_000))).toHaveLength(1);
    expect(words("aB".repeat(5_000_000)).length).toBeLessThan(256);
  });
});

describe("wordsWithSurface", () => {
  it("shows what each word was read from", () => {
    const found = wordsWithSurface(
      "homomorphisms f : R →+* S, iff a ⊔ b less than or equal to $\\sqcup$",
    );
    expect(found.map(({ word, surface }) => `${word}<-${surface}`)).toEqual([
      "hom<-homomorphisms",
      "ring<-→+*",
      "hom<-→+*",
      "iff<-iff",
      "sup<-⊔",
      "le<-less than or equal to",
      "sup<-\\sqcup",
    ]);
  });

  it("gives the same words as `words`", () => {
    fc.assert(
      fc.property(fc.oneof(anyString, notationSoup), (text) => {
        expect(wordsWithSurface(text).map(({ word }) => word)).toEqual(words(text));
      }),
    );
  });
});

describe("vocabularyFingerprint", () => {
  afterEach(() => {
    vi.doUnmock("../../src/text/synonyms.js");
    vi.doUnmock("../../src/text/lean-patterns.js");
    vi.resetModules();
  });

  const fingerprintNow = async (): Promise<string> => {
    vi.resetModules();
    return (await import("../../src/text/fingerprint.js")).vocabularyFingerprint();
  };

  it("is 16 hexadecimal digits, the same in every process", async () => {
    expect(vocabularyFingerprint()).toMatch(/^[0-9a-f]{16}$/);
    expect(await fingerprintNow()).toBe(vocabularyFingerprint());
  });

  it("changes with a synonym", async () => {
    vi.doMock("../../src/text/synonyms.js", () => ({ SYNONYMS: { commutative: "comm" } }));
    expect(await fingerprintNow()).not.toBe(vocabularyFingerprint());
  });

  it("changes with a pattern alone", async () => {
    const { LEAN_PATTERNS } = await import("../../src/text/lean-patterns.js");
    const [first, ...others] = LEAN_PATTERNS;
    vi.doMock("../../src/text/lean-patterns.js", () => ({
      LEAN_PATTERNS: [{ ...first, pattern: /(?<=\s)'''(?=\s)/ }, ...others],
    }));
    expect(await fingerprintNow()).not.toBe(vocabularyFingerprint());
  });
});
