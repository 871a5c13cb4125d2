import type { DeclarationIndex } from "../index/declaration-index.js";
import type { Chat, Usage } from "../llm/chat.js";
import type { Search } from "../search/search.js";
import type { RankedPremise } from "./evidence.js";
import type { Prompts } from "./prompts.js";
import type { Sketch } from "./sketch.js";
import type { TraceWriter } from "./trace.js";
import type { StatementPremises } from "./without-model/statement-premises.js";

/** How much a language model does: nothing, one sketch, or the whole loop. */
export type Mode = "none" | "sketch" | "full";

/** What orders the pool: all its evidence, or the rule of the paper that this mode follows. */
export type Fusion = "pool" | "published";

/** What a run works with. */
export interface PremiseParts {
  readonly index: DeclarationIndex;
  readonly search: Search;
  /** Premises from the theorem's statement alone. */
  readonly statementPremises: StatementPremises;
  readonly prompts: Prompts;
  /** Needed for the modes `sketch` and `full`. */
  readonly chat?: Chat | undefined;
}

/** Where a run stands. */
export interface PremiseProgress {
  readonly stage: "statement" | "sketch" | "retrieve" | "filter" | "judge" | "rank";
  /** Which sketch, from 1; 0 before the first. */
  readonly round: number;
  readonly done: number;
  /** 1 for stages that are one question. */
  readonly total: number;
}

export interface FindPremisesOptions {
  readonly mode: Mode;
  /** How often a sketch that was turned down is made again, at most; 3 unless told. */
  readonly rounds?: number;
  /** How many declarations a query brings; 30 unless told. */
  readonly perQuery?: number;
  readonly fusion?: Fusion;
  /** How many premises to give; 50 unless told. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PremiseProgress) => void;
  readonly trace?: TraceWriter | undefined;
}

/**
 * How a run ended: with a plan that the judge found supported, with one that it did not, with a sketch
 * that nobody judged, without a language model, or early.
 */
export type Outcome =
  | "supported"
  | "unsupported"
  | "sketched"
  | "no language model"
  | "budget spent"
  | "stopped early"
  | "interrupted";

/** What a run found. */
export interface PremiseReport {
  readonly outcome: Outcome;
  /** Best first. */
  readonly premises: readonly RankedPremise[];
  /** The last sketch; undefined where there was none. */
  readonly sketch: Sketch | undefined;
  /** How many sketches were made. */
  readonly rounds: number;
  /** Steps of the last sketch, from 0, that nothing found supports. */
  readonly unsupportedSteps: readonly number[];
  /** Guessed names of the last sketch that no declaration has. */
  readonly unknownNames: readonly string[];
  /** What went wrong without ending the run, in sentences. */
  readonly notes: readonly string[];
  /** What language models cost. */
  readonly usage: Usage;
}

export const NO_USAGE: Usage = {
  calls: 0,
  promptTokens: 0,
  completionTokens: 0,
  cachedAnswers: 0,
};
