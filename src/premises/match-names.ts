import type { DeclarationId, DeclarationIndex } from "../index/declaration-index.js";
import { nameComponents } from "../index/name-key.js";
import type { NameMatch } from "./evidence.js";

/** A declaration that a guessed name may mean. */
export interface MatchedName {
  readonly id: DeclarationId;
  readonly match: NameMatch;
  /** Its place among the declarations that fit as well, from 1. */
  readonly rank: number;
  /** How alike the names are: 0 to 1, 1 for an exact match. */
  readonly fit: number;
}

/** How many declarations one guess may bring in each way. */
const ENDINGS = 6;
const OTHER_NAMESPACES = 8;
const MISSPELT = 8;

/**
 * The declarations that a guessed name may mean: the one of that name alone, where it exists; else
 * those whose name ends in it, those that share its ending in other namespaces, and those spelt alike.
 */
export function matchName(index: DeclarationIndex, guess: string): MatchedName[] {
  const endings = index.names.withEnding(guess, ENDINGS);
  const found = new Map<DeclarationId, MatchedName>();
  const add = (one: MatchedName): void => {
    if (!found.has(one.id)) found.set(one.id, one);
  };
  // Others that end in the same name are kept: models leave namespaces out.
  let place = 0;
  for (const { id, name } of endings) {
    if (name === guess) add({ id, match: "exact", rank: 1, fit: 1 });
    else add({ id, match: "ending", rank: (place += 1), fit: guess.length / name.length });
  }
  if ([...found.values()].some(({ match }) => match === "exact")) return [...found.values()];
  otherNamespaces(index, guess).forEach(({ id, fit }, at) => {
    add({ id, match: "other namespace", rank: at + 1, fit });
  });
  index.names.similar(guess, MISSPELT).forEach(({ id, similarity }, at) => {
    add({ id, match: "misspelt", rank: at + 1, fit: similarity });
  });
  return [...found.values()];
}

/** Names that end as the guess does once its outermost namespaces are left out, as few as possible. */
function otherNamespaces(
  index: DeclarationIndex,
  guess: string,
): { readonly id: DeclarationId; readonly fit: number }[] {
  const components = nameComponents(guess);
  for (let dropped = 1; dropped < components.length; dropped += 1) {
    const ending = components.slice(dropped).join(".");
    const found = index.names.withEnding(ending, OTHER_NAMESPACES);
    if (found.length > 0) return found.map(({ id }) => ({ id, fit: 1 / (1 + dropped) }));
  }
  return [];
}
