import type { Database, Statement } from "better-sqlite3";
import { distance } from "fastest-levenshtein";
import type { DeclarationId } from "./declaration-index.js";
import { nameComponents, nameKey } from "./name-key.js";
import { reading } from "./open.js";

/** A declaration whose name resembles another. */
export interface SimilarName {
  readonly id: DeclarationId;
  readonly name: string;
  /** From 0 to 1, 1 for names that differ in nothing but case: one minus edits per character. */
  readonly similarity: number;
}

/** Names longer than this are no misspelling of anything. */
const LONGEST_MISSPELLING = 200;

/** How many names that share a piece with a misspelling are compared with it letter by letter. */
const COMPARED_NAMES = 3000;

/** Below this similarity two names have nothing to do with each other. */
const LEAST_SIMILARITY = 0.6;

/** Look-up of declarations by name: exactly, without namespaces, blind to case, and misspelt. */
export class NameTable {
  readonly #withEnding: Statement<[{ key: string; name: string; limit: number }], [number, string]>;
  readonly #withBeginning: Statement<[string, string, number], string>;
  readonly #sharingTrigrams: Statement<[string, number], [number, string, number]>;
  readonly #sharingStart: Statement<[string, string], [number, string]>;
  readonly #ofIds: Statement<[string], [number, string, number]>;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    this.#withEnding = db
      .prepare<[{ key: string; name: string; limit: number }], [number, string]>(
        `select d.id, n.name from name_keys k
         join declarations d on d.id = k.id join names n on n.id = k.id
         where k.key = @key or (k.key > @key || '.' and k.key < @key || '/')
         order by k.key <> @key, n.name <> @name, d.used_by desc, n.name limit @limit`,
      )
      .raw();
    this.#withBeginning = db
      .prepare<[string, string, number], string>(
        `select n.name from names n join declarations d on d.id = n.id
         where n.name >= ? and n.name < ? order by n.name limit ?`,
      )
      .pluck();
    this.#sharingTrigrams = db
      .prepare<[string, number], [number, string, number]>(
        `select d.id, n.name, d.used_by from name_trigrams t
         join declarations d on d.id = t.rowid join names n on n.id = t.rowid
         where t.name_trigrams match ? limit ?`,
      )
      .raw();
    this.#sharingStart = db
      .prepare<[string, string], [number, string]>(
        "select id, key from name_keys where key >= ? and key < ?",
      )
      .raw();
    this.#ofIds = db
      .prepare<[string], [number, string, number]>(
        `select d.id, n.name, d.used_by from json_each(?) wanted
         join declarations d on d.id = wanted.value join names n on n.id = d.id`,
      )
      .raw();
  }

  /**
   * Declarations whose name ends in these components, blind to case: first the name itself, then
   * the most used. `exists_ismaxon` finds `IsCompact.exists_isMaxOn`; `_root_.` is understood.
   */
  withEnding(name: string, limit: number): { readonly id: DeclarationId; readonly name: string }[] {
    const plain = name.replace(/^_root_\./, "");
    const wanted = { key: nameKey(plain), name: plain, limit };
    const rows = reading(this.#db, () => this.#withEnding.all(wanted));
    return rows.map(([id, found]) => ({ id, name: found }));
  }

  /** Names of declarations that begin with this text, case and all, in alphabetical order. */
  withBeginning(text: string, limit: number): string[] {
    return reading(this.#db, () => this.#withBeginning.all(text, `${text}\u{10ffff}`, limit));
  }

  /** Names of declarations that contain this text, blind to case: the most used first. */
  containing(text: string, limit: number): string[] {
    const folded = text.toLowerCase();
    const characters = Array.from(folded);
    if (characters.length < 3 || characters.length > LONGEST_MISSPELLING || folded.includes("\0")) {
      return [];
    }
    const query = pieceQuery(characters);
    return reading(this.#db, () => this.#sharingTrigrams.all(query, COMPARED_NAMES))
      .filter(([, name]) => name.toLowerCase().includes(folded))
      .sort((a, b) => b[2] - a[2] || (a[1] < b[1] ? -1 : 1))
      .slice(0, limit)
      .map(([, name]) => name);
  }

  /**
   * Declarations whose name looks like this one, most similar first: for misspelt names and wrong
   * namespaces. The name's namespaces may be missing. Candidates are the names that keep one third
   * of it, or of its last component, unchanged, and those whose last component starts with the same
   * two letters.
   */
  similar(name: string, limit: number): SimilarName[] {
    const folded = name.replace(/^_root_\./, "").toLowerCase();
    if (folded.length < 3 || folded.length > LONGEST_MISSPELLING) return [];
    // FTS5 takes a query to end there.
    if (folded.includes("\0")) return [];
    const depth = nameComponents(folded).length;
    const found = new Map<DeclarationId, SimilarName & { readonly usedBy: number }>();
    for (const [id, other, usedBy] of reading(this.#db, () => this.#candidates(folded, depth))) {
      const similarity = nameSimilarity(folded, depth, other.toLowerCase());
      if (similarity >= LEAST_SIMILARITY) found.set(id, { id, name: other, similarity, usedBy });
    }
    return [...found.values()]
      .sort(
        (a, b) => b.similarity - a.similarity || b.usedBy - a.usedBy || (a.name < b.name ? -1 : 1),
      )
      .slice(0, limit)
      .map(({ id, name: other, similarity }) => ({ id, name: other, similarity }));
  }

  /** Names, and how often they are used, that may be like this one. */
  #candidates(folded: string, depth: number): [DeclarationId, string, number][] {
    const last = nameComponents(folded).at(-1) ?? folded;
    const candidates: [DeclarationId, string, number][] = [];
    for (const part of new Set([folded, last])) {
      const query = piecesQuery(part);
      if (query !== "") candidates.push(...this.#sharingTrigrams.all(query, COMPARED_NAMES));
    }
    // Pieces of short names are in too many others for all of those to be compared.
    const start = Array.from(last).slice(0, 2).join("");
    const key = nameKey(folded);
    const ids: DeclarationId[] = [];
    for (const [id, other] of this.#sharingStart.iterate(start, `${start}\u{10ffff}`)) {
      const whole = likeness(key, other);
      const ending = likeness(key, firstComponents(other, depth));
      if (Math.max(whole, ending) >= LEAST_SIMILARITY) ids.push(id);
    }
    return candidates.concat(this.#ofIds.all(JSON.stringify(ids)));
  }
}

/** An FTS5 query for texts that hold all trigrams of one third of this text; empty for short ones. */
function piecesQuery(text: string): string {
  const characters = Array.from(text);
  if (characters.length < 3) return "";
  const length = Math.max(3, Math.floor(characters.length / 3));
  const pieces: string[] = [];
  for (let start = 0; start + length <= characters.length; start += length) {
    pieces.push(pieceQuery(characters.slice(start, start + length)));
  }
  // A very short text has but one piece, which must not be the one with the mistake.
  if (pieces.length === 1) pieces.push(pieceQuery(characters.slice(-length)));
  return pieces.join(" OR ");
}

function pieceQuery(characters: readonly string[]): string {
  const trigrams: string[] = [];
  for (let i = 0; i + 3 <= characters.length; i += 1) {
    const trigram = characters.slice(i, i + 3).join("");
    trigrams.push(`"${trigram.replaceAll('"', '""')}"`);
  }
  return `(${trigrams.join(" AND ")})`;
}

/** Likeness of two folded names, the second also taken without its outermost namespaces. */
function nameSimilarity(name: string, depth: number, other: string): number {
  const whole = likeness(name, other);
  const components = nameComponents(other);
  if (components.length <= depth) return whole;
  // Namespaces that a reader left out cost a little, so that the shorter of two names wins.
  return Math.max(whole, likeness(name, components.slice(-depth).join(".")) - 0.02);
}

function firstComponents(name: string, count: number): string {
  if (name.includes("«")) return nameComponents(name).slice(0, count).join(".");
  let end = -1;
  for (let i = 0; i < count; i += 1) {
    end = name.indexOf(".", end + 1);
    if (end === -1) return name;
  }
  return name.slice(0, end);
}

/** One minus edits per character; 0 for names whose lengths alone keep them from being alike. */
function likeness(a: string, b: string): number {
  const longer = Math.max(a.length, b.length, 1);
  if (Math.min(a.length, b.length) < LEAST_SIMILARITY * longer) return 0;
  return 1 - distance(a, b) / longer;
}
