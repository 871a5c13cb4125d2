import type { DependencyGraph } from "./dependency-graph.js";

/** The cycles of a graph, those of one member included. Every declaration is in exactly one. */
export interface Components {
  readonly count: number;
  /** The component of each declaration; what it depends on lies in components with lower numbers. */
  readonly of: Int32Array;
  /** The members of a component, in the corpus's order. */
  members(component: number): Int32Array;
}

/**
 * Strongly connected components, after R. Tarjan, "Depth-first search and linear graph algorithms",
 * SIAM Journal on Computing 1 (1972), section 4; without recursion, as chains of dependencies are
 * longer than call stacks are deep.
 */
export function strongComponents(
  graph: Pick<DependencyGraph, "size" | "dependencies">,
): Components {
  const { size } = graph;
  const of = new Int32Array(size).fill(-1);
  const number = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const nextEdge = new Int32Array(size);
  const path: number[] = [];
  const open: number[] = [];
  let visited = 0;
  let count = 0;

  const enter = (id: number): void => {
    number[id] = low[id] = visited;
    visited += 1;
    path.push(id);
    open.push(id);
  };
  /** The first dependency that was not visited yet; on the way, the lowest that is still open. */
  const descend = (id: number): number | undefined => {
    const dependencies = graph.dependencies(id);
    for (let edge = at(nextEdge, id); edge < dependencies.length; edge += 1) {
      const target = at(dependencies, edge);
      if (at(number, target) < 0) {
        nextEdge[id] = edge;
        return target;
      }
      if (at(of, target) < 0) low[id] = Math.min(at(low, id), at(number, target));
    }
    nextEdge[id] = dependencies.length;
    return undefined;
  };
  const leave = (id: number): void => {
    path.pop();
    const above = path.at(-1);
    if (above !== undefined) low[above] = Math.min(at(low, above), at(low, id));
    if (at(low, id) !== at(number, id)) return;
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      of[member] = count;
      if (member === id) break;
    }
    count += 1;
  };

  for (let root = 0; root < size; root += 1) {
    if (at(number, root) >= 0) continue;
    enter(root);
    for (let id = path.at(-1); id !== undefined; id = path.at(-1)) {
      const next = descend(id);
      if (next === undefined) leave(id);
      else enter(next);
    }
  }
  return grouped(of, count);
}

/** Sorts declarations by their components, by counting, which keeps the corpus's order. */
function grouped(of: Int32Array, count: number): Components {
  const starts = new Int32Array(count + 1);
  for (const component of of) starts[component + 1] = at(starts, component + 1) + 1;
  for (let c = 0; c < count; c += 1) starts[c + 1] = at(starts, c + 1) + at(starts, c);
  const filled = starts.slice();
  const order = new Int32Array(of.length);
  for (const [id, component] of of.entries()) {
    const place = at(filled, component);
    order[place] = id;
    filled[component] = place + 1;
  }
  return {
    count,
    of,
    members: (component) => order.subarray(at(starts, component), at(starts, component + 1)),
  };
}

/** An entry of an array that is known to be long enough. */
function at(array: Int32Array, index: number): number {
  return array[index] ?? 0;
}
