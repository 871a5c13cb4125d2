import { cpus } from "node:os";
import { setImmediate } from "node:timers/promises";
import { UserError } from "../../src/errors.js";
import { goldRanks, withoutRepeats } from "../metrics.js";
import { fingerprintQueries, type SearchQuery } from "./data.js";

/** What was measured, so that two runs can be told apart. */
export interface Fingerprints {
  /** The version of lemmascope. */
  readonly lemmascope: string;
  /** The fingerprint of the corpus that the index was built from. */
  readonly corpus: string;
  /** What each model is called and its fingerprint; empty where no model took part. */
  readonly models: Readonly<Record<string, string>>;
}

/** A query with what the search made of it. */
export interface QueryOutcome extends SearchQuery {
  /** Whether the index holds the declaration, so that it could be found at all. */
  readonly resolved: boolean;
  /** Where the declaration stood, from 1; null where it was not among the first `limit` names. */
  readonly rank: number | null;
  /** Wall-clock time of this search, in ms. */
  readonly latencyMs: number;
  /** How many distinct names came back, at most `limit`. */
  readonly returned: number;
}

/** Everything that one run of the benchmark found out: all reports are computed from it. */
export interface SearchRun {
  /** When the first query was asked, in ISO 8601 UTC. */
  readonly startedAt: string;
  /** How many names were asked for; a declaration further down counts as not found. */
  readonly limit: number;
  /** How long the uncounted first search took, in ms; null where the run had no warm-up. */
  readonly warmUpMs: number | null;
  readonly fingerprints: Fingerprints;
  /** What the latencies were measured on. */
  readonly environment: {
    readonly node: string;
    readonly platform: string;
    readonly processor: string;
  };
  /** See {@link fingerprintQueries}. */
  readonly querySet: string;
  readonly queries: readonly QueryOutcome[];
}

export interface SearchBenchmarkOptions {
  /** See `readSearchQueries`; at least one. */
  readonly queries: readonly SearchQuery[];
  /** The search under test: full names of declarations, best first. */
  readonly search: (query: string, limit: number) => readonly string[] | Promise<readonly string[]>;
  /** Whether the index holds a declaration of this full name; asked once for each name. */
  readonly isKnown: (name: string) => boolean;
  readonly fingerprints: Fingerprints;
  /** How many names to ask for; 200 unless told, which the deepest metric needs. */
  readonly limit?: number;
  /**
   * Whether the first query is asked once before the clock counts, so that loading models and
   * filling caches is not taken for the latency of a search; true unless told.
   */
  readonly warmUp?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops the run between two queries. */
  readonly signal?: AbortSignal;
}

export const DEFAULT_LIMIT = 200;

/**
 * Asks every query, one after the other, and records where its declaration stood and how long the
 * search took.
 *
 * @throws UserError `interrupted` when the signal stops the run; whatever `search` throws, with the
 *   query named where it is a UserError; RangeError when the limit is not a positive integer or
 *   there are no queries.
 */
export async function runSearchBenchmark(options: SearchBenchmarkOptions): Promise<SearchRun> {
  const { queries, search, fingerprints, limit = DEFAULT_LIMIT, onProgress, signal } = options;
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`limit ${limit} is not a count`);
  const first = queries[0];
  if (first === undefined) throw new RangeError("no queries to run");
  const isKnown = remembering(options.isKnown);
  const startedAt = new Date().toISOString();
  const stopIfAsked = (done: number): void => {
    if (signal?.aborted !== true) return;
    const progress = `after ${done} of ${queries.length} queries`;
    throw new UserError("interrupted", `The benchmark was stopped ${progress}: no report is made.`);
  };

  stopIfAsked(0);
  const warmUpMs =
    options.warmUp === false ? null : (await timedSearch(search, first, limit)).latencyMs;
  const outcomes: QueryOutcome[] = [];
  for (const query of queries) {
    // A synchronous search never lets the event loop turn: without this, neither Ctrl-C nor a
    // progress bar would be served before the last query.
    await setImmediate();
    stopIfAsked(outcomes.length);
    const { names, latencyMs } = await timedSearch(search, query, limit);
    const distinct = withoutRepeats(names).slice(0, limit);
    outcomes.push({
      ...query,
      resolved: isKnown(query.declaration),
      rank: goldRanks(distinct, new Set([query.declaration]))[0] ?? null,
      latencyMs,
      returned: distinct.length,
    });
    onProgress?.(outcomes.length, queries.length);
  }
  return {
    startedAt,
    limit,
    warmUpMs,
    fingerprints,
    environment: {
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      processor: cpus()[0]?.model.trim() ?? "unknown",
    },
    querySet: fingerprintQueries(queries),
    queries: outcomes,
  };
}

async function timedSearch(
  search: SearchBenchmarkOptions["search"],
  query: SearchQuery,
  limit: number,
): Promise<{ names: readonly string[]; latencyMs: number }> {
  const start = performance.now();
  try {
    const names = await search(query.text, limit);
    // Microseconds are as fine as a latency is worth.
    return { names, latencyMs: Math.round((performance.now() - start) * 1000) / 1000 };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = `Query ${query.id} could not be answered: ${error.message}`;
    throw new UserError(error.exit, message, { cause: error });
  }
}

function remembering(isKnown: (name: string) => boolean): (name: string) => boolean {
  const answers = new Map<string, boolean>();
  return (name) => {
    const known = answers.get(name) ?? isKnown(name);
    answers.set(name, known);
    return known;
  };
}
