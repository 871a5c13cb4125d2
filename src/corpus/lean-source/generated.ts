import type { NamedDeclaration } from "./name-table.js";
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

const SUFFIXES = { reassoc: "_assoc", elementwise: "_apply" } as const;

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
): GeneratedDeclaration[] {
  return attributes.flatMap((attribute) => {
    const { nested, docstring } = attribute;
    const made: GeneratedDeclaration[] = [];
    const name = generatedName(source, attribute, translations);
    if (name !== undefined) {
      made.push({ name, attribute: attribute.attribute, from: source.name, docstring });
      for (const inner of nested) {
        if (isTranslating(inner)) translations.ask(inner.attribute, name, inner.target);
      }
      const kind = source.kind === "field" ? "theorem" : source.kind;
      made.push(...generatedFrom({ name, kind }, nested, translations));
    }
    // `to_additive (attr := to_additive)` is for what was made alone.
    const forSource = nested.filter(
      (inner) => inner.attribute !== "to_additive" || attribute.attribute !== "to_additive",
    );
    return [...made, ...generatedFrom(source, forSource, translations)];
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
): string | undefined {
  if (!isTranslating(attribute)) {
    return source.kind === "theorem" || source.kind === "field"
      ? source.name + SUFFIXES[attribute.attribute as keyof typeof SUFFIXES]
      : undefined;
  }
  if (attribute.existing || NOT_TRANSLATED.has(source.kind)) return undefined;
  const name = translations.targetName(attribute.attribute, source.name, attribute.target);
  return name === source.name ? undefined : name;
}
