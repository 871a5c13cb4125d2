/** What a token is. */
export const TOKEN = {
  name: 0,
  sign: 1,
  open: 2,
  close: 3,
  number: 4,
  string: 5,
  character: 6,
  doc: 7,
} as const;

const CLOSING_OF: Readonly<Record<string, string>> = {
  "(": ")",
  "[": "]",
  "{": "}",
  "⟨": "⟩",
  "⦃": "⦄",
};

/** The tokens of one text, as columns of numbers: a large file has millions of them. */
export class TokenList {
  readonly text: string;
  #kinds: Uint8Array;
  #starts: Int32Array;
  #ends: Int32Array;
  #columns: Int32Array;
  /** Of a bracket: the token that pairs with it; -1 for none. */
  #partners = new Int32Array(0);
  readonly #lineStarts: number[] = [0];
  #size = 0;

  constructor(text: string) {
    this.text = text;
    // Lean's tokens and the space between them take some four characters.
    const capacity = Math.ceil(text.length / 3) + 8;
    this.#kinds = new Uint8Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
    this.#columns = new Int32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  get lineCount(): number {
    return this.#lineStarts.length;
  }

  add(kind: number, start: number, end: number, column: number): void {
    if (this.#size === this.#kinds.length) this.#grow();
    this.#kinds[this.#size] = kind;
    this.#starts[this.#size] = start;
    this.#ends[this.#size] = end;
    this.#columns[this.#size] = column;
    this.#size += 1;
  }

  #grow(): void {
    const capacity = this.#kinds.length * 3;
    const kinds = new Uint8Array(capacity);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
    const grown = (old: Int32Array) => {
      const column = new Int32Array(capacity);
      column.set(old);
      return column;
    };
    this.#starts = grown(this.#starts);
    this.#ends = grown(this.#ends);
    this.#columns = grown(this.#columns);
  }

  addLine(start: number): void {
    this.#lineStarts.push(start);
  }

  /** The kind of a token; -1 behind the last. */
  kind(token: number): number {
    return token >= 0 && token < this.#size ? (this.#kinds[token] ?? -1) : -1;
  }

  start(token: number): number {
    return token < this.#size ? (this.#starts[token] ?? 0) : this.text.length;
  }

  end(token: number): number {
    return token < this.#size ? (this.#ends[token] ?? 0) : this.text.length;
  }

  /** The column, from 0, of a token that is the first on its line; -1 of every other. */
  column(token: number): number {
    return token < this.#size ? (this.#columns[token] ?? -1) : 0;
  }

  word(token: number): string {
    return token >= 0 && token < this.#size
      ? this.text.slice(this.#starts[token], this.#ends[token])
      : "";
  }

  is(token: number, word: string): boolean {
    if (token < 0 || token >= this.#size) return false;
    const start = this.#starts[token] ?? 0;
    return (this.#ends[token] ?? 0) - start === word.length && this.text.startsWith(word, start);
  }

  /** The line, from 1, of a place in the text that has been read. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  line(token: number): number {
    return this.lineAt(this.start(token));
  }

  /** The column, from 0, of any token. */
  columnOf(token: number): number {
    const first = this.column(token);
    if (first !== -1) return first;
    const start = this.start(token);
    return start - (this.#lineStarts[this.lineAt(start) - 1] ?? 0);
  }

  /** The token after this one, or after the group that it opens. */
  skip(token: number): number {
    const partner = this.#partners[token] ?? -1;
    return partner > token ? partner + 1 : token + 1;
  }

  /** The bracket that closes the group which this token opens; -1 where it opens none. */
  closing(token: number): number {
    const partner = this.#partners[token] ?? -1;
    return partner > token ? partner : -1;
  }

  /**
   * Finds the pairs of brackets. No pair reaches across a token for which `isBarrier` holds, so that
   * one missing bracket spoils one declaration and not the rest of the file.
   */
  pairBrackets(
    isBarrier: (token: number) => boolean,
    onUnpaired: (token: number, isOpening: boolean) => void,
  ): void {
    const partners = new Int32Array(this.#size).fill(-1);
    const open: number[] = [];
    const openOf = new Map<string, number>();
    const drop = () => {
      const token = open.pop() ?? 0;
      const closing = CLOSING_OF[this.word(token)] ?? "";
      openOf.set(closing, (openOf.get(closing) ?? 1) - 1);
      return token;
    };
    for (let token = 0; token < this.#size; token += 1) {
      const kind = this.#kinds[token];
      if (open.length > 0 && this.#columns[token] === 0 && isBarrier(token)) {
        onUnpaired(open[open.length - 1] ?? 0, true);
        while (open.length > 0) drop();
      }
      if (kind === TOKEN.open) {
        const closing = CLOSING_OF[this.word(token)] ?? "";
        openOf.set(closing, (openOf.get(closing) ?? 0) + 1);
        open.push(token);
      } else if (kind === TOKEN.close) {
        const bracket = this.word(token);
        if ((openOf.get(bracket) ?? 0) === 0) {
          onUnpaired(token, false);
          continue;
        }
        for (;;) {
          const candidate = drop();
          if (CLOSING_OF[this.word(candidate)] === bracket) {
            partners[candidate] = token;
            partners[token] = candidate;
            break;
          }
          onUnpaired(candidate, true);
        }
      }
    }
    if (open.length > 0) onUnpaired(open[open.length - 1] ?? 0, true);
    this.#partners = partners;
  }

  /**
   * The source from one token up to another, without comments, each run of white space as one space.
   */
  source(from: number, to: number): string {
    if (from >= to) return "";
    const raw = this.text.slice(this.start(from), this.end(to - 1));
    if (!UNTIDY.test(raw)) return raw;
    let result = "";
    for (let token = from; token < to; token += 1) {
      if (this.#kinds[token] === TOKEN.doc) continue;
      const start = this.#starts[token] ?? 0;
      if (result !== "" && token > from && start > (this.#ends[token - 1] ?? 0)) result += " ";
      else if (token > from && this.#kinds[token - 1] === TOKEN.doc && result !== "") result += " ";
      result += this.text.slice(start, this.#ends[token]);
    }
    return result.replace(/\s+/g, " ");
  }
}

/** A new line, two spaces, or what may be a comment. */
const UNTIDY = /[\n\r\t]| {2}|--|\/-/;
