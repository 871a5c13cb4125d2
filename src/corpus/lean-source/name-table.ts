import type { DeclarationKind } from "../../declaration.js";
import { components } from "./scopes.js";
import type { SourceDeclaration } from "./source-declaration.js";

/** What is known of a declared name. */
export interface NamedDeclaration {
  readonly name: string;
  readonly kind: DeclarationKind;
  readonly module: string;
  readonly source: SourceDeclaration;
}

/** The prefix of a name: `Nat.succ` of `Nat.succ.injEq`; "" of a name with one component. */
export function prefixOf(name: string): string {
  if (!name.includes("»")) return name.slice(0, Math.max(0, name.lastIndexOf(".")));
  return components(name).slice(0, -1).join(".");
}

/** The last component of a name. */
export function lastComponent(name: string): string {
  if (!name.includes("»")) return name.slice(name.lastIndexOf(".") + 1);
  const parts = components(name);
  return parts[parts.length - 1] ?? name;
}

/** All declared names of a library, and the namespaces that they make. */
export class NameTable {
  readonly #names = new Map<string, NamedDeclaration>();
  readonly #namespaces = new Map<string, number>();

  get size(): number {
    return this.#names.size;
  }

  /** Adds a name; the first declaration of a name stays, and false says that there was one. */
  add(named: NamedDeclaration): boolean {
    if (this.#names.has(named.name)) return false;
    this.#names.set(named.name, named);
    this.#count(named.name, 1);
    return true;
  }

  /** Takes the names of a module out. */
  remove(module: string, names: Iterable<string>): void {
    for (const name of names) {
      if (this.#names.get(name)?.module !== module) continue;
      this.#names.delete(name);
      this.#count(name, -1);
    }
  }

  #count(name: string, change: number): void {
    for (let prefix = prefixOf(name); prefix !== ""; prefix = prefixOf(prefix)) {
      const count = (this.#namespaces.get(prefix) ?? 0) + change;
      if (count === 0) this.#namespaces.delete(prefix);
      else this.#namespaces.set(prefix, count);
    }
  }

  get(name: string): NamedDeclaration | undefined {
    return this.#names.get(name);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  isNamespace(name: string): boolean {
    return this.#namespaces.has(name) || this.#names.has(name);
  }
}
