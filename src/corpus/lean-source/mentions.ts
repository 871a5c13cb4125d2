import { TACTICS, TERM_WORDS } from "./lean-words.js";
import { TOKEN, type TokenList } from "./token-list.js";
import { newRole, rolesOfWord } from "./word-table.js";

/** Signs and words after which names are bound, and how the list of names ends. */
const BINDS_IN_TERM = newRole(
  "∀ ∃ ∃! λ fun Σ Π ∑ ∏ ∑' ∏' ∑ᶠ ∏ᶠ ⋃ ⋂ ⨆ ⨅ ∫ ∫⁻ ⨍ Σ' ⨁ Π₀ ∃ᶠ ∀ᶠ ∀ᵐ ∃ᵐ forall exists".split(" "),
);
const BINDS_IN_TACTIC = newRole("let have letI haveI set intro intros rintro obtain".split(" "));
const BINDS = BINDS_IN_TERM | BINDS_IN_TACTIC;

/** A longer name than this, in characters, is not one. */
export const LONGEST_NAME = 500;

const DOT = 46;

const LIST_END = newRole([",", "=>", "↦", ":=", ";", "<;>", "from"]);
/** Behind these come the type or the domain of the names, not further names. */
const NAMES_END = newRole([":", "∈", "in", "<", "≤", ">", "≥", "⊆", "∉", "≠"]);
const TERM_WORD = newRole(TERM_WORDS);
const TACTIC = newRole(TACTICS);

/** Tokens after which a tactic may stand. */
const BEFORE_TACTIC = newRole(
  "by · ; <;> => | ( first try repeat any_goals all_goals { • <;>".split(" "),
);

/** By the number of a word: the gathering that has met it, as what it mentions and as what it binds. */
let mentionedIn = new Int32Array(0);
let boundIn = new Int32Array(0);
/** By the number of a word that the current gathering binds: the token up to which it is bound. */
let boundUntil = new Int32Array(0);
let gathering = 0;

/**
 * Gathers the names that a piece of source mentions, as written: without what the piece binds itself
 * (`∀ x, …`, `fun y ↦ …`, `intro h`) as far as the brackets around go, without Lean's own words, and
 * without tactics where a tactic stands.
 *
 * @param bound names that are bound around the piece, each with the name at the head of its type or
 * "": `h.foo` mentions `Head.foo`.
 */
export function gatherMentions(
  tokens: TokenList,
  from: number,
  to: number,
  mentions: Set<string>,
  bound: ReadonlyMap<string, string>,
): void {
  if (from >= to) return;
  startGathering(tokens);
  const groupEnds: number[] = [];
  let groupEnd = to;
  let binding: number | undefined;
  let bindingDepth = 0;
  let takesNames = false;
  for (let token = from; token < to; token += 1) {
    const kind = tokens.kind(token);
    if (kind === TOKEN.open) {
      groupEnds.push(groupEnd);
      const close = tokens.closing(token);
      groupEnd = close === -1 ? groupEnd : Math.min(close, groupEnd);
      if (binding !== undefined) takesNames = true;
      continue;
    }
    if (kind === TOKEN.close) {
      groupEnd = groupEnds.pop() ?? to;
      if (binding !== undefined) {
        if (groupEnds.length < bindingDepth) binding = undefined;
        else takesNames = true;
      }
      continue;
    }
    if (kind !== TOKEN.name && kind !== TOKEN.sign) continue;
    const number = tokens.wordNumber(token);
    const roles = rolesOfWord(number);
    if (binding === BINDS_IN_TACTIC) {
      if (tokens.column(token) !== -1 && groupEnds.length <= bindingDepth) binding = undefined;
    }
    const takesName = binding !== undefined && takesNames && kind === TOKEN.name;
    if ((roles & BINDS) !== 0 && !takesName) {
      binding = roles & BINDS_IN_TACTIC;
      bindingDepth = groupEnds.length;
      takesNames = true;
      continue;
    }
    if (binding !== undefined) {
      if ((roles & LIST_END) !== 0 && groupEnds.length === bindingDepth) {
        binding = undefined;
        continue;
      }
      if ((roles & NAMES_END) !== 0) takesNames = false;
    }
    if (kind !== TOKEN.name) continue;
    const head = tokens.headNumber(number);
    if (binding !== undefined && takesNames && head === number) {
      const end = groupEnds.length > bindingDepth ? (groupEnds[bindingDepth] ?? to) : groupEnd;
      const known = boundIn[number] === gathering ? (boundUntil[number] ?? 0) : 0;
      boundIn[number] = gathering;
      boundUntil[number] = Math.max(end, known);
      continue;
    }
    if ((roles & TERM_WORD) !== 0) continue;
    if (boundIn[head] === gathering && (boundUntil[head] ?? 0) > token) continue;
    if (mentionedIn[number] === gathering) continue;
    const word = tokens.wordWithNumber(number);
    if (word.length > LONGEST_NAME) continue;
    const typeHead = bound.get(head === number ? word : tokens.wordWithNumber(head));
    if (typeHead !== undefined) {
      if (head !== number && typeHead !== "") {
        mentions.add(typeHead + word.slice(tokens.wordWithNumber(head).length));
      }
      mentionedIn[number] = gathering;
      continue;
    }
    if ((roles & TACTIC) !== 0 && mayStartTactic(tokens, token)) continue;
    // `.foo` needs a type that only Lean knows.
    if (tokens.text.charCodeAt(tokens.start(token) - 1) === DOT) continue;
    mentions.add(word);
    mentionedIn[number] = gathering;
  }
}

function startGathering(tokens: TokenList): void {
  gathering += 1;
  if (tokens.wordNumbersEnd <= mentionedIn.length) return;
  mentionedIn = new Int32Array(2 * tokens.wordNumbersEnd);
  boundIn = new Int32Array(2 * tokens.wordNumbersEnd);
  boundUntil = new Int32Array(2 * tokens.wordNumbersEnd);
}

function mayStartTactic(tokens: TokenList, token: number): boolean {
  return tokens.column(token) !== -1 || (tokens.roles(token - 1) & BEFORE_TACTIC) !== 0;
}
