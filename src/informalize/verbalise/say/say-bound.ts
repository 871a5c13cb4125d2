import { sayRestriction } from "./say-relation.js";
import { isStatement, joinClauses, sayPart, sayStatement } from "./say-statement.js";
import { quoteTerm, type Speaker } from "./say-term.js";
import { describeInstance, typeNoun } from "./say-type.js";
import { enumerate, withArticle } from "./name-words.js";
import type { BoundVariables, Term } from "../read/term.js";

/**
 * A clause under universal quantifiers: "for every natural number n, if n is prime, then …"; undefined
 * where something that is bound has no words.
 */
export function sayBound(
  bound: readonly BoundVariables[],
  body: string,
  speaker: Speaker,
): string | undefined {
  let clause: string | undefined = body;
  for (const variables of [...bound].reverse()) {
    const introduction = introduce(variables, speaker);
    clause = introduction === undefined ? undefined : `${introduction} ${clause}`;
    if (clause === undefined) return undefined;
  }
  return clause;
}

function introduce(variables: BoundVariables, speaker: Speaker): string | undefined {
  const { bracket, names, type, restriction } = variables;
  if (bracket === "[") {
    return type === undefined ? undefined : `if ${describeInstance(type, speaker)}, then`;
  }
  if (type !== undefined && isStatement(type)) return `if ${sayPart(type, speaker)}, then`;
  const all = sayVariables(names, restriction, type, speaker);
  return all === undefined ? undefined : `for ${names.length > 1 ? "all" : "every"} ${all},`;
}

/** "x in s", "natural number n", "x and y (each a real number)". */
function sayVariables(
  names: readonly string[],
  restriction: BoundVariables["restriction"],
  type: BoundVariables["type"],
  speaker: Speaker,
): string | undefined {
  const list = enumerate(names);
  if (restriction !== undefined) {
    const said = sayRestriction(restriction.sign, restriction.bound, speaker);
    return said === undefined ? undefined : `${list} ${said}`;
  }
  if (type === undefined) return list;
  const noun = typeNoun(type, speaker);
  if (noun === undefined) return `${list} of type ${quoteTerm(type, speaker)}`;
  return names.length > 1
    ? `${list} (each ${withArticle(noun)})`
    : `${list} (${withArticle(noun)})`;
}

/** "there exists x in s such that …"; undefined where something that is bound has no words. */
export function sayExistence(
  sign: string,
  bound: readonly BoundVariables[],
  body: Term,
  speaker: Speaker,
): string | undefined {
  const phrases: string[] = [];
  const conditions: string[] = [];
  for (const { bracket, names, type, restriction } of bound) {
    if (bracket === "[") return undefined;
    if (type !== undefined && isStatement(type)) {
      conditions.push(sayPart(type, speaker));
      continue;
    }
    const said = sayVariables(names, restriction, type, speaker);
    // A variable after a condition depends on it.
    if (said === undefined || conditions.length > 0) return undefined;
    phrases.push(said);
  }
  const clauses =
    conditions.length === 0
      ? sayStatement(body, speaker)
      : joinClauses([...conditions, sayPart(body, speaker)], "and");
  if (phrases.length === 0) return sign.startsWith("∃") && sign !== "∃!" ? clauses : undefined;
  const isSeveral = bound.length > 1 || (bound[0]?.names.length ?? 0) > 1;
  // Several variables are unique one after the other, which "unique" does not say of all.
  if (sign === "∃!" && isSeveral) return undefined;
  const verb =
    sign === "∄" ? "exists no" : sign === "∃!" ? "exists a unique" : isSeveral ? "exist" : "exists";
  return `there ${verb} ${phrases.join(" and ")} such that ${clauses}`;
}
