import { type Declaration, leanStatement } from "../declaration.js";

/** Longest statement and docstring that a prompt shows of a declaration, in characters. */
const STATEMENT_LENGTH = 500;
const DOCSTRING_LENGTH = 200;

/** A declaration as a language model reads it: its statement in one line, and what it says in words. */
export function showDeclaration(declaration: Declaration): string {
  const statement = shorten(leanStatement(declaration), STATEMENT_LENGTH);
  const { informalDescription, informalOrigin, docstring } = declaration;
  const words = (informalOrigin === "rules" ? "" : informalDescription) || docstring;
  return words === "" ? statement : `${statement} -- ${shorten(words, DOCSTRING_LENGTH)}`;
}

/** A numbered list, from 0. */
export function numbered(lines: readonly string[]): string {
  return lines.map((line, at) => `[${at}] ${line}`).join("\n");
}

function shorten(text: string, length: number): string {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length)} …`;
}
