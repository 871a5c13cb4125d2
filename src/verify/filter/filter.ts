import type { Header } from "../source/header.js";
import type { Command } from "../source/commands.js";
import type { Token } from "../source/tokens.js";
import type { FilterRule, Refusal } from "../verdict.js";
import { attributeNames } from "./attributes.js";
import {
  FORBIDDEN_FAMILY,
  FORBIDDEN_KEYWORDS,
  FORBIDDEN_NAMES,
  HARMLESS_ATTRIBUTES,
  HARMLESS_HASH_COMMANDS,
  HARMLESS_OPTIONS,
  HASH_COMMANDS,
  OPEN_PARTS_OF_LEAN,
  TRUSTED_LIBRARIES,
} from "./forbidden-words.js";

/** What the user lets through. */
export interface Permissions {
  readonly rules: ReadonlySet<FilterRule>;
  /** Full names of axioms that a proof may rest on, and a candidate may declare. */
  readonly axioms: ReadonlySet<string>;
}

/** A candidate's code, divided. */
export interface FilteredSource {
  readonly header: Header;
  /** Those that are shown to Lean. */
  readonly commands: readonly Command[];
}

/** The axioms of Lean's logic, which all of Mathlib rests on. */
export const LOGICAL_AXIOMS: readonly string[] = ["propext", "Classical.choice", "Quot.sound"];

/**
 * Looks for code that could run programs or change what Lean says while Lean reads it. This is a
 * filter over words and no sandbox: it knows the names that Lean and Mathlib give to such things.
 *
 * @param statementImports modules that the candidate may import because the statement does.
 */
export function filter(
  { header, commands }: FilteredSource,
  permissions: Permissions,
  statementImports: readonly string[],
): Refusal[] {
  const found: Refusal[] = [];
  const refuse = (rule: Refusal["rule"], sentence: string, token?: Token): void => {
    if (rule !== "axioms" && rule !== "unreadable" && permissions.rules.has(rule)) return;
    const known = found.some((refusal) => refusal.sentence === sentence);
    if (!known) found.push({ rule, sentence, position: token?.position });
  };
  if (header.strange !== undefined) {
    const { text } = header.strange;
    refuse("imports", `"${text}" changes what the imports mean.`, header.strange);
  }
  for (const name of header.imports) {
    const isKnown = statementImports.includes(name) || statementImports.includes("Mathlib");
    const isTrusted = TRUSTED_LIBRARIES.has(name.split(".")[0] ?? "");
    if (!statementImports.includes(name) && !isTrusted) {
      const hint = isKnown ? "" : " or the statement";
      refuse("imports", `"import ${name}" is no module of Mathlib${hint}.`);
    }
  }
  for (const command of commands) inspect(command, permissions, refuse);
  return found;
}

type Refuse = (rule: Refusal["rule"], sentence: string, token?: Token) => void;

