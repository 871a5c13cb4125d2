import type { Database, Statement } from "better-sqlite3";

interface Entry {
  readonly id: number;
  documents: number;
}

/**
 * The vocabulary while an index is written: each word's id and in how many declarations it occurs.
 * Changes stay in memory until {@link WordLedger.flush}, which the writer calls inside the
 * transaction that they belong to.
 */
export class WordLedger {
  readonly #entries = new Map<string, Entry>();
  readonly #words = new Map<number, string>();
  readonly #dirty = new Set<string>();
  readonly #store: Statement<[number, string, number]>;
  #nextId = 1;

  constructor(db: Database) {
    const rows = db
      .prepare<[], [number, string, number]>("select id, word, documents from vocabulary")
      .raw();
    for (const [id, word, documents] of rows.iterate()) {
      this.#entries.set(word, { id, documents });
      this.#words.set(id, word);
      this.#nextId = Math.max(this.#nextId, id + 1);
    }
    this.#store = db.prepare(
      `insert into vocabulary (id, word, documents) values (?, ?, ?)
       on conflict (id) do update set documents = excluded.documents`,
    );
  }

  /** The id of a word, new words being entered with no documents. */
  idOf(word: string): number {
    let entry = this.#entries.get(word);
    if (entry === undefined) {
      entry = { id: this.#nextId, documents: 0 };
      this.#nextId += 1;
      this.#entries.set(word, entry);
      this.#words.set(entry.id, word);
      this.#dirty.add(word);
    }
    return entry.id;
  }

  /** The word of an id, or undefined. */
  wordOf(id: number): string | undefined {
    return this.#words.get(id);
  }

  /** Counts a declaration with these distinct words in. */
  addDocument(words: Iterable<string>): void {
    for (const word of words) this.#count(word, 1);
  }

  /** Counts a declaration with these distinct word ids out. */
  removeDocument(ids: Iterable<number>): void {
    for (const id of ids) {
      const word = this.#words.get(id);
      if (word !== undefined) this.#count(word, -1);
    }
  }

  /** Writes what changed since the last flush. */
  flush(): void {
    for (const word of this.#dirty) {
      const entry = this.#entries.get(word);
      if (entry !== undefined) this.#store.run(entry.id, word, entry.documents);
    }
    this.#dirty.clear();
  }

  #count(word: string, by: number): void {
    const entry = this.#entries.get(word);
    if (entry === undefined) return;
    entry.documents += by;
    this.#dirty.add(word);
  }
}
