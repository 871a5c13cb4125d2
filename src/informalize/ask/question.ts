import { type Declaration, leanStatement } from "../../declaration.js";
import { estimatedTokens } from "../../llm/budget.js";
import type { Description } from "../gate/description.js";
import { shownValue } from "../graph/shown-content.js";

/** What the dependencies may take of one prompt, in estimated tokens. */
export const DEPENDENCY_TOKENS = 1500;

/** The longest that texts are shown, in characters. */
const LONGEST = {
  statement: 6000,
  value: 2000,
  docstring: 3000,
  dependency: 500,
  neighbour: 240,
} as const;

/** A declaration that a prompt shows beside the one that it is about. */
export interface Known {
  readonly declaration: Declaration;
  /** What it is in words, by people or by a model; undefined where nobody has said. */
  readonly words: Description | undefined;
}

/** What a prompt shows of a declaration and around it. */
export interface Question {
  readonly declaration: Declaration;
  readonly statement: string;
  /** "" where it does not matter for the meaning. */
  readonly value: string;
  /** A line each. */
  readonly dependencies: readonly string[];
  readonly neighbours: readonly string[];
}

/**
 * Chooses what is shown of a declaration and around it.
 *
 * @param dependencies what it depends on, the most telling first. Read only as far as there is room.
 * @param neighbours what stands right before and after it in its file.
 */
export function questionOf(
  declaration: Declaration,
  dependencies: Iterable<Known>,
  neighbours: readonly Declaration[],
): Question {
  return {
    declaration: { ...declaration, docstring: cut(declaration.docstring, LONGEST.docstring) },
    statement: cut(leanStatement(declaration), LONGEST.statement),
    value: cut(shownValue(declaration), LONGEST.value),
    dependencies: withinBudget(dependencies),
    neighbours: neighbours.map((one) => line(leanStatement(one), LONGEST.neighbour)),
  };
}

function withinBudget(dependencies: Iterable<Known>): string[] {
  const lines: string[] = [];
  let tokens = 0;
  for (const known of dependencies) {
    const shown = showKnown(known);
    tokens += estimatedTokens(shown) + 1;
    if (tokens > DEPENDENCY_TOKENS) break;
    lines.push(shown);
  }
  return lines;
}

/** A dependency in one line: its words, else its docstring, else its statement. */
function showKnown({ declaration, words }: Known): string {
  const { name, docstring } = declaration;
  if (words === undefined) {
    const text = docstring === "" ? leanStatement(declaration) : `${name}: ${docstring}`;
    return line(text, LONGEST.dependency);
  }
  const { informalName, informalDescription } = words;
  const title = informalName === "" ? "" : ` (${informalName})`;
  return line(`${name}${title}: ${informalDescription}`, LONGEST.dependency);
}

function line(text: string, longest: number): string {
  return cut(text.replaceAll(/\s+/gu, " ").trim(), longest);
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)} …`;
}
