import type { DeclarationKind } from "../../declaration.js";
import { type Binder, type BinderBracket, typeHead } from "./binders.js";
import {
  bodyEnd,
  constructorsEnd,
  type Member,
  readConstructors,
  readStructureBody,
} from "./bodies.js";
import { fullName, type Header, readHeader, readName } from "./headers.js";
import { readAlignedDefinitions, readLocalDefinitions } from "./local-definitions.js";
import { gatherMentions } from "./mentions.js";
import type { Modifiers } from "./modifiers.js";
import type { Scopes } from "./scopes.js";
import type { SourceDeclaration } from "./source-declaration.js";
import type { TokenList } from "./token-list.js";
import { binderText, type UsedVariables } from "./variables.js";

/** A value longer than this is cut: it is there to be looked at, not to be read back. */
const LONGEST_VALUE = 400;

/** The command that declares something, as ranges of tokens. */
export interface DeclaringCommand {
  readonly kind: DeclarationKind;
  /** The word that the source uses: `lemma`, `irreducible_def`. */
  readonly word: string;
  readonly modifiers: Modifiers;
  /** The token of the name or, without one, of what follows the word that declares. */
  readonly from: number;
  readonly to: number;
}

/** The declarations that one command makes: itself, and its fields or constructors. */
export function readDeclaration(
  tokens: TokenList,
  command: DeclaringCommand,
  scopes: Scopes,
): SourceDeclaration[] {
  const { kind, modifiers, to } = command;
  let from = command.from;
  if (kind === "instance" && tokens.is(from, "(") && tokens.is(from + 1, "priority")) {
    from = tokens.skip(from);
  }
  const named = readName(tokens, from);
  const asked = command.word === "irreducible_def" ? readLemmaName(tokens, named.next) : undefined;
  const isFamily = kind === "inductive" || command.word === "class inductive";
  const header = readHeader(tokens, asked?.next ?? named.next, to, isFamily);
  const hasMembers = kind === "structure" || kind === "class" || kind === "inductive";
  const end = hasMembers ? bodyEnd(tokens, header.valueFrom, to) : to;
  const bound = boundNames(tokens, header);
  const headerMentions = new Set<string>();
  gatherHeader(tokens, header, headerMentions, bound);
  const mentions = new Set<string>();
  gatherMentions(tokens, header.valueFrom, to, mentions, bound);
  for (const mention of headerMentions) mentions.add(mention);
  const used = scopes.variables.used(kind === "theorem" ? headerMentions : mentions);
  const own = tokens.source(header.bindersFrom, header.bindersTo);
  const parents = extendsText(tokens, header);
  const isParentFirst = header.extendsFrom < header.typeFrom || header.typeFrom === -1;
  const name = fullName(scopes.namespace, named.name);
  const shared = {
    line: tokens.line(command.from - 1),
    isProtected: modifiers.words.has("protected"),
    context: scopes.context,
    attributes: modifiers.attributes,
  };
  const declaration: SourceDeclaration = {
    name: named.name === "" ? scopes.namespace : name,
    kind,
    ...shared,
    signature: join([...used.binders, own, isParentFirst ? parents : ""]),
    type: join([tokens.source(header.typeFrom, header.typeTo), isParentFirst ? "" : parents]),
    value: kind === "theorem" ? "" : valueText(tokens, header.valueFrom, end),
    docstring: modifiers.docstring,
    mentions: withoutVariables(mentions, used),
  };
  if (named.name === "") {
    const locals = Object.fromEntries([...used.heads, ...bound]);
    return [{ ...declaration, anonymous: { binders: header.binders.map(ownBinderText), locals } }];
  }
  if (isFamily) {
    return [declaration, ...constructors(tokens, declaration, header, end, used)];
  }
  if (kind === "structure" || (kind === "class" && !tokens.is(command.from - 1, "abbrev"))) {
    return withFields(tokens, declaration, header, end, used);
  }
  if (command.word === "irreducible_def") {
    const lemma = asked === undefined ? `${name}_def` : fullName(scopes.namespace, asked.name);
    return [declaration, equation(declaration, lemma, header, used)];
  }
  if (!hasPublicBody(command, scopes)) return [declaration];
  return withLocalDefinitions(tokens, declaration, header, to, bound);
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

/** The names that a header binds, each with the name at the head of its type. */
function boundNames(tokens: TokenList, header: Header): Map<string, string> {
  const bound = new Map<string, string>();
  for (const name of header.bareNames) bound.set(name, "");
  for (const binder of header.binders) {
    const head = typeHead(tokens, binder.typeFrom, binder.typeTo);
    for (const name of binder.names) bound.set(name, head);
  }
  return bound;
}

function gatherHeader(
  tokens: TokenList,
  header: Header,
  mentions: Set<string>,
  bound: ReadonlyMap<string, string>,
): void {
  for (const binder of header.binders) {
    gatherMentions(tokens, binder.typeFrom, binder.typeTo, mentions, bound);
  }
  gatherMentions(tokens, header.extendsFrom + 1, header.extendsTo, mentions, bound);
  gatherMentions(tokens, header.typeFrom, header.typeTo, mentions, bound);
}

/** Mentions without the section variables; `x.foo` of a variable becomes `Head.foo`. */
function withoutVariables(mentions: ReadonlySet<string>, used: UsedVariables): string[] {
  if (used.heads.size === 0) return [...mentions];
  const kept: string[] = [];
  let isRenamed = false;
  for (const mention of mentions) {
    const dot = mention.indexOf(".");
    const head = used.heads.get(dot === -1 ? mention : mention.slice(0, dot));
    if (head === undefined) kept.push(mention);
    else if (head !== "" && dot !== -1) {
      kept.push(head + mention.slice(dot));
      isRenamed = true;
    }
  }
  return isRenamed ? [...new Set(kept)] : kept;
}

function extendsText(tokens: TokenList, header: Header): string {
  return header.extendsFrom === -1 ? "" : tokens.source(header.extendsFrom, header.extendsTo);
}

function valueText(tokens: TokenList, from: number, to: number): string {
  // A token is at least one character, so more tokens than characters cannot be shown.
  return tokens.source(from, Math.min(to, from + LONGEST_VALUE)).slice(0, LONGEST_VALUE);
}

function ownBinderText(binder: Binder): string {
  return binderText(binder.bracket, binder.names, binder.type);
}

/**
 * The parameters of a type as its fields and constructors see them: implicit, save instances and those
 * that a constructor changes: `mk (n) ::`.
 */
function implicitParameters(header: Header, used: UsedVariables, changes?: Header): string[] {
  const changed = new Map<string, BinderBracket>();
  for (const { bracket, names } of changes?.binders ?? []) {
    for (const name of names) changed.set(name, bracket);
  }
  const variables = used.binders.map((binder) =>
    binder.startsWith("(") ? `{${binder.slice(1, -1)}}` : binder,
  );
  const own = header.binders.flatMap(({ bracket, names, type }) => {
    const plainType = type.replace(/ := .*$/, "");
    const usual = bracket === "[" ? "[" : "{";
    if (!names.some((name) => changed.has(name))) return [binderText(usual, names, plainType)];
    return names.map((name) => binderText(changed.get(name) ?? usual, [name], plainType));
  });
  return [...variables, ...header.bareNames.map((name) => `{${name}}`), ...own];
}

/** A field as a constructor takes it: `(plant : ∀ (row column : Nat), α)`. */
function fieldBinder(tokens: TokenList, { name, bracket, header }: Member): string {
  const binders = tokens.source(header.bindersFrom, header.bindersTo);
  const type = tokens.source(header.typeFrom, header.typeTo);
  return binderText(bracket ?? "(", [name], binders === "" ? type : `∀ ${binders}, ${type}`);
}

/** A type applied to its explicit parameters: `AddConstMap G H a b`. */
function applied(name: string, header: Header, used: UsedVariables): string {
  const own = header.binders.flatMap(({ bracket, names }) => (bracket === "(" ? names : []));
  return join([
    name.slice(name.lastIndexOf(".") + 1),
    ...used.explicit,
    ...header.bareNames,
    ...own,
  ]);
}

function withFields(
  tokens: TokenList,
  structure: SourceDeclaration,
  header: Header,
  end: number,
  used: UsedVariables,
): SourceDeclaration[] {
  const body = readStructureBody(tokens, header.valueFrom + 1, end, header.extendsFrom !== -1);
  const parameters = implicitParameters(header, used);
  const type = applied(structure.name, header, used);
  const self = structure.kind === "class" ? `[self : ${type}]` : `(self : ${type})`;
  const fields = body.fields
    .filter((field) => !field.isPrivate)
    .map((field) => memberDeclaration(tokens, structure, "field", field, [...parameters, self]));
  const siblings = new Set(body.fields.map((field) => field.name));
  const withoutSiblings = fields.map((field) => ({
    ...field,
    mentions: field.mentions.map((mention) =>
      siblings.has(mention) ? `${structure.name}.${mention}` : mention,
    ),
  }));
  const made = [
    {
      ...structure,
      mentions: structure.mentions.filter((mention) => !siblings.has(mention)),
      fields: body.fields.map((field) => field.name),
    },
    ...withoutSiblings,
  ];
  if (body.constructor === undefined || body.constructor.isPrivate) return made;
  const { name, line, docstring } = body.constructor;
  // What the constructor takes of parents depends on how the parents overlap.
  const isAlone = header.extendsFrom === -1;
  const constructor: SourceDeclaration = {
    ...structure,
    name: `${structure.name}.${name}`,
    kind: "constructor",
    line,
    docstring,
    signature: join([
      ...implicitParameters(header, used, body.constructor.header),
      ...(isAlone ? body.fields.map((field) => fieldBinder(tokens, field)) : []),
    ]),
    type,
    value: "",
    mentions: [],
    attributes: [],
  };
  return [...made, constructor];
}

function memberDeclaration(
  tokens: TokenList,
  parent: SourceDeclaration,
  kind: "field" | "constructor" | "definition" | "theorem",
  { name, line, docstring, isProtected, attributes, header }: Member,
  parameters: readonly string[],
): SourceDeclaration {
  const mentions = new Set<string>();
  const bound = boundNames(tokens, header);
  gatherHeader(tokens, header, mentions, bound);
  return {
    name: fullName(parent.name, name),
    kind,
    line,
    signature: join([...parameters, tokens.source(header.bindersFrom, header.bindersTo)]),
    type: tokens.source(header.typeFrom, header.typeTo),
    value: "",
    docstring,
    isProtected,
    context: parent.context,
    mentions: [...mentions],
    attributes,
  };
}

function constructors(
  tokens: TokenList,
  parent: SourceDeclaration,
  header: Header,
  end: number,
  used: UsedVariables,
): SourceDeclaration[] {
  const type = applied(parent.name, header, used);
  const parameters = implicitParameters(header, used);
  const last = constructorsEnd(tokens, header.valueFrom, end);
  const made = readConstructors(tokens, header.valueFrom, last)
    .filter((constructor) => !constructor.isPrivate)
    .map((constructor) => {
      const made = memberDeclaration(tokens, parent, "constructor", constructor, parameters);
      return made.type === "" ? { ...made, type } : made;
    });
  const computed = readAlignedDefinitions(tokens, last + 1, end).map((field) => ({
    ...memberDeclaration(tokens, parent, "definition", field, []),
    value: valueText(tokens, field.header.valueFrom, field.to),
  }));
  return [...made, ...computed];
}

/**
 * Whether other modules see the body of a public declaration. If not, Lean makes what the body defines
 * private, after `elabMutualDef` and `mkLetRecDeclView` of its `Lean.Elab`.
 */
function hasPublicBody({ kind, modifiers: { words } }: DeclaringCommand, scopes: Scopes): boolean {
  if (!scopes.isModule) return true;
  if (words.has("no_expose")) return false;
  if (kind === "abbrev" || kind === "instance" || words.has("expose")) return true;
  const { isExposing, isMeta } = scopes.exposure;
  return kind === "definition" && isExposing && (isMeta || !words.has("meta"));
}

/** A declaration and what its value defines behind `where` and by `let rec`. */
function withLocalDefinitions(
  tokens: TokenList,
  declaration: SourceDeclaration,
  header: Header,
  to: number,
  bound: ReadonlyMap<string, string>,
): SourceDeclaration[] {
  const locals = readLocalDefinitions(tokens, header.valueFrom, to);
  if (locals.length === 0) return [declaration];
  const full = new Map(locals.map(({ name }) => [name, fullName(declaration.name, name)]));
  const named = (mentions: Iterable<string>) =>
    Array.from(mentions, (mention) => full.get(mention) ?? mention);
  const kind = declaration.kind === "theorem" ? "theorem" : "definition";
  const made = locals.map((local) => {
    const stated = memberDeclaration(tokens, declaration, kind, local, []);
    const mentions = new Set(stated.mentions);
    const inside = new Map([...bound, ...boundNames(tokens, local.header)]);
    gatherMentions(tokens, local.header.valueFrom, local.to, mentions, inside);
    const value = kind === "theorem" ? "" : valueText(tokens, local.header.valueFrom, local.to);
    return { ...stated, value, mentions: named(mentions) };
  });
  return [{ ...declaration, mentions: named(declaration.mentions) }, ...made];
}

/** The name in `irreducible_def foo (lemma := foo_eq)`, and the token behind the brackets. */
function readLemmaName(
  tokens: TokenList,
  from: number,
): { readonly name: string; readonly next: number } | undefined {
  const close = tokens.closing(from);
  if (close === -1 || !tokens.is(from + 1, "lemma") || !tokens.is(from + 2, ":=")) return undefined;
  return { name: tokens.word(from + 3), next: close + 1 };
}

/** The theorem that `irreducible_def` states: `foo_def` for `foo`, or under the name it is given. */
function equation(
  definition: SourceDeclaration,
  name: string,
  header: Header,
  used: UsedVariables,
): SourceDeclaration {
  const left = applied(definition.name, header, used);
  return {
    ...definition,
    name,
    kind: "theorem",
    type: `${left} = ${definition.value.replace(/^:= /, "")}`,
    value: "",
    docstring: "",
    mentions: [`_root_.${definition.name}`, ...definition.mentions],
    attributes: [],
  };
}
