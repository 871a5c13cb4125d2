import { looksLikeName } from "../search/query.js";
import type { Verdict } from "../verify/verdict.js";

/** What the errors of an attempt ask the library for. */
export interface Wants {
  /** Names that Lean does not know. */
  readonly names: readonly string[];
  /** Statements that were to be shown and were not: hypotheses, then the conclusion. */
  readonly goals: readonly string[];
}

/** How many are looked up for one attempt, the first in the file first. */
const MOST_NAMES = 6;
const MOST_GOALS = 4;

/** How long a goal is searched for, in UTF-16 units: what is longer says no more. */
const LONGEST_GOAL = 1000;

/**
 * How Lean says that there is no such name. Versions differ in capitals and quotation marks
 * (src/Lean/Exception.lean: `mkUnknownIdentifierMessage`; src/Lean/Elab/App.lean: "Invalid field").
 */
const UNKNOWN = [
  /unknown (?:identifier|constant|declaration) (?:`([^`\n]+)`|['‘](\S+?)['’](?=[\s,.;:)]|$))/giu,
  /environment does not contain (?:`([^`\n]+)`|['‘](\S+?)['’](?=[\s,.;:)]|$))/giu,
];

/** What Lean's messages about an attempt ask for; nothing where it found no fault with names or goals. */
export function wantsOf({ diagnostics, sorries }: Verdict): Wants {
  const messages = diagnostics
    .filter(({ severity, about }) => severity === "error" && about === "candidate")
    .map(({ message }) => message);
  const names = messages.flatMap(unknownNames);
  const goals = [...messages, ...sorries.map(({ goal }) => goal)].flatMap(openGoals);
  return {
    names: [...new Set(names)].slice(0, MOST_NAMES),
    goals: [...new Set(goals)].slice(0, MOST_GOALS),
  };
}

function unknownNames(message: string): string[] {
  return UNKNOWN.flatMap((pattern) =>
    [...message.matchAll(pattern)].flatMap(([, ticked, quoted]) => ticked ?? quoted ?? []),
  ).filter(
    // What a proof names for itself, such as a hypothesis `h`, is in no library.
    (name) => !name.includes("✝") && (looksLikeName(name) || name.length > 4),
  );
}

/** The goals that a message shows, each as a statement that could be searched for. */
function openGoals(message: string): string[] {
  return message
    .split(/\n\s*\n|(?=^case )/mu)
    .filter((part) => part.includes("⊢"))
    .map(statementOf)
    .filter((goal) => goal !== "");
}

/** `n : ℕ`, `hn : 0 < n`, `⊢ n ≠ 0` become `0 < n → n ≠ 0`. */
function statementOf(goal: string): string {
  const at = goal.indexOf("⊢");
  const conclusion = oneLine(goal.slice(at + 1));
  if (conclusion === "") return "";
  const hypotheses = goal
    .slice(0, at)
    // A line that is indented goes on with the one before.
    .split(/\n(?!\s)/u)
    .flatMap((line) => {
      // Mathlib names hypotheses h, hx, ih and this; other letters are numbers, sets and the like.
      const type = /^(?:(?:ih|h)[\p{L}\p{N}_'✝]*|this)(?: [^:]*)? : (.*)$/su.exec(line.trim())?.[1];
      return type === undefined ? [] : [oneLine(type)];
    });
  const whole = [...hypotheses, conclusion].join(" → ");
  return whole.length <= LONGEST_GOAL ? whole : conclusion.slice(0, LONGEST_GOAL);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}
