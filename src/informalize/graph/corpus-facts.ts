import {
  type Declaration,
  type DeclarationKind,
  type InformalOrigin,
  leanStatement,
  wordsAbout,
} from "../../declaration.js";
import { estimatedTokens } from "../../llm/budget.js";
import { isInternalName } from "./internal-name.js";
import { shownContent, shownValue } from "./shown-content.js";
import { contentHash } from "./stamps.js";

/** Whose words a corpus gives a declaration already; "unknown" where it does not say. */
export type GivenWords = InformalOrigin | "unknown" | "none";

/** The little that is kept in memory of a record. */
export interface RecordFacts {
  readonly name: string;
  readonly kind: DeclarationKind;
  readonly module: string;
  /** The line of its file, from 1; 0 where it is not known. */
  readonly line: number;
  readonly hasDocstring: boolean;
  readonly given: GivenWords;
  /** Whether others leave it out of their dependencies: Lean named it, and nobody explained it. */
  readonly isInternal: boolean;
  /** The hash of its content as prompts show it. */
  readonly content: string;
  /** Estimated tokens of what a prompt shows of it itself. */
  readonly ownTokens: number;
  /** Estimated tokens of what is written about it: its description, else its docstring; 0 for none. */
  readonly wordTokens: number;
}

export function factsOf(declaration: Declaration): RecordFacts {
  const { name, kind, module, line = 0, docstring } = declaration;
  const words = wordsAbout(declaration);
  const own = [leanStatement(declaration), shownValue(declaration), docstring];
  return {
    name,
    kind,
    module,
    line,
    hasDocstring: docstring !== "",
    given: givenWords(declaration),
    isInternal: docstring === "" && isInternalName(name),
    content: contentHash(shownContent(declaration)),
    ownTokens: own.reduce((sum, text) => sum + estimatedTokens(text), 0),
    wordTokens: estimatedTokens(words),
  };
}

function givenWords({
  informalName,
  informalDescription,
  informalOrigin,
}: Declaration): GivenWords {
  if (informalName === "" && informalDescription === "") return "none";
  return informalOrigin ?? "unknown";
}
