import fc from "fast-check";
import { surveyCorpus, type CorpusSurvey } from "../../../src/informalize/graph/survey.js";
import type { Declaration } from "../../../src/declaration.js";

/** Surveys a corpus in batches of three, hands it to `use`, and closes it. */
export async function withSurvey<T>(
  corpus: readonly Declaration[],
  use: (survey: CorpusSurvey) => T | Promise<T>,
): Promise<T> {
  const survey = await surveyCorpus(inBatches(corpus));
  try {
    return await use(survey);
  } finally {
    survey.close();
  }
}

export async function* inBatches(corpus: readonly Declaration[]): AsyncGenerator<Declaration[]> {
  for (let at = 0; at < corpus.length; at += 3) {
    await Promise.resolve();
    yield corpus.slice(at, at + 3);
  }
}

/** The position of a declaration. */
export function idOf({ spool }: CorpusSurvey, name: string): number {
  const id = spool.idOf(name);
  if (id === undefined) throw new Error(`there is no ${name}`);
  return id;
}

/** The names that a declaration depends on, in the graph's order. */
export function dependencyNames(survey: CorpusSurvey, name: string): string[] {
  const ids = survey.graph.dependencies(idOf(survey, name));
  return Array.from(ids, (id) => survey.facts[id]?.name ?? "");
}

/** The rows of a graph: for each node the others that it depends on, cycles included. */
export const arbitraryRows: fc.Arbitrary<number[][]> = fc
  .integer({ min: 1, max: 25 })
  .chain((size) =>
    fc
      .array(fc.uniqueArray(fc.nat({ max: size - 1 }), { maxLength: 4 }), {
        minLength: size,
        maxLength: size,
      })
      .map((rows) => rows.map((row, id) => row.filter((target) => target !== id))),
  );

/** Everything that each node reaches, itself only where it is in a cycle. */
export function reachable(rows: readonly (readonly number[])[]): Set<number>[] {
  return rows.map((row) => {
    const reached = new Set<number>();
    const open = [...row];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (reached.has(id)) continue;
      reached.add(id);
      open.push(...(rows[id] ?? []));
    }
    return reached;
  });
}
