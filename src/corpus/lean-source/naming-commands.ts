import { readAttributes } from "./attributes.js";
import { readDeclaration } from "./declarations.js";
import { startsLineOfCommand } from "./command-words.js";
import { fullName } from "./headers.js";
import type { Modifiers } from "./modifiers.js";
import type { Scopes } from "./scopes.js";
import type { LateAttribute, SourceDeclaration, SourceNotation } from "./source-declaration.js";
import { TOKEN, type TokenList } from "./token-list.js";

/** `alias foo := bar`, `alias ⟨foo, _⟩ := bar`, and the older `alias bar ← foo`. */
export function readAlias(
  tokens: TokenList,
  from: number,
  to: number,
  modifiers: Modifiers,
  scopes: Scopes,
): SourceDeclaration[] {
  const isPair = tokens.is(from, "⟨");
  const assign = tokens.skip(from);
  const target = tokens.word(assign + 1);
  if (!tokens.is(assign, ":=") || assign >= to || target === "") return [];
  const made = (name: string, at: number, direction: "whole" | "forward" | "backward") => ({
    name: fullName(scopes.namespace, name),
    kind: "theorem" as const,
    line: tokens.line(at),
    signature: "",
    type: `alias of ${target}`,
    value: "",
    docstring: modifiers.docstring,
    isProtected: modifiers.words.has("protected"),
    context: scopes.context,
    mentions: [target],
    attributes: modifiers.attributes,
    alias: { target, direction },
  });
  if (!isPair)
    return tokens.kind(from) === TOKEN.name ? [made(tokens.word(from), from, "whole")] : [];
  const names: number[] = [];
  for (let token = from + 1; token < assign - 1; token += 1) {
    if (tokens.kind(token) === TOKEN.name || tokens.is(token, "_")) names.push(token);
  }
  return names.flatMap((token, index) => {
    if (tokens.word(token) === "_" || index > 1) return [];
    return [made(tokens.word(token), token, index === 0 ? "forward" : "backward")];
  });
}

/** `simproc ↓ reduceFoo (foo _) := …` and `dsimproc_decl`, which define a procedure of that name. */
export function readSimproc(
  tokens: TokenList,
  from: number,
  to: number,
  modifiers: Modifiers,
  scopes: Scopes,
): SourceDeclaration[] {
  let token = from;
  if (tokens.is(token, "↓") || tokens.is(token, "↑")) token += 1;
  if (tokens.is(token, "[")) token = tokens.skip(token);
  if (tokens.kind(token) !== TOKEN.name || !tokens.is(token + 1, "(") || token >= to) return [];
  const { words } = modifiers;
  if (words.has("private") || !(scopes.isPublic || words.has("public"))) return [];
  const command = { kind: "definition" as const, word: "def", modifiers, from: token, to };
  const isDefinitional = tokens.word(from - 1).includes("dsimproc");
  const type = isDefinitional ? "Lean.Meta.Simp.DSimproc" : "Lean.Meta.Simp.Simproc";
  return readDeclaration(tokens, command, scopes).map((made) => ({ ...made, signature: "", type }));
}

/** `attribute [to_additive foo] bar baz`: the attributes, and the token behind the command. */
export function readAttributeCommand(
  tokens: TokenList,
  from: number,
  scopes: Scopes,
): { late: LateAttribute[]; next: number } {
  const close = tokens.is(from, "[") ? tokens.closing(from) : -1;
  if (close === -1) return { late: [], next: from };
  const attributes = readAttributes(tokens, from + 1, close);
  const late: LateAttribute[] = [];
  let token = close + 1;
  while (tokens.kind(token) === TOKEN.name && !startsLineOfCommand(tokens, token)) {
    const source = tokens.word(token);
    if (source === "in") break;
    if (attributes.length > 0) {
      late.push({ source, context: scopes.context, line: tokens.line(token), attributes });
    }
    token += 1;
  }
  return { late, next: token };
}

const POSITIONS = new Map<string, SourceNotation["position"]>([
  ["infix", "infix"],
  ["infixl", "infix"],
  ["infixr", "infix"],
  ["prefix", "prefix"],
  ["postfix", "postfix"],
]);

/** `infixr:25 " →+ " => AddMonoidHom` and `notation:25 M " →+ " N => AddMonoidHom M N`. */
export function readNotation(
  tokens: TokenList,
  word: string,
  from: number,
  to: number,
  scopes: Scopes,
): SourceNotation[] {
  let sign = "";
  let isFirst = true;
  let position = POSITIONS.get(word);
  for (let token = from; token < to; token = tokens.skip(token)) {
    const kind = tokens.kind(token);
    if (tokens.is(token, "=>")) {
      const head = headOf(tokens, token + 1, to);
      if (sign === "" || head === "") return [];
      return [{ sign, position: position ?? "infix", head, context: scopes.context }];
    }
    if (kind === TOKEN.string && sign === "") {
      sign = tokens.word(token).slice(1, -1).trim();
      position ??= isFirst ? "prefix" : undefined;
    } else if (kind === TOKEN.string) position = "infix";
    else if (kind === TOKEN.name && tokens.column(token) === -1) {
      isFirst = false;
      if (sign !== "") position ??= "infix";
    }
  }
  return [];
}

/** The name at the head of what a notation stands for, behind brackets and `@`. */
function headOf(tokens: TokenList, from: number, to: number): string {
  let token = from;
  while (token < to && (tokens.is(token, "(") || tokens.is(token, "@"))) token += 1;
  return token < to && tokens.kind(token) === TOKEN.name ? tokens.word(token) : "";
}
