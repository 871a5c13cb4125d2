import type { DependencyGraph } from "./dependency-graph.js";
import type { Components } from "./strong-components.js";

/**
 * Puts declarations into levels, so that what one of them depends on lies in an earlier level: the
 * level is the length of the longest path through the given ones. Those of one cycle share a level. What
 * is not given is passed over, and dependencies on it put nothing later.
 *
 * @param ids positions, without repeats; each level keeps their order.
 */
export function levelsOf(
  graph: Pick<DependencyGraph, "size" | "dependencies">,
  components: Components,
  ids: Int32Array,
): Int32Array[] {
  const isGiven = new Uint8Array(graph.size);
  for (const id of ids) isGiven[id] = 1;
  /** Of components; 0 where none of its members is given. From 1 otherwise. */
  const heights = new Int32Array(components.count);
  let highest = 0;
  for (let component = 0; component < components.count; component += 1) {
    let height = 0;
    for (const id of components.members(component)) {
      if (isGiven[id] !== 1) continue;
      height = Math.max(height, 1);
      for (const dependency of graph.dependencies(id)) {
        const below = components.of[dependency] ?? 0;
        if (below === component || isGiven[dependency] !== 1) continue;
        height = Math.max(height, (heights[below] ?? 0) + 1);
      }
    }
    heights[component] = height;
    highest = Math.max(highest, height);
  }
  const heightOf = (id: number): number => heights[components.of[id] ?? 0] ?? 0;
  const sizes = new Int32Array(highest + 1);
  for (const id of ids) sizes[heightOf(id)] = (sizes[heightOf(id)] ?? 0) + 1;
  const levels = Array.from(sizes.subarray(1), (size) => new Int32Array(size));
  sizes.fill(0);
  for (const id of ids) {
    const height = heightOf(id);
    const place = sizes[height] ?? 0;
    const level = levels[height - 1];
    if (level !== undefined) level[place] = id;
    sizes[height] = place + 1;
  }
  return levels;
}
