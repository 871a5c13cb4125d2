/** A declaration with a score, higher for better. */
export interface ScoredId {
  readonly id: number;
  readonly score: number;
}

/**
 * The `limit` ids with the highest scores, best first, and lower ids first among equals: a heap of
 * the best so far, whose root is the worst of them.
 */
export function bestOf(
  ids: Int32Array,
  scores: Float32Array,
  limit: number,
  passes?: (id: number) => boolean,
): ScoredId[] {
  const heap: number[] = [];
  const scoreOf = (id: number): number => scores[id] ?? 0;
  const isWorse = (a: number, b: number): boolean => {
    const difference = scoreOf(a) - scoreOf(b);
    return difference < 0 || (difference === 0 && a > b);
  };
  // The worst score that still gets in; most ids stop here.
  let least = -Infinity;
  for (const id of ids) {
    if (scoreOf(id) < least) continue;
    const isFull = heap.length === limit;
    if (isFull && !isWorse(heap[0] ?? 0, id)) continue;
    if (passes?.(id) === false) continue;
    if (isFull) siftDown(heap, id, isWorse);
    else siftUp(heap, id, isWorse);
    if (heap.length === limit) least = scoreOf(heap[0] ?? 0);
  }
  return heap.sort((a, b) => (isWorse(a, b) ? 1 : -1)).map((id) => ({ id, score: scoreOf(id) }));
}

type IsWorse = (a: number, b: number) => boolean;

function siftUp(heap: number[], id: number, isWorse: IsWorse): void {
  let at = heap.length;
  heap.push(id);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] ?? 0;
    if (!isWorse(id, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = id;
}

/** Replaces the root. */
function siftDown(heap: number[], id: number, isWorse: IsWorse): void {
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    const right = heap[below + 1];
    if (right !== undefined && isWorse(right, heap[below] ?? 0)) below += 1;
    const child = heap[below] ?? 0;
    if (!isWorse(child, id)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = id;
}
