import { UserError } from "../errors.js";
import { type Docstring, findOutside, withoutComments } from "./lean-text.js";
import { LeanScopes, type ScopedText } from "./lean-scopes.js";
import type { Theorem } from "./theorem.js";

/** Which theorem of a text is meant, and what else is known of it. */
export interface ReadTheoremOptions {
  /** Where the text comes from, for messages: "The file goal.lean". */
  readonly source: string;
  /** The name of the wanted theorem, with or without its namespaces. */
  readonly chosen?: string | undefined;
  /** The statement in words; the docstring where nothing is given. */
  readonly informal?: string | undefined;
  readonly informalProof?: string | undefined;
}

/** The longest text that is read, in UTF-16 units. */
export const LONGEST_THEOREM = 200_000;

const MODIFIERS = String.raw`(?:(?:private|protected|public|noncomputable|nonrec|unsafe|partial|scoped|local|meta)\s+)*`;
const ATTRIBUTES = String.raw`(?:@\[(?:[^\[\]]|\[[^\[\]]*\])*\]\s*)*`;
const NAME_PART = String.raw`(?:[\p{L}\p{N}_'!?]|«[^»\n]*»)+`;

const STATING = "theorem|lemma|example|def|abbrev|instance";
const DECLARING = `${STATING}|structure|class|inductive|axiom|opaque|variable|namespace|section|mutual|end`;
const COMMANDS = String.raw`${DECLARING}|alias|universe|open|import|module|attribute|set_option|notation|infix[lr]?|prefix|postfix|macro|syntax|elab|include|omit|initialize|export|#\w+`;

/**
 * The start of a command at the start of a line; what stands before it has ended. Where a line is
 * indented, only what no term or tactic can start with is taken for a command.
 */
const COMMAND_START = new RegExp(
  String.raw`^(?:(?:@\[|${MODIFIERS}(?:${COMMANDS})\b)|([ \t]+)(?:@\[|${MODIFIERS}(?:${DECLARING})\b))`,
  "gmu",
);

/** What may stand before a declaration on its line: `open Real in theorem …`. */
const IN_FRONT = new RegExp(
  String.raw`^(?:open|set_option|variable|omit|include|attribute)\b[^\n]*?\bin[ \t]+(?=(?:@\[|${MODIFIERS}(?:${STATING})\b))`,
  "u",
);

const ONLY_ATTRIBUTES = new RegExp(String.raw`^${ATTRIBUTES}$`, "u");
const LEADING_ATTRIBUTES = new RegExp(String.raw`^${ATTRIBUTES}`, "u");

const STATED = new RegExp(
  String.raw`^${ATTRIBUTES}${MODIFIERS}(${STATING})\b\s*(${NAME_PART}(?:\.${NAME_PART})*(?:\.\{[^}\n]*\})?)?`,
  "u",
);

/** A declaration that a file states. */
interface Stated {
  readonly keyword: string;
  readonly name: string | undefined;
  readonly start: number;
  readonly end: number;
  /** Binders and type. */
  readonly statement: string;
  readonly conclusion: string;
  readonly docstring: string;
  /** Where its statement ends; a proof or value may follow. */
  readonly statementEnd: number;
  readonly isUnproved: boolean;
}

/** What a file says before and around its declarations. */
interface FileReading {
  readonly imports: readonly string[];
  readonly stated: readonly Stated[];
  /** Variables and definitions, with the place from which on they hold. */
  readonly context: readonly ScopedText[];
}

/**
 * Reads the theorem that a text states, in Lean or in words. A Lean file may hold more than it: its
 * variables and definitions go along. Where several are stated, the wanted one is the chosen one, or
 * the only one without a proof, or the only theorem.
 *
 * @throws UserError `badInput` where the text is empty or too long, `usage` where the chosen theorem
 * is not there or one must be chosen.
 */
