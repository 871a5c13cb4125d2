import type { NameContext, OpenedNames } from "./source-declaration.js";
import { SectionVariables } from "./variables.js";

/** Namespaces within namespaces, and names opened at once, beyond which no more is kept. */
const DEEPEST_NAMESPACE = 100;
const MOST_OPENED = 200;

interface Scope {
  readonly kind: "namespace" | "section" | "mutual" | "command";
  /** The component that `end` names; "" for none. */
  readonly label: string;
  readonly namespace: string;
  readonly depth: number;
  readonly opens: readonly OpenedNames[];
  readonly isPublic: boolean;
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
  /** The number of the current context; -1 until one is asked for. */
  #context = -1;

  /** @param isPublic whether declarations are public where no section says so. */
  constructor(isPublic: boolean) {
    this.#isPublic = isPublic;
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
    this.#scopes.push({ kind, label, namespace, depth, opens, isPublic, mark });
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

  /** Enters a section; a dotted name makes one section for each component. */
  enterSection(name: string, isPublic: boolean): void {
    for (const component of name === "" ? [""] : components(name)) this.#push("section", component);
    if (isPublic) this.#isPublic = true;
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

/** The components of a name; dots inside guillemets do not part it. */
export function components(name: string): string[] {
  if (!name.includes("«")) return name.split(".");
  return name.match(/«[^»]*»|[^.«»]+/g) ?? [name];
}
