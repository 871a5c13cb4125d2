import type { DeclarationId } from "../../index/declaration-index.js";

/** What theorems near by say of a declaration, because they refer to it. */
export interface NeighbourVotes {
  /**
   * The sum of 1 / (10 + place) over the neighbours that refer to it, each divided by the square root
   * of how much it refers to: who refers to everything says little.
   */
  readonly weight: number;
  /** How many of them refer to it. */
  readonly count: number;
  /** The place of the nearest of them, from 1. */
  readonly nearest: number;
}

/**
 * What neighbours refer to, by declaration.
 *
 * @param neighbours declarations near by, the nearest first.
 * @param uses what a declaration refers to.
 */
export function neighbourVotes(
  neighbours: readonly DeclarationId[],
  uses: (id: DeclarationId) => readonly DeclarationId[],
): Map<DeclarationId, NeighbourVotes> {
  const votes = new Map<DeclarationId, NeighbourVotes>();
  neighbours.forEach((neighbour, at) => {
    const used = uses(neighbour);
    const weight = 1 / (11 + at) / Math.sqrt(1 + used.length);
    for (const id of used) {
      if (id === neighbour) continue;
      const known = votes.get(id) ?? { weight: 0, count: 0, nearest: at + 1 };
      votes.set(id, { ...known, weight: known.weight + weight, count: known.count + 1 });
    }
  });
  return votes;
}
