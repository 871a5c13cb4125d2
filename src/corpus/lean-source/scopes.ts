import { isPlainComponent } from "./characters.js";
import type { NameContext, OpenedNames } from "./source-declaration.js";
import { SectionVariables } from "./variables.js";

/** Namespaces within namespaces, and names opened at once, beyond which no more is kept. */
const DEEPEST_NAMESPACE = 100;
const MOST_OPENED = 200;

/** What the sections around say of the bodies of definitions. */
export interface Exposure {
  /** In an `@[expose] section`, where other modules see the bodies of public definitions. */
  readonly isExposing: boolean;
  readonly isMeta: boolean;
}

interface Scope {
  readonly kind: "namespace" | "section" | "mutual" | "command";
  /** The component that `end` names; "" for none. */
  readonly label: string;
  readonly namespace: string;
  readonly depth: number;
  readonly opens: readonly OpenedNames[];
  readonly isPublic: boolean;
  readonly exposure: Exposure;
  readonly mark: { readonly size: number; readonly changes: number };
}

/** The namespaces and sections that are open, with what they open and the variables they declare. */
export class Scopes {
  readonly variables = new SectionVariables();
  readonly contexts: NameContext[] = [];
  readonly #scopes: Scope[] = [];
  #namespace = "";
  #depth = 0;
  #opens: readonly OpenedNames[] = [];
  #isPublic: boolean;
  #exposure: Exposure = { isExposing: false, isMeta: false };
  /** Whether the file is a module, of which other files see what it makes public. */
  readonly isModule: boolean;
  /** The number of the current context; -1 until one is asked for. */
  #context = -1;

  /** @param isModule whether declarations are seen by other files only where they are made public. */
  constructor(isModule: boolean) {
    this.isModule = isModule;
    this.#isPublic = !isModule;
  }

  get exposure(): Exposure {
    return this.#exposure;
  }

  get namespace(): string {
    return this.#namespace;
  }

  get isPublic(): boolean {
    return this.#isPublic;
  }

  set isPublic(value: boolean) {
    this.#isPublic = value;
  }

  /** The number of the context that holds here, which is added to the list at its first use. */
  get context(): number {
    if (this.#context === -1) {
      this.#context = this.contexts.length;
      this.contexts.push({ namespace: this.#namespace, opens: this.#opens });
    }
    return this.#context;
  }

  #push(kind: Scope["kind"], label: string): void {
    const mark = this.variables.mark();
    const namespace = this.#namespace;
    const [depth, opens, isPublic] = [this.#depth, this.#opens, this.#isPublic];
    const exposure = this.#exposure;
    this.#scopes.push({ kind, label, namespace, depth, opens, isPublic, exposure, mark });
  }

  #pop(): Scope | undefined {
    const scope = this.#scopes.pop();
    if (scope === undefined) return undefined;
    this.variables.reset(scope.mark);
    if (scope.namespace !== this.#namespace || scope.opens !== this.#opens) this.#context = -1;
    this.#namespace = scope.namespace;
    this.#depth = scope.depth;
    this.#opens = scope.opens;
    this.#isPublic = scope.isPublic;
    this.#exposure = scope.exposure;
    return scope;
  }

  enterNamespace(name: string): void {
    for (const component of components(name)) {
      this.#push("namespace", component);
      this.#depth += 1;
      if (this.#depth > DEEPEST_NAMESPACE) continue;
      this.#namespace = this.#namespace === "" ? component : `${this.#namespace}.${component}`;
      this.#context = -1;
    }
  }

  /**
   * Enters a section; a dotted name makes one section for each component.
   *
   * @param words what stands before `section`: `public`, `meta`, `expose`.
   */
  enterSection(name: string, words: ReadonlySet<string>): void {
    for (const component of name === "" ? [""] : components(name)) this.#push("section", component);
    if (words.has("public")) this.#isPublic = true;
    this.#exposure = {
      isExposing: this.#exposure.isExposing || words.has("expose"),
      isMeta: this.#exposure.isMeta || words.has("meta"),
    };
  }

  enterMutual(): void {
    this.#push("mutual", "");
  }

  /** Enters what lasts for one command only: `open Foo in`. */
  enterCommand(): void {
    this.#push("command", "");
  }

  leaveCommand(): void {
    if (this.#scopes[this.#scopes.length - 1]?.kind === "command") this.#pop();
  }

  /** Ends what `end` ends; a message says what does not fit, and the nearest scope that fits ends. */
  leave(name: string): string | undefined {
    if (name === "") {
      const scope = this.#pop();
      if (scope === undefined) return "an end closes nothing";
      if (scope.label === "") return undefined;
      return `an end without a name closes ${scope.kind} ${scope.label}`;
    }
    const labels = components(name);
    const isFitting = (last: number) =>
      labels.every((label, at) => this.#scopes[last - labels.length + 1 + at]?.label === label);
    let last = this.#scopes.length - 1;
    if (isFitting(last)) {
      labels.forEach(() => this.#pop());
      return undefined;
    }
    const limit = Math.max(0, last - DEEPEST_NAMESPACE);
    while (last >= limit && !isFitting(last)) last -= 1;
    if (last < limit) return `end ${name} closes nothing`;
    while (this.#scopes.length > last - labels.length + 1) this.#pop();
    return `end ${name} leaves sections open that began after it`;
  }

  open(opened: readonly OpenedNames[]): void {
    const added = opened.filter((names) => !this.#opens.some((known) => isSame(known, names)));
    if (added.length === 0 || this.#opens.length + added.length > MOST_OPENED) return;
    this.#opens = [...this.#opens, ...added];
    this.#context = -1;
  }
}

/** Whether one `open` repeats another. */
function isSame(one: OpenedNames, other: OpenedNames): boolean {
  return one.namespace === other.namespace && JSON.stringify(one) === JSON.stringify(other);
}

/**
 * The components of a name: dots inside guillemets do not part it, and where a component needs no
 * guillemets it has none.
 */
export function components(name: string): string[] {
  if (!name.includes("«")) return name.split(".");
  const parts = name.match(/«[^»]*»|[^.«»]+/g) ?? [name];
  return parts.map((part) => {
    const inner = part.startsWith("«") ? part.slice(1, -1) : part;
    return isPlainComponent(inner) ? inner : part;
  });
}
