import { type Binder, readBinder } from "./binders.js";
import { components } from "./scopes.js";
import { TOKEN, type TokenList } from "./token-list.js";

/** The parts of a declaration, as ranges of tokens: from, and up to but without. */
export interface Header {
  readonly bindersFrom: number;
  readonly bindersTo: number;
  readonly binders: readonly Binder[];
  /** Names that stand without brackets, as in `def f x y := …`. */
  readonly bareNames: readonly string[];
  /** Of a structure: what stands between `extends` and the type or body. */
  readonly extendsFrom: number;
  readonly extendsTo: number;
  readonly typeFrom: number;
  readonly typeTo: number;
  /** The value with the sign or word before it: `:=`, `where` or the first `|`. */
  readonly valueFrom: number;
}

/** The name of a declaration with its universes left out: the token after it and the name. */
export function readName(tokens: TokenList, from: number): { name: string; next: number } {
  if (tokens.kind(from) !== TOKEN.name) return { name: "", next: from };
  const name = tokens.word(from);
  let next = from + 1;
  if (tokens.is(next, ".") && tokens.is(next + 1, "{")) next = tokens.skip(next + 1);
  return { name, next };
}

/** The full name of what is declared in a namespace, without guillemets where none are needed. */
export function fullName(namespace: string, name: string): string {
  const plain = name.includes("«") ? components(name).join(".") : name;
  if (plain.startsWith("_root_.")) return plain.slice("_root_.".length);
  return namespace === "" ? plain : `${namespace}.${plain}`;
}

/** Words that end a header wherever they stand outside of brackets. */
const HEADER_END: ReadonlySet<string> = new Set([":=", "where", "deriving"]);
const LOCAL_DEFINITION: ReadonlySet<string> = new Set(["let", "letI", "have", "haveI", "let_fun"]);
const SORTS: ReadonlySet<string> = new Set(["Prop", "Type", "Sort"]);
const FUNCTION: ReadonlySet<string> = new Set(["fun", "λ"]);

/**
 * Reads the header of a declaration from its binders on.
 *
 * @param hasConstructors whether a bar starts a constructor, as in an inductive type.
 */
export function readHeader(
  tokens: TokenList,
  from: number,
  to: number,
  hasConstructors: boolean,
): Header {
  let token = from;
  const binders: Binder[] = [];
  const bareNames: string[] = [];
  while (token < to) {
    const binder = readBinder(tokens, token);
    if (binder !== undefined) binders.push(binder);
    else if (tokens.kind(token) === TOKEN.name && !isClauseWord(tokens.word(token))) {
      bareNames.push(tokens.word(token));
    } else if (!tokens.is(token, "_")) break;
    token = tokens.skip(token);
  }
  const bindersTo = Math.min(token, to);
  let extendsFrom = -1;
  let extendsTo = -1;
  let typeFrom = -1;
  let typeTo = -1;
  for (;;) {
    if (tokens.is(token, "extends") && extendsFrom === -1) {
      extendsFrom = token;
      token = clauseEnd(tokens, token + 1, to, "parents");
      extendsTo = token;
    } else if (tokens.is(token, ":") && typeFrom === -1) {
      typeFrom = token + 1;
      token = clauseEnd(tokens, token + 1, to, hasConstructors ? "family" : "type");
      typeTo = token;
    } else break;
  }
  return {
    bindersFrom: from,
    bindersTo,
    binders,
    bareNames,
    extendsFrom,
    extendsTo,
    typeFrom,
    typeTo,
    valueFrom: Math.min(token, to),
  };
}

function isClauseWord(word: string): boolean {
  return word === "extends" || word === "where" || word === "deriving" || word === "from";
}

/** The end of a type or of a list of parents: `:=`, `where`, or the first pattern alternative. */
function clauseEnd(
  tokens: TokenList,
  from: number,
  to: number,
  clause: "parents" | "type" | "family",
): number {
  let localDefinitions = 0;
  let isMatching = false;
  /** No bar before this token starts an alternative. */
  let noAlternativeBefore = 0;
  for (let token = from; token < to; token = tokens.skip(token)) {
    const kind = tokens.kind(token);
    if (kind !== TOKEN.sign && kind !== TOKEN.name) continue;
    const word = tokens.word(token);
    if (LOCAL_DEFINITION.has(word)) localDefinitions += 1;
    else if (word === "match") isMatching = true;
    else if (word === "extends") return token;
    else if (word === ":" && clause === "parents") {
      // `extends toFoo : Foo x` names a parent's projection.
      const namesParent = token - 1 === from || tokens.is(token - 2, ",");
      if (!namesParent || SORTS.has(tokens.word(token + 1))) return token;
    } else if (HEADER_END.has(word)) {
      if (word !== ":=" || localDefinitions === 0) return token;
      localDefinitions -= 1;
    } else if (word === "|" && clause === "family") return token;
    else if (word === "|" && !isMatching && token >= noAlternativeBefore) {
      const arrow = alternativeArrow(tokens, token, to);
      if (arrow.isAlternative) return token;
      noAlternativeBefore = arrow.end;
    }
  }
  return to;
}

/**
 * Whether a bar starts a pattern alternative rather than an absolute value: then `=>` comes before
 * `:=`, and no `fun` that it could belong to.
 */
function alternativeArrow(
  tokens: TokenList,
  from: number,
  to: number,
): { isAlternative: boolean; end: number } {
  let functions = 0;
  for (let token = from + 1; token < to; token = tokens.skip(token)) {
    const word = tokens.word(token);
    if (FUNCTION.has(word)) functions += 1;
    else if (word === "=>" || word === "↦") {
      if (functions === 0) return { isAlternative: true, end: token };
      functions -= 1;
    } else if (word === ":=" || word === "where") return { isAlternative: false, end: token };
  }
  return { isAlternative: false, end: to };
}
