import type {
  DeclarationFacts,
  DeclarationId,
  DeclarationIndex,
} from "../../index/declaration-index.js";
import type { RankedCandidate } from "../../search/candidate.js";
import type { TheoremItself } from "../theorem.js";
import { neighbourVotes, type NeighbourVotes } from "./neighbours.js";
import { type TheoremVectors, type View, VIEWS } from "./premise-encoder.js";
import { SEARCHED_TEXTS, type SearchedText, type StatementSearches } from "./statement-searches.js";

/** The ways in which theorems are found whose premises count. */
export const NEIGHBOURHOODS = ["statement", "informal", "likeness"] as const;
export type Neighbourhood = (typeof NEIGHBOURHOODS)[number];

/** How many candidates each source brings, and how many neighbours vote. */
const BROUGHT = {
  searched: { statement: 300, informal: 300, conclusion: 150 },
  near: { whole: 400, formal: 100, informal: 100 },
  voted: 200,
} as const;
const NEIGHBOURS = { statement: 60, informal: 60, likeness: 100 } as const;

/** A declaration that may be a premise, with all that a ranker may look at. */
export interface PremiseCandidate {
  readonly facts: DeclarationFacts;
  /** Where and how the theorem's texts found it; a text that did not is left out. */
  readonly searched: Readonly<Partial<Record<SearchedText, SearchedCandidate>>>;
  /** Its place among what is nearest to the theorem's vectors, from 1, where it is among them. */
  readonly near: Readonly<Partial<Record<View, number>>>;
  /** The scalar products of its vector with the theorem's: -1 to 1. */
  readonly similarity: Readonly<Record<View | "own", number>>;
  readonly votes: Readonly<Partial<Record<Neighbourhood, NeighbourVotes>>>;
  /** What it refers to. */
  readonly uses: readonly DeclarationId[];
}

export interface SearchedCandidate {
  /** From 1. */
  readonly rank: number;
  readonly candidate: RankedCandidate;
}

/** What the candidates of one theorem are gathered from. */
export interface Gathering {
  readonly index: DeclarationIndex;
  readonly searches: StatementSearches;
  readonly vectors: TheoremVectors;
  readonly itself: TheoremItself;
  /** What must not be looked at, as if the index did not have it: training hides what came later. */
  readonly hides?: (facts: DeclarationFacts) => boolean;
  /** Whose references must not count: training leaves out those that stand beside the theorem. */
  readonly isSilent?: (facts: DeclarationFacts) => boolean;
}

/** The candidates of a theorem, in no order that means anything. */
export function gatherCandidates(gathering: Gathering): PremiseCandidate[] {
  const { index, searches, vectors, itself } = gathering;
  const known = new Facts(gathering);
  const references = new References(index);
  const nearest = (vector: Float32Array, limit: number): DeclarationId[] => {
    const found = index.vectors?.nearest(vector, limit) ?? [];
    return known.usable(found.map(({ id }) => id));
  };
  const searched = {} as Record<SearchedText, Map<DeclarationId, SearchedCandidate>>;
  for (const text of SEARCHED_TEXTS) {
    const usable = searches[text].filter(({ facts }) => known.isUsable(facts));
    searched[text] = new Map(
      usable.map((candidate, at) => [candidate.facts.id, { rank: at + 1, candidate }]),
    );
  }
  const near = {} as Record<View, Map<DeclarationId, number>>;
  for (const view of VIEWS) {
    const ids = nearest(vectors.premises[view], BROUGHT.near[view]);
    near[view] = new Map(ids.map((id, at) => [id, at + 1]));
  }
  const votes = {} as Record<Neighbourhood, Map<DeclarationId, NeighbourVotes>>;
  for (const name of NEIGHBOURHOODS) {
    const ids =
      name === "likeness"
        ? nearest(vectors.own, 2 * NEIGHBOURS.likeness)
        : [...searched[name].keys()];
    const speaking = known.speaking(ids).slice(0, NEIGHBOURS[name]);
    votes[name] = neighbourVotes(speaking, (id) => references.of(id));
  }
  const ids = new Set<DeclarationId>([
    ...SEARCHED_TEXTS.flatMap((text) => first(searched[text], BROUGHT.searched[text])),
    ...VIEWS.flatMap((view) => [...near[view].keys()]),
    ...known.usable(mostVoted(votes)),
  ]);
  const similarities = new Map(
    ([...VIEWS, "own"] as const).map((view) => {
      const vector = view === "own" ? vectors.own : vectors.premises[view];
      const scored = index.vectors?.similarities(vector, [...ids]) ?? [];
      return [view, new Map(scored.map(({ id, score }) => [id, score]))];
    }),
  );
  const similarity = (view: View | "own", id: DeclarationId): number =>
    similarities.get(view)?.get(id) ?? 0;
  return known.all([...ids]).map((facts) => ({
    facts: itself.without(facts),
    searched: pick(SEARCHED_TEXTS, (text) => searched[text].get(facts.id)),
    near: pick(VIEWS, (view) => near[view].get(facts.id)),
    similarity: {
      whole: similarity("whole", facts.id),
      formal: similarity("formal", facts.id),
      informal: similarity("informal", facts.id),
      own: similarity("own", facts.id),
    },
    votes: pick(NEIGHBOURHOODS, (name) => votes[name].get(facts.id)),
    uses: references.of(facts.id),
  }));
}

