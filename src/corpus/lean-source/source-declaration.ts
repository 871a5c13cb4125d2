import type { DeclarationKind } from "../../declaration.js";

/** What could not be understood in a file, and where. */
export interface SourceProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * An attribute that makes another declaration from the one that it stands at: `to_additive`,
 * `to_dual`, `reassoc`, `elementwise`, `to_app`, `to_fun`.
 */
export interface GeneratingAttribute {
  readonly attribute: "to_additive" | "to_dual" | "reassoc" | "elementwise" | "to_app" | "to_fun";
  /** The name that the source gives to what is made; "" where Lean finds one. */
  readonly target: string;
  readonly docstring: string;
  /** What is made has been declared elsewhere (`existing`), or is the declaration itself (`self`). */
  readonly existing: boolean;
  /** The declaration is its own translation. */
  readonly isSelf?: true;
  /** Attributes for what is made and, save for `to_additive` in `to_additive`, for the source too. */
  readonly nested: readonly GeneratingAttribute[];
}

/** What an `open` opens, as written; resolved once all names are known. */
export interface OpenedNames {
  readonly namespace: string;
  /** The only names that are opened; undefined for all. */
  readonly only?: readonly string[];
  readonly hidden?: readonly string[];
  /** Pairs of name and new name. */
  readonly renamed?: readonly (readonly [string, string])[];
}

/** Where a declaration stands: what its short names can mean. */
export interface NameContext {
  /** The namespace, joined by dots; "" at the root. */
  readonly namespace: string;
  readonly opens: readonly OpenedNames[];
}

/** One declaration as the text alone gives it: plain data, so that it can cross threads. */
export interface SourceDeclaration {
  /** The full name. Of an anonymous instance: the namespace, until the instance has a name. */
  readonly name: string;
  readonly kind: DeclarationKind;
  readonly line: number;
  readonly signature: string;
  readonly type: string;
  readonly value: string;
  readonly docstring: string;
  readonly isProtected: boolean;
  /** The entry of {@link ScannedFile.contexts} that holds where it stands. */
  readonly context: number;
  /** Names that its header and its value or proof mention, as written, without repeats. */
  readonly mentions: readonly string[];
  readonly attributes: readonly GeneratingAttribute[];
  /**
   * Of an anonymous instance: its own binders, one a text, brackets included, and the local variables
   * that it mentions, each with the name at the head of its type or "".
   */
  readonly anonymous?: {
    readonly binders: readonly string[];
    readonly locals: Readonly<Record<string, string>>;
  };
  /** Of an alias: what it stands for, and which direction of an equivalence it takes. */
  readonly alias?: {
    readonly target: string;
    readonly direction: "whole" | "forward" | "backward";
  };
  /** Of a structure or class: the short names of its own fields, in order. */
  readonly fields?: readonly string[];
}

/** An attribute that a command of its own puts on a declaration: `attribute [to_additive foo] bar`. */
export interface LateAttribute {
  readonly source: string;
  readonly context: number;
  readonly line: number;
  readonly attributes: readonly GeneratingAttribute[];
}

/** A notation, as far as instance names need it: the sign and the declaration that it stands for. */
export interface SourceNotation {
  /** The first sign that is not a bracket or comma: `→+*`, `ˣ`. */
  readonly sign: string;
  readonly position: "infix" | "prefix" | "postfix";
  /** The declaration at the head of what it stands for, as written. */
  readonly head: string;
  /** Whether it holds in its file alone. */
  readonly isLocal?: boolean;
  readonly context: number;
}

/** What a file says about how a translating attribute renames the words of names. */
export interface SourceDictionary {
  readonly attribute: "to_additive" | "to_dual";
  /** Whether it is the list of the attribute's own source, or holds in the file alone, as a hint. */
  readonly scope: "library" | "file";
  readonly part: "words" | "abbreviations";
  /** From a word or abbreviation with a small start to what stands for it, with a capital. */
  readonly entries: readonly (readonly [from: string, to: readonly string[]])[];
}

/** `export Foo (a b)`: what makes `a` in the namespace around stand for `Foo.a`. */
export interface SourceExport {
  /** As written. */
  readonly namespace: string;
  readonly names: readonly string[];
  readonly context: number;
}

/** What the first pass over one file gives. */
export interface ScannedFile {
  readonly module: string;
  readonly contexts: readonly NameContext[];
  readonly declarations: readonly SourceDeclaration[];
  readonly lateAttributes: readonly LateAttribute[];
  /** Translations of names that the file gives without declaring anything. */
  readonly translations: readonly (readonly [source: string, target: string])[];
  readonly dictionaries: readonly SourceDictionary[];
  readonly notations: readonly SourceNotation[];
  readonly exports: readonly SourceExport[];
  readonly problems: readonly SourceProblem[];
}
