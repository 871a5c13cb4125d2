/**
 * Words that carry no meaning for retrieval: articles, pronouns, auxiliary verbs and connectives.
 * Names use some of them too (`of`, `is`, `at`), with no more meaning there. Negation, "and", "or"
 * and numerals are not among them: formulas and names say much with those. Written in lower case,
 * before stemming.
 */
export const STOP_WORDS: readonly string[] = (
  "a all also an any are aren as at be been being between but by can did do does doesn doing don " +
  "each every for from given had has have having i if in into is isn it its let may might must of " +
  "on over shall should so some such suppose than that the their them then there these they this " +
  "those thus to via was we were what when where whether which while who whose why will with would"
).split(" ");
