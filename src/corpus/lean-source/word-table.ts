/**
 * Words as numbers, so that each word of a text is cut out, hashed and looked up once and not at each
 * of its places. Words that mean something to the reader of Lean have roles, and the same number in
 * every text; others have numbers from {@link FIRST_OWN} on, in the order in which the text uses them.
 */

/** The first number of a word without a role. */
export const FIRST_OWN = 1024;

const ASCII = 128;

/** How many places a table starts with, and how many words: those with roles leave room for others. */
const START_SIZE = 2 ** 12;

/** A table with more places than these is not kept for the next text. */
const LARGEST_KEPT = 2 ** 17;

const roleWords: string[] = [];
const rolesOf: number[] = [];
let roleCount = 0;

/**
 * Gives words a role, one more than those that they may have: see {@link rolesOfWord}.
 *
 * @returns the bit that stands for the role.
 */
export function newRole(words: Iterable<string>): number {
  const role = 1 << roleCount;
  roleCount += 1;
  for (const word of words) {
    let number = roleWords.indexOf(word);
    if (number === -1) number = roleWords.push(word) - 1;
    rolesOf[number] = (rolesOf[number] ?? 0) | role;
  }
  return role;
}

/** The roles of a word as bits. */
export function rolesOfWord(number: number): number {
  return number >= 0 && number < rolesOf.length ? (rolesOf[number] ?? 0) : 0;
}

/** The words of one text. */
export interface TextWords {
  /** Those without a role, from {@link FIRST_OWN} on. */
  readonly own: readonly string[];
  /** For each of them: the number of what stands before its first dot; its own without a dot. */
  readonly heads: readonly number[];
}

export function wordOf(words: TextWords, number: number): string {
  return number < FIRST_OWN ? (roleWords[number] ?? "") : (words.own[number - FIRST_OWN] ?? "");
}

export function headOf(words: TextWords, number: number): number {
  return number < FIRST_OWN ? number : (words.heads[number - FIRST_OWN] ?? number);
}

/** Numbers the words of one text after the other: a hash table whose keys stay in the text. */
class WordTable {
  #text = "";
  #own: string[] = [];
  #heads: number[] = [];
  /** One more than a word's number; 0 where there is none. */
  #slots = new Int32Array(START_SIZE);
  /** The same for words of one ASCII character, by the character: they are half of all words. */
  readonly #single = new Int32Array(ASCII);
  /** By number. */
  #hashes = new Int32Array(START_SIZE);
  #starts = new Int32Array(START_SIZE);
  /** How many of the words with a role have a slot. */
  #known = 0;

  start(text: string): void {
    this.#text = text;
    this.#own = [];
    this.#heads = [];
    for (; this.#known < roleWords.length; this.#known += 1) {
      const word = roleWords[this.#known] ?? "";
      this.#hashes[this.#known] = hashOf(word, 0, word.length);
      this.#put(this.#known);
    }
  }

  /** The number of the word at a place of the text. */
  number(start: number, end: number): number {
    if (end - start > 1) return this.#find(start, end);
    const code = this.#text.charCodeAt(start);
    if (code >= ASCII) return this.#find(start, end);
    const known = this.#single[code] ?? 0;
    if (known !== 0) return known - 1;
    const number = this.#find(start, end);
    this.#single[code] = number + 1;
    return number;
  }

  #find(start: number, end: number): number {
    const hash = hashOf(this.#text, start, end);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = (this.#slots[slot] ?? 0) - 1;
      if (number === -1) return this.#add(hash, start, end);
      if (this.#hashes[number] === hash && this.#isAt(number, start, end)) return number;
    }
  }

  #isAt(number: number, start: number, end: number): boolean {
    const text = this.#text;
    if (number < FIRST_OWN) {
      const word = roleWords[number] ?? "";
      return word.length === end - start && text.startsWith(word, start);
    }
    if (this.#own[number - FIRST_OWN]?.length !== end - start) return false;
    let at = this.#starts[number] ?? 0;
    for (let other = start; other < end; other += 1, at += 1) {
      if (text.charCodeAt(at) !== text.charCodeAt(other)) return false;
    }
    return true;
  }

  #add(hash: number, start: number, end: number): number {
    const word = this.#text.slice(start, end);
    const number = FIRST_OWN + this.#own.length;
    if (2 * number >= this.#slots.length) this.#grow();
    this.#hashes[number] = hash;
    this.#starts[number] = start;
    this.#own.push(word);
    this.#heads.push(number);
    this.#put(number);
    const dot = word.indexOf(".");
    if (dot > 0) this.#heads[number - FIRST_OWN] = this.number(start, start + dot);
    return number;
  }

  #put(number: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#hashes[number] ?? 0) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }

  #grow(): void {
    const grown = (old: Int32Array) => {
      const larger = new Int32Array(2 * old.length);
      larger.set(old);
      return larger;
    };
    this.#hashes = grown(this.#hashes);
    this.#starts = grown(this.#starts);
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let known = 0; known < this.#known; known += 1) this.#put(known);
    for (let own = 0; own < this.#own.length; own += 1) this.#put(FIRST_OWN + own);
  }

  /** The words of the text, whose places are free from now on. */
  finish(): TextWords {
    const words = { own: this.#own, heads: this.#heads };
    if (this.#slots.length > LARGEST_KEPT) {
      this.#slots = new Int32Array(START_SIZE);
      this.#hashes = new Int32Array(START_SIZE);
      this.#starts = new Int32Array(START_SIZE);
      this.#known = 0;
    } else {
      // Words with a role were put there before all others, so that no way to them leads over others.
      const mask = this.#slots.length - 1;
      for (let number = FIRST_OWN + words.own.length - 1; number >= FIRST_OWN; number -= 1) {
        let slot = (this.#hashes[number] ?? 0) & mask;
        while (this.#slots[slot] !== number + 1) slot = (slot + 1) & mask;
        this.#slots[slot] = 0;
      }
    }
    this.#single.fill(0);
    this.#text = "";
    return words;
  }
}

/** After the FNV-1a hash of Fowler, Noll and Vo, over UTF-16 units. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}

/** The one that all texts use: one text is tokenized at a time. */
export const wordTable = new WordTable();
