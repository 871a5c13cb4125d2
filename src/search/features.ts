import { type DeclarationKind } from "../declaration.js";
import { FIELDS } from "../index/schema.js";
import type { Candidate, ChannelName } from "./candidate.js";
import type { Query } from "./query.js";

/** What a feature may look at. */
interface FeatureContext {
  readonly query: Query;
  readonly style: QueryStyle;
  readonly candidate: Candidate;
  readonly group: Group;
}

/** Of all candidates of one query: what single candidates are compared with. */
interface Group {
  readonly size: number;
  readonly bestBm25f: number;
  readonly bestDense: number;
}

/** What the way a query is written says: 0 or 1 each. */
interface QueryStyle {
  readonly hasLatex: number;
  readonly hasLean: number;
  readonly isName: number;
  /** The kinds that the query's own words ask for: "class of …", "structure with …". */
  readonly askedKinds: ReadonlySet<DeclarationKind>;
}

type Extractor = (context: FeatureContext) => number;

/** A channel's rank where it did not bring the candidate: beyond any that it brings. */
const NO_RANK = 2000;

const KIND_CUES: readonly (readonly [RegExp, readonly DeclarationKind[]])[] = [
  [/\bclass(?:es)?\b/i, ["class"]],
  [/\bstructure\b|\bbundled\b/i, ["structure", "class"]],
  [/\binstance\b/i, ["instance"]],
  [/\binductive\b|\bconstructors?\b/i, ["inductive"]],
  [/\b(?:definition|defined|predicate|function that|map sending)\b/i, ["definition", "abbrev"]],
  [
    /\b(?:iff|if and only if|implies|theorem|lemma|then|holds|equals?)\b|[=↔≤→⟹]|\\(?:iff|implies|Rightarrow|le|leq)\b/i,
    ["theorem"],
  ],
];

const FIELD_FEATURES: readonly (readonly [string, Extractor])[] = FIELDS.flatMap((field, at) => {
  const score = ({ candidate }: FeatureContext) => candidate.lexical.fields[at];
  const features: [string, Extractor][] = [
    [`${field}_query_coverage`, (context) => score(context)?.queryCoverage ?? 0],
    [`${field}_field_coverage`, (context) => score(context)?.fieldCoverage ?? 0],
    [`${field}_length`, (context) => score(context)?.length ?? 0],
  ];
  if (field !== "binders" && field !== "module") {
    features.push([`${field}_pair_coverage`, (context) => score(context)?.pairCoverage ?? 0]);
  }
  return features;
});

/**
 * The features that the ranker was trained on, in the order of its input. The same code computes them
 * at training time (`lemmascope export features`) and when a query is answered.
 */
const FEATURES: readonly (readonly [string, Extractor])[] = [
  ["bm25f", ({ candidate }) => candidate.lexical.bm25f],
  ["bm25f_of_best", ({ candidate, group }) => candidate.lexical.bm25f / group.bestBm25f],
  ["words_rank", ({ candidate }) => logRank(candidate, "words")],
  ["phrases_rank", ({ candidate }) => logRank(candidate, "phrases")],
  ["phrases_score", ({ candidate }) => channelScore(candidate, "phrases")],
  ["name_score", ({ candidate }) => channelScore(candidate, "name")],
  ["dense_similarity", ({ candidate }) => candidate.denseSimilarity],
  ["dense_below_best", ({ candidate, group }) => group.bestDense - candidate.denseSimilarity],
  ["dense_rank", ({ candidate }) => logRank(candidate, "meaning")],
  ["query_coverage", ({ candidate }) => candidate.lexical.queryCoverage],
  ["pair_coverage", ({ candidate }) => candidate.lexical.pairCoverage],
  ...FIELD_FEATURES,
  ["name_likeness", ({ query, candidate }) => nameLikeness(query, candidate)],
  ["name_depth", ({ candidate }) => candidate.facts.name.split(".").length],
  ["used_by", ({ candidate }) => Math.log2(1 + candidate.facts.usedBy)],
  ["is_derived", ({ candidate }) => Number(candidate.facts.isDerived)],
  ["is_theorem", ({ candidate }) => isKind(candidate, "theorem")],
  ["is_definition", ({ candidate }) => isKind(candidate, "definition", "abbrev")],
  ["is_structure", ({ candidate }) => isKind(candidate, "structure", "inductive")],
  ["is_class", ({ candidate }) => isKind(candidate, "class")],
  ["is_instance", ({ candidate }) => isKind(candidate, "instance")],
  ["is_part", ({ candidate }) => isKind(candidate, "field", "constructor")],
  ["kind_was_asked", ({ candidate, style }) => kindWasAsked(candidate, style)],
  ["query_words", ({ query }) => query.words.length],
  ["query_has_latex", ({ style }) => style.hasLatex],
  ["query_has_lean", ({ style }) => style.hasLean],
  ["query_is_name", ({ style }) => style.isName],
  ["candidates", ({ group }) => Math.log2(1 + group.size)],
];

