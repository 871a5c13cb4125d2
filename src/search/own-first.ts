import type { RankedCandidate } from "./candidate.js";
import type { DeclarationId } from "../index/declaration-index.js";

/** Scores that differ by less than this are a tie: what people are shown has three decimals. */
const TIE = 0.001;

/**
 * Lets the project's own declarations go first among those that score the same: in each run of
 * candidates no further than a tie below the run's first, own ones come before others, and the order
 * stays as it was otherwise.
 *
 * @param ranked best first.
 */
export function ownFirst(
  ranked: readonly RankedCandidate[],
  isOwn: (id: DeclarationId) => boolean,
): RankedCandidate[] {
  const ordered: RankedCandidate[] = [];
  let others: RankedCandidate[] = [];
  let top = Infinity;
  for (const candidate of ranked) {
    if (top - candidate.score >= TIE) {
      ordered.push(...others);
      others = [];
      top = candidate.score;
    }
    if (isOwn(candidate.facts.id)) ordered.push(candidate);
    else others.push(candidate);
  }
  return [...ordered, ...others];
}
