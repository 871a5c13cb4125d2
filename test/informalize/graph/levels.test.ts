import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compressedRows } from "../../../src/informalize/graph/dependency-graph.js";
import { levelsOf } from "../../../src/informalize/graph/levels.js";
import { strongComponents } from "../../../src/informalize/graph/strong-components.js";
import { arbitraryRows, reachable } from "./made-up.js";

describe("strong components", () => {
  it("are the sets of nodes that reach each other, numbered behind what they depend on", () => {
    fc.assert(
      fc.property(arbitraryRows, (rows) => {
        const components = strongComponents(compressedRows(rows));
        const { count, of } = components;
        const reached = reachable(rows);
        for (const [a, row] of rows.entries()) {
          for (const b of rows.keys()) {
            const together =
              a === b || (reached[a]?.has(b) === true && reached[b]?.has(a) === true);
            expect(of[a] === of[b]).toBe(together);
          }
          for (const b of row) expect(of[b]).toBeLessThanOrEqual(of[a] ?? -1);
        }
        const listed = Array.from({ length: count }, (_, component) => [
          ...components.members(component),
        ]);
        for (const [component, ids] of listed.entries()) {
          expect(ids.every((id) => of[id] === component)).toBe(true);
          expect(ids).toEqual([...ids].sort((a, b) => a - b));
        }
        expect(listed.flat().sort((a, b) => a - b)).toEqual([...rows.keys()]);
      }),
    );
  });

  it("are found along chains longer than any call stack", () => {
    const size = 300_000;
    const rows = Array.from({ length: size }, (_, id) => (id + 1 < size ? [id + 1] : []));
    expect(strongComponents(compressedRows(rows)).count).toBe(size);
    rows[size - 1] = [0];
    expect(strongComponents(compressedRows(rows)).count).toBe(1);
  });
});

const rowsAndChosen = arbitraryRows.chain((rows) =>
  fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows.keys()])),
);

describe("levels", () => {
  it("hold each given declaration once, in the given order", () => {
    fc.assert(
      fc.property(rowsAndChosen, ([rows, chosen]) => {
        const levels = levelsIn(rows, chosen);
        expect(levels.flat().sort()).toEqual([...chosen].sort());
        for (const level of levels) {
          expect(level).not.toHaveLength(0);
          expect(level).toEqual(chosen.filter((id) => level.includes(id)));
        }
      }),
    );
  });

  it("put what a declaration depends on earlier, unless both are in one cycle", () => {
    fc.assert(
      fc.property(rowsAndChosen, ([rows, chosen]) => {
        const levels = levelsIn(rows, chosen);
        const levelOf = new Map(levels.flatMap((ids, level) => ids.map((id) => [id, level])));
        const reached = reachable(rows);
        for (const id of chosen) {
          for (const dependency of rows[id] ?? []) {
            const [own = -1, below] = [levelOf.get(id), levelOf.get(dependency)];
            if (below === undefined) continue;
            if (reached[dependency]?.has(id) === true) expect(below).toBe(own);
            else expect(below).toBeLessThan(own);
          }
        }
      }),
    );
  });

  it("are no more than the longest path needs", () => {
    fc.assert(
      fc.property(rowsAndChosen, ([rows, chosen]) => {
        const levels = levelsIn(rows, chosen);
        const reached = reachable(rows);
        const isTogether = (a: number, b: number): boolean =>
          a === b || (reached[a]?.has(b) === true && reached[b]?.has(a) === true);
        for (const [level, ids] of levels.entries()) {
          if (level === 0) continue;
          for (const id of ids) {
            // Somebody of the same cycle needs something of the level right before.
            const cycle = ids.filter((other) => isTogether(id, other));
            const needed = cycle.flatMap((other) => rows[other] ?? []);
            expect(needed.some((other) => levels[level - 1]?.includes(other))).toBe(true);
          }
        }
      }),
    );
  });
});

function levelsIn(rows: readonly (readonly number[])[], chosen: readonly number[]): number[][] {
  const graph = compressedRows(rows);
  const levels = levelsOf(graph, strongComponents(graph), Int32Array.from(chosen));
  return levels.map((level) => [...level]);
}
