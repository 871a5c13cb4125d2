import type { Token } from "./tokens.js";

/** One command of a Lean file with what stands before it: doc comment, attributes, modifiers. */
export interface Command {
  readonly tokens: readonly Token[];
  /** Where it stands in the code, in UTF-16 code units; up to where the next one begins. */
  readonly start: number;
  readonly end: number;
  /** The scopes that are open where it begins. */
  readonly scopes: readonly Scope[];
  /** Its text with single spaces between tokens and without comments. */
  readonly text: string;
  /** The theorem that it states, where it does. */
  readonly theorem: Theorem | undefined;
}

/** Something that an `end` closes. */
export interface Scope {
  readonly kind: "namespace" | "section" | "mutual";
  /** One component of a name; empty where it has none. */
  readonly name: string;
}

export interface Theorem {
  /** With namespaces: `Nat.add_comm`. */
  readonly fullName: string;
  readonly keyword: Token;
  readonly name: Token;
}

/** A file divided into commands. */
export interface Outline {
  readonly commands: readonly Command[];
  /** Scopes that the file leaves open, the outermost first. */
  readonly open: readonly Scope[];
  /** An `end` with nothing to close. */
  readonly strayEnd: Token | undefined;
}

/** Words that begin a command, as far as it matters where commands begin. */
const COMMAND_WORDS: ReadonlySet<string> = new Set(
  `abbrev add_decl_doc alias assert_not_exists attribute axiom builtin_initialize class
  compile_inductive declare_syntax_cat def deriving elab elab_rules end example export
  extend_docs include inductive infix infixl infixr initialize instance irreducible_def lemma
  library_note local macro macro_rules mutual namespace noncomputable nonrec notation notation3 omit
  opaque open partial postfix prefix private proof_wanted protected public register_option
  run_cmd run_elab run_meta scoped section set_option simproc structure suppress_compilation syntax theorem
  unif_hint universe unsafe unseal unsuppress_compilation variable variable? variables`.split(
    /\s+/,
  ),
);
/** Words that stand before the word of the same command. */
const MODIFIERS: ReadonlySet<string> = new Set(
  "local scoped noncomputable nonrec partial private protected public unsafe meta".split(" "),
);

/** Divides code into commands and follows its scopes; `tokens` are those after the header. */
export function outline(tokens: readonly Token[]): Outline {
  const commands: Command[] = [];
  const scopes: Scope[] = [];
  let strayEnd: Token | undefined;
  for (const [begin, stop] of spans(tokens)) {
    const own = tokens.slice(begin, stop);
    const first = own[0];
    if (first === undefined) continue;
    const before = [...scopes];
    for (const [at, token] of own.entries()) {
      if (token.kind === "word") strayEnd ??= followScope(token, own[at + 1], scopes);
    }
    commands.push({
      tokens: own,
      start: first.start,
      end: tokens[stop]?.start ?? Infinity,
      scopes: before,
      text: own
        .filter(({ kind }) => kind !== "doc")
        .map(({ text }) => text)
        .join(" "),
      theorem: theoremIn(own, before),
    });
  }
  return { commands, open: scopes, strayEnd };
}

/** The text that closes scopes, the innermost first. */
export function closing(scopes: readonly Scope[]): string {
  return [...scopes]
    .reverse()
    .map(({ name }) => (name === "" ? "end\n" : `end ${name}\n`))
    .join("");
}

/** Where commands begin and stop, as indices of tokens. */
function spans(tokens: readonly Token[]): [number, number][] {
  const starts: number[] = [];
  let brackets = 0;
  let onlyPrefix = false;
  for (const [at, token] of tokens.entries()) {
    const goesOn = onlyPrefix || tokens[at - 1]?.text === "in";
    if (at === 0 || (beginsCommand(tokens, at) && !goesOn)) {
      starts.push(at);
      onlyPrefix = true;
      brackets = 0;
    }
    if (token.text === "[") brackets += 1;
    onlyPrefix &&=
      brackets > 0 ||
      token.kind === "doc" ||
      MODIFIERS.has(token.text) ||
      (token.text === "@" && tokens[at + 1]?.text === "[");
    if (token.text === "]") brackets -= 1;
  }
  return starts.map((start, at) => [start, starts[at + 1] ?? tokens.length]);
}

function beginsCommand(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined) return false;
  const follows = tokens[at + 1];
  if (token.position.column > 0) {
    // These can be nothing else, wherever they stand.
    return token.kind === "word" && /^(?:theorem|lemma|namespace|section|end)$/.test(token.text);
  }
  return (
    token.kind === "doc" ||
    (token.kind === "word" && COMMAND_WORDS.has(token.text)) ||
    (token.text === "@" && follows?.text === "[") ||
    (token.text === "#" && follows?.kind === "word")
  );
}

/** Opens and closes scopes. @returns an `end` with nothing to close. */
function followScope(token: Token, next: Token | undefined, scopes: Scope[]): Token | undefined {
  const isNamed = next?.kind === "word" && next.position.line === token.position.line;
  const names = isNamed && !COMMAND_WORDS.has(next.text) ? next.text.split(".") : [];
  if (token.text === "namespace" || token.text === "section") {
    const { text: kind } = token;
    const opened = names.length === 0 ? [""] : names;
    scopes.push(...opened.map((name) => ({ kind, name }) as const));
  } else if (token.text === "mutual") {
    scopes.push({ kind: "mutual", name: "" });
  } else if (token.text === "end") {
    const closed = Math.max(1, names.length);
    if (closed > scopes.length) return token;
    scopes.splice(scopes.length - closed, closed);
  }
  return undefined;
}

function theoremIn(tokens: readonly Token[], scopes: readonly Scope[]): Theorem | undefined {
  const at = tokens.findIndex(({ text }) => text === "theorem" || text === "lemma");
  const keyword = tokens[at];
  const name = tokens[at + 1];
  if (at === -1 || keyword === undefined || name?.kind !== "word") return undefined;
  const spaces = scopes.filter(({ kind }) => kind === "namespace").map((scope) => scope.name);
  const fullName = name.text.startsWith("_root_.")
    ? name.text.slice("_root_.".length)
    : [...spaces, name.text].join(".");
  return { fullName, keyword, name };
}