function inspect(command: Command, permissions: Permissions, refuse: Refuse): void {
  const { tokens } = command;
  const aesop = aesopZones(tokens);
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    const next = tokens[at + 1];
    if (token.kind === "text") {
      for (const word of token.text.match(/[A-Za-z_][\w'!?.]*/g) ?? []) {
        refuseWord(word, token, refuse);
      }
    } else if (token.kind === "word") {
      if (token.text === "unsafe" && aesop.has(at)) continue;
      refuseWord(token.text, token, refuse);
      if (token.text === "set_option") refuseOption(next, refuse);
      if (token.text === "axiom") refuseAxiom(command, next, permissions, refuse);
      if (/^(?:notation3?|infix[lr]?|prefix|postfix)$/.test(token.text)) {
        refuseNotation(tokens, at, refuse);
      }
      if (token.text === "eval" && next?.text === "%" && next.start === token.end) {
        refuse("evaluation", '"eval%" runs a program while Lean reads the file.', token);
      }
    } else if (token.text === "#" && next?.kind === "word" && next.start === token.end) {
      refuseHash(token, next, refuse);
    } else if (token.text === "`" && next?.text === "(" && next.start === token.end) {
      refuse("metaprogramming", "A syntax quotation is for programs that write code.", token);
    } else if (token.text === "[" && /^(?:@|attribute)$/.test(before?.text ?? "")) {
      for (const name of attributeNames(tokens, at)) {
        if (HARMLESS_ATTRIBUTES.has(name.text.replace(/[!?]$/, ""))) continue;
        refuse(
          "attributes",
          `The attribute "${name.text}" is none of those known to run nothing.`,
          name,
        );
      }
    }
  }
}

const WHY: Readonly<Record<FilterRule, string>> = {
  evaluation: "runs a program while Lean reads the file",
  metaprogramming: "is for programs that write code or proofs",
  notation: "changes how text is read",
  compiler: "puts other code in the place of a definition",
  native: "trusts compiled code instead of the kernel",
  options: "sets an option that is not known to be harmless",
  attributes: "may run code",
  imports: "brings in other files",
  network: "asks a server or starts another program",
};

function refuseWord(word: string, token: Token, refuse: Refuse): void {
  const say = (rule: FilterRule): void => refuse(rule, `"${word}" ${WHY[rule]}.`, token);
  const keyword = FORBIDDEN_KEYWORDS.get(word);
  if (keyword !== undefined) {
    say(keyword);
    return;
  }
  if (FORBIDDEN_FAMILY.test(word)) {
    say("evaluation");
    return;
  }
  const parts = word.replace(/[«»]/g, "").split(".");
  const path = parts[0] === "_root_" ? parts.slice(1) : parts;
  if (path[0] === "Lean" && !OPEN_PARTS_OF_LEAN.has(path[1] ?? "")) {
    say("metaprogramming");
    return;
  }
  for (const part of path) {
    const rule = FORBIDDEN_NAMES.get(part);
    if (rule !== undefined) {
      say(rule);
      return;
    }
  }
}

function refuseOption(name: Token | undefined, refuse: Refuse): void {
  const option = (name?.text ?? "").replace(/[«»]/g, "");
  const [first = ""] = option.split(".");
  if (HARMLESS_OPTIONS.has(first) && !option.startsWith("trace.profiler.output")) return;
  refuse("options", `The option "${option}" is none of those known to be harmless.`, name);
}

function refuseAxiom(
  { scopes }: Command,
  name: Token | undefined,
  { axioms }: Permissions,
  refuse: Refuse,
): void {
  const spaces = scopes.filter(({ kind }) => kind === "namespace").map((scope) => scope.name);
  const full = [...spaces, name?.text ?? ""].join(".");
  if (axioms.has(full)) return;
  refuse("axioms", `It declares the axiom "${full}", which is not among those allowed.`, name);
}

/** Commands with `#`; in the middle of a line `#s` counts the elements of a set. */
function refuseHash(hash: Token, word: Token, refuse: Refuse): void {
  const [first = ""] = word.text.split(".");
  const isHarmless = hash.position.column > 0 || HARMLESS_HASH_COMMANDS.has(first);
  if (isHarmless && !HASH_COMMANDS.has(word.text)) return;
  refuse("evaluation", `"#${word.text}" is no part of a proof, and may run a program.`, hash);
}

/**
 * A notation that outlives the candidate could change how the comparison is read, and one with
 * quotation or comment marks how the rest of the file is.
 */
function refuseNotation(tokens: readonly Token[], at: number, refuse: Refuse): void {
  const token = tokens[at];
  if (tokens[at - 1]?.text !== "local") {
    const word = token?.text ?? "";
    refuse("notation", `"${word}" ${WHY.notation} everywhere: make it a "local ${word}".`, token);
    return;
  }
  for (const literal of tokens.filter(({ kind }) => kind === "text")) {
    const symbol = literal.text.slice(1, -1).trim();
    if (/^[-/]?$|["'«»\\/-]/.test(symbol) && !/^[-/]$/.test(symbol)) {
      refuse(
        "notation",
        `The notation ${literal.text} has marks of comments or texts in it.`,
        literal,
      );
    }
  }
}

/** Where `unsafe` says how a rule of `aesop` is tried: in its clauses and its attribute. */
function aesopZones(tokens: readonly Token[]): ReadonlySet<number> {
  const zones = new Set<number>();
  for (const [start, token] of tokens.entries()) {
    if (!/^aesop\??$/.test(token.text)) continue;
    let depth = 0;
    for (let at = start + 1; at < tokens.length; at += 1) {
      const text = tokens[at]?.text ?? "";
      const isInAttribute = /^[[,]$|^(?:local|scoped)$/.test(tokens[start - 1]?.text ?? "");
      if (/^[([]$/.test(text)) depth += 1;
      else if (/^[)\]]$/.test(text)) depth -= 1;
      else if (depth === 0 && (!isInAttribute || text === ",")) break;
      if (depth < 0) break;
      if (text === "unsafe") zones.add(at);
    }
  }
  return zones;
}
