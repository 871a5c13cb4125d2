import { TO_ADDITIVE, TO_DUAL, type NameDictionary } from "./name-dictionary.js";

/**
 * The name that `to_additive` or `to_dual` finds for a name without one of its own, after Mathlib's
 * `Mathlib.Tactic.Translate.GuessName`: split into words, translate each, mend what Mathlib abbreviates.
 */
export function guessName(name: string, attribute: "to_additive" | "to_dual"): string {
  const dictionary = attribute === "to_additive" ? TO_ADDITIVE : TO_DUAL;
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
  return character !== undefined && /^[A-Z]$/.test(character);
}

/** `InvHMulLE_ne` gives Inv, HMul, LE, _, ne. */
function splitWords(name: string): string[] {
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
function lowerStart(word: string): string {
  return word.replace(/^[A-Z]+/, (capitals) => capitals.toLowerCase());
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
  let pending = [...words];
  let taken: string[] = [];
  // No abbreviation is longer than this many words, so longer runs need not be tried.
  const longest = 6;
  while (pending.length > 0 || taken.length > 0) {
    const next = pending[0];
    if (next === undefined || taken.length >= longest) {
      result += taken[0] ?? "";
      pending = [...taken.slice(1), ...pending];
      taken = [];
      continue;
    }
    pending = pending.slice(1);
    taken.push(next);
    const joined = taken.join("");
    if (next === "_" && isUpper(joined[0])) {
      result += taken[0] ?? "";
      pending = [...taken.slice(1), ...pending];
      taken = [];
      continue;
    }
    const mended = dictionary.abbreviations.get(lowerStart(joined));
    if (mended === undefined) continue;
    result += likeStart(joined, mended);
    taken = [];
  }
  return result;
}
