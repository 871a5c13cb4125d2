import { LONGEST_NAME } from "./mentions.js";
import { type NameTable, prefixOf } from "./name-table.js";
import type { NameContext, OpenedNames } from "./source-declaration.js";

interface ResolvedOpen extends OpenedNames {
  /** The full name of the namespace. */
  readonly namespace: string;
}

/**
 * What short names mean at one place of a file, as Lean's `resolveGlobalName` has it: the namespaces
 * around, from the innermost, then what is opened, then the root. Where that leaves several
 * declarations, Lean chooses by type; here the one that was opened last is taken.
 */
export class ContextNames {
  readonly #table: NameTable;
  readonly #context: NameContext;
  readonly #opens: readonly ResolvedOpen[];
  readonly #known = new Map<string, string | null>();
  /** The declaration that was asked about last, and the namespaces that its own name opens. */
  #within = "";
  #inside: readonly string[] = [];

  constructor(context: NameContext, table: NameTable) {
    this.#table = table;
    this.#context = context;
    this.#opens = resolveOpens(context, table);
  }

  /**
   * The full name of the declaration that a name stands for. A name that goes on behind a declaration,
   * as `Nat.le_antisymm.symm`, stands for the longest part that is one.
   *
   * @param within the declaration that mentions it: its own namespace is searched first.
   */
  resolve(mention: string, within = ""): string | undefined {
    if (mention.length > LONGEST_NAME) return undefined;
    const inner = this.#resolveWithin(mention, within);
    if (inner !== undefined) return inner;
    const known = this.#known.get(mention);
    if (known !== undefined) return known ?? undefined;
    const found = this.#resolve(mention);
    this.#known.set(mention, found ?? null);
    return found;
  }

  /** Namespaces that only the declaration's own name opens: `Foo` inside of `theorem Foo.bar`. */
  #resolveWithin(mention: string, within: string): string | undefined {
    if (within !== this.#within) {
      this.#within = within;
      this.#inside = this.#namespacesOf(within);
    }
    for (const namespace of this.#inside) {
      const found = this.#declared(namespace, mention);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #namespacesOf(within: string): string[] {
    const namespaces: string[] = [];
    let namespace = prefixOf(within);
    for (; namespace.length > this.#context.namespace.length; namespace = prefixOf(namespace)) {
      namespaces.push(namespace);
    }
    return namespaces;
  }

  #declared(namespace: string, name: string): string | undefined {
    const full = `${namespace}.${name}`;
    const found = this.#table.get(full);
    if (found === undefined) return this.#table.exported(full)?.name;
    return found.source.isProtected && !name.includes(".") ? undefined : full;
  }

  #resolve(mention: string): string | undefined {
    if (mention.startsWith("_root_.")) {
      const name = mention.slice("_root_.".length);
      return this.#longestDeclared(name);
    }
    for (let name = mention; name !== ""; name = prefixOf(name)) {
      const found = this.#resolveWhole(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #longestDeclared(name: string): string | undefined {
    for (let part = name; part !== ""; part = prefixOf(part)) {
      if (this.#table.has(part)) return part;
    }
    return undefined;
  }

  #resolveWhole(name: string): string | undefined {
    let namespace = this.#context.namespace;
    for (; namespace !== ""; namespace = prefixOf(namespace)) {
      const found = this.#declared(namespace, name);
      if (found !== undefined) return found;
    }
    for (let at = this.#opens.length - 1; at >= 0; at -= 1) {
      const opened = this.#opens[at];
      if (opened === undefined) continue;
      const renamed = opened.renamed?.find(([, to]) => to === name)?.[0];
      const isOpened = opened.only === undefined || opened.only.includes(name);
      const isHidden = opened.hidden?.includes(name) === true;
      const target = renamed ?? (isOpened && !isHidden ? name : undefined);
      const found = target === undefined ? undefined : this.#declared(opened.namespace, target);
      if (found !== undefined) return found;
    }
    return this.#table.has(name) ? name : this.#table.exported(name)?.name;
  }

  /** The namespaces that a name stands for, from the innermost. */
  namespaces(name: string): string[] {
    return namespacesNamed(name, this.#context.namespace, this.#opens, this.#table);
  }
}

function namespacesNamed(
  name: string,
  around: string,
  opens: readonly ResolvedOpen[],
  table: NameTable,
): string[] {
  const found = new Set<string>();
  for (let outer = around; outer !== ""; outer = prefixOf(outer)) {
    if (!table.isNamespace(`${outer}.${name}`)) continue;
    found.add(`${outer}.${name}`);
    break;
  }
  // What was opened before is searched, too: `open CategoryTheory Limits`.
  for (const { namespace } of opens) {
    if (table.isNamespace(`${namespace}.${name}`)) found.add(`${namespace}.${name}`);
  }
  if (table.isNamespace(name)) found.add(name);
  return [...found];
}

/** The namespaces that `open`s name: around the place or inside what is open before. */
function resolveOpens(context: NameContext, table: NameTable): ResolvedOpen[] {
  const resolved: ResolvedOpen[] = [];
  const known = new Set<string>();
  for (const opened of context.opens) {
    const plain = opened.namespace.replace(/^_root_\./, "");
    const candidates = namespacesNamed(plain, context.namespace, resolved, table);
    for (const namespace of candidates) {
      const opensAll = opened.only === undefined && opened.hidden === undefined;
      if (opensAll && known.has(namespace)) continue;
      if (opensAll) known.add(namespace);
      resolved.push({ ...opened, namespace });
    }
  }
  return resolved;
}
