import type { DeclarationId, DeclarationIndex, Filter } from "../index/declaration-index.js";
import type { Channel, ChannelCandidate } from "./candidate.js";
import { looksLikeName, type Query } from "./query.js";

/**
 * Scores of the name channel by how a name was found. From `PINNED` on, the query *is* that name,
 * and rankers put the declaration before all others.
 */
export const NAME_SCORES = {
  exact: 4,
  caseBlind: 3,
  ending: 2.5,
  /** A misspelling: this, plus its similarity from 0 to 1 times one half. */
  misspelt: 1.5,
  spelled: 1,
  mentioned: 0.8,
} as const;

/** Scores from here on put a declaration before all others. */
export const PINNED = 1.5;

/** How many names with one ending are brought: `map_add` alone ends hundreds. */
const ENDINGS = 30;

/** How many of them are looked at where a filter leaves some out. */
const FILTERED_ENDINGS = 1000;

/** A misspelt name is believed from this similarity on. */
const BELIEVED_SIMILARITY = 0.75;

/** Brings declarations whose name the query is, misspells, or mentions. */
export class NameChannel implements Channel {
  readonly name = "name";
  readonly #index: DeclarationIndex;

  constructor(index: DeclarationIndex) {
    this.#index = index;
  }

  candidates(query: Query, limit: number, filter: Filter): ChannelCandidate[] {
    const best = new Map<DeclarationId, ChannelCandidate>();
    const add = (candidate: ChannelCandidate): void => {
      const known = best.get(candidate.id);
      if (known === undefined || known.score < candidate.score) best.set(candidate.id, candidate);
    };
    const passes = this.#index.lexical.passing(filter);
    const endings = passes === undefined ? ENDINGS : FILTERED_ENDINGS;
    if (query.asName !== undefined) this.#wholeQuery(query, query.asName, endings).forEach(add);
    for (const name of query.spelledNames) {
      for (const { id } of this.#index.names.withEnding(name, endings)) {
        add({ id, score: NAME_SCORES.spelled, reason: "its name spells the query" });
      }
    }
    for (const name of query.mentionedNames) {
      for (const { id } of this.#index.names.withEnding(name, 5)) {
        add({ id, score: NAME_SCORES.mentioned, reason: `the query mentions ${name}` });
      }
    }
    const ordered = [...best.values()].sort((a, b) => b.score - a.score);
    const passing = passes === undefined ? ordered : ordered.filter(({ id }) => passes(id));
    return passing.slice(0, limit);
  }

  #wholeQuery(query: Query, name: string, endings: number): ChannelCandidate[] {
    const plain = name.replace(/^_root_\./, "");
    const candidates = this.#index.names.withEnding(plain, endings).map(({ id, name: found }) => {
      if (found === plain) return { id, score: NAME_SCORES.exact, reason: "its name is the query" };
      if (found.toLowerCase() === plain.toLowerCase()) {
        return { id, score: NAME_SCORES.caseBlind, reason: "its name is the query but for case" };
      }
      // A plain word such as "ideal" ends many names without meaning any of them.
      const score = looksLikeName(plain) ? NAME_SCORES.ending : NAME_SCORES.spelled;
      return { id, score, reason: "its name ends in the query" };
    });
    if (candidates.length > 0) return candidates;
    // A plain word that declarations use is a word, however much it looks like some name.
    const isWord = !looksLikeName(plain) && this.#index.lexical.knownWords(query.words).length > 0;
    if (isWord) return [];
    return this.#index.names
      .similar(plain, 10)
      .filter(({ similarity }) => similarity >= BELIEVED_SIMILARITY)
      .map(({ id, similarity }) => ({
        id,
        score: NAME_SCORES.misspelt + similarity / 2,
        reason: `its name is like the query (${Math.round(similarity * 100)}% the same letters)`,
      }));
  }
}
