import { type Dictionaries, KNOWN_DICTIONARIES } from "./dictionaries.js";
import { guessName } from "./guess-name.js";
import { lastComponent, prefixOf } from "./name-table.js";
import { components } from "./scopes.js";

/** The attributes that translate declarations. */
export type TranslatingAttribute = "to_additive" | "to_dual";

/**
 * The names that `to_additive` and `to_dual` give, after `targetName` of Mathlib's
 * `Mathlib.Tactic.Translate.Core`: the longest prefix that has a translation takes it, and the last
 * component is given or guessed.
 */
export class Translations {
  /** What names go by where no file adds to it. */
  dictionaries = KNOWN_DICTIONARIES;
  /** What the source asks for: from the full name of a declaration to the name given, or "". */
  readonly #asked = {
    to_additive: new Map<string, Asked>(),
    to_dual: new Map<string, Asked>(),
  } as const;
  /** Translations that are known as they are. */
  readonly #fixed = { to_additive: new Map<string, string>(), to_dual: new Map<string, string>() };
  readonly #known = { to_additive: new Map<string, string>(), to_dual: new Map<string, string>() };

  /** The other way round of what `to_dual` is asked for: it translates both ways. */
  readonly #mirrored = new Map<string, string>();

  /** Takes note of an attribute at a declaration. */
  ask(
    attribute: TranslatingAttribute,
    source: string,
    target: string,
    dictionaries = this.dictionaries,
  ): void {
    this.#asked[attribute].set(source, { target, dictionaries });
    this.#known[attribute].delete(source);
  }

  /** Takes note of a pair of names, such as two fields of structures that correspond. */
  fix(attribute: TranslatingAttribute, source: string, target: string): void {
    this.#fixed[attribute].set(source, target);
    if (attribute === "to_dual") this.#fixed[attribute].set(target, source);
  }

  /** Finds the other way round of duals, once all that the source asks for is noted. */
  mirror(): void {
    const asked = this.#asked.to_dual;
    this.#mirrored.clear();
    this.#known.to_dual.clear();
    // The translation of a name goes by that of its prefix, which has fewer components.
    const depth = (name: string) => name.split(".").length;
    const sources = [...asked.keys()].sort((one, other) => depth(one) - depth(other));
    for (const source of sources) {
      const target = this.translationOf("to_dual", source) ?? source;
      if (target !== source) this.#mirrored.set(target, source);
    }
  }

  forget(attribute: TranslatingAttribute, source: string): void {
    this.#asked[attribute].delete(source);
    this.#fixed[attribute].delete(source);
    this.#known[attribute].clear();
  }

  /** What a declaration is translated to; undefined where nothing translates it. */
  translationOf(attribute: TranslatingAttribute, source: string): string | undefined {
    const fixed = this.#fixed[attribute].get(source);
    if (fixed !== undefined) return fixed;
    const known = this.#known[attribute].get(source);
    if (known !== undefined) return known;
    const asked = this.#asked[attribute].get(source);
    if (asked === undefined) {
      return attribute === "to_dual" ? this.#mirrored.get(source) : undefined;
    }
    const name = this.targetName(attribute, source, asked.target, asked.dictionaries);
    this.#known[attribute].set(source, name);
    return name;
  }

  /** The name of the translation of `source` that the source calls `target` ("" for no name). */
  targetName(
    attribute: TranslatingAttribute,
    source: string,
    target: string,
    dictionaries = this.dictionaries,
  ): string {
    const prefix = this.#translatedPrefix(attribute, prefixOf(source));
    if (target.startsWith("_root_.")) return target.slice("_root_.".length);
    if (target === "") {
      return joined(prefix, guessName(lastComponent(source), attribute, dictionaries[attribute]));
    }
    const given = components(target).length;
    const kept = prefix === "" ? [] : components(prefix);
    return joined(kept.slice(0, Math.max(0, kept.length - given + 1)).join("."), target);
  }

  #translatedPrefix(attribute: TranslatingAttribute, namespace: string): string {
    for (let prefix = namespace; prefix !== ""; prefix = prefixOf(prefix)) {
      const translation = this.translationOf(attribute, prefix);
      if (translation !== undefined) return translation + namespace.slice(prefix.length);
    }
    return namespace;
  }
}

interface Asked {
  readonly target: string;
  readonly dictionaries: Dictionaries;
}

function joined(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}
