import type { DeclarationId } from "../index/declaration-index.js";
import type { Evidence, NameMatch, PooledPremise, RankedPremise } from "./evidence.js";

/**
 * What each kind of evidence says about a declaration's being a premise, in log-odds that add up. Found
 * by logistic regression over the pools of 90 development theorems of Mathlib (none of MathlibMPR), and
 * rounded; `training/premises/README.md` says how.
 */
export const POOL_WEIGHTS = {
  /** A guessed name. It counts by its best match; among several that fit as well, the first most. */
  name: { exact: 4.6, ending: 2, "other namespace": 0.8, misspelt: 0.7 } satisfies Record<
    NameMatch,
    number
  >,
  /** What an exact name loses by being guessed twenty places later: models guess the likeliest first. */
  guessedLate: 2.3,
  /** Being first for a query; a second place is half of it, a third place a third. */
  query: 1.1,
  /** By the logarithm of how many queries found it. */
  queries: 0.2,
  /** Being named in a step of the sketch. */
  mentioned: 0.6,
  /** By the logarithm of how many exactly guessed declarations use it or are used by it. */
  company: 0.7,
  /** Being first for the theorem's own statement; a tenth place is half of it. */
  theorem: 0.8,
  /** A language model read it and kept it for its step. */
  kept: 2,
} as const;

const GUESSES_PER_STEP = 20;

/** What a pool's score may look at beside the pool. */
export interface PoolContext {
  /** The steps of the last sketch, as text. */
  readonly steps: string;
  /** The declarations that a declaration refers to. */
  readonly uses: (id: DeclarationId) => readonly DeclarationId[];
}

/**
 * Orders a pool without a language model: every piece of evidence adds to a declaration's score, and a
 * query adds nothing for a declaration that a language model read and did not keep for it. Ties keep
 * the order of the pool.
 */
export function rankPool(pool: readonly PooledPremise[], context: PoolContext): RankedPremise[] {
  const company = companyOf(pool, context);
  return pool
    .map((premise) => {
      const near = Math.log1p(company.get(premise.facts.id) ?? 0) * POOL_WEIGHTS.company;
      const named = isMentioned(premise.facts.name, context.steps) ? POOL_WEIGHTS.mentioned : 0;
      return { ...premise, score: evidenceScore(premise.evidence) + near + named };
    })
    .sort((a, b) => b.score - a.score);
}

function evidenceScore(evidence: readonly Evidence[]): number {
  let best = 0;
  let place = Infinity;
  let name = 0;
  let theorem = 0;
  let kept = 0;
  const askedBy = new Set<string>();
  for (const one of evidence) {
    if (one.channel === "name") name = Math.max(name, nameScore(one));
    else if (one.channel === "theorem") theorem = POOL_WEIGHTS.theorem / (1 + (one.rank - 1) / 9);
    else if (one.kept !== false) {
      place = Math.min(place, one.rank);
      askedBy.add(one.asked);
      if (one.kept === true) kept = POOL_WEIGHTS.kept;
    }
  }
  if (place < Infinity) best = POOL_WEIGHTS.query / place;
  return name + theorem + kept + best + POOL_WEIGHTS.queries * Math.log1p(askedBy.size);
}

function nameScore({ match, rank, guess = 0, fit }: Evidence): number {
  if (match === undefined) return 0;
  const weight = POOL_WEIGHTS.name[match];
  if (match === "exact") {
    const late = (POOL_WEIGHTS.guessedLate * guess) / GUESSES_PER_STEP;
    return Math.max(POOL_WEIGHTS.name.ending, weight - late);
  }
  if (match === "ending") return weight / rank;
  return (weight * fit) / rank;
}

/** How many exactly guessed declarations each declaration uses, or is used by. */
function companyOf(
  pool: readonly PooledPremise[],
  { uses }: PoolContext,
): Map<DeclarationId, number> {
  const guessed = new Set(
    pool
      .filter(({ evidence }) => evidence.some(({ match }) => match === "exact"))
      .map(({ facts }) => facts.id),
  );
  const company = new Map<DeclarationId, number>();
  const add = (id: DeclarationId): void => void company.set(id, (company.get(id) ?? 0) + 1);
  for (const { facts } of pool) {
    for (const used of uses(facts.id)) {
      if (used === facts.id) continue;
      if (guessed.has(facts.id)) add(used);
      if (guessed.has(used)) add(facts.id);
    }
  }
  return company;
}

/** Shorter last components than this are words of the language as often as they are names. */
const SHORTEST_MENTION = 9;

function isMentioned(name: string, steps: string): boolean {
  if (steps.includes(name) && name.includes(".")) return true;
  const last = name.slice(name.lastIndexOf(".") + 1);
  return last.length >= SHORTEST_MENTION && steps.includes(last);
}
