import type { DeclarationKind } from "../../declaration.js";
import type { RecordFacts } from "../graph/corpus-facts.js";
import { levelsOf } from "../graph/levels.js";
import type { CorpusSurvey } from "../graph/survey.js";
import type { TokenCounts } from "../../llm/cost.js";
import { isDescribed, selectDeclarations, type Selection } from "./selection.js";

/** What is estimated of prompts without writing them. */
export interface PromptMeasures {
  /** Tokens of all that a prompt for a kind holds besides the declaration and its dependencies. */
  readonly instructionTokens: (kind: DeclarationKind) => number;
  /** The most tokens that all dependencies take in one prompt. */
  readonly dependencyTokens: number;
  /** Tokens of an answer, as they mostly are. */
  readonly answerTokens: number;
}

/** What earlier runs wrote: by the declaration's name, the stamp that it had then. */
export type EarlierStamps = Pick<ReadonlyMap<string, string>, "get">;

/** How many declarations a plan is about. */
export interface PlanCounts {
  /** In the corpus. */
  readonly declarations: number;
  /** That people described, or somebody whom the corpus does not name. */
  readonly described: number;
  /** That the selection chose; all further counts are of these. */
  readonly selected: number;
  /** That a model described, where nothing that this rests on has changed since. */
  readonly kept: number;
  /** That a model described before something changed. */
  readonly stale: number;
  /** That are to be asked for: the stale ones and those without a description. */
  readonly toAsk: number;
}

/** What a run has to do. */
export interface InformalizationPlan {
  readonly counts: PlanCounts;
  /**
   * Positions of those to be asked for, level by level, each level in the order of the selection. What
   * one depends on lies in an earlier level, unless both are in one cycle: then they share a level.
   */
  readonly levels: readonly Int32Array[];
  /** Estimated for all that are to be asked for. */
  readonly tokens: TokenCounts;
}

/**
 * Plans a run. A declaration that is chosen does not bring in what it depends on: that is shown by
 * what is known of it.
 *
 * @throws UserError as `selectDeclarations` does.
 */
export function planInformalization(
  survey: Pick<CorpusSurvey, "facts" | "graph" | "components" | "stamps">,
  selection: Selection,
  earlier: EarlierStamps,
  measures: PromptMeasures,
): InformalizationPlan {
  const { facts, graph, components } = survey;
  const selected = selectDeclarations(survey, selection);
  const toAsk: number[] = [];
  let stale = 0;
  for (const id of selected) {
    const state = stateOf(survey, id, earlier);
    if (state === "kept") continue;
    if (state === "stale") stale += 1;
    toAsk.push(id);
  }
  const counts = {
    declarations: facts.length,
    described: facts.filter(isDescribed).length,
    selected: selected.length,
    kept: selected.length - toAsk.length,
    stale,
    toAsk: toAsk.length,
  };
  const ids = Int32Array.from(toAsk);
  const tokens = estimate(survey, ids, earlier, measures);
  return { counts, levels: levelsOf(graph, components, ids), tokens };
}

/** What earlier runs left of a declaration that people did not describe. */
function stateOf(
  { facts, stamps }: Pick<CorpusSurvey, "facts" | "stamps">,
  id: number,
  earlier: EarlierStamps,
): "kept" | "stale" | "open" {
  const record = facts[id];
  const written = record === undefined ? undefined : earlier.get(record.name);
  if (written !== undefined) return written === stamps.of(id) ? "kept" : "stale";
  return record?.given === "model" ? "kept" : "open";
}

/** Tokens of what prompts show of a dependency, the name and what separates it included. */
const NAME_TOKENS = 20;

function estimate(
  { facts, graph }: Pick<CorpusSurvey, "facts" | "graph">,
  ids: Int32Array,
  earlier: EarlierStamps,
  { instructionTokens, dependencyTokens, answerTokens }: PromptMeasures,
): TokenCounts {
  const isAsked = new Uint8Array(facts.length);
  for (const id of ids) isAsked[id] = 1;
  const shownTokens = Int32Array.from(facts, (record, id) => {
    const isWritten = isAsked[id] === 1 || earlier.get(record.name) !== undefined;
    return NAME_TOKENS + (isWritten && !isDescribed(record) ? answerTokens : knownTokens(record));
  });
  const instructions = new Map<DeclarationKind, number>();
  let prompt = 0;
  for (const id of ids) {
    const record = facts[id];
    if (record === undefined) continue;
    let shown = 0;
    for (const dependency of graph.dependencies(id)) shown += shownTokens[dependency] ?? 0;
    const instruction = instructions.get(record.kind) ?? instructionTokens(record.kind);
    instructions.set(record.kind, instruction);
    prompt += instruction + record.ownTokens + Math.min(shown, dependencyTokens);
  }
  return { prompt, answer: ids.length * answerTokens };
}

/** Where nothing is written about a declaration, prompts show its statement. */
function knownTokens({ wordTokens, ownTokens }: RecordFacts): number {
  return wordTokens > 0 ? wordTokens : ownTokens;
}
