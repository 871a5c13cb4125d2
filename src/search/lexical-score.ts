import { type Bm25fParameters, inverseDocumentFrequency, lengthNorm } from "../index/bm25f.js";
import type { CollectionStatistics, KnownWord } from "../index/lexical-table.js";
import { type Field, FIELDS } from "../index/schema.js";
import { visitWordSequence, type WordSequence } from "../index/word-sequence.js";

/** How well one declaration's words answer a query. */
export interface LexicalScore {
  /** BM25F, as a share of what a text that answers every word perfectly would get: 0 to 1. */
  readonly bm25f: number;
  /** The share of the query's words found anywhere in the declaration, by weight: 0 to 1. */
  readonly queryCoverage: number;
  /** The share of the query's pairs of neighbouring words that stand so here too: 0 to 1. */
  readonly pairCoverage: number;
  /** The share of the distinct words of its name that the query has: 0 to 1. */
  readonly nameCoverage: number;
  /** The same measures field by field, in the order of FIELDS. */
  readonly fields: readonly FieldScore[];
  /** Which words of the query were found, and in which fields. */
  readonly matches: readonly WordMatch[];
}

/** How well one field of a declaration answers a query. */
export interface FieldScore {
  /** Number of words. */
  readonly length: number;
  /** The share of the query's words that the field has, by weight: 0 to 1. */
  readonly queryCoverage: number;
  /** The share of the query's pairs of neighbouring words that stand so in the field: 0 to 1. */
  readonly pairCoverage: number;
  /** The share of the field's distinct words that the query has: 0 to 1. */
  readonly fieldCoverage: number;
}

/** A word of the query that a declaration has. */
export interface WordMatch {
  readonly word: string;
  readonly fields: readonly Field[];
}

const NAME = FIELDS.indexOf("name");

/** Fields in which the order of words means something. */
const ORDERED_FIELDS = FIELDS.map((field) => field !== "binders" && field !== "module");

const ALL_FIELDS = (1 << FIELDS.length) - 1;

/** What was counted in one declaration. */
interface Tally {
  /** By field: words, and distinct words. */
  readonly lengths: number[];
  readonly distinct: number[];
  /** By slot: the word's counts times the fields' weights, and in which fields it occurs. */
  readonly frequencies: Float64Array;
  readonly masks: Uint8Array;
  /** By pair: in which fields it occurs. */
  readonly pairs: Map<number, number>;
}

interface QueryWord extends KnownWord {
  readonly weight: number;
}

/** Scores declarations' words against one query. */
export class LexicalScorer {
  readonly #parameters: Bm25fParameters;
  readonly #fieldWeights: readonly number[];
  readonly #meanLength: number;
  readonly #words: readonly QueryWord[];
  /** By word id: the word's place in #words. */
  readonly #slots = new Map<number, number>();
  /** By pair of slots: the pair's weight. */
  readonly #pairs = new Map<number, number>();
  readonly #totalWeight: number;
  readonly #totalPairWeight: number;
  readonly #perfect: number;

