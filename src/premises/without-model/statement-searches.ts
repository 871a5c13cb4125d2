import { UserError } from "../../errors.js";
import type { RankedCandidate } from "../../search/candidate.js";
import { LONGEST_QUERY } from "../../search/query.js";
import type { Search } from "../../search/search.js";
import type { Theorem, TheoremItself } from "../theorem.js";

/** The texts of a theorem that are searched for. */
export const SEARCHED_TEXTS = ["statement", "informal", "conclusion"] as const;
export type SearchedText = (typeof SEARCHED_TEXTS)[number];

/** How many declarations each text of a theorem finds. */
export const FOUND_PER_TEXT = 600;

/** What each text of a theorem finds, best first, without the theorem itself; empty for an empty text. */
export type StatementSearches = Readonly<Record<SearchedText, readonly RankedCandidate[]>>;

/**
 * Searches for a theorem's own texts, each by itself: a text that cannot be searched finds nothing.
 *
 * @param limit how many declarations a text finds at most.
 * @throws UserError `interrupted` where the signal stops it, and what makes every search fail.
 */
export async function searchStatement(
  search: Search,
  theorem: Theorem,
  itself: TheoremItself,
  { limit, signal }: { readonly limit: number; readonly signal?: AbortSignal | undefined },
): Promise<StatementSearches> {
  const found: Record<SearchedText, readonly RankedCandidate[]> = {
    statement: [],
    informal: [],
    conclusion: [],
  };
  for (const text of SEARCHED_TEXTS) {
    if (signal?.aborted === true) throw new UserError("interrupted", "Interrupted.");
    const ranked = await searched(search, theorem[text], signal);
    found[text] = ranked
      .filter(({ facts }) => !itself.is(facts))
      .slice(0, limit)
      .map((one) => ({ ...one, facts: itself.without(one.facts) }));
  }
  return found;
}

async function searched(
  search: Search,
  text: string,
  signal: AbortSignal | undefined,
): Promise<readonly RankedCandidate[]> {
  if (text.trim() === "") return [];
  try {
    return await search.search(text.trim().slice(0, LONGEST_QUERY), {
      limit: Number.POSITIVE_INFINITY,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    // Nothing but signs: there is nothing to look for.
    if (error instanceof UserError && error.exit === "badInput") return [];
    throw error;
  }
}
