import type { Declaration, DeclarationKind } from "../../declaration.js";
import { type Header, sayHeader } from "./say/header.js";
import { type IsLocal, localNames } from "./read/local-names.js";
import { constructorNames, fieldNames } from "./read/members.js";
import { enumerate, nameWords, withArticle, lastComponent } from "./say/name-words.js";
import { TermReader } from "./read/read-term.js";
import { isStatement, joinClauses, sayStatement } from "./say/say-statement.js";
import { quote, quoteTerm, type Speaker } from "./say/say-term.js";
import { describeInstance, typeNoun } from "./say/say-type.js";
import { splitDeclaration } from "./read/split-declaration.js";
import { subjectsOf } from "./read/subjects.js";
import type { Term } from "./read/term.js";
import { termTokens, type TermTokens } from "./read/term-tokens.js";

/** What the rules say about one declaration: one line each, never empty. */
export interface Verbalisation {
  /** Its name in words: "is compact: exists is max on". */
  readonly name: string;
  /** "Theorem about IsCompact, IsMaxOn: if s is compact, then there exists x in s such that …" */
  readonly description: string;
}

/** More of what the binders bring than this makes a line that nobody reads. */
const MOST_SUBJECTS = 8;

/** Lean that is quoted whole is cut behind this many characters. */
const LONGEST_QUOTE = 600;

interface Parts {
  readonly declaration: Declaration;
  /** An inductive type whose type is not written has its first constructors here. */
  readonly signature: TermTokens;
  readonly type: TermTokens;
  readonly body: TermTokens;
  readonly header: Header;
  readonly isLocal: IsLocal;
}

/**
 * Describes a declaration from its name and type alone, by fixed rules. It says nothing that the type
 * does not say: what the rules cannot read is quoted in Lean. Takes any declaration and never throws.
 */
export function verbalise(declaration: Declaration): Verbalisation {
  const written = splitDeclaration(declaration);
  const signature = termTokens(written.signature);
  const type = termTokens(written.type);
  const body = termTokens(declaration.value.slice(0, 4000));
  const isLocal = localNames(signature, type);
  const header = sayHeader(signature, isLocal);
  const parts: Parts = { declaration, signature, type, body, header, isLocal };
  const about = subjectsOf([type, signature], isLocal);
  const topic = about.length > 0 ? about.join(", ") : declaration.name;
  const said = sentence(parts);
  const text = `${heading(declaration, topic)}${said === "" ? "" : `: ${said}`}.${context(header)}`;
  return {
    name: bare(nameWords(declaration.name)) || "a declaration without a name",
    description: oneLine(text),
  };
}

/** A name without what would open a code span or a parenthesis in prose. */
function bare(name: string): string {
  return oneLine(name.replace(/[`()]/g, ""));
}

function oneLine(text: string): string {
  return /[^\S ]| {2}/u.test(text) ? text.replace(/\s+/gu, " ").trim() : text.trim();
}

const KIND_WORDS: Readonly<Record<DeclarationKind, string>> = {
  theorem: "Theorem",
  definition: "Definition",
  abbrev: "Abbreviation",
  structure: "Structure",
  class: "Class",
  inductive: "Inductive type",
  instance: "Instance",
  field: "Field",
  constructor: "Constructor",
  axiom: "Axiom",
  opaque: "Opaque definition",
};

function heading({ kind, name }: Declaration, topic: string): string {
  const word = KIND_WORDS[kind];
  const isClaim = kind === "theorem" || kind === "axiom" || kind === "instance";
  if (isClaim) return `${word} about ${bare(topic)}`;
  if (kind !== "field" && kind !== "constructor") return `${word} “${bare(nameWords(name))}”`;
  const owner = bare(lastComponent(name.slice(0, Math.max(0, name.lastIndexOf(".")))));
  return `${word} “${bare(lastComponent(name))}”${owner === "" ? "" : ` of ${owner}`}`;
}

function sentence(parts: Parts): string {
  const { declaration, type, isLocal, header } = parts;
  const speaker: Speaker = { text: type.text, isLocal };
  const term = new TermReader(type, 0, type.tokens.length).all(0);
  const isEmpty = type.tokens.length === 0;
  const alias = /^alias of (\S+)$/.exec(type.text)?.[1];
  if (alias !== undefined) return `another name of ${quote(alias)}`;
  switch (declaration.kind) {
    case "theorem":
    case "axiom":
      return isEmpty ? "" : underHypotheses(header, claim(term, speaker));
    case "instance":
      return isEmpty ? "" : underHypotheses(header, describeInstance(term, speaker));
    case "structure":
    case "class":
      return [extensionOf(type), membersOf("field", fieldNames(parts.body))]
        .filter((part) => part !== "")
        .join("; ");
    case "inductive":
      return membersOf("constructor", [
        ...new Set([...constructorNames(parts.signature), ...constructorNames(parts.body)]),
      ]);
    case "field":
      if (isEmpty) return "";
      if (isStatement(term)) return underHypotheses(header, claim(term, speaker));
      // The structure that a field is of is an argument too.
      return underHypotheses(header, given(term, speaker, []));
    case "definition":
    case "abbrev":
    case "constructor":
    case "opaque":
      return isEmpty ? "" : underHypotheses(header, given(term, speaker, header.explicit));
  }
}

/** What a theorem says; all of it in Lean where it cannot be read, up to a length. */
function claim(term: Term, speaker: Speaker): string {
  const said = sayStatement(term, speaker);
  if (!said.startsWith("`") || said.length <= LONGEST_QUOTE) return said;
  return `a statement that starts with ${quote(said.slice(0, LONGEST_QUOTE).replaceAll("`", ""))}`;
}

/** What a definition gives: "a linear map from M to N over R", "a property of s and t". */
function given(term: Term, speaker: Speaker, explicit: readonly string[]): string {
  const of = explicit.length === 0 ? "" : ` of ${enumerate(explicit)}`;
  const written = speaker.text.slice(term.from, term.to);
  if (written === "Prop") return `a property${of}`;
  const noun = typeNoun(term, speaker);
  const from = explicit.length === 0 ? "" : `, made from ${enumerate(explicit)}`;
  if (noun !== undefined) return `${withArticle(noun)}${from}`;
  if (isStatement(term)) return `that ${sayStatement(term, speaker)}`;
  return `a term of type ${quoteTerm(term, speaker)}${from}`;
}

function underHypotheses({ hypotheses }: Header, conclusion: string): string {
  return hypotheses.length === 0
    ? conclusion
    : `if ${joinClauses(hypotheses, "and")}, then ${conclusion}`;
}

/** `Prop extends A, B` or `extends A`. */
function extensionOf({ text, tokens }: TermTokens): string {
  const at = tokens.find((token) => token.text === "extends");
  const isProperty = tokens[0]?.text === "Prop" ? "a property" : "";
  const parents = at === undefined ? "" : `extending ${quote(text.slice(at.end))}`;
  return [isProperty, parents].filter((part) => part !== "").join(" ");
}

function membersOf(word: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  return `with ${names.length === 1 ? withArticle(word) : `the ${word}s`} ${names.join(", ")}`;
}

function context({ subjects }: Header): string {
  if (subjects.length === 0) return "";
  const rest = subjects.length > MOST_SUBJECTS ? ["more is given"] : [];
  return ` Here ${enumerate([...subjects.slice(0, MOST_SUBJECTS), ...rest])}.`;
}
