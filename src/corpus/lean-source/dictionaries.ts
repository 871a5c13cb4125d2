import { type NameDictionary, TO_ADDITIVE, TO_DUAL } from "./name-dictionary.js";
import type { SourceDictionary } from "./source-declaration.js";

/** The dictionaries that hold in one file. */
export interface Dictionaries {
  readonly to_additive: NameDictionary;
  readonly to_dual: NameDictionary;
}

/** Those of a recent Mathlib, for a library whose own Mathlib is not read. */
export const KNOWN_DICTIONARIES: Dictionaries = { to_additive: TO_ADDITIVE, to_dual: TO_DUAL };

/** What the attributes' own source lists, in place of what is known of a recent Mathlib. */
export function withListed(
  known: Dictionaries,
  sources: readonly SourceDictionary[],
): Dictionaries {
  return sources
    .filter(({ scope }) => scope === "library")
    .reduce((all, { attribute, part, entries }) => {
      return { ...all, [attribute]: { ...all[attribute], ...mapped(part, entries) } };
    }, known);
}

/** With what hints in a file add. */
export function withHints(known: Dictionaries, sources: readonly SourceDictionary[]): Dictionaries {
  return sources
    .filter(({ scope }) => scope === "file")
    .reduce((all, { attribute, part, entries }) => {
      const before = all[attribute];
      const old =
        part === "words"
          ? before.words
          : [...before.abbreviations].map(([from, to]) => [from, [to]] as const);
      return { ...all, [attribute]: { ...before, ...mapped(part, [...old, ...entries]) } };
    }, known);
}

function mapped(
  part: SourceDictionary["part"],
  entries: SourceDictionary["entries"],
): Partial<NameDictionary> {
  return part === "words"
    ? { words: new Map(entries) }
    : { abbreviations: new Map(entries.map(([from, to]) => [from, to[0] ?? ""])) };
}
