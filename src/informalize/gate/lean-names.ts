/** Names with dots or underscores between letters, which English does not have: `Set.image_union`. */
const JOINED = /(?<![\p{L}\p{N}_.])\p{L}[\p{L}\p{N}'₀-₉]*(?:(?:\.|_)[\p{L}\p{N}'₀-₉]+)+/gu;

/** Abbreviations whose dots join letters (a.e), and a sign with its index (GL_n). */
const ENGLISH = /^(?:\p{L}\.)+\p{L}$|^\p{L}{1,3}_[\p{L}\p{N}]$/u;

/** Commands of LaTeX that set words in a formula, with what they set. */
const WORDS_IN_FORMULA =
  /\\(?:text|texttt|textit|textsf|textrm|mathrm|mathtt|mathsf|mathit|operatorname)\*?\s*\{([^{}]*)\}/g;

/**
 * Lean names that a description parrots, in order, without repeats: those with dots or underscores, and
 * the declaration's own where it is not a word that mathematics could say, such as `IsCompact`.
 *
 * @param prose the description without its formulas.
 * @param formulas its formulas, of which only what they set as words counts: `x_i` is mathematics.
 * @param ownName the declaration's full name.
 */
export function parrotedNames(
  prose: string,
  formulas: readonly string[],
  ownName: string,
): readonly string[] {
  const said = formulas.flatMap((formula) =>
    [...formula.matchAll(WORDS_IN_FORMULA)].map(({ 1: words = "" }) =>
      words.replaceAll("\\_", "_"),
    ),
  );
  const found = [prose.replaceAll("\\_", "_"), ...said].flatMap((text) => [
    ...[...text.matchAll(JOINED)].map(([name]) => name).filter((name) => !ENGLISH.test(name)),
    ...ownNames(ownName).filter((name) => hasWord(text, name)),
  ]);
  return [...new Set(found)];
}

/** The whole name and its last component, as far as no English text would have them. */
function ownNames(name: string): string[] {
  const last = name.slice(name.lastIndexOf(".") + 1);
  return [...new Set([name, last])].filter((one) => /[._]|\p{Ll}\p{Lu}|\p{L}\d\p{L}/u.test(one));
}

function hasWord(text: string, word: string): boolean {
  const isLetter = (character: string | undefined): boolean =>
    character !== undefined && /[\p{L}\p{N}_]/u.test(character);
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!isLetter(text[at - 1]) && !isLetter(text[at + word.length])) return true;
  }
  return false;
}
