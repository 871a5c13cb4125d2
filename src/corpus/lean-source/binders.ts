import { TOKEN, type TokenList } from "./token-list.js";

/** The bracket that a binder starts with: explicit, implicit, instance, strict implicit. */
export type BinderBracket = "(" | "{" | "[" | "⦃";

/** One binder of a header or of a `variable` command. */
export interface Binder {
  readonly bracket: BinderBracket;
  /** Its names; none for an instance without a name. */
  readonly names: readonly string[];
  /** The type with a default value, if any: `ℕ := 0`; "" where none is written. */
  readonly type: string;
  /** The tokens of the type: from, and up to but without. */
  readonly typeFrom: number;
  readonly typeTo: number;
}

const BRACKETS: ReadonlySet<string> = new Set(["(", "{", "[", "⦃"]);

/** The binder whose bracket stands at a token; undefined where there is none. */
export function readBinder(tokens: TokenList, token: number): Binder | undefined {
  if (tokens.kind(token) !== TOKEN.open) return undefined;
  const bracket = tokens.word(token);
  const close = tokens.closing(token);
  if (close === -1 || !BRACKETS.has(bracket)) return undefined;
  const names: string[] = [];
  let at = token + 1;
  while (at < close && (tokens.kind(at) === TOKEN.name || tokens.is(at, "_"))) {
    names.push(tokens.word(at));
    at += 1;
  }
  const isTyped = tokens.is(at, ":");
  if (bracket === "[" && !(isTyped && names.length === 1)) {
    const type = tokens.source(token + 1, close);
    return { bracket, names: [], type, typeFrom: token + 1, typeTo: close };
  }
  const typeFrom = isTyped ? at + 1 : at;
  return {
    bracket: bracket as BinderBracket,
    names,
    type: tokens.source(typeFrom, close),
    typeFrom,
    typeTo: close,
  };
}

const TYPE_WORDS: ReadonlySet<string> = new Set(["Type", "Prop", "Sort", "outParam", "autoParam"]);

/**
 * The name at the head of a binder's type, through which `h.foo` finds `Head.foo`; "" where the type
 * starts with no name.
 */
export function typeHead(tokens: TokenList, from: number, to: number): string {
  let token = from;
  while (token < to && (tokens.is(token, "@") || tokens.is(token, "¬"))) token += 1;
  if (token >= to || tokens.kind(token) !== TOKEN.name) return "";
  const word = tokens.word(token);
  if (TYPE_WORDS.has(word)) return "";
  // `a ≤ b` and `M → N` start with a name that is not the head.
  for (let next = tokens.skip(token); next < to; next = tokens.skip(next)) {
    if (tokens.is(next, ":=")) break;
    if (tokens.kind(next) === TOKEN.sign && !ARGUMENT_SIGNS.has(tokens.word(next))) return "";
  }
  return word;
}

/** Signs that stand inside an application: `f.{u}`, `@f`, `↑x`, `f <| x`, `x.1`. */
const ARGUMENT_SIGNS: ReadonlySet<string> = new Set([".", "@", "↑", "⇑", "_", "⁻¹", "·", "<|"]);
