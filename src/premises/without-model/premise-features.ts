import type { DeclarationFacts, DeclarationId } from "../../index/declaration-index.js";
import { FIELDS } from "../../index/schema.js";
import { words } from "../../text/words.js";
import type { Theorem } from "../theorem.js";
import type { View } from "./premise-encoder.js";
import type { Neighbourhood, PremiseCandidate } from "./premise-candidates.js";
import type { SearchedText } from "./statement-searches.js";

/** Stands for a number that there is none of, as where a search did not find the candidate. */
const MISSING = -1;

/** A place where there is none: beyond any that a source brings. */
const NO_PLACE = 2000;

/** How many of the first finds of a search tell which modules and namespaces matter. */
const TELLING = 40;

/** What a feature may look at beside the candidate. */
interface Group {
  readonly theorem: Theorem;
  readonly nameWords: ReadonlySet<string>;
  readonly nearest: Readonly<Record<View | "own", number>>;
  readonly bestVote: Readonly<Record<Neighbourhood, number>>;
  readonly byModule: ReadonlyMap<string, number>;
  readonly byNamespace: ReadonlyMap<string, number>;
  /** What the first finds of the searches weigh: 1 / (10 + place). */
  readonly found: ReadonlyMap<DeclarationId, number>;
  /** How many candidates there are. */
  readonly size: number;
}

type Extractor = (candidate: PremiseCandidate, group: Group) => number;

const FIELD = Object.fromEntries(FIELDS.map((field, at) => [field, at])) as Record<
  (typeof FIELDS)[number],
  number
>;

const textFeatures = (text: "statement" | "informal"): [string, Extractor][] => {
  const lexical = (one: PremiseCandidate) => one.searched[text]?.candidate.lexical;
  const field = (one: PremiseCandidate, name: (typeof FIELDS)[number]) =>
    lexical(one)?.fields[FIELD[name]];
  return [
    [`${text}_place`, (one) => place(one.searched[text]?.rank)],
    [`${text}_similarity`, (one) => one.searched[text]?.candidate.denseSimilarity ?? MISSING],
    [`${text}_coverage`, (one) => lexical(one)?.queryCoverage ?? MISSING],
    [`${text}_pairs`, (one) => lexical(one)?.pairCoverage ?? MISSING],
    [`${text}_has_name`, (one) => lexical(one)?.nameCoverage ?? MISSING],
    [`${text}_has_type`, (one) => field(one, "type")?.fieldCoverage ?? MISSING],
    [`${text}_has_binders`, (one) => field(one, "binders")?.fieldCoverage ?? MISSING],
    [`${text}_in_type`, (one) => field(one, "type")?.queryCoverage ?? MISSING],
  ];
};

const viewFeatures = (view: View): [string, Extractor][] => [
  [`near_${view}_place`, (one) => place(one.near[view])],
  [`near_${view}`, (one) => one.similarity[view]],
  [`near_${view}_below_best`, (one, group) => group.nearest[view] - one.similarity[view]],
];

const voteFeatures = (name: Neighbourhood): [string, Extractor][] => [
  [`votes_${name}`, (one) => one.votes[name]?.weight ?? 0],
  [`votes_${name}_of_best`, (one, group) => (one.votes[name]?.weight ?? 0) / group.bestVote[name]],
  [`voters_${name}`, (one) => one.votes[name]?.count ?? 0],
  [`voter_${name}_place`, (one) => place(one.votes[name]?.nearest)],
];

/** In the order of the ranker's input. */
const FEATURES: readonly (readonly [string, Extractor])[] = [
  ...textFeatures("statement"),
  ...textFeatures("informal"),
  ["conclusion_place", (one) => place(one.searched.conclusion?.rank)],
  [
    "conclusion_coverage",
    (one) => one.searched.conclusion?.candidate.lexical.queryCoverage ?? MISSING,
  ],
  ["best_place", (one) => place(Math.min(...ranks(one)))],
  ...viewFeatures("whole"),
  ...viewFeatures("formal"),
  ...viewFeatures("informal"),
  ["likeness", (one) => one.similarity.own],
  ["likeness_below_best", (one, group) => group.nearest.own - one.similarity.own],
  ...voteFeatures("statement"),
  ...voteFeatures("informal"),
  ...voteFeatures("likeness"),
  ["uses", (one) => Math.log2(1 + one.uses.length)],
  ["uses_found", (one, group) => usesFound(one, group)],
  ["used_by", (one) => Math.log2(1 + one.facts.usedBy)],
  ["is_derived", (one) => Number(one.facts.isDerived)],
  ["is_theorem", (one) => isKind(one.facts, "theorem")],
  ["is_definition", (one) => isKind(one.facts, "definition", "abbrev")],
  ["is_structure", (one) => isKind(one.facts, "structure", "inductive", "class")],
  ["is_instance", (one) => isKind(one.facts, "instance")],
  ["name_depth", (one) => one.facts.name.split(".").length],
  ["name_likeness", (one, group) => likeness(group.nameWords, new Set(words(one.facts.name)))],
  ["is_mentioned", (one, group) => Number(isMentioned(one.facts.name, group.theorem.statement))],
  ["module_votes", (one, group) => group.byModule.get(one.facts.module) ?? 0],
  ["namespace_votes", (one, group) => group.byNamespace.get(namespace(one.facts.name)) ?? 0],
  ["candidates", (_, group) => Math.log2(1 + group.size)],
];

