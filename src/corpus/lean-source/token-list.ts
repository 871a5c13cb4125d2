import { FIRST_OWN, headOf, rolesOfWord, type TextWords, wordOf } from "./word-table.js";

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

/** The same number for a bracket and the one that pairs with it. */
function pairOf(bracket: number): number {
  switch (bracket) {
    case 0x28:
    case 0x29:
      return 0;
    case 0x5b:
    case 0x5d:
      return 1;
    case 0x7b:
    case 0x7d:
      return 2;
    case 0x27e8:
    case 0x27e9:
      return 3;
    default:
      return 4;
  }
}

/** The numbers that a token takes. */
const WIDTH = 6;
const KIND = 0;
const START = 1;
const END = 2;
const COLUMN = 3;
/** Of a bracket: the token that pairs with it; -1 for none. */
const PARTNER = 4;
/** Of a name, a sign or a bracket: the number of its word; -1 of others. */
const WORD = 5;

/** The tokens of one text, as rows of numbers: a large file has millions of them. */
export class TokenList {
  readonly text: string;
  #cells: Int32Array;
  #words: TextWords = { own: [], heads: [] };
  readonly #lineStarts: number[] = [0];
  #size = 0;

  constructor(text: string) {
    this.text = text;
    // Lean's tokens and the space between them take some four characters.
    this.#cells = new Int32Array((Math.ceil(text.length / 3) + 8) * WIDTH);
  }

  get size(): number {
    return this.#size;
  }

  get lineCount(): number {
    return this.#lineStarts.length;
  }

  /** @param word the number of the word; -1 for none. */
  add(kind: number, start: number, end: number, column: number, word: number): void {
    const cell = this.#size * WIDTH;
    if (cell === this.#cells.length) this.#grow();
    this.#cells[cell + KIND] = kind;
    this.#cells[cell + START] = start;
    this.#cells[cell + END] = end;
    this.#cells[cell + COLUMN] = column;
    this.#cells[cell + PARTNER] = -1;
    this.#cells[cell + WORD] = word;
    this.#size += 1;
  }

  #grow(): void {
    const cells = new Int32Array(this.#cells.length * 3);
    cells.set(this.#cells);
    this.#cells = cells;
  }

  addLine(start: number): void {
    this.#lineStarts.push(start);
  }

  /** Takes the words whose numbers the tokens have. */
  setWords(words: TextWords): void {
    this.#words = words;
  }

  /** The kind of a token; -1 behind the last. */
  kind(token: number): number {
    return token >= 0 && token < this.#size ? (this.#cells[token * WIDTH + KIND] ?? -1) : -1;
  }

  start(token: number): number {
    return token < this.#size ? (this.#cells[token * WIDTH + START] ?? 0) : this.text.length;
  }

  end(token: number): number {
    return token < this.#size ? (this.#cells[token * WIDTH + END] ?? 0) : this.text.length;
  }

  /** The column, from 0, of a token that is the first on its line; -1 of every other. */
  column(token: number): number {
    return token < this.#size ? (this.#cells[token * WIDTH + COLUMN] ?? -1) : 0;
  }

  word(token: number): string {
    if (token < 0 || token >= this.#size) return "";
    const cell = token * WIDTH;
    const number = this.#cells[cell + WORD] ?? -1;
    if (number !== -1) return wordOf(this.#words, number);
    return this.text.slice(this.#cells[cell + START], this.#cells[cell + END]);
  }

  is(token: number, word: string): boolean {
    if (token < 0 || token >= this.#size) return false;
    const start = this.#cells[token * WIDTH + START] ?? 0;
    const end = this.#cells[token * WIDTH + END] ?? 0;
    return end - start === word.length && this.text.startsWith(word, start);
  }

  /** The number of a token's word, which stands for that word in all of the text; -1 for none. */
  wordNumber(token: number): number {
    return token >= 0 && token < this.#size ? (this.#cells[token * WIDTH + WORD] ?? -1) : -1;
  }

  /** The roles of a token's word as bits: see {@link newRole}. */
  roles(token: number): number {
    return rolesOfWord(this.wordNumber(token));
  }

  /** The word with a number. */
  wordWithNumber(number: number): string {
    return wordOf(this.#words, number);
  }

  /** The number of what stands before the first dot of a word. */
  headNumber(number: number): number {
    return headOf(this.#words, number);
  }

  /** A number that is greater than that of any word. */
  get wordNumbersEnd(): number {
    return FIRST_OWN + this.#words.own.length;
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
    const partner = this.#cells[token * WIDTH + PARTNER] ?? -1;
    return partner > token ? partner + 1 : token + 1;
  }

  /** The bracket that closes the group which this token opens; -1 where it opens none. */
  closing(token: number): number {
    const partner = this.#cells[token * WIDTH + PARTNER] ?? -1;
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
    const cells = this.#cells;
    const open: number[] = [];
    /** How many brackets of each pair are open. */
    const openOf = [0, 0, 0, 0, 0];
    const pair = (token: number) => pairOf(this.text.charCodeAt(cells[token * WIDTH + START] ?? 0));
    const drop = () => {
      const token = open.pop() ?? 0;
      openOf[pair(token)] = (openOf[pair(token)] ?? 1) - 1;
      return token;
    };
    for (let token = 0; token < this.#size; token += 1) {
      const kind = cells[token * WIDTH + KIND];
      if (open.length > 0 && cells[token * WIDTH + COLUMN] === 0 && isBarrier(token)) {
        onUnpaired(open[open.length - 1] ?? 0, true);
        while (open.length > 0) drop();
      }
      if (kind === TOKEN.open) {
        openOf[pair(token)] = (openOf[pair(token)] ?? 0) + 1;
        open.push(token);
      } else if (kind === TOKEN.close) {
        const wanted = pair(token);
        if (openOf[wanted] === 0) {
          onUnpaired(token, false);
          continue;
        }
        for (;;) {
          const candidate = drop();
          if (pair(candidate) === wanted) {
            cells[candidate * WIDTH + PARTNER] = token;
            cells[token * WIDTH + PARTNER] = candidate;
            break;
          }
          onUnpaired(candidate, true);
        }
      }
    }
    if (open.length > 0) onUnpaired(open[open.length - 1] ?? 0, true);
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
      if (this.kind(token) === TOKEN.doc) continue;
      const start = this.start(token);
      if (result !== "" && token > from && start > this.end(token - 1)) result += " ";
      else if (token > from && this.kind(token - 1) === TOKEN.doc && result !== "") result += " ";
      result += this.text.slice(start, this.end(token));
    }
    return result.replace(/\s+/g, " ");
  }
}

/** A new line, two spaces, or what may be a comment. */
const UNTIDY = /[\n\r\t]| {2}|--|\/-/;
