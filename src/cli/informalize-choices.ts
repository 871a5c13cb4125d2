import type { DeclarationKind } from "../declaration.js";
import type { Order } from "../informalize/plan/selection.js";
import type { Prices } from "../llm/cost.js";

/** What is wanted of an informalization. */
export interface InformalizeChoices {
  /** The corpus to write; undefined for a plan alone. */
  readonly out: string | undefined;
  readonly dryRun: boolean;
  readonly withoutModel: boolean;
  readonly prices?: Prices | undefined;
  /** In the money of the prices. */
  readonly budget?: number | undefined;
  readonly limit?: number | undefined;
  readonly order: Order;
  readonly modules?: readonly string[] | undefined;
  readonly kinds?: readonly DeclarationKind[] | undefined;
  readonly undocumented: boolean;
  /** What another model or older prompts described is described anew. */
  readonly redo: boolean;
  /** Files with descriptions by people; the first that describes a declaration wins. */
  readonly people: readonly string[];
  readonly maxCalls?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly maxSeconds?: number | undefined;
  readonly json: boolean;
}
