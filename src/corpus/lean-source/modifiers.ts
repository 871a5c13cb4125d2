import { readAttributes } from "./attributes.js";
import { MODIFIER_WORDS } from "./command-words.js";
import { docText } from "./literals.js";
import type { GeneratingAttribute } from "./source-declaration.js";
import { TOKEN, type TokenList } from "./token-list.js";

/** What stands before the word that says what a command does. */
export interface Modifiers {
  readonly docstring: string;
  readonly attributes: readonly GeneratingAttribute[];
  /** Words such as `protected`, and the attributes `expose` and `no_expose`. */
  readonly words: ReadonlySet<string>;
  /** The token behind the modifiers. */
  readonly next: number;
}

const NO_WORDS: ReadonlySet<string> = new Set();

/** Reads doc comments, attributes and words such as `protected` at the start of a command or field. */
export function readModifiers(tokens: TokenList, from: number): Modifiers {
  let docstring = "";
  const attributes: GeneratingAttribute[] = [];
  let words = NO_WORDS as Set<string>;
  let token = from;
  for (;;) {
    const kind = tokens.kind(token);
    if (kind === TOKEN.doc) {
      docstring = docText(tokens.word(token));
      token += 1;
    } else if (kind === TOKEN.sign && tokens.is(token, "@") && tokens.is(token + 1, "[")) {
      const close = tokens.closing(token + 1);
      if (close === -1) return { docstring, attributes, words, next: token + 2 };
      attributes.push(...readAttributes(tokens, token + 2, close));
      for (let inner = token + 2; inner < close; inner = tokens.skip(inner)) {
        if (tokens.is(inner, "expose") || tokens.is(inner, "no_expose")) {
          words = new Set(words).add(tokens.word(inner));
        }
      }
      token = close + 1;
    } else if (kind === TOKEN.name && MODIFIER_WORDS.has(tokens.word(token))) {
      if (words === NO_WORDS) words = new Set();
      words.add(tokens.word(token));
      // `scoped[Namespace] notation …`
      const isIn = tokens.is(token, "scoped") && tokens.is(token + 1, "[");
      token = isIn ? tokens.skip(token + 1) : token + 1;
    } else {
      return { docstring, attributes, words, next: token };
    }
  }
}

/** Whether what a command declares can be seen from other files. */
export function isPublic(
  { words }: Pick<Modifiers, "words">,
  around: { readonly isPublic: boolean },
): boolean {
  return !words.has("private") && (around.isPublic || words.has("public"));
}
