/** How models say that they will not or cannot answer, and what stands where an answer is missing. */
const REFUSALS: readonly RegExp[] = [
  /\bas an? (?:ai|artificial intelligence|(?:large )?language model|assistant)\b/i,
  /\bI(?:'m| am) (?:sorry|unable|not able|afraid|an ai)\b/i,
  /\bI (?:cannot|can't|can not|could not|couldn't|do not|don't|won't|will not|apologi[sz]e)\b/i,
  /\b(?:not enough|insufficient|without (?:more|further)) (?:information|context)\b/i,
  /^\W*(?:n\/a|none|null|unknown|todo|tbd|placeholder|no description(?: available)?)\W*$/i,
  /\b(?:informal_name|informal_description)\b/,
];

/** Whether a text refuses to answer, or stands for an answer without being one. */
export function isRefusal(text: string): boolean {
  return REFUSALS.some((refusal) => refusal.test(text));
}

/** The commonest words that tell English from its neighbours. */
const ENGLISH = words(
  "the of is and if to that then for are an with by on every all any as be this it its at from there let not such has have in given which when where over under between where each one two or equals a only exists does if is",
);

/** The commonest words of languages that are written in Latin letters and are not English. */
const FOREIGN = words(
  "der die das und ist ein eine einer eines dann jede jeder jedes wenn mit von auf für nicht sind sei seien " +
    "le la les des du est et une que qui dans pour alors soit tout toute si deux sur avec sont " +
    "el los las es una entonces para todo toda sea con del por su son " +
    "il lo gli che di della sono ogni allora per è " +
    "os um uma então não com seja do da " +
    "de het een van voor elke dan als niet",
);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

/** How many foreign words an English text can have beyond its common ones: "de Moivre's formula". */
const MOST_FOREIGN = 1;
/** How many words an English text can have without one of the commonest: titles do without. */
const MOST_WITHOUT_COMMON = 12;

/** The share of letters beyond Latin and Greek that a text in English may have. */
const MOST_OTHER_LETTERS = 0.1;

/**
 * Whether a text without formulas may be English: nearly all its letters are Latin or Greek, and of the
 * words that tell languages apart most are English ones.
 */
export function mayBeEnglish(prose: string): boolean {
  const letters = prose.match(/\p{L}/gu) ?? [];
  const others = letters.filter((letter) => !/[\p{Script=Latin}\p{Script=Greek}]/u.test(letter));
  if (others.length > letters.length * MOST_OTHER_LETTERS) return false;
  const said = prose.toLowerCase().match(/\p{L}+/gu) ?? [];
  const count = (language: ReadonlySet<string>): number =>
    said.filter((word) => language.has(word)).length;
  const english = count(ENGLISH);
  if (count(FOREIGN) > english + MOST_FOREIGN) return false;
  return english > 0 || said.length <= MOST_WITHOUT_COMMON;
}
