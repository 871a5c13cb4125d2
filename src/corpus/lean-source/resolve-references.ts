import type { Declaration } from "../../declaration.js";
import type { ContextNames } from "./context-names.js";
import type { GeneratedDeclaration } from "./generated.js";
import type { InstanceParameters } from "./instance-parameters.js";
import { lastComponent, type NameTable, prefixOf } from "./name-table.js";
import { reassociated } from "./reassociate.js";
import { components } from "./scopes.js";
import type { SourceDeclaration } from "./source-declaration.js";
import { TOKEN } from "./token-list.js";
import { tokenize } from "./tokens.js";
import { translateStatement } from "./translate-statement.js";
import type { Translations } from "./translations.js";

/** All that is known of a library when its names are resolved. */
export interface LibraryNames {
  readonly table: NameTable;
  readonly translations: Translations;
  readonly parameters: InstanceParameters;
}

/**
 * A declaration with its references as full names.
 *
 * @param name its full name, which the source need not give: instances.
 * @param aliased for an alias: what it stands for.
 */
export function resolveDeclaration(
  source: SourceDeclaration,
  name: string,
  module: string,
  names: ContextNames,
  library: LibraryNames,
  aliased: Declaration | undefined,
): Declaration {
  const references = new Set<string>();
  for (const mention of source.mentions) {
    const found = resolveMention(mention, name, names, library);
    if (found !== undefined && found !== name) references.add(found);
  }
  const declaration: Declaration = {
    name,
    kind: source.kind,
    module,
    line: source.line,
    signature: source.signature,
    type: source.type,
    value: source.value,
    statement: "",
    docstring: source.docstring,
    informalName: "",
    informalDescription: "",
    aliases: [],
    topics: [],
    references: [...references],
  };
  if (source.alias === undefined) return declaration;
  const derivedFrom = aliased?.name ?? source.alias.target;
  if (aliased === undefined) return { ...declaration, derivedFrom };
  const { kind, signature } = aliased;
  const type = directed(aliased.type, source.alias.direction);
  return { ...declaration, kind, signature, type, derivedFrom };
}

function resolveMention(
  mention: string,
  within: string,
  names: ContextNames,
  { table, parameters }: LibraryNames,
): string | undefined {
  const found = names.resolve(mention, within);
  if (found === undefined) return undefined;
  let head = mention;
  while (head !== "" && !isHead(found, head)) head = prefixOf(head);
  if (head === "" || head === mention) return found;
  // `h.foo` where a parent of the structure that `h` is of declares `foo`.
  const field = components(mention.slice(head.length + 1))[0] ?? "";
  for (const ancestor of parameters.ancestorsOf(found)) {
    if (table.has(`${ancestor}.${field}`)) return `${ancestor}.${field}`;
  }
  return found;
}

function isHead(full: string, head: string): boolean {
  return full === head || full.endsWith(`.${head}`);
}

/** One direction of an equivalence as an implication. */
function directed(type: string, direction: "whole" | "forward" | "backward"): string {
  if (direction === "whole") return type;
  const { tokens } = tokenize(type);
  tokens.pairBrackets(
    () => false,
    () => undefined,
  );
  let start = 0;
  for (let token = 0; token < tokens.size; token = tokens.skip(token)) {
    if (tokens.kind(token) !== TOKEN.sign) continue;
    if (tokens.is(token, ",") || tokens.is(token, "→")) start = token + 1;
    if (!tokens.is(token, "↔")) continue;
    const premise = tokens.source(0, start);
    const sides = [tokens.source(start, token), tokens.source(token + 1, tokens.size)];
    if (direction === "backward") sides.reverse();
    return `${premise === "" ? "" : `${premise} `}${sides.join(" → ")}`;
  }
  return type;
}

/** What an attribute makes of a declaration that has been resolved. */
export function resolveGenerated(
  generated: GeneratedDeclaration,
  from: Declaration,
  module: string,
  names: ContextNames,
  library: LibraryNames,
): Declaration {
  const { translations } = library;
  const made: Declaration = {
    ...from,
    name: generated.name,
    kind: from.kind === "field" ? "theorem" : from.kind,
    module,
    value: "",
    docstring: generated.docstring,
    derivedFrom: from.name,
  };
  const { attribute } = generated;
  if (attribute === "elementwise" || attribute === "to_app" || attribute === "to_fun") return made;
  if (attribute === "reassoc") {
    const composed = reassociated(from.signature, from.type);
    if (composed === undefined) return made;
    const signature = `${from.signature} ${composed.binders}`.trim();
    return { ...made, signature, type: composed.type };
  }
  const translateName = (word: string) =>
    translatedWord(word, from.name, names, attribute, library);
  return {
    ...made,
    signature: translateStatement(from.signature, attribute, translateName),
    type: translateStatement(from.type, attribute, translateName),
    references: [
      ...new Set(
        from.references.map((name) => translations.translationOf(attribute, name) ?? name),
      ),
    ],
  };
}

/** A word of a statement in the translated one. */
function translatedWord(
  word: string,
  within: string,
  names: ContextNames,
  attribute: "to_additive" | "to_dual",
  { table, translations }: LibraryNames,
): string {
  const resolved = names.resolve(word, within);
  if (resolved === undefined) {
    const dot = word.indexOf(".");
    // A local variable keeps its name; what is reached through it does not.
    if (dot === -1) return /^\p{Lu}/u.test(word) ? guessed(word, attribute, translations) : word;
    const head = word.slice(0, dot);
    const start = /^\p{Lu}/u.test(head) ? guessed(head, attribute, translations) : head;
    const rest = components(word.slice(dot + 1));
    return [start, ...rest.map((part) => guessed(part, attribute, translations))].join(".");
  }
  let part = word;
  while (part !== "" && resolved !== part && !resolved.endsWith(`.${part}`)) part = prefixOf(part);
  const translation =
    translations.translationOf(attribute, resolved) ??
    existing(translations.targetName(attribute, resolved, ""), table);
  if (translation === undefined || part === "") return word;
  const kept = components(part).length;
  return components(translation).slice(-kept).join(".") + word.slice(part.length);
}

/** A guessed name where it is one of the library's. */
function existing(name: string, table: NameTable): string | undefined {
  return table.has(name) ? name : undefined;
}

function guessed(
  component: string,
  attribute: "to_additive" | "to_dual",
  translations: Translations,
): string {
  return lastComponent(translations.targetName(attribute, component, ""));
}
