/** Letters with marks, ligatures, marks on their own, invisible characters, hyphens, apostrophes. */
const NEEDS_FOLDING =
  /[\u00aa\u00ad\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\u200b-\u2013\u2018\u2019\u201b\u2032\u2060\ufb00-\ufb06\ufeff]|\p{Mn}/u;

const LATIN_LETTERS =
  /[\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\ufb00-\ufb06]+/gu;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]+/gu;
const MARKS = /\p{Mn}+/gu;
const MARKS_ON_LETTERS = /(?<=[A-Za-z])\p{Mn}+/gu;
const APOSTROPHES = /[\u2018\u2019\u201b\u2032]/gu;
const HYPHENS = /[\u2010-\u2013]/gu;

/** Letters that Unicode does not take apart into a plain letter and a mark. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  Æ: "Ae",
  æ: "ae",
  Ð: "D",
  ð: "d",
  Đ: "D",
  đ: "d",
  ı: "i",
  Ł: "L",
  ł: "l",
  Ø: "O",
  ø: "o",
  Œ: "Oe",
  œ: "oe",
  ß: "ss",
  Þ: "Th",
  þ: "th",
};

function plainLetters(letters: string): string {
  return letters
    .normalize("NFKD")
    .replace(MARKS, "")
    .replace(/[^\0-\x7f]/gu, (letter) => UNDECOMPOSED[letter] ?? "");
}

/** LaTeX accents over a letter: `H\^opital`, `\v{C}ech`, `Erd\H{o}s`, `Poincar\'{e}`. */
const LATEX_ACCENT = /\\(?:['"`^~=.] ?|[cvHkudbr](?=\{))(?:\{\\?([A-Za-z])\}|([A-Za-z]))/g;

/** HTML entities for accented letters: `&eacute;`. */
const ENTITY_ACCENT = /&([A-Za-z])(?:acute|grave|uml|circ|tilde|cedil|caron|ring|slash);/g;

/** Prefixes that are written with and without a hyphen: `non-empty`, `semi-simple`, `co-domain`. */
const HYPHENATED =
  /\b(anti|bi|co|contra|endo|equi|extra|hyper|infra|inter|intra|iso|meta|micro|mono|multi|non|para|poly|pre|pro|pseudo|quasi|re|semi|sub|super|sym|tri|ultra|un|uni)-(?=[a-z]{3})/gi;

/**
 * The text in plain spelling: accented Latin letters without their accents (`Hölder`, `H\"older`
 * and `H&ouml;lder` become `Holder`), hyphens and apostrophes in ASCII, invisible characters gone,
 * and prefixes without their hyphen. Mathematical symbols stay as they are.
 */
export function fold(text: string): string {
  let plain = text;
  if (plain.includes("\\")) plain = plain.replace(LATEX_ACCENT, "$1$2");
  if (plain.includes("&")) plain = plain.replace(ENTITY_ACCENT, "$1");
  if (NEEDS_FOLDING.test(plain)) {
    plain = plain
      .replace(INVISIBLE, "")
      .replace(LATIN_LETTERS, plainLetters)
      .replace(MARKS_ON_LETTERS, "")
      .replace(APOSTROPHES, "'")
      .replace(HYPHENS, "-");
  }
  if (plain.includes("-")) plain = plain.replace(HYPHENATED, "$1");
  return plain;
}
