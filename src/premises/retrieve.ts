import { UserError } from "../errors.js";
import type { DeclarationIndex, DeclarationFacts } from "../index/declaration-index.js";
import type { RankedCandidate } from "../search/candidate.js";
import type { Search } from "../search/search.js";
import type { Evidence } from "./evidence.js";
import { matchName } from "./match-names.js";
import type { Request } from "./sketch.js";
import type { TheoremItself } from "./theorem.js";

/** How many declarations a query brings (LeanSearch v2, section 3.3). */
export const RESULTS_PER_QUERY = 30;

/** A declaration that a request brought. */
export interface Found {
  readonly facts: DeclarationFacts;
  readonly evidence: Evidence;
  /** The search's score; 0 for names. */
  readonly score: number;
}

/** What one request of a sketch brought, best first. */
export interface Retrieved {
  readonly request: Request;
  readonly found: readonly Found[];
  /** Why nothing could be searched for, in a sentence. */
  readonly problem?: string;
}

export interface RetrieveOptions {
  readonly index: DeclarationIndex;
  readonly search: Search;
  /** What never counts as found. */
  readonly itself: TheoremItself;
  readonly round: number;
  readonly perQuery?: number;
  readonly signal?: AbortSignal;
  readonly onRetrieved?: (done: number, total: number) => void;
}

/**
 * Looks up everything that a sketch asks for: queries and hypothetical statements by standard mode,
 * guessed names by name. A request that cannot be searched brings nothing and says why.
 *
 * @throws UserError `interrupted` where the signal stops it, and what makes every search fail.
 */
export async function retrieve(
  requests: readonly Request[],
  options: RetrieveOptions,
): Promise<Retrieved[]> {
  const retrieved: Retrieved[] = [];
  let guess = 0;
  for (const request of requests) {
    if (options.signal?.aborted === true) throw new UserError("interrupted", "Interrupted.");
    retrieved.push(
      request.channel === "name"
        ? byName(request, guess++, options)
        : await bySearch(request, options),
    );
    options.onRetrieved?.(retrieved.length, requests.length);
  }
  return retrieved;
}

async function bySearch(request: Request, options: RetrieveOptions): Promise<Retrieved> {
  const limit = options.perQuery ?? RESULTS_PER_QUERY;
  try {
    const { signal } = options;
    const results = await options.search.search(request.text, {
      limit: limit + 5,
      ...(signal === undefined ? {} : { signal }),
    });
    const others = results.filter(({ facts }) => !options.itself.is(facts)).slice(0, limit);
    return { request, found: others.map((result, at) => found(request, result, at, options)) };
  } catch (error) {
    if (!(error instanceof UserError) || error.exit !== "badInput") throw error;
    return { request, found: [], problem: error.message };
  }
}

function found(
  request: Request,
  { facts, score, lexical }: RankedCandidate,
  at: number,
  { round, itself }: RetrieveOptions,
): Found {
  const channel = request.channel === "statement" ? "statement" : "query";
  const evidence: Evidence = {
    round,
    channel,
    asked: request.text,
    purpose: request.purpose,
    rank: at + 1,
    fit: lexical.queryCoverage,
  };
  return { facts: itself.without(facts), evidence, score };
}

function byName(request: Request, guess: number, options: RetrieveOptions): Retrieved {
  const { index, itself, round } = options;
  const matches = matchName(index, request.text);
  const facts = new Map(index.facts(matches.map(({ id }) => id)).map((one) => [one.id, one]));
  const brought: Found[] = [];
  for (const { id, match, rank, fit } of matches) {
    const of = facts.get(id);
    if (of === undefined || itself.is(of)) continue;
    const { purpose } = request;
    const evidence: Evidence = {
      round,
      channel: "name",
      asked: request.text,
      purpose,
      rank,
      fit,
      match,
      guess,
    };
    brought.push({ facts: itself.without(of), evidence, score: 0 });
  }
  return { request, found: brought };
}
