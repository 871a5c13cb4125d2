import {
  commandEnd,
  DECLARING_WORDS,
  startsCommand,
  startsLineOfCommand,
} from "./command-words.js";
import { readDeclaration } from "./declarations.js";
import { LONGEST_NAME } from "./mentions.js";
import { isPublic, type Modifiers, readModifiers } from "./modifiers.js";
import { readAlias, readAttributeCommand, readNotation, readSimproc } from "./naming-commands.js";
import { readDictionary, readNameHints } from "./read-dictionary.js";
import { readIncludes, readOpen, readVariables } from "./scope-commands.js";
import { Scopes } from "./scopes.js";
import type {
  LateAttribute,
  ScannedFile,
  SourceDeclaration,
  SourceDictionary,
  SourceExport,
  SourceNotation,
  SourceProblem,
} from "./source-declaration.js";
import { TOKEN, type TokenList } from "./token-list.js";
import { tokenize } from "./tokens.js";

/** Problems beyond these are not reported: a file that is not Lean has one on every line. */
const MOST_PROBLEMS = 100;

/**
 * The first pass over a file: what its text alone says, as plain data. Takes time linear in the text,
 * never throws, and goes on behind what it cannot read.
 *
 * @param options.module the module that the file is, joined by dots.
 */
export function scanLeanFile(text: string, options: { readonly module: string }): ScannedFile {
  const { tokens, problems } = tokenize(text);
  const scanner = new FileScanner(tokens, options.module, problems);
  return scanner.scan();
}

const NOTATIONS: ReadonlySet<string> = new Set(
  "notation notation3 infix infixl infixr prefix postfix".split(" "),
);

const SIMPROCS: ReadonlySet<string> = new Set(
  "simproc dsimproc simproc_decl dsimproc_decl"
    .split(" ")
    .flatMap((word) => [word, `builtin_${word}`]),
);

/** Commands that declare a constant which is set when the file is loaded: `initialize foo : α ← …`. */
const INITIALIZING: ReadonlySet<string> = new Set([
  "initialize",
  "builtin_initialize",
  "register_option",
  "register_builtin_option",
]);

class FileScanner {
  readonly #tokens: TokenList;
  readonly #module: string;
  readonly #problems: SourceProblem[];
  readonly #scopes: Scopes;
  readonly #declarations: SourceDeclaration[] = [];
  readonly #lateAttributes: LateAttribute[] = [];
  readonly #translations: (readonly [string, string])[] = [];
  readonly #dictionaries: SourceDictionary[] = [];
  readonly #notations: SourceNotation[] = [];
  readonly #exports: SourceExport[] = [];
  /** Scopes that end with the next command: one for each `… in` before it. */
  #pending = 0;
  /** The column where the line of the current command starts. */
  #margin = 0;

