import { TACTICS, TERM_WORDS } from "./lean-words.js";
import { TOKEN, type TokenList } from "./token-list.js";

/** Signs and words after which names are bound, and how the list of names ends. */
const BINDING = new Map<string, "term" | "tactic">([
  ..."∀ ∃ ∃! λ fun Σ Π ∑ ∏ ∑' ∏' ∑ᶠ ∏ᶠ ⋃ ⋂ ⨆ ⨅ ∫ ∫⁻ ⨍ Σ' ⨁ Π₀ ∃ᶠ ∀ᶠ ∀ᵐ ∃ᵐ forall exists"
    .split(" ")
    .map((word) => [word, "term"] as const),
  ..."let have letI haveI set intro intros rintro obtain"
    .split(" ")
    .map((word) => [word, "tactic"] as const),
]);

/** A longer name than this, in characters, is not one. */
export const LONGEST_NAME = 500;

const DOT = 46;

const LIST_ENDS: ReadonlySet<string> = new Set([",", "=>", "↦", ":=", ";", "<;>", "from"]);
/** Behind these come the type or the domain of the names, not further names. */
const NAMES_END: ReadonlySet<string> = new Set([":", "∈", "in", "<", "≤", ">", "≥", "⊆", "∉", "≠"]);

/** Tokens after which a tactic may stand. */
const BEFORE_TACTIC: ReadonlySet<string> = new Set([
  ..."by · ; <;> => | ( first try repeat any_goals all_goals { • <;>".split(" "),
]);

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
  /** The token up to which a name is bound. */
  const boundUntil = new Map<string, number>();
  const groupEnds: number[] = [];
  let groupEnd = to;
  let binding: "term" | "tactic" | undefined;
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
    const word = tokens.word(token);
    if (binding === "tactic" && tokens.column(token) !== -1 && groupEnds.length <= bindingDepth) {
      binding = undefined;
    }
    const introduces = BINDING.get(word);
    if (introduces !== undefined && !(binding !== undefined && takesNames && kind === TOKEN.name)) {
      binding = introduces;
      bindingDepth = groupEnds.length;
      takesNames = true;
      continue;
    }
    if (binding !== undefined) {
      if (LIST_ENDS.has(word) && groupEnds.length === bindingDepth) {
        binding = undefined;
        continue;
      }
      if (NAMES_END.has(word)) takesNames = false;
    }
    if (kind !== TOKEN.name) continue;
    if (binding !== undefined && takesNames && !word.includes(".")) {
      const end = groupEnds.length > bindingDepth ? (groupEnds[bindingDepth] ?? to) : groupEnd;
      boundUntil.set(word, Math.max(end, boundUntil.get(word) ?? 0));
      continue;
    }
    if (TERM_WORDS.has(word) || word.length > LONGEST_NAME) continue;
    const dot = word.indexOf(".");
    const head = dot === -1 ? word : word.slice(0, dot);
    if ((boundUntil.get(head) ?? -1) > token) continue;
    const typeHead = bound.get(head);
    if (typeHead !== undefined) {
      if (dot !== -1 && typeHead !== "") mentions.add(typeHead + word.slice(dot));
      continue;
    }
    if (TACTICS.has(word) && mayStartTactic(tokens, token)) continue;
    // `.foo` needs a type that only Lean knows.
    if (tokens.text.charCodeAt(tokens.start(token) - 1) === DOT) continue;
    mentions.add(word);
  }
}

function mayStartTactic(tokens: TokenList, token: number): boolean {
  return tokens.column(token) !== -1 || BEFORE_TACTIC.has(tokens.word(token - 1));
}
