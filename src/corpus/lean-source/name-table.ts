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
  /** How many names and namespaces stand right inside a namespace. */
  readonly #namespaces = new Map<string, number>();
  readonly #exported = new Map<string, { readonly target: string; readonly module: string }>();

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

  /** Makes a name stand for a declaration of another name. */
  export(name: string, target: string, module: string): void {
    if (!this.#exported.has(name)) this.#exported.set(name, { target, module });
  }

  /** Takes out what a module exports. */
  removeExports(module: string): void {
    for (const [name, exported] of this.#exported) {
      if (exported.module === module) this.#exported.delete(name);
    }
  }

  /** The declaration that an exported name stands for. */
  exported(name: string): NamedDeclaration | undefined {
    const exported = this.#exported.get(name);
    return exported === undefined ? undefined : this.#names.get(exported.target);
  }

  #count(name: string, change: 1 | -1): void {
    for (let prefix = prefixOf(name); prefix !== ""; prefix = prefixOf(prefix)) {
      const before = this.#namespaces.get(prefix) ?? 0;
      const after = before + change;
      if (after === 0) this.#namespaces.delete(prefix);
      else this.#namespaces.set(prefix, after);
      // The namespaces around have one more or one less only where this one comes or goes.
      if (before !== 0 && after !== 0) return;
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