  constructor(tokens: TokenList, module: string, problems: SourceProblem[]) {
    this.#tokens = tokens;
    this.#module = module;
    this.#problems = problems;
    // In a module, what is not marked public belongs to the file alone.
    this.#scopes = new Scopes(tokens.is(0, "module"));
    tokens.pairBrackets(
      // A doc comment or an attribute may well start a line inside of an attribute's brackets.
      (token) => tokens.kind(token) === TOKEN.name && startsCommand(tokens, token),
      (token, isOpening) => {
        const bracket = tokens.word(token);
        this.#report(
          token,
          isOpening
            ? `the bracket ${bracket} is not closed`
            : `the bracket ${bracket} closes nothing`,
        );
      },
    );
  }

  #report(token: number, message: string): void {
    if (this.#problems.length >= MOST_PROBLEMS) return;
    this.#problems.push({ line: this.#tokens.line(token), message });
  }

  scan(): ScannedFile {
    let token = 0;
    while (token < this.#tokens.size) {
      // A command takes at least one token, whatever it is.
      token = Math.max(this.#command(token), token + 1);
    }
    return {
      module: this.#module,
      contexts: this.#scopes.contexts,
      declarations: this.#declarations,
      lateAttributes: this.#lateAttributes,
      translations: this.#translations,
      dictionaries: this.#dictionaries,
      notations: this.#notations,
      exports: this.#exports,
      problems: this.#problems.sort((a, b) => a.line - b.line),
    };
  }

  /** Reads one command and gives the token behind it. */
  #command(start: number): number {
    const tokens = this.#tokens;
    // Behind `open Foo in` on the same line, the margin is that of the line.
    this.#margin = tokens.column(start) === -1 ? this.#margin : tokens.column(start);
    const modifiers = readModifiers(tokens, start);
    const at = modifiers.next;
    const word = tokens.kind(at) === TOKEN.name ? tokens.word(at) : "";
    const declaring = DECLARING_WORDS.get(word as "def");
    if (declaring !== undefined) {
      const end = this.#declaration(word, declaring, modifiers, at);
      this.#endPending();
      return end;
    }
    const next = this.#scopeCommand(word, at, modifiers);
    if (next !== undefined) return this.#behind(next);
    const end = this.#otherCommand(word, at, modifiers);
    if (tokens.is(end - 1, "in") && end - 1 > at) return end;
    this.#endPending();
    return end;
  }

  #endPending(): void {
    for (; this.#pending > 0; this.#pending -= 1) this.#scopes.leaveCommand();
  }

  /** Behind a command that `in` may limit to the next one: its scope has been entered already. */
  #behind(next: number): number {
    if (this.#tokens.is(next, "in")) {
      this.#pending += 1;
      return next + 1;
    }
    return next;
  }

  /** Where `in` follows, what the command changes holds for one command: enter a scope for it. */
  #limit(next: number, change: () => void): number {
    if (this.#tokens.is(next, "in")) this.#scopes.enterCommand();
    change();
    if (!this.#tokens.is(next, "in")) this.#endPending();
    return next;
  }

  #declaration(
    word: string,
    kind: NonNullable<ReturnType<typeof DECLARING_WORDS.get>>,
    modifiers: Modifiers,
    at: number,
  ): number {
    const tokens = this.#tokens;
    let from = at + 1;
    let fullWord = word;
    if (word === "class" && (tokens.is(from, "inductive") || tokens.is(from, "abbrev"))) {
      fullWord = `class ${tokens.word(from)}`;
      from += 1;
    }
    const to = commandEnd(tokens, from, this.#margin);
    const isNamed = tokens.kind(from) === TOKEN.name;
    if (!isNamed && kind !== "instance") {
      this.#report(at, `${fullWord} has no name`);
      return to;
    }
    if (tokens.end(from) - tokens.start(from) > LONGEST_NAME) {
      this.#report(at, `the name of ${fullWord} is too long to be one`);
      return to;
    }
    const dictionary = readDictionary(tokens, this.#scopes.namespace, from, to);
    if (dictionary !== undefined) this.#dictionaries.push(dictionary);
    if (!isPublic(modifiers, this.#scopes)) return to;
    const command = { kind, word: fullWord, modifiers, from, to };
    for (const declaration of readDeclaration(tokens, command, this.#scopes)) {
      this.#declarations.push(declaration);
    }
    return to;
  }

  /** Whether a token names a scope; in `section variable (x : ℕ)` another command follows instead. */
  #isLabel(token: number): boolean {
    const tokens = this.#tokens;
    if (tokens.kind(token) !== TOKEN.name || tokens.column(token) !== -1) return false;
    return !startsCommand(tokens, token) || tokens.column(token + 1) !== -1;
  }

  /** Commands that open, close or fill scopes; undefined where the word is none of them. */
  #scopeCommand(word: string, at: number, modifiers: Modifiers): number | undefined {
    const tokens = this.#tokens;
    const scopes = this.#scopes;
    const name = this.#isLabel(at + 1);
    const label = name ? tokens.word(at + 1) : "";
    const behindLabel = name ? at + 2 : at + 1;
    switch (word) {
      case "namespace":
        if (label === "" || label.length > LONGEST_NAME) this.#report(at, "namespace has no name");
        else scopes.enterNamespace(label);
        return behindLabel;
      case "section":
        scopes.enterSection(label, modifiers.words);
        return behindLabel;
      case "mutual":
        scopes.enterMutual();
        return at + 1;
      case "end": {
        const problem = scopes.leave(label);
        if (problem !== undefined) this.#report(at, problem);
        return behindLabel;
      }
      case "open": {
        const { opened, next } = readOpen(tokens, at + 1);
        return this.#limit(next, () => scopes.open(opened));
      }
      case "variable": {
        let next = at + 1;
        while (tokens.kind(next) === TOKEN.open && tokens.closing(next) !== -1) {
          next = tokens.skip(next);
        }
        return this.#limit(next, () => {
          readVariables(tokens, at + 1, scopes, () => {
            this.#report(at, "more section variables than are kept");
          });
        });
      }
      case "include":
      case "omit": {
        let next = at + 1;
        while (
          (tokens.kind(next) === TOKEN.name &&
            !startsLineOfCommand(tokens, next) &&
            !tokens.is(next, "in")) ||
          tokens.closing(next) !== -1
        ) {
          next = tokens.skip(next);
        }
        return this.#limit(next, () => {
          readIncludes(tokens, at + 1, scopes, word === "include");
        });
      }
      case "set_option": {
        const next = at + 3;
        return this.#limit(next, () => undefined);
      }
      case "universe":
      case "universes": {
        let next = at + 1;
        while (tokens.kind(next) === TOKEN.name && tokens.column(next) === -1) next += 1;
        return next;
      }
      default:
        return undefined;
    }
  }

  #otherCommand(word: string, at: number, modifiers: Modifiers): number {
    const tokens = this.#tokens;
    if (word === "attribute") {
      const { late, next } = readAttributeCommand(tokens, at + 1, this.#scopes);
      this.#lateAttributes.push(...late);
      if (tokens.is(next, "in")) return next + 1;
    }
    const end = this.#end(at);
    if (word === "alias") {
      if (!isPublic(modifiers, this.#scopes)) return end;
      const made = readAlias(tokens, at + 1, end, modifiers, this.#scopes);
      if (made.length === 0) this.#report(at, "an alias that cannot be read");
      this.#declarations.push(...made);
    } else if (NOTATIONS.has(word)) {
      const isLocal = modifiers.words.has("local");
      for (const notation of readNotation(tokens, word, at + 1, end, this.#scopes)) {
        this.#notations.push(isLocal ? { ...notation, isLocal } : notation);
      }
    } else if (word === "insert_to_additive_translation") {
      this.#translations.push([tokens.word(at + 1), tokens.word(at + 2)]);
    } else if (word.endsWith("_name_hint")) {
      this.#dictionaries.push(...readNameHints(tokens, word, at + 1, end));
    } else if (SIMPROCS.has(word)) {
      this.#declarations.push(...readSimproc(tokens, at + 1, end, modifiers, this.#scopes));
    } else if (word === "export") {
      const { context } = this.#scopes;
      for (const { namespace, only: names } of readOpen(tokens, at + 1).opened) {
        if (names !== undefined) this.#exports.push({ namespace, names, context });
      }
    } else if (INITIALIZING.has(word)) this.#initialized(word, at + 1, end, modifiers);
    return end;
  }

  #initialized(word: string, from: number, end: number, modifiers: Modifiers): void {
    const tokens = this.#tokens;
    const isNamed = tokens.kind(from) === TOKEN.name && tokens.is(from + 1, ":");
    const isPublic = this.#scopes.isPublic || modifiers.words.has("public");
    if (!isNamed || !isPublic || modifiers.words.has("private")) return;
    let to = from;
    while (to < end && !tokens.is(to, "←") && !tokens.is(to, "<-")) to = tokens.skip(to);
    const command = { kind: "opaque", word, modifiers, from, to } as const;
    for (const declaration of readDeclaration(tokens, command, this.#scopes)) {
      const isOption = word.endsWith("option");
      const type = isOption ? `Lean.Option ${declaration.type}` : declaration.type;
      this.#declarations.push({ ...declaration, type });
    }
  }

  /** The end of a command that is not read further; `in` before another command ends it too. */
  #end(at: number): number {
    const tokens = this.#tokens;
    const end = commandEnd(tokens, at + 1, this.#margin);
    for (let token = at + 1; token < Math.min(end, at + 40); token = tokens.skip(token)) {
      if (!tokens.is(token, "in")) continue;
      if (tokens.column(token + 1) !== -1 || startsCommand(tokens, token + 1)) return token + 1;
    }
    return end;
  }
}
