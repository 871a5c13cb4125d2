import { commandEnd, DECLARING_WORDS, startsCommand } from "./command-words.js";
import { readDeclaration } from "./declarations.js";
import { LONGEST_NAME } from "./mentions.js";
import { type Modifiers, readModifiers } from "./modifiers.js";
import { readAlias, readAttributeCommand, readNotation } from "./naming-commands.js";
import { readIncludes, readOpen, readVariables } from "./scope-commands.js";
import { Scopes } from "./scopes.js";
import type {
  LateAttribute,
  ScannedFile,
  SourceDeclaration,
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

class FileScanner {
  readonly #tokens: TokenList;
  readonly #module: string;
  readonly #problems: SourceProblem[];
  readonly #scopes: Scopes;
  readonly #declarations: SourceDeclaration[] = [];
  readonly #lateAttributes: LateAttribute[] = [];
  readonly #translations: (readonly [string, string])[] = [];
  readonly #notations: SourceNotation[] = [];
  /** Scopes that end with the next command: one for each `… in` before it. */
  #pending = 0;

  constructor(tokens: TokenList, module: string, problems: SourceProblem[]) {
    this.#tokens = tokens;
    this.#module = module;
    this.#problems = problems;
    // In a module, what is not marked public belongs to the file alone.
    this.#scopes = new Scopes(!tokens.is(0, "module"));
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
      notations: this.#notations,
      problems: this.#problems.sort((a, b) => a.line - b.line),
    };
  }

  /** Reads one command and gives the token behind it. */
  #command(start: number): number {
    const tokens = this.#tokens;
    const modifiers = readModifiers(tokens, start);
    const at = modifiers.next;
    const word = tokens.kind(at) === TOKEN.name ? tokens.word(at) : "";
    const declaring = DECLARING_WORDS.get(word as "def");
    if (declaring !== undefined) {
      const end = this.#declaration(word, declaring, modifiers, at, start);
      this.#endPending();
      return end;
    }
    const next = this.#scopeCommand(word, at, modifiers);
    if (next !== undefined) return this.#behind(next);
    const end = this.#otherCommand(word, at, modifiers, start);
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
    start: number,
  ): number {
    const tokens = this.#tokens;
    let from = at + 1;
    let fullWord = word;
    if (word === "class" && (tokens.is(from, "inductive") || tokens.is(from, "abbrev"))) {
      fullWord = `class ${tokens.word(from)}`;
      from += 1;
    }
    const to = commandEnd(tokens, from, Math.max(0, tokens.columnOf(start)));
    const isNamed = tokens.kind(from) === TOKEN.name;
    if (!isNamed && kind !== "instance") {
      this.#report(at, `${fullWord} has no name`);
      return to;
    }
    if (tokens.end(from) - tokens.start(from) > LONGEST_NAME) {
      this.#report(at, `the name of ${fullWord} is too long to be one`);
      return to;
    }
    const { words } = modifiers;
    const isPublic = this.#scopes.isPublic || words.has("public");
    if (words.has("private") || !isPublic) return to;
    const command = { kind, word: fullWord, modifiers, from, to };
    for (const declaration of readDeclaration(tokens, command, this.#scopes)) {
      this.#declarations.push(declaration);
    }
    return to;
  }

  /** Commands that open, close or fill scopes; undefined where the word is none of them. */
  #scopeCommand(word: string, at: number, modifiers: Modifiers): number | undefined {
    const tokens = this.#tokens;
    const scopes = this.#scopes;
    const name = tokens.kind(at + 1) === TOKEN.name && tokens.column(at + 1) === -1;
    const label = name ? tokens.word(at + 1) : "";
    const behindLabel = name ? at + 2 : at + 1;
    switch (word) {
      case "namespace":
        if (label === "" || label.length > LONGEST_NAME) this.#report(at, "namespace has no name");
        else scopes.enterNamespace(label);
        return behindLabel;
      case "section":
        scopes.enterSection(label, modifiers.words.has("public"));
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
            tokens.column(next) !== 0 &&
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

  #otherCommand(word: string, at: number, modifiers: Modifiers, start: number): number {
    const tokens = this.#tokens;
    if (word === "attribute") {
      const { late, next } = readAttributeCommand(tokens, at + 1, this.#scopes);
      this.#lateAttributes.push(...late);
      if (tokens.is(next, "in")) return next + 1;
    }
    const end = this.#end(at, start);
    if (word === "alias") {
      if (modifiers.words.has("private") || !this.#scopes.isPublic) return end;
      const made = readAlias(tokens, at + 1, end, modifiers, this.#scopes);
      if (made.length === 0) this.#report(at, "an alias that cannot be read");
      this.#declarations.push(...made);
    } else if (NOTATIONS.has(word)) {
      this.#notations.push(...readNotation(tokens, word, at + 1, end, this.#scopes));
    } else if (word === "insert_to_additive_translation") {
      this.#translations.push([tokens.word(at + 1), tokens.word(at + 2)]);
    }
    return end;
  }

  /** The end of a command that is not read further; `in` before another command ends it too. */
  #end(at: number, start: number): number {
    const tokens = this.#tokens;
    const end = commandEnd(tokens, at + 1, Math.max(0, tokens.columnOf(start)));
    for (let token = at + 1; token < Math.min(end, at + 40); token = tokens.skip(token)) {
      if (tokens.is(token, "in") && tokens.column(token + 1) !== -1) return token + 1;
    }
    return end;
  }
}
