import { type Binder, type BinderBracket, typeHead } from "./binders.js";
import { gatherMentions } from "./mentions.js";
import type { TokenList } from "./token-list.js";

/** More section variables than these at once are not kept: no file needs them. */
const MOST_VARIABLES = 2000;

/** Stands for the variables of an instance that needs none. */
const CLOSED = -1;

interface Variable {
  /** "" for an instance without a name. */
  readonly name: string;
  bracket: BinderBracket;
  readonly type: string;
  /** Which binder it was written in: `{X Y : C}` stays one. */
  readonly binder: number;
  /** The variables that its type mentions. */
  readonly needs: readonly number[];
  /** The name at the head of its type. */
  readonly head: string;
  included: boolean;
  omitted: boolean;
}

/** What a declaration uses of the variables around it. */
export interface UsedVariables {
  /** Binders in the order of the source, as text. */
  readonly binders: readonly string[];
  /** The explicit ones, by name. */
  readonly explicit: readonly string[];
  /** For each used variable with a name: the name at the head of its type, or "". */
  readonly heads: ReadonlyMap<string, string>;
}

/**
 * The variables of the sections that are open, and the rule by which Lean gives them to a declaration:
 * those that it mentions, those that their types mention, those that `include` names, and the
 * instances whose variables are all there (Lean's reference manual, "Section Variables").
 */
export class SectionVariables {
  readonly #variables: Variable[] = [];
  readonly #latest = new Map<string, number[]>();
  /** For each variable, the instances that may come with it. */
  readonly #instances = new Map<number, number[]>();
  readonly #undo: (() => void)[] = [];
  #binders = 0;

  /** The point to go back to when a scope ends. */
  mark(): { readonly size: number; readonly changes: number } {
    return { size: this.#variables.length, changes: this.#undo.length };
  }

  reset(mark: { readonly size: number; readonly changes: number }): void {
    while (this.#undo.length > mark.changes) this.#undo.pop()?.();
    while (this.#variables.length > mark.size) {
      const variable = this.#variables.pop();
      const index = this.#variables.length;
      if (variable === undefined) break;
      if (variable.name !== "") this.#latest.get(variable.name)?.pop();
      this.#instances.delete(index);
      if (variable.bracket === "[") {
        for (const owner of this.#owners(variable.needs)) this.#instances.get(owner)?.pop();
      }
    }
  }

  #owners(needs: readonly number[]): readonly number[] {
    return needs.length === 0 ? [CLOSED] : needs;
  }

  #find(name: string): number | undefined {
    const indices = this.#latest.get(name);
    return indices === undefined ? undefined : indices[indices.length - 1];
  }

  /** Adds a binder, or changes how variables are bound: `variable {x}`. False if there are too many. */
  add(tokens: TokenList, binder: Binder): boolean {
    const isUpdate = binder.type === "" && binder.names.length > 0 && binder.bracket !== "[";
    const mentions = new Set<string>();
    gatherMentions(tokens, binder.typeFrom, binder.typeTo, mentions, new Map());
    const needs = this.#mentioned(mentions);
    const head = typeHead(tokens, binder.typeFrom, binder.typeTo);
    this.#binders += 1;
    for (const name of binder.names.length === 0 ? [""] : binder.names) {
      const known = isUpdate ? this.#find(name) : undefined;
      const variable = known === undefined ? undefined : this.#variables[known];
      if (variable !== undefined) {
        this.#change(variable, { bracket: binder.bracket });
        continue;
      }
      if (this.#variables.length >= MOST_VARIABLES) return false;
      const index = this.#variables.length;
      const { bracket, type } = binder;
      const state = { included: false, omitted: false };
      this.#variables.push({ name, bracket, type, binder: this.#binders, needs, head, ...state });
      if (name !== "") append(this.#latest, name, index);
      if (bracket === "[") {
        for (const owner of this.#owners(needs)) append(this.#instances, owner, index);
      }
    }
    return true;
  }

  #change(
    variable: Variable,
    to: Partial<Pick<Variable, "bracket" | "included" | "omitted">>,
  ): void {
    const { bracket, included, omitted } = variable;
    this.#undo.push(() => Object.assign(variable, { bracket, included, omitted }));
    Object.assign(variable, to);
  }

  /** Takes note of `include x` (they come with every theorem) and `omit x` (they never do). */
  setIncluded(name: string, isIncluded: boolean): void {
    const index = this.#find(name);
    const variable = index === undefined ? undefined : this.#variables[index];
    if (variable === undefined) return;
    this.#change(variable, { included: isIncluded, omitted: !isIncluded });
  }

  /** Takes note of `omit [Foo α]`. */
  omitInstance(type: string): void {
    for (let index = this.#variables.length - 1; index >= 0; index -= 1) {
      const variable = this.#variables[index];
      if (variable?.bracket === "[" && variable.type === type && !variable.omitted) {
        this.#change(variable, { included: false, omitted: true });
        return;
      }
    }
  }

  #mentioned(mentions: ReadonlySet<string>): number[] {
    const found = new Set<number>();
    if (this.#latest.size === 0) return [];
    for (const mention of mentions) {
      const dot = mention.indexOf(".");
      const index = this.#find(dot === -1 ? mention : mention.slice(0, dot));
      if (index !== undefined) found.add(index);
    }
    return [...found];
  }

  /** What a declaration that mentions these names uses. */
  used(mentions: ReadonlySet<string>): UsedVariables {
    const used = new Set<number>();
    const waiting = this.#mentioned(mentions);
    if (this.#undo.length > 0) {
      this.#variables.forEach((variable, index) => {
        if (variable.included) waiting.push(index);
      });
    }
    // An instance is asked for when one more of the variables that it needs is there, so that it
    // comes with the last of them.
    const addInstancesOf = (owner: number) => {
      for (const instance of this.#instances.get(owner) ?? []) {
        const variable = this.#variables[instance];
        if (variable === undefined || variable.omitted || used.has(instance)) continue;
        if (variable.needs.every((need) => used.has(need))) waiting.push(instance);
      }
    };
    addInstancesOf(CLOSED);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (used.has(next)) continue;
      used.add(next);
      waiting.push(...(this.#variables[next]?.needs ?? []));
      addInstancesOf(next);
    }
    return this.#describe([...used].sort((a, b) => a - b));
  }

  #describe(indices: readonly number[]): UsedVariables {
    const binders: string[] = [];
    const explicit: string[] = [];
    const heads = new Map<string, string>();
    for (let at = 0; at < indices.length;) {
      const first = this.#variables[indices[at] ?? 0];
      if (first === undefined) break;
      const names: string[] = [];
      while (at < indices.length) {
        const next = this.#variables[indices[at] ?? 0];
        if (next?.binder !== first.binder || next.bracket !== first.bracket) break;
        if (next.name !== "") {
          names.push(next.name);
          heads.set(next.name, next.head);
          if (next.bracket === "(") explicit.push(next.name);
        }
        at += 1;
      }
      binders.push(binderText(first.bracket, names, first.type));
    }
    return { binders, explicit, heads };
  }
}

function append<Key>(lists: Map<Key, number[]>, key: Key, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

const CLOSING = { "(": ")", "{": "}", "[": "]", "⦃": "⦄" } as const;

/** A binder as Lean writes it. */
export function binderText(bracket: BinderBracket, names: readonly string[], type: string): string {
  const written = names.join(" ");
  const colon = written === "" || type === "" ? "" : " : ";
  return `${bracket}${written}${colon}${type}${CLOSING[bracket]}`;
}
