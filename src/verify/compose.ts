import { randomBytes } from "node:crypto";
import type { FilteredSource } from "./filter/filter.js";
import { closing, type Command, type Outline, outline } from "./source/commands.js";
import { blank, readHeader } from "./source/header.js";
import { declarationKey, type Statement } from "./source/statement.js";
import { type Token, tokenize, UnreadableSource } from "./source/tokens.js";
import type { Position, Refusal } from "./verdict.js";

/** A theorem whose axioms are asked for, and the line of the question. */
export interface AxiomQuestion {
  readonly theorem: string;
  readonly line: number;
}

/** A Lean file made of a statement and a candidate. */
export interface CheckFile {
  /** Modules to import, one a line, at the very beginning of the file. */
  readonly imports: readonly string[];
  /** Whether the candidate brought some of them that the statement does not have. */
  readonly hasOwnImports: boolean;
  /** Everything after the imports. */
  readonly body: string;
  /** Lines of the file that the candidate has, and what to take off for its own line numbers. */
  readonly candidate: { readonly from: number; readonly to: number; readonly offset: number };
  /** Lines that state the original theorem; none where there is no statement. */
  readonly statement:
    { readonly from: number; readonly to: number; readonly offset: number } | undefined;
  /** What it asks for: of the comparison, or of each theorem of the code. */
  readonly questions: readonly AxiomQuestion[];
  /** The full name of the theorem that the candidate has to declare. */
  readonly wanted: string | undefined;
}

/** A candidate that was read. */
export interface ReadCandidate extends FilteredSource {
  readonly code: string;
  readonly outline: Outline;
}

/** The whole text of a check file. */
export function fileText({ imports, body }: CheckFile): string {
  return `${importLines(imports)}${body}`;
}

/** The imports as Lean and servers expect them: one a line, nothing before. */
export function importLines(imports: readonly string[]): string {
  return imports.map((name) => `import ${name}\n`).join("");
}

/**
 * Reads a candidate and leaves out what it repeats of the statement: its helper definitions, word
 * for word.
 *
 * @returns a refusal where the text cannot be read with certainty.
 */
export function readCandidate(
  source: string,
  statement: Statement | undefined,
): ReadCandidate | Refusal {
  const code = source.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  let tokens: Token[];
  try {
    tokens = tokenize(code);
  } catch (error) {
    if (!(error instanceof UnreadableSource)) throw error;
    return unreadable(error.message, error.position);
  }
  const header = readHeader(tokens);
  const whole = outline(tokens.slice(header.tokens));
  if (whole.strayEnd !== undefined) {
    return unreadable("this closes a scope that the file does not open", whole.strayEnd.position);
  }
  const isRepeated = (command: Command): boolean =>
    statement !== undefined && declarationKey(command).some((key) => statement.helpers.has(key));
  const commands = whole.commands.filter((command) => !isRepeated(command));
  let kept = blank(code.slice(0, header.end));
  let at = header.end;
  for (const command of whole.commands.filter(isRepeated)) {
    kept += code.slice(at, command.start) + blank(code.slice(command.start, command.end));
    at = Math.min(command.end, code.length);
  }
  return { code: kept + code.slice(at), header, commands, outline: whole };
}

function unreadable(problem: string, position: Position): Refusal {
  const sentence = `The text cannot be read with certainty: ${problem}.`;
  return { rule: "unreadable", sentence, position };
}

/**
 * Puts a statement and a candidate together.
 *
 * The statement comes first, in a section of its own, so that nothing in the candidate can change
 * what it means. The candidate follows in another section, which takes its variables, options,
 * local notations and opened namespaces away again. Then a theorem with the type of the first is
 * proved by the candidate's theorem, and its axioms are asked for. Names carry a random part that
 * the candidate cannot know.
 */
export function compose(
  candidate: ReadCandidate,
  statement: Statement | undefined,
  nonce: string = randomBytes(12).toString("hex"),
): CheckFile {
  const own = candidate.header.imports;
  const imports = [...new Set([...(statement?.imports ?? []), ...own])];
  const file = new Lines(imports.length);
  const restated = `_lemmascope_statement_${nonce}`;
  const stated =
    statement === undefined
      ? undefined
      : file.section(`lemmascope_statement_section_${nonce}`, statement.restate(restated));
  const shown = file.section(
    `lemmascope_candidate_section_${nonce}`,
    `${candidate.code}\n${closing(candidate.outline.open)}`,
  );
  const questions: AxiomQuestion[] = [];
  const ask = (theorem: string): void => {
    questions.push({ theorem, line: file.add(`#print axioms ${theorem}`) });
  };
  if (statement === undefined) {
    const theorems = candidate.outline.commands.flatMap(({ theorem }) => theorem?.fullName ?? []);
    for (const theorem of new Set(theorems)) ask(`_root_.${theorem}`);
  } else {
    const check = `lemmascope_check_${nonce}`;
    const original = statement.restatedName(restated);
    file.add(`theorem ${check} : type_of% @_root_.${original} := @_root_.${statement.fullName}`);
    ask(check);
  }
  return {
    imports,
    hasOwnImports: statement === undefined || imports.length > statement.imports.length,
    body: file.text(),
    candidate: shown,
    statement: stated,
    questions,
    wanted: statement?.fullName,
  };
}

/** The text of a file's body, with the line numbers of the whole file. */
class Lines {
  readonly #lines: string[] = [];
  readonly #before: number;

  constructor(before: number) {
    this.#before = before;
  }

  /** @returns the line number of what was added. */
  add(line: string): number {
    this.#lines.push(line);
    return this.#before + this.#lines.length;
  }

  section(name: string, text: string): { from: number; to: number; offset: number } {
    const offset = this.add(`section ${name}`);
    for (const line of text.replace(/\n+$/, "").split("\n")) this.add(line);
    const to = this.add(`end ${name}`);
    return { from: offset + 1, to: to - 1, offset };
  }

  text(): string {
    return `${this.#lines.join("\n")}\n`;
  }
}
