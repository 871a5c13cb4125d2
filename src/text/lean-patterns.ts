/**
 * Notation whose shape depends on what is around it. It is tried where its head, a token, stands;
 * every repetition in it is bounded, so that reading stays linear.
 */
export interface NotationPattern {
  readonly head: string;
  readonly pattern: RegExp;
  readonly words: string;
}

/** Notation of Lean, and of plain text, that no fixed string describes. */
export const LEAN_PATTERNS: readonly NotationPattern[] = [
  // Sets and functions: `f '' s`, `s \ t`, `#s`
  { head: "'", pattern: /(?<=\s)''(?=\s)/, words: "image" },
  { head: "\\ ", pattern: /(?<=\s)\\(?=\s)/, words: "sdiff" },
  { head: "#", pattern: /#(?=[A-Za-zα-ω(])/, words: "card" },

  // Function spaces: `C(X, Y)`, `C^∞`, `L²`, `ℓ^p`
  { head: "C", pattern: /C\((?=[^(),\n]{1,40},)/, words: "continuous map" },
  {
    head: "C",
    pattern: /C\^?\{?(?:∞|\\infty|(?<=\^\{?)[nkrm0-9])\}?(?![A-Za-z])/,
    words: "cont diff smooth",
  },
  { head: "L", pattern: /L(?:[¹²∞ᵖ]|\^\{?(?:∞|\\infty|[pq12])\}?(?![A-Za-z]))/, words: "lp" },
  { head: "l", pattern: /l\^\{?(?:∞|\\infty|[pq12])\}?(?![A-Za-z])/, words: "lp" },
  { head: "ℓ", pattern: /ℓ(?:[¹²∞ᵖ]|\^\{?(?:∞|\\infty|[pq12])\}?(?![A-Za-z]))/, words: "lp" },

  // Rings: `R[X]`, `R[[X]]`, `ℤ[i]`, `ℤ/nℤ`
  {
    head: "[",
    pattern: /(?<=[A-Za-z0-9_\])}ℤℚℝℂ₀-₉'])\[[XYxt]\]/,
    words: "polynomial",
  },
  { head: "[", pattern: /(?<=[A-Za-z0-9_\])}ℤℚℝℂ'])\[\[[XYxt]\]\]/, words: "power series" },
  { head: "Z", pattern: /Z\[i\]/, words: "gaussian int" },
  { head: "Z", pattern: /Z_p(?![A-Za-z])/, words: "padic int" },
  { head: "Q", pattern: /Q_p(?![A-Za-z])/, words: "padic" },
  { head: "Z", pattern: /Z\/\(?[A-Za-z0-9]{1,3}\)?Z?(?![A-Za-z])/, words: "zmod" },
  { head: "ℤ", pattern: /ℤ\s?[/⧸]\s?\(?[A-Za-z0-9]{1,3}\s?ℤ?\)?/, words: "zmod" },
  { head: "p", pattern: /p\$?[-\s]adic(?:ally)?(?![A-Za-z])/, words: "padic" },
  { head: "F", pattern: /F_p(?![A-Za-z])/, words: "zmod finite field" },
  { head: "/", pattern: /(?<=(?<![A-Za-z])[A-Z]|\})\/(?=[A-Z\\])/, words: "quotient" },

  // Operators that are also emphasis, bullets, dashes or slashes in prose
  { head: "*", pattern: /(?<=\S )\*(?= )|(?<=[A-Za-z0-9)\]])\*(?=[A-Za-z0-9([])/, words: "mul" },
  { head: "/", pattern: /(?<![A-Za-z]{2}|\/)\/(?![A-Za-z]{2}|\/)/, words: "div" },
  { head: "-", pattern: /(?<=(?<![A-Za-z])[A-Za-z0-9)\]}'] )-(?= [A-Za-z0-9({\\|])/, words: "sub" },
  { head: "-", pattern: /(?<![A-Za-z0-9)\]}*$`'-] ?)-(?=[A-Za-z(\\])/, words: "neg" },

  // Numbers: `|x|`, `n!`, `e^x`, `[0,∞]`, `f'(x)`, `[K : F]`
  { head: "|", pattern: /(?<![A-Za-z])\|(?=[^|\s][^|\n]{0,40}\|)/, words: "abs" },
  { head: "!", pattern: /(?<=(?<![A-Za-z])[A-Za-z]|[0-9)])!(?![!=[A-Za-z])/, words: "factorial" },
  {
    head: "!",
    pattern: /(?<=(?<![A-Za-z])[A-Za-z]|[0-9)])!!(?![!=[A-Za-z])/,
    words: "double factorial",
  },
  { head: "e", pattern: /e\^(?![A-Za-z]{3})/, words: "exp" },
  { head: "[", pattern: /\[0\s?,\s?(?:∞|\\infty)\s?\]/, words: "ennreal" },
  { head: "[", pattern: /\[0\s?,\s?(?:∞|\\infty)\s?\)/, words: "nnreal" },
  { head: "f", pattern: /f'{1,2}\((?=[a-z])/, words: "deriv" },
  { head: "[", pattern: /\[[A-Z]\s?:\s?[A-Z]\]/, words: "index finrank degree" },
  { head: "→", pattern: /→\s?\+?∞/, words: "tendsto top infinity" },

  // Separation axioms: `T₂`, `R₁`
  { head: "T", pattern: /T(?:₀|_\{?0\}?)/, words: "t0" },
  { head: "T", pattern: /T(?:₁|_\{?1\}?)/, words: "t1" },
  { head: "T", pattern: /T(?:₂|_\{?2\}?)(?![.½])/, words: "t2" },
  { head: "T", pattern: /T(?:₂½|₂\.₅|_\{?2\.5\}?)/, words: "t25" },
  { head: "T", pattern: /T(?:₃|_\{?3\}?)(?![.½])/, words: "t3" },
  { head: "T", pattern: /T(?:₃½|₃\.₅|_\{?3\.5\}?)/, words: "t35" },
  { head: "T", pattern: /T(?:₄|_\{?4\}?)/, words: "t4" },
  { head: "T", pattern: /T(?:₅|_\{?5\}?)/, words: "t5" },

  // Markup that is not mathematics: addresses, HTML
  { head: "http", pattern: /http:\/\/[^\s)>\]]{1,300}/, words: "" },
  { head: "https", pattern: /https:\/\/[^\s)>\]]{1,300}/, words: "" },
  { head: "&", pattern: /&(?:lt|gt);/, words: "lt" },
  { head: "&", pattern: /&(?:le|ge);/, words: "le" },
  { head: "&", pattern: /&(?:#?[A-Za-z0-9]{2,10});/, words: "" },
  {
    head: "<",
    pattern: /<\/?(?:a|b|br|code|em|i|kbd|li|ol|p|pre|strong|sub|sup|ul)(?:\s[^<>]{0,100})?\/?>/,
    words: "",
  },
];