/** The names of the features, in the order of the ranker's input. */
export const FEATURE_NAMES: readonly string[] = FEATURES.map(([name]) => name);

/**
 * The features of all candidates of a query.
 *
 * @returns one row of `FEATURE_NAMES.length` numbers for each candidate, one after the other.
 */
export function featureMatrix(query: Query, candidates: readonly Candidate[]): Float32Array {
  const matrix = new Float32Array(candidates.length * FEATURES.length);
  const style = queryStyle(query);
  const group = {
    size: candidates.length,
    bestBm25f: Math.max(Number.EPSILON, ...candidates.map(({ lexical }) => lexical.bm25f)),
    bestDense: Math.max(0, ...candidates.map(({ denseSimilarity }) => denseSimilarity)),
  };
  let at = 0;
  for (const candidate of candidates) {
    const context = { query, style, candidate, group };
    for (const [, extract] of FEATURES) matrix[at++] = extract(context);
  }
  return matrix;
}

function queryStyle({ text, asName }: Query): QueryStyle {
  const askedKinds = KIND_CUES.flatMap(([cue, kinds]) => (cue.test(text) ? kinds : []));
  return {
    hasLatex: Number(/\\[a-zA-Z]|\$/.test(text)),
    hasLean: Number(/`|[→↔∀∃λ∈⊆≤•∘ℝℕℤℂ𝓝]|:=|\bfun\b/u.test(text)),
    isName: Number(asName !== undefined),
    askedKinds: new Set(askedKinds),
  };
}

function channelScore({ evidence }: Candidate, channel: ChannelName): number {
  return evidence.find((item) => item.channel === channel)?.score ?? 0;
}

function logRank({ evidence }: Candidate, channel: ChannelName): number {
  return Math.log2(evidence.find((item) => item.channel === channel)?.rank ?? NO_RANK);
}

function isKind({ facts }: Candidate, ...kinds: DeclarationKind[]): number {
  return Number(kinds.includes(facts.kind));
}

/** 1 where the query asks for this kind, -1 where it asks for others only, 0 where for none. */
function kindWasAsked({ facts }: Candidate, { askedKinds }: QueryStyle): number {
  if (askedKinds.size === 0) return 0;
  return askedKinds.has(facts.kind) ? 1 : -1;
}

/** Letters that the query and the last component of the name share, in pairs (Dice): 0 to 1. */
function nameLikeness({ text }: Query, { facts }: Candidate): number {
  const last = facts.name.slice(facts.name.lastIndexOf(".") + 1);
  return diceOfBigrams(letters(text).slice(0, 120), letters(last));
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z]/g, "");
}

function diceOfBigrams(a: string, b: string): number {
  if (a.length < 2 || b.length < 2) return 0;
  const counts = new Map<string, number>();
  for (let i = 0; i + 2 <= a.length; i += 1) {
    const bigram = a.slice(i, i + 2);
    counts.set(bigram, (counts.get(bigram) ?? 0) + 1);
  }
  let shared = 0;
  for (let i = 0; i + 2 <= b.length; i += 1) {
    const bigram = b.slice(i, i + 2);
    const left = counts.get(bigram) ?? 0;
    if (left === 0) continue;
    counts.set(bigram, left - 1);
    shared += 1;
  }
  return (2 * shared) / (a.length + b.length - 2);
}
