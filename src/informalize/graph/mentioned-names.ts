import { nameRestLength } from "../../corpus/lean-source/characters.js";
import { readBinder, typeHead } from "../../corpus/lean-source/binders.js";
import { gatherMentions } from "../../corpus/lean-source/mentions.js";
import { TOKEN, type TokenList } from "../../corpus/lean-source/token-list.js";
import { tokenize } from "../../corpus/lean-source/tokens.js";
import type { Declaration } from "../../declaration.js";

/** The names that a declaration mentions as it is written, without what it binds itself. */
export interface MentionedNames {
  /** In its statement, in the order of the text: `h.foo` is given as `Head.foo` where `h : Head …`. */
  readonly statement: ReadonlySet<string>;
  /** In its value. */
  readonly value: ReadonlySet<string>;
  /**
   * Where the statement's text reaches something by this last component of its name, as it does `foo`
   * in `h.foo`, `(f x).foo` and `foo x`; -1 for nowhere. Places are in UTF-16 units.
   */
  readonly placeOf: (component: string) => number;
}

/** Reads what a declaration mentions from its signature and type, or from its statement. */
export function mentionedNames(declaration: Declaration): MentionedNames {
  const statement = new Set<string>();
  const value = new Set<string>();
  const bound = new Map<string, string>();

  const { statement: whole, signature, type } = declaration;
  const text = whole === "" ? `${signature} : ${type}` : whole;
  const tokens = paired(text);
  const start = whole === "" ? 0 : headLength(tokens);
  const end = whole === "" ? tokens.size : valueStart(tokens, start);
  bindNames(tokens, start, end, bound);
  gatherStatement(tokens, start, end, statement, bound);
  if (end < tokens.size) gatherMentions(tokens, end, tokens.size, value, bound);
  if (declaration.value !== "") {
    const body = paired(declaration.value);
    gatherMentions(body, 0, body.size, value, bound);
  }
  const from = start < tokens.size ? tokens.start(start) : text.length;
  const searched = text.slice(from, end < tokens.size ? tokens.start(end) : text.length);
  return { statement, value, placeOf: (component) => placeOf(searched, component, bound) };
}

function paired(text: string): TokenList {
  const { tokens } = tokenize(text);
  tokens.pairBrackets(
    () => false,
    () => undefined,
  );
  return tokens;
}

/** How many tokens come before the binders of a whole statement: its keyword and its name. */
function headLength(tokens: TokenList): number {
  let token = 0;
  while (token < tokens.size && token < 2 && tokens.kind(token) === TOKEN.name) token += 1;
  return token;
}

/** Where the value of a whole statement begins: after the first `:=` outside of brackets. */
function valueStart(tokens: TokenList, from: number): number {
  for (let token = from; token < tokens.size; token = tokens.skip(token)) {
    if (tokens.is(token, ":=")) return token + 1;
  }
  return tokens.size;
}

function bindNames(tokens: TokenList, from: number, to: number, bound: Map<string, string>): void {
  for (let token = from; token < to && !tokens.is(token, ":"); token = tokens.skip(token)) {
    const binder = readBinder(tokens, token);
    if (binder === undefined) continue;
    const head = typeHead(tokens, binder.typeFrom, binder.typeTo);
    for (const name of binder.names) bound.set(name, head);
  }
}

/** Binders are read one by one, as their names are no mentions; what stands between them as it is. */
function gatherStatement(
  tokens: TokenList,
  from: number,
  to: number,
  mentions: Set<string>,
  bound: ReadonlyMap<string, string>,
): void {
  let token = from;
  for (; token < to && !tokens.is(token, ":"); token = tokens.skip(token)) {
    const binder = readBinder(tokens, token);
    if (binder === undefined) gatherMentions(tokens, token, tokens.skip(token), mentions, bound);
    else gatherMentions(tokens, binder.typeFrom, binder.typeTo, mentions, bound);
  }
  gatherMentions(tokens, token, to, mentions, bound);
}

function placeOf(text: string, component: string, bound: ReadonlyMap<string, string>): number {
  if (component === "") return -1;
  for (
    let place = text.indexOf(component);
    place !== -1;
    place = text.indexOf(component, place + 1)
  ) {
    const end = place + component.length;
    const isReached = text[place - 1] === ".";
    if (!isReached && (endsInName(text, place) || bound.has(component))) continue;
    if (nameRestLength(text, end) > 0) continue;
    // Before a dot stands a variable or a namespace.
    if (!isReached && text[end] === ".") continue;
    return place;
  }
  return -1;
}

/** Whether a name is under way before a place. */
function endsInName(text: string, place: number): boolean {
  if (place === 0) return false;
  const unit = text.charCodeAt(place - 1);
  const isSecondHalf = unit >= 0xdc00 && unit <= 0xdfff;
  return nameRestLength(text, place - (isSecondHalf ? 2 : 1)) > 0;
}
