import type { NotationPattern } from "./lean-patterns.js";

/** A letter as the argument of a command, in braces or bare: `\mathbb{R}`, `\mathbb R`. */
const argument = (letter: string): string => `\\s?\\{?\\s?${letter}\\s?\\}?`;

const AT_LEAST_ZERO = "_\\{?\\s?(?:\\\\(?:ge|geq|geqslant)\\s?0|\\+)\\s?\\}?";
const WITH_INFINITY = "\\s?\\\\cup\\s?\\\\\\{\\s?\\+?\\\\infty\\s?\\\\\\}";

/** What follows `\mathbb`, longest first. */
const BLACKBOARD_BOLD: readonly (readonly [pattern: string, words: string])[] = [
  [`${argument("R")}${AT_LEAST_ZERO}${WITH_INFINITY}`, "ennreal"],
  [`${argument("R")}${AT_LEAST_ZERO}`, "nnreal"],
  [`${argument("Q")}${AT_LEAST_ZERO}`, "nnrat"],
  [`${argument("R")}\\^\\{?[nmdNk]\\}?`, "euclidean space real"],
  [`${argument("Z")}\\s?/\\s?[A-Za-z0-9]{1,3}\\s?\\\\(?:mathbb|mathbf)${argument("Z")}`, "zmod"],
  [`${argument("Z")}_\\{?p\\}?`, "padic int"],
  [`${argument("Q")}_\\{?p\\}?`, "padic"],
  [`${argument("C")}_\\{?p\\}?`, "padic complex"],
  [`${argument("Z")}\\[i\\]`, "gaussian int"],
  [`${argument("F")}_\\{?p\\}?`, "zmod finite field"],
  [argument("N"), "nat"],
  [argument("Z"), "int"],
  [argument("Q"), "rat"],
  [argument("R"), "real"],
  [argument("C"), "complex"],
  [argument("H"), "quaternion"],
  [argument("F"), "finite field"],
  [argument("E"), "expect expectation"],
  [argument("P"), "projectivization probability"],
  [argument("A"), "affine adele"],
  [argument("D"), "unit disc"],
  [argument("S"), "sphere"],
  [argument("T"), "circle torus"],
  [argument("G"), "multiplicative group"],
  [argument("1"), "one indicator"],
];

/** Number sets are at times set in plain bold; other bold letters are vectors. */
const BOLD = BLACKBOARD_BOLD.filter(([, words]) =>
  /^(?:nat|int|rat|real|complex|padic|zmod)/.test(words),
);

const fontPatterns = (command: string, entries: typeof BLACKBOARD_BOLD): NotationPattern[] =>
  entries.map(([pattern, words]) => ({
    head: `\\${command}`,
    pattern: new RegExp(`\\\\${command}${pattern}(?![A-Za-z])`),
    words,
  }));

/** LaTeX whose meaning takes more than one command. */
export const LATEX_PATTERNS: readonly NotationPattern[] = [
  ...fontPatterns("mathbb", BLACKBOARD_BOLD),
  ...fontPatterns("Bbb", BLACKBOARD_BOLD),
  ...fontPatterns("mathbf", BOLD),

  // Letters in a script that names one thing
  { head: "\\mathcal", pattern: /\\mathcal\s?\{?O\}?(?![A-Za-z])/, words: "ring integers" },
  { head: "\\mathcal", pattern: /\\mathcal\s?\{?N\}?(?![A-Za-z])/, words: "nhds" },
  { head: "\\mathcal", pattern: /\\mathcal\s?\{?P\}?(?![A-Za-z])/, words: "powerset" },
  {
    head: "\\mathcal",
    pattern: /\\mathcal\s?\{?F\}?(?=\s?(?:\(|\\\{|\[))/,
    words: "fourier transform",
  },
  { head: "\\mathfrak", pattern: /\\mathfrak\s?\{?c\}?(?![A-Za-z])/, words: "continuum" },
  { head: "\\overline", pattern: /\\overline\s?\{\s?\\mathbb\s?\{?R\}?\s?\}/, words: "ereal" },
  { head: "\\ell", pattern: /\\ell\^\{?(?:\\infty|[pq12])\}?(?![A-Za-z])/, words: "lp" },

  // Superscripts
  { head: "^", pattern: /\^\{?\s?-\s?1\s?\}?/, words: "inv" },
  { head: "^", pattern: /\^\{?\s?\\times\s?\}?/, words: "units" },
  {
    head: "^",
    pattern:
      /\^\{?\s?(?:\\(?:top|intercal)|(?:\\mathsf|\\mathrm|\\mathbf)?\s?\{?[Tt]\}?)\s?\}?(?![A-Za-z])/,
    words: "transpose",
  },
  { head: "^", pattern: /\^\{?\s?\\(?:perp|bot)\s?\}?/, words: "orthogonal" },
  { head: "^", pattern: /\^\{?\s?(?:\\complement|c)\s?\}?(?![A-Za-z])/, words: "compl" },
  {
    head: "^",
    pattern: /\^\{?\s?(?:\\(?:mathrm|text|operatorname|mathsf)\s?\{\s?)?op\s?\}?\}?(?![A-Za-z])/,
    words: "op opposite",
  },
  { head: "^", pattern: /\^\{?\s?(?:\\(?:ast|star|dagger)|\*)\s?\}?/, words: "star adjoint dual" },

  // Limits, sums, derivatives, measures
  { head: "\\to", pattern: /\\to\s?\{?\+?\\infty/, words: "tendsto top infinity" },
  { head: "\\rightarrow", pattern: /\\rightarrow\s?\{?\+?\\infty/, words: "tendsto top infinity" },
  { head: "\\sum", pattern: /\\sum_\{[^{}]{0,20}\}\^\{?\s?\\infty\}?/, words: "tsum infinity" },
  { head: "\\prod", pattern: /\\prod_\{[^{}]{0,20}\}\^\{?\s?\\infty\}?/, words: "tprod infinity" },
  ...["\\frac", "\\dfrac", "\\tfrac"].map((head) => ({
    head,
    pattern:
      /\\[dt]?frac\s?\{\s?(?:d|\\partial)(?![A-Za-z])[^{}]{0,8}\}\s?\{\s?(?:d|\\partial)\s?[a-z][^{}]{0,4}\}/,
    words: "deriv",
  })),
  { head: "d", pattern: /d\\(?:mu|nu|lambda)(?![A-Za-z])/, words: "measure" },

  // Negated relations, "such that" in a set, environments
  { head: "\\not", pattern: /\\not\s?\\in(?![A-Za-z])/, words: "not mem" },
  { head: "\\not", pattern: /\\not\s?\\subset(?:eq)?(?![A-Za-z])/, words: "not subset" },
  { head: "\\not", pattern: /\\not\s?(?:=|\\equiv(?![A-Za-z]))/, words: "ne" },
  { head: "\\mid", pattern: /(?<=\\\{[^{}|]{0,40})\\mid(?![A-Za-z])/, words: "" },
  { head: "\\begin", pattern: /\\begin\s?\{(?:[pbvB]?matrix|smallmatrix)\*?\}/, words: "matrix" },
  { head: "\\begin", pattern: /\\begin\s?\{[A-Za-z]{1,20}\*?\}/, words: "" },
  { head: "\\end", pattern: /\\end\s?\{[A-Za-z]{1,20}\*?\}/, words: "" },
];
