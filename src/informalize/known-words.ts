import type { Declaration } from "../declaration.js";
import type { Description } from "./gate/description.js";

/** What models have written so far, by the declaration's full name. */
export interface WrittenWords {
  get(name: string): Description | undefined;
}

/**
 * What a declaration is in words: a person's where there are any, else what a model wrote, now or for the
 * corpus. What a rule made of the statement says no more than the statement.
 */
export function knownWords(
  declaration: Declaration,
  written: WrittenWords,
): Description | undefined {
  const { name, informalName, informalDescription, informalOrigin } = declaration;
  const isGiven = informalName !== "" || informalDescription !== "";
  const given =
    isGiven && informalOrigin !== "rules" ? { informalName, informalDescription } : undefined;
  return informalOrigin === "model" ? (written.get(name) ?? given) : (given ?? written.get(name));
}

/** A record with what models have written of it; people's words stay. */
export function withKnownWords(declaration: Declaration, written: WrittenWords): Declaration {
  const words = knownWords(declaration, written);
  if (words === undefined || words.informalDescription === declaration.informalDescription) {
    return declaration;
  }
  const { informalName, informalDescription } = words;
  return { ...declaration, informalName, informalDescription, informalOrigin: "model" };
}
