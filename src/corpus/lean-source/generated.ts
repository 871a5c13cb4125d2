import type { Dictionaries } from "./dictionaries.js";
import type { NamedDeclaration } from "./name-table.js";
import { components } from "./scopes.js";
import type { GeneratingAttribute } from "./source-declaration.js";
import type { Translations } from "./translations.js";

/** A declaration that an attribute makes of another. */
export interface GeneratedDeclaration {
  readonly name: string;
  readonly attribute: GeneratingAttribute["attribute"];
  /** The full name of what it is made of. */
  readonly from: string;
  readonly docstring: string;
}

const SUFFIXES = { reassoc: "_assoc", elementwise: "_apply", to_app: "_app" } as const;

/** Kinds that the translating attributes only tie to a counterpart that exists. */
const NOT_TRANSLATED: ReadonlySet<string> = new Set([
  "structure",
  "class",
  "inductive",
  "field",
  "constructor",
]);

/**
 * What the attributes at a declaration make, in the order of Mathlib: each attribute for itself, and
 * the attributes inside of it for the declaration and for what it made.
 */
export function generatedFrom(
  source: Pick<NamedDeclaration, "name" | "kind">,
  attributes: readonly GeneratingAttribute[],
  translations: Translations,
  dictionaries: Dictionaries,
): GeneratedDeclaration[] {
  return attributes.flatMap((attribute) => {
    const { nested, docstring } = attribute;
    const made: GeneratedDeclaration[] = [];
    const name = generatedName(source, attribute, translations, dictionaries);
    if (name !== undefined) {
      made.push({ name, attribute: attribute.attribute, from: source.name, docstring });
      for (const inner of nested) {
        if (!isTranslating(inner)) continue;
        translations.ask(inner.attribute, name, inner.target, dictionaries);
      }
      const kind = source.kind === "field" ? "theorem" : source.kind;
      made.push(...generatedFrom({ name, kind }, nested, translations, dictionaries));
    }
    // `to_additive (attr := to_additive)` is for what was made alone.
    const forSource = nested.filter(
      (inner) => inner.attribute !== "to_additive" || attribute.attribute !== "to_additive",
    );
    return [...made, ...generatedFrom(source, forSource, translations, dictionaries)];
  });
}

export function isTranslating(
  attribute: GeneratingAttribute,
): attribute is GeneratingAttribute & { readonly attribute: "to_additive" | "to_dual" } {
  return attribute.attribute === "to_additive" || attribute.attribute === "to_dual";
}

function generatedName(
  source: Pick<NamedDeclaration, "name" | "kind">,
  attribute: GeneratingAttribute,
  translations: Translations,
  dictionaries: Dictionaries,
): string | undefined {
  if (!isTranslating(attribute)) {
    if (source.kind !== "theorem" && source.kind !== "field") return undefined;
    if (attribute.attribute === "to_fun") return pointwiseName(source.name, attribute.target);
    return source.name + SUFFIXES[attribute.attribute as keyof typeof SUFFIXES];
  }
  if (attribute.existing || NOT_TRANSLATED.has(source.kind)) return undefined;
  const { attribute: word, target } = attribute;
  const name = translations.targetName(word, source.name, target, dictionaries);
  return name === source.name ? undefined : name;
}

/**
 * What `to_fun` calls the pointwise form of a theorem: `Foo.fun_bar` for `Foo.bar`, or the name that it
 * is given in place of as many components.
 */
function pointwiseName(source: string, target: string): string {
  const parts = components(source);
  const given = target === "" ? [`fun_${parts[parts.length - 1] ?? ""}`] : components(target);
  return [...parts.slice(0, Math.max(0, parts.length - given.length)), ...given].join(".");
}