/** The declarations that most neighbours refer to, by all neighbourhoods together. */
function mostVoted(
  votes: Readonly<Record<Neighbourhood, ReadonlyMap<DeclarationId, NeighbourVotes>>>,
): DeclarationId[] {
  const weights = new Map<DeclarationId, number>();
  for (const name of NEIGHBOURHOODS) {
    for (const [id, { weight }] of votes[name]) weights.set(id, (weights.get(id) ?? 0) + weight);
  }
  const order = [...weights].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return order.slice(0, BROUGHT.voted).map(([id]) => id);
}

function first<Key>(map: ReadonlyMap<Key, unknown>, count: number): Key[] {
  return [...map.keys()].slice(0, count);
}

function pick<Key extends string, Value>(
  keys: readonly Key[],
  value: (key: Key) => Value | undefined,
): Partial<Record<Key, Value>> {
  const picked: Partial<Record<Key, Value>> = {};
  for (const key of keys) {
    const found = value(key);
    if (found !== undefined) picked[key] = found;
  }
  return picked;
}

/** Facts of declarations, each read once, without the theorem itself and what is hidden. */
class Facts {
  readonly #gathering: Gathering;
  readonly #facts = new Map<DeclarationId, DeclarationFacts>();
  readonly #isUsable = new Map<DeclarationId, boolean>();

  constructor(gathering: Gathering) {
    this.#gathering = gathering;
  }

  all(ids: readonly DeclarationId[]): DeclarationFacts[] {
    const unknown = ids.filter((id) => !this.#facts.has(id));
    for (const facts of this.#gathering.index.facts(unknown)) this.#facts.set(facts.id, facts);
    return ids.flatMap((id) => this.#facts.get(id) ?? []);
  }

  isUsable(facts: DeclarationFacts): boolean {
    const known = this.#isUsable.get(facts.id);
    if (known !== undefined) return known;
    const { itself, hides } = this.#gathering;
    const usable = !itself.is(facts) && hides?.(facts) !== true;
    this.#isUsable.set(facts.id, usable);
    return usable;
  }

  usable(ids: readonly DeclarationId[]): DeclarationId[] {
    return this.all(ids).flatMap((facts) => (this.isUsable(facts) ? [facts.id] : []));
  }

  speaking(ids: readonly DeclarationId[]): DeclarationId[] {
    const { isSilent } = this.#gathering;
    return this.all(ids).flatMap((facts) => (isSilent?.(facts) === true ? [] : [facts.id]));
  }
}

/** What declarations refer to, each read once. */
class References {
  readonly #index: DeclarationIndex;
  readonly #uses = new Map<DeclarationId, readonly DeclarationId[]>();

  constructor(index: DeclarationIndex) {
    this.#index = index;
  }

  of(id: DeclarationId): readonly DeclarationId[] {
    const known = this.#uses.get(id) ?? this.#index.uses(id);
    this.#uses.set(id, known);
    return known;
  }
}
