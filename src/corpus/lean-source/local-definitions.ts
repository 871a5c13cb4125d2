import type { Member } from "./bodies.js";
import { readHeader } from "./headers.js";
import { TERM_WORDS } from "./lean-words.js";
import { readModifiers } from "./modifiers.js";
import { TOKEN, type TokenList } from "./token-list.js";

/** A definition inside of a declaration, which Lean makes a declaration of its own. */
export interface LocalDefinition extends Member {
  /** The token behind its value. */
  readonly to: number;
}

/** Words that may start a line among definitions without naming one. */
const NO_NAMES: ReadonlySet<string> = new Set(
  "termination_by decreasing_by partial_fixpoint finally deriving where with in".split(" "),
);

/** Definitions by `let rec` within more of them than these are not read: nobody writes them. */
const DEEPEST = 8;

/**
 * Reads definitions that start at one column, as they stand behind `where` and, for computed fields,
 * behind the `with` of an inductive type: `go (n : Nat) : Nat := …`, also by alternatives. Lines of
 * their values may start at the same column.
 */
export function readAlignedDefinitions(
  tokens: TokenList,
  from: number,
  to: number,
): LocalDefinition[] {
  // A doc comment may stand behind `where` on its line, and the name below it.
  const first = readModifiers(tokens, from).next;
  const margin = tokens.columnOf(tokens.column(first) === -1 ? from : first);
  const lines: { readonly at: number; readonly name: number }[] = [];
  for (let token = from; token < to; token = tokens.skip(token)) {
    if (token !== from && tokens.column(token) !== margin) continue;
    const name = readModifiers(tokens, token).next;
    if (name < to && mayBeNamed(tokens, name)) lines.push({ at: token, name });
    token = Math.max(token, Math.min(name, to - 1));
  }
  const starts = lines.filter(({ name }, index) => {
    const { valueFrom } = readHeader(tokens, name + 1, lines[index + 1]?.at ?? to, false);
    return tokens.is(valueFrom, ":=") || tokens.is(valueFrom, "|");
  });
  return starts.map(({ at, name }, index) =>
    localDefinition(tokens, at, name, starts[index + 1]?.at ?? to),
  );
}

function mayBeNamed(tokens: TokenList, token: number): boolean {
  if (tokens.kind(token) !== TOKEN.name) return false;
  const word = tokens.word(token);
  return !word.includes(".") && !NO_NAMES.has(word) && !TERM_WORDS.has(word);
}

/**
 * Reads what the value of a declaration defines behind `where` and by `let rec`, with the names that
 * they have below the declaration's: `go`, `go.inner`.
 *
 * @param from the sign or word that the value starts with.
 */
export function readLocalDefinitions(
  tokens: TokenList,
  from: number,
  to: number,
): LocalDefinition[] {
  // Few values have any: a look at the text spares a walk over the tokens.
  const text = tokens.text.slice(tokens.end(from), tokens.start(to));
  if (!text.includes("where") && !text.includes("let rec")) return [];
  const behindWhere: LocalDefinition[] = [];
  let line = from;
  for (let token = from + 1; token < to; token = tokens.skip(token)) {
    if (tokens.column(token) !== -1) line = token;
    if (!tokens.is(token, "where")) continue;
    // A line at the left margin may be a command of a library's own: `informal_lemma foo where`.
    const isOwnCommand = line !== token && line !== from && tokens.column(line) === 0;
    if (!isOwnCommand) behindWhere.push(...readAlignedDefinitions(tokens, token + 1, to));
    break;
  }
  return [...behindWhere, ...readLetRecs(tokens, from + 1, to, behindWhere)];
}

function readLetRecs(
  tokens: TokenList,
  from: number,
  to: number,
  around: readonly LocalDefinition[],
): LocalDefinition[] {
  const lets: number[] = [];
  for (let token = from; token < to; token += 1) {
    if (tokens.is(token, "let") && tokens.is(token + 1, "rec")) lets.push(token);
  }
  const found: LocalDefinition[] = [];
  /** Those whose lines have not ended, each with the column of its `let`. */
  const open: { readonly column: number; readonly name: string; readonly at: number }[] = [];
  let outermost = -1;
  let next = 0;
  for (let token = lets[0] ?? to; token < to; token += 1) {
    const column = tokens.column(token);
    if (column !== -1 && !tokens.is(token, "|")) {
      while ((open[open.length - 1]?.column ?? -1) >= column) {
        const { at = 0 } = open.pop() ?? {};
        const ended = found[at];
        if (ended !== undefined) found[at] = { ...ended, to: token };
      }
    }
    if (token !== lets[next]) continue;
    next += 1;
    const name = readModifiers(tokens, token + 2).next;
    if (name >= to || tokens.kind(name) !== TOKEN.name || open.length === DEEPEST) continue;
    while ((around[outermost + 1]?.header.bindersFrom ?? to) <= token) outermost += 1;
    const outer = open[open.length - 1]?.name ?? around[outermost]?.name;
    const definition = localDefinition(tokens, token + 2, name, lets[next] ?? to);
    const full = outer === undefined ? definition.name : `${outer}.${definition.name}`;
    open.push({ column: tokens.columnOf(token), name: full, at: found.length });
    found.push({ ...definition, name: full, to });
  }
  return found;
}

function localDefinition(tokens: TokenList, at: number, name: number, to: number): LocalDefinition {
  const { docstring, attributes } = readModifiers(tokens, at);
  return {
    name: tokens.word(name),
    line: tokens.line(name),
    docstring,
    isPrivate: false,
    isProtected: false,
    attributes,
    header: readHeader(tokens, name + 1, to, false),
    to,
  };
}
