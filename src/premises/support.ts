import type { PooledPremise } from "./evidence.js";
import type { Retrieved } from "./retrieve.js";
import type { Sketch } from "./sketch.js";

/** From this share of a query's words on, a declaration near the top is taken to answer it. */
const SUPPORTING_FIT = 0.6;

/** How far down such a declaration may stand. */
const SUPPORTING_RANK = 10;

/**
 * The steps of a sketch, from 0, for which nothing was found, as far as that can be told without reading:
 * no result of the step's queries has most of the query's words or was kept, and no guessed name that the
 * step mentions exists. Steps without queries are not counted.
 */
export function unsupportedSteps(
  sketch: Sketch,
  pool: readonly PooledPremise[],
  round: number,
): number[] {
  return [...sketch.steps.keys()].filter((step) => {
    const { what = "", why = "", queries = [] } = sketch.steps[step] ?? {};
    if (queries.length === 0) return false;
    return !pool.some(({ facts, evidence }) =>
      evidence.some((one) => {
        if (one.round !== round) return false;
        if (one.match === "exact") return `${what} ${why}`.includes(facts.name);
        if (one.purpose.kind !== "step" || one.purpose.step !== step) return false;
        if (one.kept !== undefined) return one.kept;
        return one.fit >= SUPPORTING_FIT && one.rank <= SUPPORTING_RANK;
      }),
    );
  });
}

/** The guessed names that no declaration has, with or without namespaces before it. */
export function unknownNames(retrieved: readonly Retrieved[]): string[] {
  return retrieved
    .filter(
      ({ request, found }) =>
        request.channel === "name" &&
        !found.some(({ evidence: { match } }) => match === "exact" || match === "ending"),
    )
    .map(({ request }) => request.text);
}
