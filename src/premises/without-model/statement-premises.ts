import type { DeclarationFacts, DeclarationIndex } from "../../index/declaration-index.js";
import type { Search } from "../../search/search.js";
import type { Theorem, TheoremItself } from "../theorem.js";
import { fuse, type FoundPremise } from "./fuse.js";
import { gatherCandidates } from "./premise-candidates.js";
import { PremiseEncoder } from "./premise-encoder.js";
import { premiseFeatureMatrix } from "./premise-features.js";
import { PremiseRanker } from "./premise-ranker.js";
import { FOUND_PER_TEXT, searchStatement, type StatementSearches } from "./statement-searches.js";

export type { FoundPremise } from "./fuse.js";

/** How many premises are given where nothing is said. */
const DEFAULT_LIMIT = 50;

/** The models that rank premises. They belong together: the ranker was trained on the encoder. */
interface PremiseModels {
  readonly encoder: PremiseEncoder;
  readonly ranker: PremiseRanker;
}

export interface RankOptions {
  /** How many premises at most; 50 where nothing is said. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/**
 * Ranks the declarations that a theorem's proof may need by the theorem's own texts, without any
 * language model. Where the models or the vectors that they need are missing, the searches for the
 * theorem's statement and for its words are fused instead.
 */
export class StatementPremises {
  /** The models that take part, with their fingerprints; empty where there are none. */
  readonly models: Readonly<Record<string, string>>;
  readonly #index: DeclarationIndex;
  readonly #search: Search;
  readonly #learned: PremiseModels | undefined;

  private constructor(index: DeclarationIndex, search: Search, learned: PremiseModels | undefined) {
    this.#index = index;
    this.#search = search;
    this.#learned = learned;
    this.models =
      learned === undefined
        ? {}
        : {
            "premise encoder": learned.encoder.fingerprint,
            "premise ranker": learned.ranker.fingerprint,
          };
  }

  /**
   * @param search over the same index.
   * @param options.modelsFolder another folder than the bundled `models/`.
   * @throws UserError `badInput` where a model's files are damaged.
   */
  static async open(
    index: DeclarationIndex,
    search: Search,
    options: { readonly modelsFolder?: string } = {},
  ): Promise<StatementPremises> {
    return new StatementPremises(index, search, await openModels(index, options.modelsFolder));
  }

  /**
   * The likeliest premises, best first; the theorem itself is never among them.
   *
   * @throws UserError `interrupted` where the signal stops it, and what makes every search fail.
   */
  async rank(
    theorem: Theorem,
    itself: TheoremItself,
    options: RankOptions = {},
  ): Promise<FoundPremise[]> {
    const searches = await searchStatement(this.#search, theorem, itself, {
      limit: FOUND_PER_TEXT,
      signal: options.signal,
    });
    const premises =
      this.#learned === undefined
        ? fuseSearches(searches)
        : await this.#rankLearned(this.#learned, theorem, itself, searches);
    return premises.slice(0, options.limit ?? DEFAULT_LIMIT);
  }

  /** Releases the models; the index and the search stay open. */
  async close(): Promise<void> {
    await this.#learned?.encoder.close();
    await this.#learned?.ranker.close();
  }

  async #rankLearned(
    { encoder, ranker }: PremiseModels,
    theorem: Theorem,
    itself: TheoremItself,
    searches: StatementSearches,
  ): Promise<FoundPremise[]> {
    const vectors = await encoder.encode(theorem);
    const candidates = gatherCandidates({ index: this.#index, searches, vectors, itself });
    if (candidates.length === 0) return [];
    const scores = await ranker.scores(premiseFeatureMatrix(theorem, candidates));
    return candidates
      .map(({ facts }, row) => ({ facts, score: scores[row] ?? 0 }))
      .sort((a, b) => b.score - a.score || (a.facts.name < b.facts.name ? -1 : 1));
  }
}

async function openModels(
  index: DeclarationIndex,
  modelsFolder: string | undefined,
): Promise<PremiseModels | undefined> {
  const indexed = index.vectors?.embedder;
  if (indexed === undefined) return undefined;
  const encoder = await PremiseEncoder.load(indexed, modelsFolder);
  if (encoder === undefined) return undefined;
  try {
    const ranker = await PremiseRanker.load(encoder.fingerprint, modelsFolder);
    if (ranker !== undefined) return { encoder, ranker };
  } catch (error) {
    await encoder.close();
    throw error;
  }
  await encoder.close();
  return undefined;
}

/** Plain fusion: the statement says what the proof is about, its words what it is called. */
function fuseSearches({ statement, informal }: StatementSearches): FoundPremise[] {
  const factsOf = (found: readonly { readonly facts: DeclarationFacts }[]): DeclarationFacts[] =>
    found.map(({ facts }) => facts);
  return fuse([
    { facts: factsOf(statement), weight: 1 },
    { facts: factsOf(informal), weight: 1 },
  ]);
}
