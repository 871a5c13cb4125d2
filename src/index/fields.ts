import type { Declaration } from "../declaration.js";
import { words } from "../text/words.js";
import { FIELDS, type Field } from "./schema.js";

/** The stemmed words of each searched field of a declaration, in the order of the text. */
export type FieldWords = Readonly<Record<Field, readonly string[]>>;

/**
 * What is searched of a declaration, field by field, as words of the common vocabulary.
 *
 * @param searchesRules whether the line that rules made of the statement is searched. It repeats in
 * words what the statement says, which helps a search by words alone, and does nothing for one that
 * has vectors (measured in docs/models.md).
 */
export function fieldWords(declaration: Declaration, searchesRules = false): FieldWords {
  const { kind, signature, type, value, statement } = declaration;
  const bodyIsMeaning = kind === "structure" || kind === "class" || kind === "inductive";
  const written = statement === "" ? { binders: signature, type } : splitStatement(statement);
  const body = bodyIsMeaning ? value : "";
  const isInformal = searchesRules || declaration.informalOrigin !== "rules";
  return {
    name: words(declaration.name),
    docstring: words(declaration.docstring),
    informal: words(
      [
        ...(isInformal ? [declaration.informalName, declaration.informalDescription] : []),
        ...declaration.aliases,
        ...declaration.topics,
      ].join("\n"),
    ),
    type: words(`${written.type}\n${body}`),
    binders: words(written.binders),
    module: words(declaration.module.replace(/^Mathlib\./, "")),
  };
}

/** How many words each field has, in the order of {@link FIELDS}. */
export function fieldLengths(fields: FieldWords): number[] {
  return FIELDS.map((field) => fields[field].length);
}

const OPENING = "([{⦃⟨";
const CLOSING = ")]}⦄⟩";

/** Attributes, modifiers and the keyword before a declaration's name. */
const HEADER =
  /^\s*(?:@\[(?:[^[\]]|\[[^[\]]*\])*\]\s*)*(?:(?:private|protected|public|noncomputable|unsafe|partial|nonrec|scoped|local|meta)\s+)*(?:(?:theorem|lemma|def|abbrev|instance|structure|class\s+inductive|class|inductive|axiom|opaque|example)(?!\S)\s*)?/u;

/** A declaration's name, which an instance may lack, with its universe parameters. */
const NAME = /^(?:«[^»]*»|\.\{[^}]*\}|[^\s:«([{⦃⟨])+/u;

/**
 * Splits a written-out statement (`theorem foo (n : ℕ) : n = n := rfl`) into its binders and its
 * type: the keyword and name are left out, and the type starts after the first colon that stands in
 * no bracket. A statement without such a colon is all binders up to `:=`, `where` or `extends`, and
 * its body counts as its type, as a structure's does.
 */
export function splitStatement(statement: string): { binders: string; type: string } {
  const rest = statement.replace(HEADER, "").replace(NAME, "");
  let depth = 0;
  for (let i = 0; i < rest.length; i += 1) {
    const character = rest.charAt(i);
    if (OPENING.includes(character)) depth += 1;
    else if (CLOSING.includes(character)) depth -= 1;
    else if (depth === 0 && character === ":") {
      return { binders: rest.slice(0, i), type: rest.slice(i + 1).replace(/^=/, "") };
    } else if (depth === 0 && /^\s(?:where|extends)\s/u.test(rest.slice(i, i + 9))) {
      return { binders: rest.slice(0, i), type: rest.slice(i) };
    }
  }
  return { binders: rest, type: "" };
}
