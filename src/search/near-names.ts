import type { Bm25fParameters } from "../index/bm25f.js";
import type { DeclarationIndex } from "../index/declaration-index.js";
import { words } from "../text/words.js";

/** How many declarations that share words with a name are compared with it. */
const COMPARED = 50;

const NAME_ONLY: Bm25fParameters = {
  weights: { name: 1, docstring: 0, informal: 0, type: 0, binders: 0, module: 0 },
  saturation: 1.2,
  lengthNormalization: 0,
};

/**
 * Names of declarations near one that does not exist: the same name in other namespaces, misspelt
 * names, names that contain it, and names made of the same words, in this order.
 */
export function nearNames(index: DeclarationIndex, name: string, limit: number): string[] {
  const near = new Set<string>();
  for (const { name: found } of index.names.withEnding(name, limit)) near.add(found);
  for (const { name: found } of index.names.similar(name, limit)) near.add(found);
  for (const found of index.names.containing(name, limit)) near.add(found);
  if (near.size < limit) {
    const wanted = words(name);
    const ids = index.lexical
      .candidates(index.lexical.knownWords(wanted), COMPARED, NAME_ONLY)
      .map(({ id }) => id);
    const alike = index
      .facts(ids)
      .map((facts) => ({ name: facts.name, likeness: overlap(wanted, words(facts.name)) }))
      .filter(({ likeness }) => likeness >= 0.5)
      .sort((a, b) => b.likeness - a.likeness);
    for (const { name: found } of alike) near.add(found);
  }
  return [...near].slice(0, limit);
}

/** Dice's coefficient of two sets of words: 0 to 1. */
function overlap(a: readonly string[], b: readonly string[]): number {
  const left = new Set(a);
  const right = new Set(b);
  const shared = [...left].filter((word) => right.has(word)).length;
  return left.size + right.size === 0 ? 0 : (2 * shared) / (left.size + right.size);
}
