import { readBinders } from "../read/read-bound-variables.js";
import { isStatement, sayPart } from "./say-statement.js";
import { quoteTerm, type Speaker } from "./say-term.js";
import { describeInstance, typeNoun } from "./say-type.js";
import { enumerate, withArticle } from "./name-words.js";
import type { BoundVariables } from "../read/term.js";
import type { TermTokens } from "../read/term-tokens.js";

/** What the binders of a declaration say, as clauses. */
export interface Header {
  /** What is assumed: "s is compact". */
  readonly hypotheses: readonly string[];
  /** What there is: "f is a function from α to β", "α is a preorder". */
  readonly subjects: readonly string[];
  /** Explicit variables that are no hypotheses: what a definition is made of. */
  readonly explicit: readonly string[];
}

/** Says what the binders before a declaration's colon bring; binders that it cannot read are quoted. */
export function sayHeader(signature: TermTokens, isLocal: Speaker["isLocal"]): Header {
  const speaker: Speaker = { text: signature.text, isLocal };
  const hypotheses: string[] = [];
  const classes: string[] = [];
  const subjects: string[] = [];
  const explicit: string[] = [];
  const bound = readBinders(signature) ?? [];
  for (const variables of bound) {
    const { bracket, names, type } = variables;
    if (bracket === "[") {
      // `[self : Foo]` is the structure that a field belongs to.
      if (type !== undefined && names[0] !== "self") classes.push(describeInstance(type, speaker));
      continue;
    }
    const assumption = sayAssumption(variables, speaker);
    if (assumption !== undefined) {
      hypotheses.push(assumption);
      continue;
    }
    const noun = type === undefined ? undefined : typeNoun(type, speaker);
    if (noun === "type") continue;
    if (type !== undefined && names.every((name) => name.startsWith("_"))) {
      classes.push(describeInstance(type, speaker));
      continue;
    }
    if (bracket === "(") explicit.push(...names);
    if (type === undefined) continue;
    const list = enumerate(names);
    const isSeveral = names.length > 1;
    if (noun === undefined) {
      subjects.push(`${list} ${isSeveral ? "are" : "is"} of type ${quoteTerm(type, speaker)}`);
    } else {
      subjects.push(`${list} ${isSeveral ? "are each" : "is"} ${withArticle(noun)}`);
    }
  }
  return { hypotheses, subjects: [...subjects, ...classes], explicit };
}

/**
 * A hypothesis as a clause. What Mathlib names like one (`hs`, `h₂`) and does not look like a
 * proposition for certain is quoted.
 */
function sayAssumption({ names, type }: BoundVariables, speaker: Speaker): string | undefined {
  if (type === undefined) return undefined;
  if (isStatement(type)) return sayPart(type, speaker);
  const isNamedLikeOne = names.every(
    (name) => /^[hH](?![a-z]{3})/.test(name) || name.startsWith("_"),
  );
  const noun = typeNoun(type, speaker);
  const isPlainType = noun !== undefined && !noun.endsWith("`");
  if (!isNamedLikeOne || isPlainType) return undefined;
  return `${quoteTerm(type, speaker)} is given`;
}
