import type { DeclarationKind } from "../../declaration.js";
import { UserError } from "../../errors.js";
import type { RecordFacts } from "../graph/corpus-facts.js";
import type { CorpusSurvey } from "../graph/survey.js";

/** In which order declarations are chosen: what most others name first, or as the corpus lies. */
export const ORDERS = ["most-used", "corpus"] as const;
export type Order = (typeof ORDERS)[number];

/** Which declarations a run is about. Those that people described are never among them. */
export interface Selection {
  readonly order: Order;
  /**
   * The first so many of the order; absent: all. Those with a description that is kept count, so
   * that the same run once more asks for nothing.
   */
  readonly limit?: number;
  /** Modules, each with those below it: `Mathlib.Topology`. Absent: all. */
  readonly modules?: readonly string[];
  /** Absent: all. */
  readonly kinds?: readonly DeclarationKind[];
  /** Only those without a docstring. */
  readonly undocumented?: boolean;
}

/** Whether a corpus brings words that no model is to replace: a person's, or somebody's. */
export function isDescribed({ given }: Pick<RecordFacts, "given">): boolean {
  return given === "people" || given === "unknown";
}

/**
 * Positions of the chosen declarations, in the order of the selection. Those that are named equally
 * often stay in the corpus's order.
 *
 * @throws UserError `usage` for a module that the corpus does not have.
 */
export function selectDeclarations(
  { facts, graph }: Pick<CorpusSurvey, "facts" | "graph">,
  { order, limit, modules, kinds, undocumented }: Selection,
): Int32Array {
  const isInModules = moduleTest(facts, modules);
  const chosen: number[] = [];
  for (const [id, record] of facts.entries()) {
    if (isDescribed(record) || !isInModules(record.module)) continue;
    if (kinds !== undefined && !kinds.includes(record.kind)) continue;
    if (undocumented === true && record.hasDocstring) continue;
    chosen.push(id);
  }
  if (order === "most-used") chosen.sort((a, b) => graph.uses(b) - graph.uses(a) || a - b);
  return Int32Array.from(chosen.slice(0, limit));
}

function moduleTest(
  facts: readonly RecordFacts[],
  modules: readonly string[] | undefined,
): (module: string) => boolean {
  if (modules === undefined) return () => true;
  const known = new Set(facts.map(({ module }) => module));
  const chosen = new Set<string>();
  for (const wanted of modules) {
    const found = [...known].filter((module) => `${module}.`.startsWith(`${wanted}.`));
    if (found.length === 0) {
      throw new UserError(
        "usage",
        `No declaration of the corpus lies in the module "${wanted}": name one as import lines do, such as Mathlib.Topology.`,
      );
    }
    for (const module of found) chosen.add(module);
  }
  return (module) => chosen.has(module);
}
