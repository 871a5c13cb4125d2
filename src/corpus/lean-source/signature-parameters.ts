import { readBinder, typeHead } from "./binders.js";
import { lastComponent } from "./name-table.js";
import { tokenize } from "./tokens.js";
import { wordsOf } from "./type-coercions.js";

/** An explicit parameter of a declaration. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
  /** What its type is made of, without the names that the signature binds. */
  readonly constants: ReadonlySet<string>;
}

/** What a declaration takes, as far as names of instances depend on it. */
export interface Signature {
  readonly explicit: readonly Parameter[];
  /** Every name that is bound. */
  readonly bound: ReadonlySet<string>;
  /** For each implicit parameter that is a type: which explicit ones tell what it is. */
  readonly implicitTypes: readonly (readonly number[])[];
  readonly instances: readonly { readonly className: string; readonly on: readonly string[] }[];
}

/** Of what takes nothing, or is not known. */
export const NO_SIGNATURE: Signature = {
  explicit: [],
  bound: new Set(),
  implicitTypes: [],
  instances: [],
};

/** Reads the binders of a signature, up to `extends`. */
export function readSignature(text: string): Signature {
  const { tokens } = tokenize(text);
  tokens.pairBrackets(
    () => false,
    () => undefined,
  );
  const explicit: { name: string; type: string }[] = [];
  const implicit: { name: string; type: string }[] = [];
  const instances: { className: string; on: string[] }[] = [];
  for (let token = 0; token < tokens.size; token = tokens.skip(token)) {
    const binder = readBinder(tokens, token);
    if (binder === undefined) {
      if (tokens.is(token, "extends")) break;
      continue;
    }
    const { bracket, type, typeFrom, typeTo } = binder;
    const ofBracket = bracket === "(" ? explicit : implicit;
    for (const name of binder.names) ofBracket.push({ name, type });
    if (bracket !== "[") continue;
    const on: string[] = [];
    for (let at = typeFrom + 1; at < typeTo; at += 1) on.push(tokens.word(at));
    instances.push({ className: lastComponent(tokens.word(typeFrom)), on });
  }
  const bound = new Set([...explicit, ...implicit].map(({ name }) => name));
  const words = new Map([...explicit, ...implicit].map(({ type }) => [type, wordsOf(type)]));
  const implicitTypes = implicit.flatMap(({ name, type }) => {
    if (!/^(?:Type|Sort)\b/.test(type)) return [];
    const through = new Set([name]);
    for (const other of implicit) {
      if (words.get(other.type)?.includes(name) === true) through.add(other.name);
    }
    const tells = ({ type: told }: { type: string }) =>
      words.get(told)?.some((word) => through.has(word)) === true;
    return [explicit.flatMap((parameter, at) => (tells(parameter) ? [at] : []))];
  });
  return {
    explicit: explicit.map(({ name, type }) => ({
      name,
      type,
      constants: new Set(words.get(type)?.filter((word) => !bound.has(word))),
    })),
    bound,
    implicitTypes,
    instances,
  };
}

/** The names at the heads of the parents that `extends` lists. */
export function parentHeads(text: string): string[] {
  const start = text.indexOf("extends ");
  if (start === -1) return [];
  const { tokens } = tokenize(text.slice(start + "extends ".length));
  tokens.pairBrackets(
    () => false,
    () => undefined,
  );
  const heads: string[] = [];
  let isStart = true;
  for (let token = 0; token < tokens.size; token = tokens.skip(token)) {
    if (isStart) {
      const isNamed = tokens.is(token + 1, ":");
      heads.push(tokens.word(isNamed ? token + 2 : token));
    }
    isStart = tokens.is(token, ",");
  }
  return heads;
}

/**
 * The names at the heads of what a type stands for: the parents of a `class abbrev`, and the type that
 * a definition calls by another name. Lean looks there for `h.foo`, too.
 */
export function headsStoodFor(kind: string, type: string, value: string): string[] {
  if (!value.startsWith(":= ")) return [];
  if (kind === "class") return parentHeads(`extends ${value.slice(":= ".length)}`);
  const isType = type === "" || /^(?:Type|Sort|Prop)\b/.test(type);
  if (!isType || (kind !== "abbrev" && kind !== "definition")) return [];
  const { tokens } = tokenize(value);
  tokens.pairBrackets(
    () => false,
    () => undefined,
  );
  const head = typeHead(tokens, 1, tokens.size);
  return /^«?\p{Lu}/u.test(lastComponent(head)) ? [head] : [];
}