/** The names of the features, in the order of the ranker's input. */
export const PREMISE_FEATURES: readonly string[] = FEATURES.map(([name]) => name);

/**
 * The features of all candidates of a theorem. The same code computes them for training
 * (`lemmascope export premise-features`) and when premises are ranked.
 *
 * @returns one row of `PREMISE_FEATURES.length` numbers for each candidate, one after the other.
 */
export function premiseFeatureMatrix(
  theorem: Theorem,
  candidates: readonly PremiseCandidate[],
): Float32Array {
  const group = groupOf(theorem, candidates);
  const matrix = new Float32Array(candidates.length * FEATURES.length);
  let at = 0;
  for (const candidate of candidates) {
    for (const [, extract] of FEATURES) matrix[at++] = extract(candidate, group);
  }
  return matrix;
}

function groupOf(theorem: Theorem, candidates: readonly PremiseCandidate[]): Group {
  const best = (value: (one: PremiseCandidate) => number): number =>
    candidates.reduce((most, one) => Math.max(most, value(one)), 0);
  const vote = (name: Neighbourhood): number =>
    Math.max(
      Number.EPSILON,
      best((one) => one.votes[name]?.weight ?? 0),
    );
  const byModule = new Map<string, number>();
  const byNamespace = new Map<string, number>();
  const found = new Map<DeclarationId, number>();
  const add = <Key>(map: Map<Key, number>, key: Key, weight: number): void => {
    map.set(key, (map.get(key) ?? 0) + weight);
  };
  for (const { facts, searched } of candidates) {
    for (const text of ["statement", "informal"] satisfies SearchedText[]) {
      const rank = searched[text]?.rank ?? NO_PLACE;
      if (rank > TELLING) continue;
      add(byModule, facts.module, 1 / (5 + rank));
      add(byNamespace, namespace(facts.name), 1 / (5 + rank));
      add(found, facts.id, 1 / (10 + rank));
    }
  }
  return {
    theorem,
    nameWords: new Set(words(lastComponent(theorem.name ?? ""))),
    nearest: {
      whole: best((one) => one.similarity.whole),
      formal: best((one) => one.similarity.formal),
      informal: best((one) => one.similarity.informal),
      own: best((one) => one.similarity.own),
    },
    bestVote: {
      statement: vote("statement"),
      informal: vote("informal"),
      likeness: vote("likeness"),
    },
    byModule,
    byNamespace,
    found,
    size: candidates.length,
  };
}

/** The base-2 logarithm of a place. */
function place(rank: number | undefined): number {
  return Math.log2(Math.min(rank ?? NO_PLACE, NO_PLACE));
}

function ranks({ searched, near }: PremiseCandidate): number[] {
  return [...Object.values(searched).map(({ rank }) => rank), near.whole ?? NO_PLACE, NO_PLACE];
}

function usesFound({ uses }: PremiseCandidate, { found }: Group): number {
  const sum = uses.reduce((total, id) => total + (found.get(id) ?? 0), 0);
  return sum / Math.sqrt(1 + uses.length);
}

function isKind({ kind }: DeclarationFacts, ...kinds: DeclarationFacts["kind"][]): number {
  return Number(kinds.includes(kind));
}

function lastComponent(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function namespace(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(".")));
}

/** Dice's coefficient of two sets of words: 0 to 1. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const word of a) if (b.has(word)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}

/** Shorter last components than this stand in statements by chance. */
const SHORTEST_MENTION = 4;

/** Whether a statement names a declaration, with or without its namespaces. */
function isMentioned(name: string, statement: string): boolean {
  const last = lastComponent(name);
  if (last.length < SHORTEST_MENTION) return false;
  for (let at = statement.indexOf(last); at !== -1; at = statement.indexOf(last, at + 1)) {
    if (!isNameLetter(statement[at - 1]) && !isNameLetter(statement[at + last.length])) return true;
  }
  return false;
}

function isNameLetter(letter: string | undefined): boolean {
  return letter !== undefined && /[\p{L}\p{N}_'!?]/u.test(letter);
}