  /**
   * @param queryWords the query's words in order, with repeats.
   * @param known those of them that occur in any declaration; the others lower everyone's coverage.
   */
  constructor(
    queryWords: readonly string[],
    known: readonly KnownWord[],
    statistics: CollectionStatistics,
    parameters: Bm25fParameters,
  ) {
    const { declarations, meanLength } = statistics;
    this.#parameters = parameters;
    this.#fieldWeights = FIELDS.map((field) => parameters.weights[field]);
    this.#meanLength = meanLength;
    this.#words = known.map((word) => ({
      ...word,
      weight: inverseDocumentFrequency(word.documents, declarations),
    }));
    this.#words.forEach(({ id }, slot) => this.#slots.set(id, slot));
    this.#collectPairs(queryWords);
    const found = sum(this.#words.map(({ weight }) => weight));
    const missing = new Set(queryWords).size - known.length;
    this.#totalWeight = atLeast(found + missing * inverseDocumentFrequency(0, declarations));
    this.#totalPairWeight = atLeast(sum([...this.#pairs.values()]));
    this.#perfect = atLeast(found * (parameters.saturation + 1));
  }

  /** Scores one declaration. */
  score(sequence: WordSequence): LexicalScore {
    const tally = this.#tally(sequence);
    const { saturation } = this.#parameters;
    const norm = lengthNorm(sum(tally.lengths), this.#meanLength, this.#parameters);
    let bm25f = 0;
    let covered = 0;
    const matches: WordMatch[] = [];
    this.#words.forEach(({ word, weight }, slot) => {
      const mask = tally.masks[slot] ?? 0;
      if (mask === 0) return;
      const frequency = tally.frequencies[slot] ?? 0;
      bm25f += (weight * frequency * (saturation + 1)) / (frequency + norm);
      covered += weight;
      matches.push({ word, fields: FIELDS.filter((_, field) => (mask & (1 << field)) !== 0) });
    });
    const fields = FIELDS.map((_, field) => this.#fieldScore(tally, field));
    return {
      bm25f: bm25f / this.#perfect,
      queryCoverage: covered / this.#totalWeight,
      pairCoverage: this.#pairShare(tally.pairs, ALL_FIELDS),
      nameCoverage: fields[NAME]?.fieldCoverage ?? 0,
      fields,
      matches,
    };
  }

  #tally(sequence: WordSequence): Tally {
    const tally: Tally = {
      lengths: FIELDS.map(() => 0),
      distinct: FIELDS.map(() => 0),
      frequencies: new Float64Array(this.#words.length),
      masks: new Uint8Array(this.#words.length),
      pairs: new Map(),
    };
    let previous = -1;
    const seen = new Set<number>();
    visitWordSequence(sequence, {
      field: (field, words) => {
        tally.lengths[field] = words;
        previous = -1;
        seen.clear();
      },
      word: (id, field) => {
        if (!seen.has(id)) {
          seen.add(id);
          tally.distinct[field] = (tally.distinct[field] ?? 0) + 1;
        }
        const slot = this.#slots.get(id) ?? -1;
        if (slot !== -1) {
          const weight = this.#fieldWeights[field] ?? 0;
          tally.frequencies[slot] = (tally.frequencies[slot] ?? 0) + weight;
          tally.masks[slot] = (tally.masks[slot] ?? 0) | (1 << field);
          if (previous !== -1 && ORDERED_FIELDS[field] === true) {
            const pair = pairKey(previous, slot);
            if (this.#pairs.has(pair)) {
              tally.pairs.set(pair, (tally.pairs.get(pair) ?? 0) | (1 << field));
            }
          }
        }
        previous = slot;
      },
    });
    return tally;
  }

  #fieldScore(tally: Tally, field: number): FieldScore {
    const bit = 1 << field;
    let covered = 0;
    let found = 0;
    this.#words.forEach(({ weight }, slot) => {
      if (((tally.masks[slot] ?? 0) & bit) === 0) return;
      covered += weight;
      found += 1;
    });
    return {
      length: tally.lengths[field] ?? 0,
      queryCoverage: covered / this.#totalWeight,
      pairCoverage: this.#pairShare(tally.pairs, bit),
      fieldCoverage: found / atLeast(tally.distinct[field] ?? 0),
    };
  }

  #pairShare(pairs: ReadonlyMap<number, number>, fields: number): number {
    let weight = 0;
    for (const [pair, mask] of pairs) {
      if ((mask & fields) !== 0) weight += this.#pairs.get(pair) ?? 0;
    }
    return weight / this.#totalPairWeight;
  }

  #collectPairs(queryWords: readonly string[]): void {
    const slots = new Map(this.#words.map(({ word }, slot) => [word, slot]));
    queryWords.forEach((word, place) => {
      const a = slots.get(word);
      const b = slots.get(queryWords[place + 1] ?? "");
      if (a === undefined || b === undefined || a === b) return;
      this.#pairs.set(pairKey(a, b), (this.#words[a]?.weight ?? 0) + (this.#words[b]?.weight ?? 0));
    });
  }
}

/** Queries have fewer distinct words than this. */
const PAIR_BASE = 4096;

function pairKey(a: number, b: number): number {
  return a * PAIR_BASE + b;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Keeps a divisor away from zero. */
function atLeast(value: number): number {
  return Math.max(value, Number.EPSILON);
}
