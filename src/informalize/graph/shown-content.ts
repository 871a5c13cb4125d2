import { type Declaration, type DeclarationKind, leanStatement } from "../../declaration.js";

/** Kinds whose value is a proof: what they say is their statement alone. */
const PROPOSITIONS: ReadonlySet<DeclarationKind> = new Set(["theorem", "axiom"]);

/** Whether a declaration states something that its proof adds nothing to. */
export function isProposition(kind: DeclarationKind): boolean {
  return PROPOSITIONS.has(kind);
}

/**
 * The value that a prompt shows beside the statement: "" for propositions, whose value is a proof,
 * and for those whose {@link leanStatement} shows it already.
 */
export function shownValue(declaration: Declaration): string {
  const { kind, value, statement } = declaration;
  if (isProposition(kind) || value === "") return "";
  const isShown = kind === "structure" || kind === "class" || kind === "inductive";
  return isShown && statement === "" ? "" : value;
}

/**
 * What a prompt says of a declaration itself; two declarations with the same content are described
 * alike. Where it lies in its file is no part of it.
 */
export function shownContent(declaration: Declaration): readonly string[] {
  const { kind, name, docstring } = declaration;
  return [kind, name, leanStatement(declaration), shownValue(declaration), docstring];
}
