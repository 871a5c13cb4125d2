import { UserError } from "../../errors.js";
import { closing, type Command, outline } from "./commands.js";
import { blank, readHeader } from "./header.js";
import { type Token, tokenize, UnreadableSource } from "./tokens.js";

/** A theorem that is to be proved, ready to be stated again under another name. */
export interface Statement {
  readonly imports: readonly string[];
  /** The theorem's full name: `Nat.add_comm`. */
  readonly fullName: string;
  /**
   * What it declares besides the theorem: definitions and the like, which a candidate repeats. Keys
   * as {@link declarationKey} makes them.
   */
  readonly helpers: ReadonlySet<string>;
  /**
   * The whole text without imports, with `name` in place of the theorem's own last name, `sorry`
   * for a proof, and every scope closed. It has the line numbers of the original.
   *
   * @param name a plain identifier.
   */
  restate(name: string): string;
  /** The full name that {@link restate} gives the theorem. */
  restatedName(name: string): string;
}

/** What such a proof may be: nothing at all, `:=`, `:= by`, `:= sorry`, `:= by sorry`. */
const STUB = /(?::=(?: by)?)?(?: ?(?:sorry|admit))?$/;

/** Commands that only set the scene, which a candidate does as it likes. */
const SCENERY =
  /^(?:(?:noncomputable )?section|namespace|end|open|variable|universe|set_option|include|omit|local|attribute \[ local)\b/;

/**
 * Reads what is to be proved.
 *
 * @throws UserError `badInput` where it is no Lean source that ends with a named theorem without
 * a proof.
 */
export function readStatement(source: string): Statement {
  const code = source.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  let tokens: Token[];
  try {
    tokens = tokenize(code);
  } catch (error) {
    if (!(error instanceof UnreadableSource)) throw error;
    const { line } = error.position;
    throw wrong(`cannot be read: in line ${line}, ${error.message}`);
  }
  const header = readHeader(tokens);
  if (header.strange !== undefined) {
    throw wrong(`uses "${header.strange.text}" of Lean's module system: leave it out`);
  }
  const { commands, strayEnd } = outline(tokens.slice(header.tokens));
  if (strayEnd !== undefined) {
    throw wrong(`closes in line ${strayEnd.position.line} a scope that it does not open`);
  }
  const at = commands.findLastIndex(({ theorem }) => theorem !== undefined);
  const command = commands[at];
  const theorem = command?.theorem;
  if (command === undefined || theorem === undefined) {
    throw wrong("states no named theorem: it needs one, as in theorem foo : 1 + 1 = 2 := sorry");
  }
  const after = commands.slice(at + 1).find(({ text }) => !/^end\b/.test(text));
  if (after !== undefined) {
    throw wrong(`goes on after the theorem ${theorem.fullName}, which must be the last in it`);
  }
  if (theorem.fullName.includes("«")) {
    throw wrong(`names the theorem ${theorem.fullName} in French quotes: give it a plain name`);
  }
  const signatureEnd = endOfSignature(command, theorem.name);
  const start = startWithoutAttributes(command);
  const { name } = theorem;
  const prefix = /^(?:.*\.)?(?=[^.]+$)/.exec(name.text)?.[0] ?? "";
  const fullPrefix = theorem.fullName.slice(0, theorem.fullName.length - lastPart(name).length);
  return {
    imports: header.imports,
    fullName: theorem.fullName,
    helpers: new Set(commands.slice(0, at).flatMap(declarationKey)),
    restate: (replacement) =>
      [
        blank(code.slice(0, header.end)),
        code.slice(header.end, command.start),
        blank(code.slice(command.start, start)),
        code.slice(start, name.start),
        prefix,
        replacement,
        code.slice(name.end, signatureEnd),
        "\n  := sorry\n",
        closing(command.scopes),
      ].join(""),
    restatedName: (replacement) => fullPrefix + replacement,
  };
}

/** What is the same for two declarations that are: their text and the namespace; none for scenery. */
export function declarationKey(command: Command): string[] {
  if (SCENERY.test(command.text)) return [];
  const spaces = command.scopes.filter(({ kind }) => kind === "namespace");
  return [`${spaces.map(({ name }) => name).join(".")} ${command.text}`];
}

function lastPart(name: Token): string {
  return /[^.]+$/.exec(name.text)?.[0] ?? name.text;
}

function endOfSignature({ tokens }: Command, name: Token): number {
  const signature = tokens.slice(tokens.indexOf(name) + 1);
  const text = signature.map((token) => token.text).join(" ");
  const stub = STUB.exec(text.replace(/: =/g, ":="))?.[0] ?? "";
  // `:=` stands for two tokens.
  const count = stub.split(" ").filter((word) => word !== "").length;
  const kept = signature.slice(0, signature.length - count - (stub.startsWith(":=") ? 1 : 0));
  const last = kept.at(-1);
  if (last === undefined || !kept.some(({ text: part }) => part === ":")) {
    throw wrong(`has no type for the theorem ${name.text}`);
  }
  if (hasProof(kept)) {
    throw wrong(`has a proof for the theorem ${name.text}: put sorry in its place`);
  }
  return last.end;
}

/** Whether a `:=` stands outside of brackets that belongs to no `let` or `have`. */
function hasProof(tokens: readonly Token[]): boolean {
  let depth = 0;
  let expected = 0;
  for (const [at, { text }] of tokens.entries()) {
    if (/^[[({⟨]$/.test(text)) depth += 1;
    else if (/^[\])}⟩]$/.test(text)) depth -= 1;
    if (depth > 0) continue;
    if (/^(?:let|have|letI|haveI)$/.test(text)) expected += 1;
    if (text === "=" && tokens[at - 1]?.text === ":") expected -= 1;
    if (expected < 0) return true;
  }
  return false;
}

/** Attributes act on the name, and `private` hides it: the restated theorem has neither. */
function startWithoutAttributes(command: Command): number {
  const { tokens } = command;
  const keyword = tokens.findIndex(({ text }) => text === "theorem" || text === "lemma");
  const before = tokens.slice(0, keyword);
  const lastIn = before.findLastIndex(({ text }) => text === "in");
  // What ends with `in` belongs to the statement's meaning, attributes after it do not.
  const inEnd = lastIn === -1 ? undefined : before[lastIn]?.end;
  if (inEnd !== undefined && before.slice(lastIn + 1).some(({ kind }) => kind !== "doc")) {
    throw wrong('has attributes or modifiers after "in": leave them out');
  }
  return inEnd === undefined ? (tokens[keyword]?.start ?? command.start) : command.start;
}

function wrong(problem: string): UserError {
  return new UserError("badInput", `The statement to prove ${problem}.`);
}
