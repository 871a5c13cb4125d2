import { runParts } from "./identifiers.js";
import { LATEX_COMMANDS, LATEX_WITHOUT_WORDS } from "./latex-commands.js";
import { LATEX_PATTERNS } from "./latex-patterns.js";
import { LEAN_MORPHISMS } from "./lean-morphisms.js";
import { LEAN_NOTATION } from "./lean-notation.js";
import { LEAN_PATTERNS } from "./lean-patterns.js";
import { MAX_WORD_LENGTH, normalForms, normalFormsOfAll } from "./normal.js";
import { PHRASES } from "./phrases.js";
import { headOf, type LongerForm, type Token } from "./scan.js";
import { UNICODE_NOTATION } from "./unicode-notation.js";

/** Tokens remembered; beyond that the memory starts anew, so that no input makes it grow. */
const MAX_REMEMBERED = 200_000;

/** The part of a run of letters and digits that is read; what lies beyond is not a word of anyone. */
const MAX_RUN_LENGTH = 256;

type FormsByHead = ReadonlyMap<string, readonly LongerForm[]>;

const literalSource = (literal: string): string => literal.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

function grouped<Item>(items: Iterable<Item>, key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Notation by the token that it starts with: fixed forms, the longest first, then patterns. */
function compileNotation(): FormsByHead {
  const fixedForms = [...Object.entries(LEAN_MORPHISMS), ...Object.entries(LEAN_NOTATION)];
  const forms = new Map<string, LongerForm[]>();
  for (const [head, patterns] of grouped([...LEAN_PATTERNS, ...LATEX_PATTERNS], (p) => p.head)) {
    const compiled = patterns.map(({ pattern, words }) => ({
      pattern: new RegExp(pattern.source, "y"),
      words: normalFormsOfAll(words),
    }));
    forms.set(head, compiled);
  }
  for (const [head, entries] of grouped(fixedForms, ([form]) => headOf(form))) {
    const longestFirst = entries.map(([form]) => form).sort((a, b) => b.length - a.length);
    const literal: LongerForm = {
      pattern: new RegExp(longestFirst.map(literalSource).join("|"), "y"),
      words: new Map(entries.map(([form, words]) => [form, normalFormsOfAll(words)])),
    };
    forms.set(head, [literal, ...(forms.get(head) ?? [])]);
  }
  return forms;
}

/** Phrases by their first word, longest first; blanks match blanks and hyphens. */
function compilePhrases(): FormsByHead {
  const longestFirst = Object.entries(PHRASES).sort(([a], [b]) => b.length - a.length);
  const forms = new Map<string, LongerForm[]>();
  for (const [head, entries] of grouped(longestFirst, ([phrase]) => headOf(phrase))) {
    const compiled = entries.map(([phrase, words]) => {
      const source = phrase.split(" ").map(literalSource).join("[\\s-]{1,3}");
      const end = /[a-z]$/.test(phrase) ? "s?(?![A-Za-z0-9])" : "";
      return { pattern: new RegExp(source + end, "iy"), words: normalFormsOfAll(words) };
    });
    forms.set(head, compiled);
  }
  return forms;
}

/**
 * The words of a run of ASCII letters and digits. "Non" belongs to the part after it, as in prose; a
 * part with letters joined to it counts with and without them (`iSup` is isup and sup).
 */
function wordsOfRun(run: string): readonly string[] {
  const found: string[] = [];
  let negation = "";
  for (const { whole, tail } of runParts(run.slice(0, MAX_RUN_LENGTH))) {
    if (whole === "non" && negation === "") {
      negation = whole;
      continue;
    }
    found.push(...new Set([...normalForms(negation + whole), ...normalForms(tail)]));
    negation = "";
  }
  return negation === "" ? found : [...found, ...normalForms(negation)];
}

/** Everything that gives tokens their words, compiled at first use. */
class Vocabulary {
  readonly #notation = compileNotation();
  readonly #phrases = compilePhrases();
  readonly #symbols: ReadonlyMap<string, string> = new Map([
    ...Object.entries(UNICODE_NOTATION),
    ...LATEX_WITHOUT_WORDS.map((command) => [command, ""] as const),
    ...Object.entries(LATEX_COMMANDS),
  ]);
  readonly #tokens = new Map<string, Token>();

  tokenOf(surface: string): Token {
    const known = this.#tokens.get(surface);
    if (known !== undefined) return known;
    const token = { words: this.#words(surface), longer: this.#longer(surface) };
    if (surface.length <= MAX_WORD_LENGTH) {
      if (this.#tokens.size >= MAX_REMEMBERED) this.#tokens.clear();
      this.#tokens.set(surface, token);
    }
    return token;
  }

  #words(surface: string): readonly string[] {
    const symbol = this.#symbols.get(surface);
    if (symbol !== undefined) return normalFormsOfAll(symbol);
    if (/^\\?[A-Za-z0-9]/.test(surface)) return wordsOfRun(surface.replace("\\", ""));
    return [];
  }

  #longer(surface: string): readonly LongerForm[] | undefined {
    const notation = this.#notation.get(surface);
    if (surface.length > MAX_WORD_LENGTH) return notation;
    const phrases = this.#phrases.get(surface.toLowerCase());
    if (notation === undefined || phrases === undefined) return notation ?? phrases;
    return [...notation, ...phrases];
  }
}

let vocabulary: Vocabulary | undefined;

/** What the vocabulary knows of one token of a text. */
export function tokenOf(surface: string): Token {
  vocabulary ??= new Vocabulary();
  return vocabulary.tokenOf(surface);
}