export function readTheorem(source: string, options: ReadTheoremOptions): Theorem {
  // Some editors put a byte order mark before the first letter.
  const text = source.replace(/^\uFEFF/u, "");
  if (text.trim() === "") {
    throw new UserError(
      "badInput",
      `${options.source} is empty: give a theorem in Lean or in words.`,
    );
  }
  if (text.length > LONGEST_THEOREM) {
    throw new UserError(
      "badInput",
      `${options.source} has ${text.length} characters and at most ${LONGEST_THEOREM} are read: cut it down to the theorem.`,
    );
  }
  const informalProof = options.informalProof?.trim() ?? "";
  const file = readFile(text);
  if (file.stated.length === 0) {
    const informal = [options.informal?.trim() ?? "", text.trim()].filter((part) => part !== "");
    return {
      name: options.chosen,
      formal: "",
      statement: "",
      conclusion: "",
      informal: informal.join("\n"),
      informalProof,
      imports: [],
    };
  }
  const theorem = choose(file.stated, options);
  const before = file.context.filter(
    ({ start, until = Infinity }) => start < theorem.start && theorem.start < until,
  );
  return {
    name: theorem.name,
    formal: withoutProofs(text, file.stated, theorem),
    statement: [...before.map(({ content }) => content), theorem.statement].join("\n"),
    conclusion: theorem.conclusion,
    informal: options.informal?.trim() ?? theorem.docstring,
    informalProof,
    imports: file.imports,
  };
}

/**
 * The file up to the end of the theorem's statement, with `sorry` for every proof: proofs of other
 * theorems cost a reader much and tell little, and the theorem's own must not be told at all.
 */
function withoutProofs(text: string, stated: readonly Stated[], theorem: Stated): string {
  const pieces: string[] = [];
  let at = 0;
  for (const one of stated) {
    const isProved = one === theorem || one.keyword === "theorem" || one.keyword === "lemma";
    if (one.start > theorem.start || one.start < at || !isProved) continue;
    pieces.push(text.slice(at, one.statementEnd).trimEnd(), " := sorry");
    at = one.end;
  }
  return pieces.join("").trim();
}

function readFile(text: string): FileReading {
  const { code, docstrings } = withoutComments(text);
  const starts = [...code.matchAll(COMMAND_START)].map(
    ({ index, 1: indentation = "" }) => index + indentation.length,
  );
  const imports: string[] = [];
  const stated: Stated[] = [];
  const context: ScopedText[] = [];
  const scopes = new LeanScopes();
  let attributesFrom: number | undefined;
  const readVariables = (command: string, start: number): void => {
    const variables = /^variable\b(.*)/su.exec(command)?.[1]?.replace(/\bin\s*$/u, "");
    if (variables !== undefined) context.push(scopes.addVariables(start, variables.trim()));
  };
  starts.forEach((begin, place) => {
    const end = starts[place + 1] ?? code.length;
    const inFront = IN_FRONT.exec(code.slice(begin, end))?.[0] ?? "";
    readVariables(inFront.trimEnd(), begin);
    const start = begin + inFront.length;
    const command = code.slice(start, end);
    // Attributes on lines of their own belong to what follows.
    if (ONLY_ATTRIBUTES.test(command)) {
      attributesFrom ??= begin;
      return;
    }
    const from = attributesFrom ?? begin;
    attributesFrom = undefined;
    const found = STATED.exec(command);
    if (found !== null) {
      const where = { from, start, end };
      const one = readStated(text, code, where, found, scopes.namespace, docstrings);
      if (one === undefined) return;
      stated.push(one);
      const isTerm = one.keyword !== "theorem" && one.keyword !== "lemma";
      if (isTerm) context.push({ start: one.end, content: command.trim(), until: undefined });
      return;
    }
    const bare = command.replace(LEADING_ATTRIBUTES, "");
    scopes.follow(bare, start);
    const module = /^(?:(?:public|meta)\s+)*import\s+(?:all\s+)?([\p{L}\p{N}_.«»]+)/u.exec(
      bare,
    )?.[1];
    if (module !== undefined && module !== "Mathlib") imports.push(module);
    readVariables(bare, start);
  });
  return { imports, stated, context };
}

interface Place {
  readonly from: number;
  readonly start: number;
  readonly end: number;
}

