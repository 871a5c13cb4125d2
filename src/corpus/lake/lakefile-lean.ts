import { join } from "node:path";
import { TOKEN, type TokenList } from "../lean-source/token-list.js";
import { tokenize } from "../lean-source/tokens.js";
import {
  type Lakefile,
  type LakeLibrary,
  type LakeRequirement,
  LEAN_NAME,
  type ModuleGlob,
  plainName,
} from "./lakefile.js";

/** One command of a lakefile: its tokens from the one behind its first word up to the next command. */
interface LakeCommand {
  readonly word: string;
  readonly from: number;
  readonly to: number;
  readonly isDefault: boolean;
}

const COMMANDS: ReadonlySet<string> = new Set(["package", "lean_lib", "lean_exe", "require"]);

/**
 * Reads a `lakefile.lean` by its text: the package, its libraries and what it requires, where they are
 * written out. Lake runs the file as a program: what it computes (lists put together, conditions) is
 * not seen, and a library without readable roots is taken to have its name as its only root.
 */
export function readLeanLakefile(text: string): Lakefile {
  const { tokens } = tokenize(text);
  tokens.pairBrackets(
    () => false,
    () => undefined,
  );
  let name = "";
  let version = "";
  let sourceFolder = ".";
  let packagesFolder: string | undefined;
  const libraries: LakeLibrary[] = [];
  const defaultTargets: string[] = [];
  const requirements: LakeRequirement[] = [];
  for (const command of commands(tokens)) {
    const { word, from, isDefault } = command;
    if (word === "require") {
      requirements.push(requirement(tokens, command));
      continue;
    }
    const target = plainName(unquoted(tokens.word(from)));
    const fields = fieldsOf(tokens, command);
    if (word === "package") {
      name = target;
      version = textIn(fields.get("version")) ?? "";
      sourceFolder = textIn(fields.get("srcDir")) ?? ".";
      packagesFolder = textIn(fields.get("packagesDir"));
    } else if (word === "lean_lib") {
      libraries.push(library(unquoted(tokens.word(from)), fields));
    }
    if (isDefault && word !== "package") defaultTargets.push(target);
  }
  return {
    name,
    version,
    packagesFolder,
    libraries: libraries.map((each) => ({
      ...each,
      sourceFolder: join(sourceFolder, each.sourceFolder),
    })),
    defaultTargets,
    requirements,
  };
}

function commands(tokens: TokenList): LakeCommand[] {
  const starts: number[] = [];
  for (let token = 0; token < tokens.size; token = tokens.skip(token)) {
    const isCommand = tokens.kind(token) === TOKEN.name && COMMANDS.has(tokens.word(token));
    // On one line, an attribute may stand before the command.
    const isFirst = tokens.column(token) !== -1 || tokens.is(token - 1, "]");
    if (isCommand && isFirst) starts.push(token);
  }
  return starts.map((start) => {
    let to = start + 1;
    while (to < tokens.size && (tokens.column(to) !== 0 || tokens.kind(to) === TOKEN.close)) {
      to = tokens.skip(to);
    }
    return {
      word: tokens.word(start),
      from: start + 1,
      to: Math.min(to, tokens.size),
      isDefault: hasAttribute(tokens, start, "default_target"),
    };
  });
}

/** Whether `@[…]` right before a command names an attribute. */
function hasAttribute(tokens: TokenList, command: number, attribute: string): boolean {
  if (!tokens.is(command - 1, "]")) return false;
  for (let token = command - 2; token >= 0 && !tokens.is(token, "["); token -= 1) {
    if (tokens.is(token, attribute)) return true;
  }
  return false;
}

/** The source of each `field := value` of a command, without comments. */
function fieldsOf(tokens: TokenList, { from, to }: LakeCommand): Map<string, string> {
  const starts: number[] = [];
  for (let token = from; token < to - 1; token += 1) {
    if (tokens.kind(token) === TOKEN.name && tokens.is(token + 1, ":=")) starts.push(token);
  }
  return new Map(
    starts.map((start, at) => [tokens.word(start), tokens.source(start + 2, starts[at + 1] ?? to)]),
  );
}

function library(name: string, fields: ReadonlyMap<string, string>): LakeLibrary {
  const roots = globsIn(fields.get("roots")).map(({ module }) => module);
  return {
    name: plainName(name),
    sourceFolder: textIn(fields.get("srcDir")) ?? ".",
    roots: roots.length > 0 ? roots : [name],
    globs: globsIn(fields.get("globs")),
  };
}

const GLOB = new RegExp(
  String.raw`(?:\.(?<choice>one|submodules|andSubmodules)\s*\(?\s*)?` +
    "`+" +
    String.raw`(?<module>${LEAN_NAME})(?<below>\.[*+])?`,
  "gu",
);

/** The module names that are written out in a value, and what of each is meant. */
function globsIn(value: string | undefined): ModuleGlob[] {
  return Array.from((value ?? "").matchAll(GLOB), ({ groups }) => {
    const choice = groups?.["choice"];
    const below = groups?.["below"];
    return {
      module: groups?.["module"] ?? "",
      withItself: choice !== "submodules" && below !== ".+",
      withBelow: below !== undefined || choice === "submodules" || choice === "andSubmodules",
    };
  });
}

/** The path or text that strings in a value make, joined as Lean's `/` joins them. */
function textIn(value: string | undefined): string | undefined {
  const strings = value?.match(/"(?:[^"\\]|\\.)*"/gs);
  return strings == null ? undefined : strings.map(unquoted).join("/");
}

/** `require foo from "path"`, `require foo from git "url" @ "rev"`, `require "scope" / "foo" @ …`. */
function requirement(tokens: TokenList, { from, to }: LakeCommand): LakeRequirement {
  let source = from;
  while (source < to && !tokens.is(source, "from") && !tokens.is(source, "@")) source += 1;
  const name = plainName(unquoted(tokens.word(source - 1)));
  const isPath = tokens.is(source, "from") && tokens.kind(source + 1) === TOKEN.string;
  const path = isPath ? textIn(tokens.source(source + 1, to)) : undefined;
  return path === undefined ? { name } : { name, path };
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/gs, "$1") : text;
}
