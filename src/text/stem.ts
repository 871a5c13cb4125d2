import { stemmer } from "stemmer";

/** British spellings and what replaces them, so that both sides of the Atlantic share a stem. */
export const AMERICAN_ENDINGS: readonly (readonly [ending: RegExp, american: string])[] = [
  [/isation(s?)$/, "ization$1"],
  [/ise(d|r|rs|s)?$/, "ize$1"],
  [/ising$/, "izing"],
  [/isable$/, "izable"],
  [/yse(d|r|rs|s)?$/, "yze$1"],
  [/bour/, "bor"],
  [/colour/, "color"],
  [/behaviour/, "behavior"],
  [/favour/, "favor"],
  [/centre(d|s)?$/, "center$1"],
  [/fibre(d|s)?$/, "fiber$1"],
  [/metre(s)?$/, "meter$1"],
  [/ogue(s)?$/, "og$1"],
  [/elled$/, "eled"],
  [/elling$/, "eling"],
  [/defence$/, "defense"],
  [/grey$/, "gray"],
  [/haus?dorf+$/, "hausdorff"],
];

/** What is left of words in -ise that are no British spellings, without their endings. */
const NOT_BRITISH: ReadonlySet<string> = new Set(
  (
    "advis aris compromis concis devis disguis enterpris excis exercis expertis improvis nois prais " +
    "precis premis promis rais revis ris supervis surpris"
  ).split(" "),
);
const ENDING = /(?:e|ed|er|ers|es|ing)$/;

const MAYBE_BRITISH = /is|ys|our|tre|bre|ogue|ell|ence$|grey|haus/;

/** A lower-case English word in American spelling. */
export function american(word: string): string {
  if (word.length < 5 || !MAYBE_BRITISH.test(word)) return word;
  const root = word.replace(ENDING, "");
  if (root.endsWith("wis") || NOT_BRITISH.has(root)) return word;
  let result = word;
  for (const [ending, replacement] of AMERICAN_ENDINGS)
    result = result.replace(ending, replacement);
  return result;
}

/**
 * Porter's stem of a lower-case word in American spelling (M. F. Porter, "An algorithm for suffix
 * stripping", Program 14(3), 1980). Words of up to three letters stay whole: they are names of
 * functions (`abs`, `cos`) more often than inflected words.
 */
export function stem(word: string): string {
  return word.length <= 3 ? word : stemmer(american(word));
}
