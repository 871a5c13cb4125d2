import { z } from "zod";

/** The kinds of declaration that lemmascope tells apart, in the corpus's own words. */
export const DECLARATION_KINDS = [
  "theorem",
  "definition",
  "abbrev",
  "structure",
  "class",
  "inductive",
  "instance",
  "field",
  "constructor",
  "axiom",
  "opaque",
] as const;

export const declarationKind = z.enum(DECLARATION_KINDS);
export type DeclarationKind = z.infer<typeof declarationKind>;

/** Other words for a kind, as Lean source and other data sets write them. */
export const KIND_SYNONYMS: Readonly<Record<string, DeclarationKind>> = {
  lemma: "theorem",
  def: "definition",
  abbreviation: "abbrev",
  "class inductive": "class",
  ctor: "constructor",
  projection: "field",
};

/** Where a declaration comes from, where its source tells that. */
export const declarationOrigin = z.strictObject({
  package: z.string().min(1),
  /** A tag, the start of a commit, or what the package says of itself; may be empty. */
  version: z.string(),
  /** The file, relative to the package's folder, with slashes: `src/Garden/Rose.lean`. */
  file: z.string(),
  /** Whether the package is the project that is indexed, and not one that it depends on. */
  isOwn: z.boolean(),
});

export type DeclarationOrigin = z.infer<typeof declarationOrigin>;

/** Who wrote a declaration's words: a person, a language model, or a rule that reads its statement. */
export const INFORMAL_ORIGINS = ["people", "model", "rules"] as const;
export type InformalOrigin = (typeof INFORMAL_ORIGINS)[number];

/**
 * One Lean declaration as lemmascope knows it. Texts that are not known are empty strings, so that
 * readers need not tell "absent" from "empty".
 */
export const declarationSchema = z.strictObject({
  /** Full name, components joined by dots: `IsCompact.exists_isMaxOn`. */
  name: z.string().min(1),
  kind: declarationKind,
  /** The module that declares it, joined by dots: `Mathlib.Topology.Order.Compact`. May be empty. */
  module: z.string(),
  /** The line of the source file on which the declaration starts, from 1; absent if not known. */
  line: z.number().int().positive().optional(),
  /** Binders before the colon, as written in Lean. */
  signature: z.string(),
  /** The type after the colon: for a theorem, its statement. */
  type: z.string(),
  /** The value where it is short or is part of the meaning: ` := …`, or the body of a structure. */
  value: z.string(),
  /** The whole statement written out in Lean, where a corpus has that instead of its parts. */
  statement: z.string(),
  docstring: z.string(),
  informalName: z.string(),
  informalDescription: z.string(),
  /** Who wrote the informal name and description; absent where a corpus does not tell. */
  informalOrigin: z.enum(INFORMAL_ORIGINS).optional(),
  /** Other names that people use for it: "max-flow min-cut theorem". */
  aliases: z.array(z.string()),
  /** Subject areas in words: "commutative algebra". */
  topics: z.array(z.string()),
  /** Full names of the declarations that its type, value or proof uses, without repeats. */
  references: z.array(z.string()),
  /** The declaration that Lean generated this one from, such as the source of an additive twin. */
  derivedFrom: z.string().optional(),
  origin: declarationOrigin.optional(),
});

export type Declaration = z.infer<typeof declarationSchema>;

const KEYWORDS: Readonly<Record<DeclarationKind, string>> = {
  theorem: "theorem",
  definition: "def",
  abbrev: "abbrev",
  structure: "structure",
  class: "class",
  inductive: "inductive",
  instance: "instance",
  field: "field",
  constructor: "constructor",
  axiom: "axiom",
  opaque: "opaque",
};

/**
 * The declaration as a reader of Lean expects to see it: `theorem Nat.add_comm (n m : ℕ) : n + m =
 * m + n`. The value is shown only where it is part of the meaning (structures, classes,
 * inductives); proofs and bodies are left out.
 */
export function leanStatement(declaration: Declaration): string {
  if (declaration.statement !== "") return declaration.statement;
  const { kind, name, signature, type, value } = declaration;
  // Constructors listed before the first alternative's type arrive in the signature, as text that
  // starts with a bar; they read best right after the name.
  let text = `${KEYWORDS[kind]} ${name}`;
  if (signature !== "") text += ` ${signature}`;
  if (type !== "") text += ` : ${type}`;
  const bodyIsMeaning = kind === "structure" || kind === "class" || kind === "inductive";
  if (bodyIsMeaning && value !== "") text += ` ${value}`;
  return text;
}

/**
 * What was written about a declaration: its informal name and description, else its docstring. A line
 * that rules made of the statement stands back behind a docstring.
 */
export function wordsAbout(declaration: Declaration): string {
  const { informalName, informalDescription, informalOrigin, docstring } = declaration;
  const informal = [informalName, informalDescription].filter((text) => text !== "").join(". ");
  if (informal === "" || (informalOrigin === "rules" && docstring !== "")) return docstring;
  return informal;
}

/** Roots of the modules whose documentation is published together with Mathlib's. */
const DOCUMENTED_ROOTS = new Set([
  "Aesop",
  "Batteries",
  "ImportGraph",
  "Init",
  "Lake",
  "Lean",
  "LeanSearchClient",
  "Mathlib",
  "Plausible",
  "ProofWidgets",
  "Qq",
  "Std",
]);

/** The page of the public Mathlib documentation that shows a declaration, where there is one. */
export function documentationUrl(
  declaration: Pick<Declaration, "name" | "module">,
): string | undefined {
  const parts = declaration.module.split(".");
  if (!DOCUMENTED_ROOTS.has(parts[0] ?? "")) return undefined;
  const page = parts.map(encodeURIComponent).join("/");
  return `https://leanprover-community.github.io/mathlib4_docs/${page}.html#${encodeURIComponent(declaration.name)}`;
}

/** The record in the shape of the public data set, as corpora are written and JSON output shows it. */
export function toCorpusRecord(declaration: Declaration): Record<string, unknown> {
  return {
    name: declaration.name,
    kind: declaration.kind,
    module: declaration.module,
    line: declaration.line ?? null,
    signature: declaration.signature,
    type: declaration.type,
    value: declaration.value,
    statement: declaration.statement,
    docstring: declaration.docstring,
    informal_name: declaration.informalName,
    informal_description: declaration.informalDescription,
    ...(declaration.informalOrigin === undefined
      ? {}
      : { informal_origin: declaration.informalOrigin }),
    aliases: declaration.aliases,
    topics: declaration.topics,
    references: declaration.references,
    derived_from: declaration.derivedFrom ?? null,
    ...originRecord(declaration.origin),
  };
}

/** Only what came from a package has these fields. */
function originRecord(origin: DeclarationOrigin | undefined): Record<string, unknown> {
  if (origin === undefined) return {};
  const { package: owner, version, file, isOwn } = origin;
  return { package: owner, package_version: version, file, own: isOwn };
}
