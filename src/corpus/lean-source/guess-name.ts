import { TO_ADDITIVE, TO_DUAL, type NameDictionary } from "./name-dictionary.js";

/**
 * The name that `to_additive` or `to_dual` finds for a name without one of its own, after Mathlib's
 * `Mathlib.Tactic.Translate.GuessName`: split into words, translate each, mend what Mathlib abbreviates.
 *
 * @param dictionary the words to go by; without it, those of a recent Mathlib.
 */
export function guessName(
  name: string,
  attribute: "to_additive" | "to_dual",
  dictionary = attribute === "to_additive" ? TO_ADDITIVE : TO_DUAL,
): string {
  return name
    .split("'")
    .map((part) => mendAbbreviations(translateWords(splitWords(part), dictionary), dictionary))
    .join("'");
}

/** Words that end in capitals, with what may follow them as part of the word. */
const CAPITAL_ENDS = new Map<string, readonly string[]>([
  ["LE", [""]],
  ["LT", [""]],
  ["GE", [""]],
  ["GT", [""]],
  ["WF", [""]],
  ["Coe", ["TC", "T", "HTCT"]],
]);

function isUpper(character: string | undefined): boolean {
  return character !== undefined && character >= "A" && character <= "Z";
}

/** `InvHMulLE_ne` gives Inv, HMul, LE, _, ne. */
export function splitWords(name: string): string[] {
  const words: string[] = [];
  let rest = name;
  let at = 0;
  while (at + 1 < rest.length) {
    const [here, next] = [rest[at], rest[at + 1]];
    let cut = -1;
    if (here === "_" || next === "_") cut = at + 1;
    else if (isUpper(next)) {
      const head = rest.slice(0, at + 1);
      const tail = CAPITAL_ENDS.get(head)?.find((end) => rest.startsWith(end, at + 1));
      if (tail !== undefined) cut = at + 1 + tail.length;
      else if (!isUpper(here)) cut = at + 1;
    }
    if (cut === -1) {
      at += 1;
      continue;
    }
    words.push(rest.slice(0, cut));
    rest = rest.slice(cut);
    at = 0;
  }
  return [...words, rest];
}

/** The capitals at the start in lower case: `HAdd` gives `hadd`. */
export function lowerStart(word: string): string {
  let end = 0;
  while (isUpper(word[end])) end += 1;
  return end === 0 ? word : word.slice(0, end).toLowerCase() + word.slice(end);
}

/** As `target`, with a small start where the source has one. */
function likeStart(source: string, target: string): string {
  return isUpper(source[0]) ? target : lowerStart(target);
}

function translateWords(words: readonly string[], dictionary: NameDictionary): string[] {
  return words.flatMap((word) => {
    const translated = dictionary.words.get(word.toLowerCase());
    if (translated === undefined) return [word];
    return translated.map((part, index) => (index === 0 ? likeStart(word, part) : part));
  });
}

function mendAbbreviations(words: readonly string[], dictionary: NameDictionary): string {
  let result = "";
  // No abbreviation is longer than this many words, so longer runs need not be tried.
  const longest = 6;
  for (let first = 0; first < words.length;) {
    let behind = first;
    let joined = "";
    let mended: string | undefined;
    while (mended === undefined && behind < words.length && behind - first < longest) {
      const next = words[behind] ?? "";
      joined += next;
      if (next === "_" && isUpper(joined[0])) break;
      mended = dictionary.abbreviations.get(lowerStart(joined));
      behind += 1;
    }
    if (mended === undefined) {
      result += words[first] ?? "";
      first += 1;
    } else {
      result += likeStart(joined, mended);
      first = behind;
    }
  }
  return result;
}
