import { type Binder, type BinderBracket, readBinder } from "./binders.js";
import { type Header, readHeader } from "./headers.js";
import { docText } from "./literals.js";
import { type Modifiers, readModifiers } from "./modifiers.js";
import type { GeneratingAttribute } from "./source-declaration.js";
import { TOKEN, type TokenList } from "./token-list.js";

/** A field or constructor as its body declares it. */
export interface Member {
  readonly name: string;
  readonly line: number;
  readonly docstring: string;
  readonly isPrivate: boolean;
  readonly isProtected: boolean;
  readonly attributes: readonly GeneratingAttribute[];
  readonly header: Header;
  /** The bracket that a field is written in: `[inv : Inv α]`. */
  readonly bracket?: BinderBracket;
}

/** What the body of a structure declares. */
export interface StructureBody {
  /** The constructor's name where it is written: `where mk' ::`. */
  readonly constructor: Member | undefined;
  readonly fields: readonly Member[];
}

/** The end of a body: where `deriving` starts, or the end of the command. */
export function bodyEnd(tokens: TokenList, from: number, to: number): number {
  return firstOf("deriving", tokens, from, to);
}

/** The end of the constructors of an inductive type: where `with` starts its computed fields. */
export function constructorsEnd(tokens: TokenList, from: number, to: number): number {
  return firstOf("with", tokens, from, to);
}

function firstOf(word: string, tokens: TokenList, from: number, to: number): number {
  for (let token = from; token < to; token = tokens.skip(token)) {
    if (tokens.is(token, word)) return token;
  }
  return to;
}

/**
 * Reads the fields of a structure or class from behind `where`. A field starts where a line starts no
 * further right than the first field did, or with a bracket behind a bracket.
 *
 * @param hasParents whether a default without a type may be for a parent's field.
 */
export function readStructureBody(
  tokens: TokenList,
  from: number,
  to: number,
  hasParents: boolean,
): StructureBody {
  let token = from;
  let constructor: Member | undefined;
  const modifiers = readModifiers(tokens, token);
  const colons = constructorColons(tokens, modifiers.next + 1, to);
  if (colons !== -1) {
    const header = readHeader(tokens, modifiers.next + 1, colons, false);
    constructor = member(tokens, modifiers.next, modifiers, header);
    token = colons + 1;
  }
  const fields: Member[] = [];
  const margin = tokens.columnOf(token);
  while (token < to) {
    const start = readModifiers(tokens, token);
    const name = Math.min(start.next, to);
    const close = tokens.closing(name);
    if (close !== -1) {
      const header = readHeader(tokens, name + 1, close, false);
      const binder = readBinder(tokens, name);
      for (const field of bracketFields(binder, header)) {
        const made = member(tokens, name, start, field.header, field.name);
        fields.push(binder === undefined ? made : { ...made, bracket: binder.bracket });
      }
      token = close + 1;
      continue;
    }
    const end = lineAtMargin(tokens, name + 1, to, margin);
    if (tokens.kind(name) === TOKEN.name) {
      const header = readHeader(tokens, name + 1, end, false);
      // Without a type it gives a default to a parent's field, where there is a parent.
      if (header.typeFrom !== -1 || !hasParents) fields.push(member(tokens, name, start, header));
    }
    token = end;
  }
  return { constructor, fields };
}

/** The `::` behind the name of a constructor and what it says of parameters: `mk (n) ::`; or -1. */
function constructorColons(tokens: TokenList, from: number, to: number): number {
  let token = from;
  while (token < to && tokens.closing(token) !== -1) token = tokens.skip(token);
  return token < to && tokens.is(token, "::") ? token : -1;
}

function member(
  tokens: TokenList,
  at: number,
  modifiers: Omit<Modifiers, "next">,
  header: Header,
  name = tokens.word(at),
): Member {
  return {
    name,
    line: tokens.line(at),
    docstring: modifiers.docstring,
    isPrivate: modifiers.words.has("private"),
    isProtected: modifiers.words.has("protected"),
    attributes: modifiers.attributes,
    header,
  };
}

/** The fields that one bracket declares: `(x y : ℕ)`, `{f : α → β}`, `(map (x : α) : β)`, `[Inv α]`. */
function bracketFields(
  binder: Binder | undefined,
  header: Header,
): { readonly name: string; readonly header: Header }[] {
  if (binder === undefined) return [];
  const isPlain = header.bareNames.length === binder.names.length && header.binders.length === 0;
  if (!isPlain) {
    // The first name is the field, what follows are its binders.
    const name = header.bareNames[0];
    return name === undefined ? [] : [{ name, header: { ...header, bareNames: [] } }];
  }
  const plain = { ...header, bareNames: [], bindersTo: header.bindersFrom };
  return binder.names.map((name) => ({ name, header: plain }));
}

/** The next token, outside of brackets, that starts a line no further right than a margin. */
function lineAtMargin(tokens: TokenList, from: number, to: number, margin: number): number {
  let token = from;
  while (token < to) {
    const column = tokens.column(token);
    if (column !== -1 && column <= margin) return token;
    token = tokens.skip(token);
  }
  return to;
}

/** Whether a bar inside of a line touches the name behind it, as in `|x| < 1`. */
function isAbsoluteValue(tokens: TokenList, bar: number): boolean {
  return tokens.column(bar) === -1 && tokens.start(bar + 1) === tokens.end(bar);
}

/** Reads the constructors of an inductive type from its first bar on. */
export function readConstructors(tokens: TokenList, from: number, to: number): Member[] {
  const bars: number[] = [];
  for (let token = from; token < to; token = tokens.skip(token)) {
    if (tokens.is(token, "|") && !isAbsoluteValue(tokens, token)) bars.push(token);
  }
  return bars.flatMap((bar, index) => {
    const modifiers = readModifiers(tokens, bar + 1);
    if (tokens.kind(modifiers.next) !== TOKEN.name) return [];
    const end = bars[index + 1] ?? to;
    const before = tokens.kind(bar - 1) === TOKEN.doc ? docText(tokens.word(bar - 1)) : "";
    const docstring = modifiers.docstring === "" ? before : modifiers.docstring;
    const last = tokens.kind(end - 1) === TOKEN.doc ? end - 1 : end;
    const header = readHeader(tokens, modifiers.next + 1, last, true);
    return [member(tokens, modifiers.next, { ...modifiers, docstring }, header)];
  });
}
