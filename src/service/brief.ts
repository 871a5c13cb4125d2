import { type Declaration, leanStatement, wordsAbout } from "../declaration.js";
import { statementParts } from "./statement-parts.js";

/** How much room texts of a declaration get, in characters; 0 leaves a text out. */
export interface Room {
  readonly statement: number;
  readonly description: number;
}

/**
 * A declaration's statement in one line of about `length` characters. What it concludes is kept before
 * what it assumes.
 */
export function briefStatement(declaration: Declaration, length: number): string {
  const whole = oneLine(leanStatement(declaration));
  if (whole.length <= length) return whole;
  const { kind, name } = declaration;
  const { signature, type } = statementParts(declaration);
  if (type === "") return shortened(whole, length);
  const head = `${kind} ${name}`;
  const conclusion = shortened(oneLine(type), Math.max(length / 2, length - head.length - 5));
  const room = length - head.length - conclusion.length - 5;
  const assumptions = room < 20 || signature === "" ? "…" : shortened(oneLine(signature), room);
  return signature === "" ? `${head} : ${conclusion}` : `${head} ${assumptions} : ${conclusion}`;
}

/** What was written about a declaration, in one line of at most `length` characters; may be empty. */
export function briefDescription(declaration: Declaration, length: number): string {
  return shortened(oneLine(wordsAbout(declaration)), length);
}

/** Where a declaration stands: `Mathlib.Topology.Order.Compact:229`. */
export function place({ module, line }: Declaration): string {
  return line === undefined ? module : `${module}:${line}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** Cuts a line at a space, where there is one, with an ellipsis, so that it fits a length. */
export function shortened(line: string, length: number): string {
  if (line.length <= length) return line;
  if (length < 2) return "";
  const start = line.slice(0, length - 2);
  const space = start.lastIndexOf(" ");
  // Half a character that is written as two units would be no character at all.
  const end = space > length / 2 ? start.slice(0, space) : start.replace(/[\ud800-\udbff]$/, "");
  return `${end} …`;
}
