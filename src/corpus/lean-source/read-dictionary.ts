import { lowerStart, splitWords } from "./guess-name.js";
import type { SourceDictionary } from "./source-declaration.js";
import { TOKEN, type TokenList } from "./token-list.js";

const ATTRIBUTES = new Map<string, SourceDictionary["attribute"]>([
  ["ToAdditive", "to_additive"],
  ["ToDual", "to_dual"],
]);

const PARTS = new Map<string, SourceDictionary["part"]>([
  ["nameDict", "words"],
  ["abbreviationDict", "abbreviations"],
]);

/**
 * The dictionary that a definition lists, where it is one that Mathlib translates names by:
 * `ToAdditive.nameDict`, `ToDual.abbreviationDict` and so on, as lists of pairs such as
 * `("mul", ["Add"])` and `("zeroLE", "Nonneg")`. They change from version to version, so Mathlib's own
 * list is better than any copy of it. Undefined for other definitions.
 *
 * @param from the token of the definition's name.
 */
export function readDictionary(
  tokens: TokenList,
  namespace: string,
  from: number,
  to: number,
): SourceDictionary | undefined {
  const part = PARTS.get(tokens.word(from));
  if (part === undefined) return undefined;
  const attribute = ATTRIBUTES.get(namespace.slice(namespace.lastIndexOf(".") + 1));
  if (attribute === undefined) return undefined;
  const entries: (readonly [string, readonly string[]])[] = [];
  for (let token = from; token < to; token += 1) {
    if (!tokens.is(token, "(") || tokens.kind(token + 1) !== TOKEN.string) continue;
    const strings: string[] = [];
    const close = tokens.closing(token);
    for (; token < close; token += 1) {
      if (tokens.kind(token) === TOKEN.string) strings.push(tokens.word(token).slice(1, -1));
    }
    const [source = "", ...targets] = strings;
    if (targets.length > 0) entries.push([source, targets]);
  }
  return entries.length === 0 ? undefined : { attribute, scope: "library", part, entries };
}

/**
 * `to_additive_name_hint Foo AddFoo` and `to_dual_name_hint Left Right, Fst Snd`: words for the names
 * in the rest of the file.
 */
export function readNameHints(
  tokens: TokenList,
  word: string,
  from: number,
  to: number,
): SourceDictionary[] {
  const attribute = word.startsWith("to_dual") ? "to_dual" : "to_additive";
  const hints: SourceDictionary[] = [];
  const add = (source: string, target: string) => {
    const small = lowerStart(source);
    const isWord = splitWords(small).length === 1;
    const entry = [small, isWord ? splitWords(target) : [target]] as const;
    const part = isWord ? "words" : "abbreviations";
    hints.push({ attribute, scope: "file", part, entries: [entry] });
  };
  for (let token = from; token + 1 < to; token += 3) {
    if (tokens.kind(token) !== TOKEN.name || tokens.kind(token + 1) !== TOKEN.name) break;
    add(tokens.word(token), tokens.word(token + 1));
    if (attribute === "to_dual") add(tokens.word(token + 1), tokens.word(token));
    if (!tokens.is(token + 2, ",")) break;
  }
  return hints;
}
