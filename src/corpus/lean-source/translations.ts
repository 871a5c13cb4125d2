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
  /** What the source asks for: from the full name of a declaration to the name given, or "". */
  readonly #asked = {
    to_additive: new Map<string, string>(),
    to_dual: new Map<string, string>(),
  } as const;
  /** Translations that are known as they are. */
  readonly #fixed = { to_additive: new Map<string, string>(), to_dual: new Map<string, string>() };
  readonly #known = { to_additive: new Map<string, string>(), to_dual: new Map<string, string>() };

  /** Takes note of an attribute at a declaration. */
  ask(attribute: TranslatingAttribute, source: string, target: string): void {
    this.#asked[attribute].set(source, target);
    this.#known[attribute].delete(source);
  }

  /** Takes note of a pair of names, such as two fields of structures that correspond. */
  fix(attribute: TranslatingAttribute, source: string, target: string): void {
    this.#fixed[attribute].set(source, target);
    if (attribute === "to_dual") this.#fixed[attribute].set(target, source);
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
    const target = this.#asked[attribute].get(source);
    if (target === undefined) return undefined;
    const name = this.targetName(attribute, source, target);
    this.#known[attribute].set(source, name);
    return name;
  }

  /** The name of the translation of `source` that the source calls `target` ("" for no name). */
  targetName(attribute: TranslatingAttribute, source: string, target: string): string {
    const prefix = this.#translatedPrefix(attribute, prefixOf(source));
    if (target.startsWith("_root_.")) return target.slice("_root_.".length);
    if (target === "") return joined(prefix, guessName(lastComponent(source), attribute));
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

function joined(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}
