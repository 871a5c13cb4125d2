import type { Declaration } from "../../declaration.js";
import type { Usage } from "../../llm/chat.js";
import type { Evidence } from "../../premises/evidence.js";
import type { Mode, Outcome, PremiseProgress } from "../../premises/premise-run.js";
import type { Sketch } from "../../premises/sketch.js";
import type { ClientModel } from "./client-completions.js";

/** A theorem as a client writes it. */
export interface TheoremText {
  /** In Lean, with or without the file around it, or in words. */
  readonly text: string;
  /** Which theorem of the text, where it states several. */
  readonly name?: string | undefined;
  /** The statement in words, beside the Lean. */
  readonly informal?: string | undefined;
  readonly informalProof?: string | undefined;
}

/** What a run may cost at most; the operator's own limits hold besides. */
export interface RunBudget {
  readonly seconds?: number | undefined;
  readonly calls?: number | undefined;
  readonly tokens?: number | undefined;
}

/** What premises are wanted for. */
export interface PremisesRequest {
  /** May be absent where there is a sketch. */
  readonly theorem: TheoremText | undefined;
  /** A sketch of the caller's own; then no language model is asked. */
  readonly sketch?: Sketch | undefined;
  /** How much a language model does; where absent, what suits the model that there is. */
  readonly mode?: Mode | undefined;
  readonly rounds?: number | undefined;
  /** How many premises. */
  readonly limit: number;
  /** For language models. */
  readonly budget?: RunBudget;
}

/** Whose language model takes part: the operator's, the client's (MCP sampling), or nobody's. */
export type ModelSource = "configured" | "client" | "none";

/** One premise. */
export interface FoundPremise {
  readonly declaration: Declaration;
  readonly usedBy: number;
  /** Higher is better; comparable within one run only. */
  readonly score: number;
  /** Steps of the sketch that it serves, from 0. */
  readonly steps: readonly number[];
  /** The strongest first; of much evidence only that, and of long questions only their beginning. */
  readonly evidence: readonly Evidence[];
}

/** What a run found. */
export interface PremisesFound {
  readonly outcome: Outcome;
  /** Whose language model took part. A caller's own sketch needs none. */
  readonly languageModel: ModelSource;
  /** Whether the caller made the sketch. */
  readonly isCallersSketch: boolean;
  /** Best first. */
  readonly premises: readonly FoundPremise[];
  readonly sketch: Sketch | undefined;
  readonly rounds: number;
  /** Steps of the sketch, from 0, that nothing found supports. */
  readonly unsupportedSteps: readonly number[];
  /** Guessed names that do not exist, with names like them, most alike first. */
  readonly unknownNames: readonly { readonly name: string; readonly near: readonly string[] }[];
  /** What went wrong on the way, in sentences. */
  readonly notes: readonly string[];
  readonly usage: Usage;
}

export interface PremiseRunOptions {
  /** Ends the run; what it found is dropped. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PremiseProgress) => void) | undefined;
  /** The client's own language model, asked where the operator has none. */
  readonly clientModel?: ClientModel | undefined;
}

/** Finds the premises of theorems. */
export interface PremiseService {
  /**
   * @throws UserError `badInput` or `usage` for a request that cannot be answered, others where the
   * index or a model cannot be used; BusyError where too much is waiting already; DOMException
   * `AbortError` after the signal.
   */
  find(request: PremisesRequest, options?: PremiseRunOptions): Promise<PremisesFound>;
}
