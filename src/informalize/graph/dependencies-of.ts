import type { Declaration, DeclarationKind } from "../../declaration.js";
import { mentionedNames } from "./mentioned-names.js";
import { isProposition } from "./shown-content.js";

/** What is asked of the corpus where dependencies are found. */
export interface KnownNames {
  idOf(name: string): number | undefined;
  /** The one full name that a short name may stand for where namespaces were opened. */
  opened(root: string, short: string): string | undefined;
  kind(id: number): DeclarationKind;
  /** Whether it is left out of all dependencies. */
  isInternal(id: number): boolean;
}

const WITH_PARTS: ReadonlySet<DeclarationKind> = new Set(["structure", "class", "inductive"]);
const PARTS: ReadonlySet<DeclarationKind> = new Set(["field", "constructor"]);

/** A variable, as Lean binds it without being told: a letter with digits or primes. */
const VARIABLE = /^\p{L}[\d₀-₉']*$/u;

/**
 * What a declaration depends on, without repeats and in the order that `DependencyGraph` promises. A
 * record lists what its statement and its proof or value name without telling which is where: of a
 * proposition those count that its statement mentions. What the statement mentions counts also where
 * the record does not list it, if it is a full name of the corpus, becomes one in a namespace of the
 * declaration's name, or is the end of a single one in its outermost namespace.
 *
 * A field or constructor depends on what it is a part of, and that does not depend on its parts, which
 * its own statement spells out; nor on others of their names, which lists give that look for names only.
 */
export function dependenciesOf(id: number, declaration: Declaration, known: KnownNames): number[] {
  const { name, kind, references, derivedFrom } = declaration;
  const namespaces = namespacesOf(name, WITH_PARTS.has(kind));
  const mentioned = mentionedNames(declaration);
  const inStatement = new Set<string>();
  for (const mention of mentioned.statement) {
    for (const found of resolve(mention, references, namespaces, known)) inStatement.add(found);
  }
  const places = new Map(
    Array.from(inStatement, (found) => [found, mentioned.placeOf(lastComponent(found))]),
  );
  for (const reference of references) {
    const place = places.has(reference) ? -1 : mentioned.placeOf(lastComponent(reference));
    if (place !== -1) places.set(reference, place);
  }
  const names = inOrder(places);
  if (PARTS.has(kind)) names.unshift(namespaces[0] ?? "");
  if (!isProposition(kind)) {
    names.push(...references);
    for (const mention of mentioned.value) {
      if (/[.]|^\p{Lu}/u.test(mention))
        names.push(...resolve(mention, references, namespaces, known));
    }
  }
  if (derivedFrom !== undefined) names.push(derivedFrom);

  const dependencies = new Set<number>();
  for (const dependency of names) {
    const found = known.idOf(dependency);
    if (found === undefined || found === id || known.isInternal(found)) continue;
    if (WITH_PARTS.has(kind) && isPart(`${name}.${lastComponent(dependency)}`, known)) continue;
    dependencies.add(found);
  }
  return [...dependencies];
}

function isPart(name: string, known: KnownNames): boolean {
  const id = known.idOf(name);
  return id !== undefined && PARTS.has(known.kind(id));
}

/** The namespaces that a declaration's own name opens, from the innermost. */
function namespacesOf(name: string, isOne: boolean): string[] {
  const namespaces = isOne ? [name] : [];
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    namespaces.push(name.slice(0, dot));
  }
  return namespaces;
}

/** The full names that a mention stands for: those of the record's own list where it fits some. */
function resolve(
  mention: string,
  references: readonly string[],
  namespaces: readonly string[],
  known: KnownNames,
): string[] {
  const ending = `.${mention}`;
  const listed = references.filter((name) => name === mention || name.endsWith(ending));
  if (listed.length > 0) return listed;
  let part = mention.startsWith("_root_.") ? mention.slice("_root_.".length) : mention;
  const isRooted = part !== mention;
  while (part !== "") {
    const isWhole = part === mention || isRooted;
    if (isWhole ? VARIABLE.test(part) : !/[.]|^\p{Lu}\p{L}/u.test(part)) return [];
    for (const namespace of isRooted ? [] : namespaces) {
      const full = `${namespace}.${part}`;
      if (known.idOf(full) !== undefined) return [full];
    }
    if (known.idOf(part) !== undefined) return [part];
    part = part.slice(0, Math.max(0, part.lastIndexOf(".")));
  }
  const opened = known.opened(rootOf(namespaces.at(-1) ?? ""), mention);
  return opened === undefined ? [] : [opened];
}

/** Names by their places; what has none, as notation stands for it, behind. */
function inOrder(places: ReadonlyMap<string, number>): string[] {
  const rank = (place: number): number => (place === -1 ? Infinity : place);
  // Two without a place keep their order: Infinity - Infinity is no number, which sorts as equal.
  return [...places].sort(([, a], [, b]) => rank(a) - rank(b) || 0).map(([name]) => name);
}

function rootOf(name: string): string {
  const dot = name.indexOf(".");
  return dot === -1 ? name : name.slice(0, dot);
}

function lastComponent(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
