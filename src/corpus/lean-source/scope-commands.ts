import { readBinder } from "./binders.js";
import { startsLineOfCommand } from "./command-words.js";
import type { Scopes } from "./scopes.js";
import type { OpenedNames } from "./source-declaration.js";
import { TOKEN, type TokenList } from "./token-list.js";

/**
 * Commands that change what holds for the commands after them. Each reader takes the token behind the
 * command's word and gives the token behind the command.
 */

/** `variable {α : Type*} [Foo α]`, also with `variable {x}` for a variable that is known. */
export function readVariables(
  tokens: TokenList,
  from: number,
  scopes: Scopes,
  onTooMany: () => void,
): number {
  let token = from;
  for (;;) {
    const binder = readBinder(tokens, token);
    if (binder === undefined) return token;
    if (!scopes.variables.add(tokens, binder)) onTooMany();
    token = tokens.skip(token);
  }
}

/** `include x y` or `omit [Foo α] x`. */
export function readIncludes(
  tokens: TokenList,
  from: number,
  scopes: Scopes,
  isIncluded: boolean,
): number {
  let token = from;
  for (;;) {
    const kind = tokens.kind(token);
    const isName = kind === TOKEN.name && !startsLineOfCommand(tokens, token);
    if (isName && !tokens.is(token, "in")) {
      scopes.variables.setIncluded(tokens.word(token), isIncluded);
    } else if (!isIncluded && kind === TOKEN.open) {
      const close = tokens.closing(token);
      if (close === -1) return token + 1;
      const binder = readBinder(tokens, token);
      if (binder?.names.length === 1) scopes.variables.setIncluded(binder.names[0] ?? "", false);
      else scopes.variables.omitInstance(tokens.source(token + 1, close));
    } else return token;
    token = tokens.skip(token);
  }
}

/** `open Foo Bar`, `open Foo (a b)`, `open Foo hiding a`, `open Foo renaming a → b`. */
export function readOpen(tokens: TokenList, from: number): { opened: OpenedNames[]; next: number } {
  let token = from;
  // `open scoped Foo` opens notations and no names.
  const isScoped = tokens.is(token, "scoped");
  if (isScoped) token += 1;
  const opened: OpenedNames[] = [];
  for (;;) {
    if (!isOpenable(tokens, token)) return { opened: isScoped ? [] : opened, next: token };
    const namespace = tokens.word(token);
    token += 1;
    if (tokens.is(token, "(")) {
      const close = tokens.closing(token);
      if (close === -1) return { opened, next: token + 1 };
      opened.push({ namespace, only: words(tokens, token + 1, close) });
      token = close + 1;
    } else if (tokens.is(token, "hiding")) {
      const start = token + 1;
      for (token = start; isOpenable(tokens, token);) token += 1;
      opened.push({ namespace, hidden: words(tokens, start, token) });
    } else if (tokens.is(token, "renaming")) {
      const renamed: [string, string][] = [];
      for (token += 1; isOpenable(tokens, token);) {
        renamed.push([tokens.word(token), tokens.word(token + 2)]);
        token += 3;
        if (tokens.is(token, ",")) token += 1;
      }
      opened.push({ namespace, only: [], renamed });
    } else opened.push({ namespace });
  }
}

function isOpenable(tokens: TokenList, token: number): boolean {
  return (
    tokens.kind(token) === TOKEN.name &&
    !startsLineOfCommand(tokens, token) &&
    !NOT_OPENED.has(tokens.word(token))
  );
}

/** Words that end the list of an `open` on the same or a further line. */
const NOT_OPENED: ReadonlySet<string> = new Set([
  ..."in hiding renaming theorem lemma def abbrev instance structure class inductive axiom opaque".split(
    " ",
  ),
  ..."namespace section end variable open universe set_option noncomputable private protected".split(
    " ",
  ),
]);

function words(tokens: TokenList, from: number, to: number): string[] {
  const found: string[] = [];
  for (let token = from; token < to; token += 1) {
    if (tokens.kind(token) === TOKEN.name) found.push(tokens.word(token));
  }
  return found;
}