/** Undefined where this is no Lean after all: words that start with "example", say. */
function readStated(
  text: string,
  code: string,
  place: Place,
  found: RegExpExecArray,
  namespace: readonly string[],
  docstrings: readonly Docstring[],
): Stated | undefined {
  const [head, keyword = "", written] = found;
  const isExample = keyword === "example" || written === undefined;
  if (isExample && keyword !== "example" && keyword !== "instance") return undefined;
  const afterName = place.start + head.length;
  const ours = code.slice(0, place.end);
  const statementEnd = endOfStatement(ours, afterName);
  const colon = findOutside(ours.slice(0, statementEnd), [":"], afterName);
  if (colon === -1 && statementEnd === place.end) return undefined;
  const body = ours.slice(statementEnd);
  const before = docstrings.findLast(({ end }) => end <= place.from);
  const isOurs = before !== undefined && code.slice(before.end, place.from).trim() === "";
  return {
    keyword,
    name: isExample ? undefined : fullName(written, namespace),
    start: place.start,
    end: place.start + ours.slice(place.start).trimEnd().length,
    statement: text.slice(afterName, statementEnd).trim(),
    conclusion: colon === -1 ? "" : text.slice(colon + 1, statementEnd).trim(),
    docstring: isOurs ? before.content : "",
    statementEnd,
    isUnproved: /\bsorry\b/u.test(body) || body.trim() === "",
  };
}

/** Where a body begins, or the end of the code. A `let` or `have` in a statement has its own `:=`. */
function endOfStatement(code: string, from: number): number {
  const marks = [":=", "where", "|", "let", "letI", "have", "haveI"];
  let bound = 0;
  for (let at = findOutside(code, marks, from); at !== -1; at = findOutside(code, marks, at + 1)) {
    if (code[at] === "|") {
      if (isAlternative(code, at)) return at;
    } else if (code[at] === "w") return at;
    else if (code[at] !== ":") bound += 1;
    else if (bound === 0) return at;
    else bound -= 1;
  }
  return code.length;
}

/** Whether a bar starts an alternative of a definition by patterns; others are absolute values. */
function isAlternative(code: string, at: number): boolean {
  const lineStart = code.lastIndexOf("\n", at) + 1;
  if (code.slice(lineStart, at).trim() !== "") return false;
  const lineEnd = code.indexOf("\n", at);
  const line = code.slice(at, lineEnd === -1 ? code.length : lineEnd);
  return /^\|\s/u.test(line) && /=>|↦/u.test(line);
}

function fullName(written: string, namespace: readonly string[]): string {
  const plain = written.replace(/\.\{.*$/u, "");
  if (plain.startsWith("_root_.")) return plain.slice("_root_.".length);
  return [...namespace, plain].join(".");
}

function choose(stated: readonly Stated[], { chosen, source }: ReadTheoremOptions): Stated {
  if (chosen !== undefined) {
    const matching = stated.filter(
      ({ name }) => name !== undefined && (name === chosen || name.endsWith(`.${chosen}`)),
    );
    const exact = matching.filter(({ name }) => name === chosen);
    const [one] = exact.length > 0 ? exact : matching;
    if (one !== undefined && (matching.length === 1 || exact.length === 1)) return one;
    const known = namesOf(stated);
    throw new UserError(
      "usage",
      one === undefined
        ? `${source} does not state ${chosen}; it states ${known}.`
        : `${source} states ${chosen} more than once: give its full name (${namesOf(matching)}).`,
    );
  }
  const theorems = stated.filter(({ keyword }) => /^(?:theorem|lemma|example)$/u.test(keyword));
  const candidates = theorems.length > 0 ? theorems : stated;
  const unproved = candidates.filter(({ isUnproved }) => isUnproved);
  const [only] = unproved.length === 1 ? unproved : candidates;
  if (only !== undefined && (unproved.length === 1 || candidates.length === 1)) return only;
  throw new UserError(
    "usage",
    `${source} states several theorems (${namesOf(candidates)}): choose one with --theorem NAME.`,
  );
}

function namesOf(stated: readonly Stated[]): string {
  const names = stated.map(({ name }) => name ?? "an example without a name");
  const shown = names.slice(0, 8);
  return shown.join(", ") + (names.length > shown.length ? ` and ${names.length - 8} more` : "");
}
