import type { RecordFacts } from "./corpus-facts.js";

/** The declarations right before and after each one in its module. */
export interface FileNeighbours {
  before(id: number): number | undefined;
  after(id: number): number | undefined;
}

/**
 * Neighbours by module, line and the corpus's order; where lines are not known, by the corpus's order
 * alone. What has no module has no neighbours.
 */
export function fileNeighbours(
  facts: readonly Pick<RecordFacts, "module" | "line">[],
): FileNeighbours {
  const before = new Int32Array(facts.length).fill(-1);
  const after = new Int32Array(facts.length).fill(-1);
  const modules = new Map<string, { id: number; line: number }[]>();
  for (const [id, { module, line }] of facts.entries()) {
    if (module === "") continue;
    const members = modules.get(module);
    if (members === undefined) modules.set(module, [{ id, line }]);
    else members.push({ id, line });
  }
  for (const members of modules.values()) {
    if (members.every(({ line }) => line > 0)) members.sort((a, b) => a.line - b.line);
    let previous: number | undefined;
    for (const { id } of members) {
      if (previous !== undefined) {
        before[id] = previous;
        after[previous] = id;
      }
      previous = id;
    }
  }
  const known = (id: number | undefined): number | undefined =>
    id === undefined || id < 0 ? undefined : id;
  return { before: (id) => known(before[id]), after: (id) => known(after[id]) };
}
