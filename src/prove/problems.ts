import type { Diagnostic, Position, Verdict } from "../verify/verdict.js";

/** How many messages the prover is told of an attempt, and how long each may be, in characters. */
const MOST_MESSAGES = 10;
const LONGEST_MESSAGE = 1500;

/** What is wrong with an attempt, as the prover reads it: one paragraph for each problem. */
export function problemsOf(code: string, verdict: Verdict): string {
  const lines = code.replaceAll("\r\n", "\n").split("\n");
  const { refused, failure, sorries } = verdict;
  if (refused.length > 0) {
    const told = refused.map(
      ({ sentence, position }) => `${place(position)}refused before Lean saw it: ${sentence}`,
    );
    return limited(told);
  }
  const errors = verdict.diagnostics.filter(({ severity }) => severity === "error");
  const holes = sorries.map(({ start, goal }) =>
    goal === "" ? `${place(start)}sorry` : `${place(start)}sorry, where this is left:\n${goal}`,
  );
  const told = [...errors.map((error) => errorText(error, lines)), ...holes];
  // Of a file without errors, as of one that took too long, only the failure says what is wrong.
  const isSaid = failure === undefined || (failure.kind === "errors" && told.length > 0);
  return limited(isSaid ? told : [failure.sentence, ...told]);
}

function errorText({ about, start, message }: Diagnostic, lines: readonly string[]): string {
  if (about !== "candidate") return `The theorem is not the one that was asked for: ${message}`;
  const line = start === undefined ? "" : (lines[start.line - 1]?.trim() ?? "");
  const shown = line === "" ? "" : `  ${line}\n`;
  return `${place(start)}error:\n${shown}${message}`;
}

function place(position: Position | undefined): string {
  return position === undefined ? "" : `Line ${position.line}, `;
}

function limited(told: readonly string[]): string {
  const shown = told
    .slice(0, MOST_MESSAGES)
    .map((text) => (text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE)} …`));
  const more = told.length - shown.length;
  const rest = more > 0 ? [`(and ${more} more)`] : [];
  return [...shown, ...rest].join("\n\n");
}
