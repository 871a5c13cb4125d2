import type {
  DeclarationFacts,
  DeclarationId,
  DeclarationIndex,
} from "../index/declaration-index.js";
import type { Neighbour, Neighbours, Related } from "./questions.js";

/** In a file of more declarations than this, siblings are chosen by use and not by line. */
const READ_SIBLINGS = 400;

type Found = Omit<Extract<Related, { found: true }>, "asked" | "found">;

/**
 * What a declaration uses, what uses it, and what stands near it in its file.
 *
 * @param limit how many of each at most.
 */
export function related(index: DeclarationIndex, id: DeclarationId, limit: number): Found {
  const [facts] = index.facts([id]);
  if (facts === undefined) throw new RangeError(`${id} is no declaration`);
  const uses = index.uses(id);
  const usedBy = index.usedBy(id, limit);
  return {
    name: facts.name,
    module: facts.module,
    uses: { shown: neighbours(index, uses.slice(0, limit)), total: uses.length },
    usedBy: { shown: neighbours(index, usedBy), total: facts.usedBy },
    siblings: siblings(index, facts, limit),
  };
}

function siblings(index: DeclarationIndex, facts: DeclarationFacts, limit: number): Neighbours {
  const inFile = declarationsOf(index, facts.module);
  const total = inFile.length - 1;
  if (inFile.length > READ_SIBLINGS) {
    const others = inFile.filter((other) => other.id !== facts.id);
    others.sort((a, b) => b.usedBy - a.usedBy || (a.name < b.name ? -1 : 1));
    return { shown: others.slice(0, limit).map(asNeighbour), total };
  }
  const ordered = inFile
    .map((other) => ({ ...other, line: index.declaration(other.id)?.line ?? 0 }))
    .sort((a, b) => a.line - b.line || a.id - b.id);
  const place = ordered.findIndex((other) => other.id === facts.id);
  const start = Math.max(0, Math.min(place - Math.ceil(limit / 2), ordered.length - limit - 1));
  const around = ordered.slice(start, start + limit + 1).filter((other) => other.id !== facts.id);
  return { shown: around.slice(0, limit).map(asNeighbour), total };
}

/** The declarations of exactly this module. */
function declarationsOf(index: DeclarationIndex, module: string): DeclarationFacts[] {
  const { kinds } = index.lexical;
  const passes = index.lexical.passing({ kinds: [], module });
  const ids: DeclarationId[] = [];
  kinds.forEach((kind, id) => {
    if (kind !== 0 && passes?.(id) === true) ids.push(id);
  });
  return index.facts(ids).filter((facts) => facts.module === module);
}

function neighbours(index: DeclarationIndex, ids: readonly DeclarationId[]): Neighbour[] {
  return index.facts(ids).map(asNeighbour);
}

function asNeighbour({ name, kind, module, usedBy }: DeclarationFacts): Neighbour {
  return { name, kind, module, usedBy };
}
