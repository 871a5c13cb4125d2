import { UserError } from "../errors.js";
import type { DeclarationId, DeclarationIndex, Filter } from "../index/declaration-index.js";
import type { Embedder } from "../models/embedder.js";
import type { Candidate, Channel, ChannelEvidence, RankedCandidate, Ranker } from "./candidate.js";
import { LexicalScorer } from "./lexical-score.js";
import { LinearRanker } from "./linear-ranker.js";
import { MeaningChannel } from "./meaning-channel.js";
import { NameChannel } from "./name-channel.js";
import { PhraseChannel } from "./phrase-channel.js";
import { parseQuery, type Query } from "./query.js";
import { ownFirst } from "./own-first.js";
import { BM25F, WordChannel } from "./word-channel.js";

/** How many candidates each channel may bring. */
const CANDIDATES_PER_CHANNEL = 500;

export interface SearchOptions {
  /** How many results at most; 10 where nothing is said. */
  readonly limit?: number;
  readonly filter?: Partial<Filter>;
  readonly signal?: AbortSignal;
}

/** The parts of a search that can be exchanged. */
export interface SearchParts {
  readonly channels: readonly Channel[];
  readonly ranker: Ranker;
  /** Makes the queries' vectors: the embedder that made the index's. */
  readonly embedder: Embedder;
}

/** A query with everything that the channels brought for it. */
export interface CandidateSet {
  readonly query: Query;
  readonly candidates: readonly Candidate[];
}

/**
 * Standard mode: from a query to ranked declarations. Channels bring candidates, all candidates are
 * scored for their words and their meaning, and a ranker puts them in order.
 */
export class Search {
  readonly #index: DeclarationIndex;
  readonly #channels: readonly Channel[];
  readonly #ranker: Ranker;
  readonly #embedder: Embedder | undefined;

  constructor(index: DeclarationIndex, parts: Partial<SearchParts> = {}) {
    this.#index = index;
    this.#channels = parts.channels ?? [
      new WordChannel(index),
      new PhraseChannel(index),
      new NameChannel(index),
      new MeaningChannel(index),
    ];
    this.#ranker = parts.ranker ?? new LinearRanker();
    this.#embedder = parts.embedder;
  }

  /**
   * The declarations that answer a query, best first.
   *
   * @throws UserError `badInput` for a query that is empty, too long, or has no word to search for,
   * `usage` for a module prefix under which there is nothing and for a package that the index does
   * not have, and what the embedder throws.
   */
  async search(text: string, options: SearchOptions = {}): Promise<RankedCandidate[]> {
    const { query, candidates } = await this.candidates(text, options);
    const ranked = await this.#ranker.rank(query, candidates);
    const { packages } = this.#index;
    const ordered = packages.hasOwn ? ownFirst(ranked, (id) => packages.isOwn(id)) : ranked;
    return ordered.slice(0, options.limit ?? 10);
  }

  /** All candidates for a query, in no order: what a ranker gets. @throws as `search` does */
  async candidates(text: string, options: SearchOptions = {}): Promise<CandidateSet> {
    const parsed = parseQuery(text);
    const filter = { kinds: [], module: "", ...options.filter };
    if (filter.module !== "" && !this.#index.hasModule(filter.module)) {
      throw new UserError(
        "usage",
        `The index has no module ${filter.module} and none below it: check the spelling and capitals.`,
      );
    }
    requirePackage(this.#index, filter);
    const vector = await this.#embedder?.embedQuery(parsed, options.signal);
    const query = vector === undefined ? parsed : { ...parsed, vector };
    const candidates = this.#collect(query, filter);
    if (query.words.length === 0 && candidates.length === 0) {
      throw new UserError(
        "badInput",
        `The query ${JSON.stringify(query.text.slice(0, 60))} has no word to search for: add a mathematical term or a name.`,
      );
    }
    return { query, candidates };
  }

  #collect(query: Query, filter: Filter): Candidate[] {
    const evidence = new Map<DeclarationId, ChannelEvidence[]>();
    for (const channel of this.#channels) {
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
    const similarities = this.#similarities(query, ids);
    return this.#index.facts(ids).map((facts) => ({
      facts,
      evidence: evidence.get(facts.id) ?? [],
      lexical: scorer.score(sequences.get(facts.id) ?? NO_WORDS),
      denseSimilarity: similarities.get(facts.id) ?? 0,
    }));
  }

  #similarities(query: Query, ids: readonly DeclarationId[]): Map<DeclarationId, number> {
    const { vectors } = this.#index;
    if (vectors === undefined || query.vector === undefined) return new Map();
    const scored = vectors.similarities(query.vector, ids);
    return new Map(scored.map(({ id, score }) => [id, score]));
  }

  #scorer(query: Query): LexicalScorer {
    const { lexical } = this.#index;
    const known = lexical.knownWords(query.words);
    return new LexicalScorer(query.words, known, lexical.statistics, BM25F);
  }
}

/** @throws UserError `usage` where a filter asks for a package that the index does not have. */
function requirePackage({ packages, path }: DeclarationIndex, filter: Filter): void {
  const { names } = packages;
  const wanted = filter.package ?? "";
  if (wanted !== "" && !names.includes(wanted)) {
    const has = names.length === 0 ? "no packages" : `the packages ${names.join(", ")}`;
    throw new UserError("usage", `The index ${path} has no package ${wanted}: it has ${has}.`);
  }
  if (filter.own === true && !packages.hasOwn) {
    throw new UserError(
      "usage",
      `The index ${path} holds no project's own declarations: make it of a Lake project's folder.`,
    );
  }
}

/** Six fields without words. */
const NO_WORDS = new Uint8Array(6);
