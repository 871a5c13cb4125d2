/**
 * One token of a text as the vocabulary knows it: the words that it stands for, and the longer ways
 * of writing that may start with it (`→` starts `→+*`; `if` starts "if and only if").
 */
export interface Token {
  readonly words: readonly string[];
  readonly longer: readonly LongerForm[] | undefined;
}

/** A way of writing that is longer than one token. */
export interface LongerForm {
  /** A sticky expression, tried where the token starts. It looks at a few dozen characters at most. */
  readonly pattern: RegExp;
  /** Its words, or the words of each text that the pattern can match. */
  readonly words: readonly string[] | ReadonlyMap<string, readonly string[]>;
}

/** Told of each piece of the text that stands for words: the words and where the piece lies. */
export type Visitor = (words: readonly string[], start: number, end: number) => void;

const TOKEN_SOURCE =
  // A run of ASCII letters and digits; a LaTeX command or an escaped character;
  "[A-Za-z0-9]+|\\\\(?:[A-Za-z]+|[^])|" +
  // a sign of ASCII that stands for something or starts something; one character beyond ASCII.
  "[!#%&'*+\\-/<=>@^|~[:\\\\]|[\\ud800-\\udbff][\\udc00-\\udfff]|[^\\0-\\x7f]";

const TOKEN = new RegExp(TOKEN_SOURCE, "g");
const FIRST_TOKEN = new RegExp(`^(?:${TOKEN_SOURCE})`);

/** The token that a way of writing starts with; "" if it starts with none. */
export function headOf(form: string): string {
  return FIRST_TOKEN.exec(form)?.[0] ?? "";
}

function wordsOf(form: LongerForm, matched: string): readonly string[] {
  return "get" in form.words ? (form.words.get(matched) ?? []) : form.words;
}

/**
 * Walks a text from left to right and tells the visitor of every token, or longer form that starts
 * there, that stands for words. The first longer form that fits wins over the token alone.
 */
export function scan(text: string, tokenOf: (surface: string) => Token, visit: Visitor): void {
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const { words, longer } = tokenOf(match[0]);
    const start = match.index;
    let found = words;
    for (const form of longer ?? []) {
      form.pattern.lastIndex = start;
      const matched = form.pattern.exec(text)?.[0];
      if (matched === undefined) continue;
      found = wordsOf(form, matched);
      TOKEN.lastIndex = start + matched.length;
      break;
    }
    if (found.length > 0) visit(found, start, TOKEN.lastIndex);
  }
}
