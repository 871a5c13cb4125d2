import { UserError } from "../errors.js";
import type { DeclarationId, DeclarationIndex, Filter } from "../index/declaration-index.js";
import type { KnownWord } from "../index/lexical-table.js";
import type { Candidate, Channel, ChannelEvidence, RankedCandidate, Ranker } from "./candidate.js";
import { LexicalScorer } from "./lexical-score.js";
import { LinearRanker } from "./linear-ranker.js";
import { NameChannel } from "./name-channel.js";
import { PhraseChannel } from "./phrase-channel.js";
import { parseQuery, type Query } from "./query.js";
import { BM25F, WordChannel } from "./word-channel.js";

/** How many candidates each channel may bring. */
const CANDIDATES_PER_CHANNEL = 500;

export interface SearchOptions {
  /** How many results at most; 10 where nothing is said. */
  readonly limit?: number;
  readonly filter?: Partial<Filter>;
}

/** The parts of a search that can be exchanged. */
export interface SearchParts {
  readonly channels: readonly Channel[];
  readonly ranker: Ranker;
}

/**
 * Standard mode: from a query to ranked declarations. Channels bring candidates, all candidates are
 * scored for their words, and a ranker puts them in order.
 */
export class Search {
  readonly #index: DeclarationIndex;
  readonly #parts: SearchParts;

  constructor(index: DeclarationIndex, parts: Partial<SearchParts> = {}) {
    this.#index = index;
    this.#parts = {
      channels: parts.channels ?? [
        new WordChannel(index),
        new PhraseChannel(index),
        new NameChannel(index),
      ],
      ranker: parts.ranker ?? new LinearRanker(),
    };
  }

  /**
   * The declarations that answer a query, best first.
   *
   * @throws UserError `badInput` for a query that is empty, too long, or has no word to search for,
   * and `usage` for a module prefix under which there is nothing.
   */
  search(text: string, options: SearchOptions = {}): RankedCandidate[] {
    const query = parseQuery(text);
    const filter = { kinds: [], module: "", ...options.filter };
    if (filter.module !== "" && !this.#index.hasModule(filter.module)) {
      throw new UserError(
        "usage",
        `The index has no module ${filter.module} and none below it: check the spelling and capitals.`,
      );
    }
    const candidates = this.#candidates(query, filter);
    if (query.words.length === 0 && candidates.length === 0) {
      throw new UserError(
        "badInput",
        `The query ${JSON.stringify(query.text.slice(0, 60))} has no word to search for: add a mathematical term or a name.`,
      );
    }
    return this.#parts.ranker.rank(query, candidates).slice(0, options.limit ?? 10);
  }

  #candidates(query: Query, filter: Filter): Candidate[] {
    const evidence = new Map<DeclarationId, ChannelEvidence[]>();
    for (const channel of this.#parts.channels) {
      const brought = channel.candidates(query, CANDIDATES_PER_CHANNEL, filter);
      brought.forEach(({ id, ...rest }, place) => {
        const known = evidence.get(id);
        const item = { channel: channel.name, rank: place + 1, ...rest };
        if (known === undefined) evidence.set(id, [item]);
        else known.push(item);
      });
    }
    const ids = [...evidence.keys()];
    const scorer = this.#scorer(query);
    const sequences = new Map(this.#index.lexical.sequences(ids));
    return this.#index.facts(ids).map((facts) => ({
      facts,
      evidence: evidence.get(facts.id) ?? [],
      lexical: scorer.score(sequences.get(facts.id) ?? NO_WORDS),
    }));
  }

  #scorer(query: Query): LexicalScorer {
    const { lexical } = this.#index;
    const known: KnownWord[] = lexical.knownWords(query.words);
    return new LexicalScorer(query.words, known, lexical.statistics, BM25F);
  }
}

/** Six fields without words. */
const NO_WORDS = new Uint8Array(6);
