import { dependenciesOf, type KnownNames } from "./dependencies-of.js";
import { openedNames } from "./opened-names.js";
import type { RecordSpool } from "./record-spool.js";
import { isProposition } from "./shown-content.js";

/** Which declarations of a corpus each of them depends on; known by their positions, from 0. */
export interface DependencyGraph {
  readonly size: number;
  /** How many dependencies there are of all declarations together. */
  readonly edges: number;
  /**
   * What a declaration depends on, without itself and without repeats: first what its statement names,
   * in the order in which it does; then what its value names; last what it was derived from.
   */
  dependencies(id: number): Int32Array;
  /** How many declarations name it anywhere, in their proofs too. */
  uses(id: number): number;
}

/** Finds what each record of a corpus depends on, see `dependenciesOf`. Reads all records once. */
export function dependencyGraph(
  spool: RecordSpool,
  { kind, isInternal }: Pick<KnownNames, "kind" | "isInternal">,
): DependencyGraph {
  const idOf = (name: string): number | undefined => spool.idOf(name);
  const opened = openedNames(spool.names(), (id) => !isProposition(kind(id)));
  const names: KnownNames = { idOf, opened, kind, isInternal };
  const rows: number[][] = [];
  const uses = new Int32Array(spool.size);
  for (const declaration of spool.records()) {
    const id = rows.length;
    const dependencies = dependenciesOf(id, declaration, names);
    rows.push(dependencies);
    const named = new Set(dependencies);
    for (const reference of declaration.references) named.add(spool.idOf(reference) ?? id);
    named.delete(id);
    for (const other of named) uses[other] = (uses[other] ?? 0) + 1;
  }
  return { ...compressedRows(rows), uses: (id) => uses[id] ?? 0 };
}

/** A graph whose rows lie behind each other in one array. */
export function compressedRows(
  rows: readonly (readonly number[])[],
): Omit<DependencyGraph, "uses"> {
  const starts = new Int32Array(rows.length + 1);
  for (const [id, row] of rows.entries()) starts[id + 1] = (starts[id] ?? 0) + row.length;
  const edges = starts[rows.length] ?? 0;
  const targets = new Int32Array(edges);
  for (const [id, row] of rows.entries()) targets.set(row, starts[id]);
  return {
    size: rows.length,
    edges,
    dependencies: (id) => targets.subarray(starts[id], starts[id + 1]),
  };
}
