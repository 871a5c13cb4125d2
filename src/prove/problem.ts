import { readTheorem } from "../premises/read-theorem.js";
import type { Theorem } from "../premises/theorem.js";
import { readStatement } from "../verify/source/statement.js";

/** A theorem that is to be proved. */
export interface Problem {
  /** The Lean file that states it at its end, as the checker and the prover get it. */
  readonly statement: string;
  /** The same as retrieval reads it. */
  readonly theorem: Theorem;
}

/**
 * Reads what is to be proved: a Lean file that ends with a named theorem without a proof.
 *
 * @param source where the text comes from, for messages: "The file goal.lean".
 * @throws UserError `badInput` where it is something else.
 */
export function readProblem(
  text: string,
  options: {
    readonly source: string;
    readonly informal?: string | undefined;
    readonly informalProof?: string | undefined;
  },
): Problem {
  const statement = text.replace(/^\uFEFF/u, "").replaceAll("\r\n", "\n");
  const { fullName } = readStatement(statement);
  const theorem = readTheorem(statement, { ...options, chosen: fullName });
  return { statement: `${statement.trimEnd()}\n`, theorem };
}
