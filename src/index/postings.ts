import type { Database } from "better-sqlite3";
import { ONCE_IN_EACH, packedCounts, patchedList, pushEntry, withOneMore } from "./posting-list.js";
import { FIELDS } from "./schema.js";
import { visitWordSequence, type WordSequence } from "./word-sequence.js";

/**
 * Makes the inverted index from the word sequences: for each word, the list of the declarations that
 * have it. Memory: 8 bytes for each word of each declaration.
 */
export function rebuildPostings(db: Database): void {
  const lists = collectLists(db);
  const insert = db.prepare("insert into postings (word_id, entries) values (?, ?)");
  db.exec("delete from postings");
  for (let word = 0; word + 1 < lists.starts.length; word += 1) {
    const entries = encodeList(lists, word);
    if (entries.length > 0) insert.run(word, entries);
  }
}

interface Lists {
  /** Where each word's list begins in the arrays below. */
  readonly starts: Int32Array;
  readonly declarations: Int32Array;
  /** See `packedCounts`. */
  readonly counts: Int32Array;
}

function collectLists(db: Database): Lists {
  const highest =
    db.prepare<[], number>("select ifnull(max(id), 0) from vocabulary").pluck().get() ?? 0;
  const starts = new Int32Array(highest + 2);
  const sizes = db.prepare<[], [number, number]>("select id, documents from vocabulary").raw();
  for (const [id, documents] of sizes.iterate()) starts[id + 1] = documents;
  for (let i = 1; i < starts.length; i += 1) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const total = starts.at(-1) ?? 0;
  const lists = { starts, declarations: new Int32Array(total), counts: new Int32Array(total) };
  const next = starts.slice();
  // Where the current declaration's entry for a word is, if it has one already.
  const latest = new Int32Array(starts.length).fill(-1);
  let declaration = 0;
  const visitor = {
    field: () => undefined,
    word: (id: number, field: number) => {
      let place = latest[id] ?? -1;
      if (place === -1 || lists.declarations[place] !== declaration) {
        place = next[id] ?? 0;
        next[id] = place + 1;
        latest[id] = place;
        lists.declarations[place] = declaration;
      }
      lists.counts[place] = withOneMore(lists.counts[place] ?? 0, field);
    },
  };
  const sequences = db
    .prepare<[], [number, Buffer]>("select id, words from word_sequences order by id")
    .raw();
  for (const [id, sequence] of sequences.iterate()) {
    declaration = id;
    visitWordSequence(sequence, visitor);
  }
  return lists;
}

function encodeList({ starts, declarations, counts }: Lists, word: number): Buffer {
  const bytes: number[] = [];
  let previous = 0;
  for (let place = starts[word] ?? 0; place < (starts[word + 1] ?? 0); place += 1) {
    const declaration = declarations[place] ?? 0;
    pushEntry(bytes, declaration - previous, counts[place] ?? 0);
    previous = declaration;
  }
  return Buffer.from(bytes);
}

/** The sequence of a declaration that is not there: no word in any field. */
const NO_WORDS: WordSequence = new Uint8Array(FIELDS.length);

/** Brings the lists of all words in line that some declarations have, or had before they changed. */
export function patchPostings(
  db: Database,
  changed: Iterable<{
    readonly id: number;
    readonly before: WordSequence | undefined;
    readonly after: WordSequence | undefined;
  }>,
): void {
  const byWord = new Map<number, Map<number, number | undefined>>();
  for (const { id, before, after } of changed) {
    const old = packedCounts(before ?? NO_WORDS);
    const fresh = packedCounts(after ?? NO_WORDS);
    for (const word of [...old.keys(), ...fresh.keys()]) {
      if (old.get(word) === fresh.get(word)) continue;
      let changes = byWord.get(word);
      if (changes === undefined)
        byWord.set(word, (changes = new Map<number, number | undefined>()));
      changes.set(id, fresh.get(word));
    }
  }
  const read = db
    .prepare<[number], Buffer>("select entries from postings where word_id = ?")
    .pluck();
  const store = db.prepare("insert or replace into postings (word_id, entries) values (?, ?)");
  const remove = db.prepare("delete from postings where word_id = ?");
  for (const [word, changes] of byWord) {
    const entries = patchedList(read.get(word) ?? new Uint8Array(), changes);
    if (entries.length > 0) store.run(word, entries);
    else remove.run(word);
  }
}

/**
 * Adds the BM25F share of one word to every declaration that has it: `weight · f · (k + 1) / (f +
 * norms[id])`, where `f` is the sum of the word's counts times the fields' weights.
 *
 * @param scores by declaration id; grows.
 * @param touched declarations whose score was 0 before are appended from `touchedCount` on.
 * @returns the new number of touched declarations.
 */
export function accumulatePostings(
  entries: Uint8Array,
  word: { readonly weight: number; readonly saturation: number },
  fields: FieldWeights,
  norms: Float32Array,
  scores: Float32Array,
  touched: Int32Array,
  touchedCount: number,
): number {
  const { weight, saturation } = word;
  const gain = weight * (saturation + 1);
  const { byMask, byField } = fields;
  let declaration = 0;
  let at = 0;
  while (at < entries.length) {
    let byte = entries[at++] ?? 0;
    let difference = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = entries[at++] ?? 0;
      difference |= (byte & 0x7f) << shift;
    }
    declaration += difference;
    const mask = entries[at++] ?? 0;
    let frequency = 0;
    if ((mask & ONCE_IN_EACH) !== 0) {
      frequency = byMask[mask & 0x7f] ?? 0;
    } else {
      for (let field = 0; field < byField.length; field += 1) {
        if ((mask & (1 << field)) !== 0) frequency += (byField[field] ?? 0) * (entries[at++] ?? 0);
      }
    }
    // A word in fields that do not count is no match at all. Of a declaration that came to the index
    // after it was opened, nothing else is known yet.
    if (frequency === 0 || declaration >= scores.length) continue;
    const score = scores[declaration] ?? 0;
    if (score === 0) touched[touchedCount++] = declaration;
    scores[declaration] = score + (gain * frequency) / (frequency + (norms[declaration] ?? 1));
  }
  return touchedCount;
}

/** Field weights, also summed up for each set of fields. */
export interface FieldWeights {
  readonly byField: readonly number[];
  readonly byMask: Float64Array;
}

/** Prepares field weights, given in the order of FIELDS, for {@link accumulatePostings}. */
export function fieldWeights(byField: readonly number[]): FieldWeights {
  const byMask = new Float64Array(1 << byField.length);
  for (let mask = 0; mask < byMask.length; mask += 1) {
    byField.forEach((weight, field) => {
      if ((mask & (1 << field)) !== 0) byMask[mask] = (byMask[mask] ?? 0) + weight;
    });
  }
  return { byField, byMask };
}
