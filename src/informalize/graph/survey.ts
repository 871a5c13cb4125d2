import type { Declaration } from "../../declaration.js";
import { factsOf, type RecordFacts } from "./corpus-facts.js";
import { type DependencyGraph, dependencyGraph } from "./dependency-graph.js";
import { type FileNeighbours, fileNeighbours } from "./file-neighbours.js";
import { RecordSpool, type SpoolOptions } from "./record-spool.js";
import { type Stamps, stampsOf } from "./stamps.js";
import { type Components, strongComponents } from "./strong-components.js";

/** All that planning and asking know of a corpus. A declaration is known by its position, from 0. */
export interface CorpusSurvey {
  readonly spool: RecordSpool;
  /** One entry for each record. */
  readonly facts: readonly RecordFacts[];
  readonly graph: DependencyGraph;
  /** The cycles of the graph. */
  readonly components: Components;
  readonly stamps: Stamps;
  readonly neighbours: FileNeighbours;
  /** Removes the temporary file of the records. */
  close(): void;
}

/**
 * Reads a corpus to its end, as `readSource` gives it, with the descriptions by people merged in.
 *
 * @throws UserError `io` where the temporary folder cannot be written; what the batches throw; the
 * signal's reason after the signal.
 */
export async function surveyCorpus(
  batches: AsyncIterable<readonly Declaration[]>,
  options: Pick<SpoolOptions, "signal"> = {},
): Promise<CorpusSurvey> {
  const facts: RecordFacts[] = [];
  const spool = await RecordSpool.from(batches, {
    ...options,
    onRecord: (declaration) => facts.push(factsOf(declaration)),
  });
  try {
    const factsAt = (id: number): RecordFacts => {
      const found = facts[id];
      if (found === undefined) throw new RangeError(`there is no record ${id}`);
      return found;
    };
    const graph = dependencyGraph(spool, {
      kind: (id) => factsAt(id).kind,
      isInternal: (id) => factsAt(id).isInternal,
    });
    const components = strongComponents(graph);
    const stamps = stampsOf(graph, components, (id) => factsAt(id).content);
    const neighbours = fileNeighbours(facts);
    const close = (): void => spool.close();
    return { spool, facts, graph, components, stamps, neighbours, close };
  } catch (error) {
    spool.close();
    throw error;
  }
}
