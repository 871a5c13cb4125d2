/** What Lean adds to inductive types, structures and definitions by itself. */
const GENERATED: ReadonlySet<string> = new Set([
  "below",
  "binductionOn",
  "brecOn",
  "casesOn",
  "eq_def",
  "ibelow",
  "injEq",
  "noConfusion",
  "noConfusionType",
  "rec",
  "recOn",
  "sizeOf_spec",
]);

/** Parts that Lean cuts out of a declaration: `match_1`, `proof_3`, `eq_2`. */
const NUMBERED = /^(?:match|proof|eq)_\d+(?:_\d+)*$/;

/**
 * Whether Lean, not a person, gives such names: a component starts with `_` (`_private`, `_aux`), or is
 * one of those that are generated for every type or definition.
 */
export function isInternalName(name: string): boolean {
  return name
    .split(".")
    .some((part) => part.startsWith("_") || GENERATED.has(part) || NUMBERED.test(part));
}
