import { readBinder } from "./binders.js";
import { lastComponent, type NameTable } from "./name-table.js";
import { readTermShape, type TermNames, type TermShape } from "./term-shape.js";
import { SIGNED_NAMES } from "./term-signs.js";
import { TOKEN } from "./token-list.js";
import { tokenize } from "./tokens.js";

/** Types of bundled subsets, whose elements `x ∈ S` make the type that `S` is coerced to. */
const SET_LIKE =
  /^(?:.*Sub(?:group|monoid|ring|semiring|semigroup|module|field|algebra|space|lattice)|Ideal|Finset|Opens|Closeds|Compacts|IntermediateField|LieSubalgebra|LieIdeal|ConvexCone|.*Sub[a-z]*Class)$/;

const SORT = /^(?:outParam\s+)?\(?(?:Type|Sort|Prop)\b/;
/** The end of the type of what makes types, such as `ℕ → Type u`. */
const MAKES_TYPES = /(?:^|→\s*)(?:Type|Sort|Prop)[^→]*$/;
const BRACKETS = /^[()[\]{}⦃⦄,.:@↑_*]+$/;
/** The name that a type starts with, where it is applied to names and brackets alone. */
const HEAD = /^[\p{L}_][\p{L}\p{N}_'.!?]*(?=[\s\p{L}\p{N}_'.!?(){}[\]]*$)/u;
const AUTO_BOUND = /^\p{L}['₀-₉]*$/u;
const UNIVERSE_LEVEL = /^(?:max|imax|[a-z][₀-₉]?)$/;
const DEEPEST = 5;
const UNSURE: TermShape = { kind: "other", isSure: false };

/** The local variables of an instance with their types, as far as its name depends on them. */
export class LocalTypes {
  readonly #types = new Map<string, string>();
  readonly #names: TermNames;

  /** @param signature all binders, those of the section included. */
  constructor(signature: string, names: TermNames) {
    this.#names = names;
    const { tokens } = tokenize(signature);
    tokens.pairBrackets(
      () => false,
      () => undefined,
    );
    for (let token = 0; token < tokens.size; token = tokens.skip(token)) {
      const binder = readBinder(tokens, token);
      for (const name of binder?.names ?? []) this.#types.set(name, binder?.type ?? "");
    }
  }

  /** As written; "" for what has no type in the text. */
  typeOf(local: string): string {
    return this.#types.get(local) ?? "";
  }

  /**
   * Whether the type of a local is made of variables and of the constants that a parameter's own type
   * names, so that what the parameter leaves implicit are variables, too: `F : J ⥤ C` for `F : D ⥤ E`.
   */
  isPlain(local: string, constants: ReadonlySet<string>): boolean {
    return this.#isPlain(local, constants, 0);
  }

  /** Whether a local is of another type than a parameter, and so comes with a coercion. */
  isCoerced(local: string, parameter: string): boolean {
    const [from, to] = [this.typeOf(local), parameter].map((type) => {
      const head = HEAD.exec(type)?.[0] ?? "";
      return this.#types.has(head) || AUTO_BOUND.test(head) ? "" : lastComponent(head);
    });
    return from !== "" && to !== "" && from !== to;
  }

  #isPlain(local: string, allowed: ReadonlySet<string>, depth: number): boolean {
    const type = this.typeOf(local);
    if (type === "" || SORT.test(type)) return true;
    if (depth > DEEPEST) return false;
    return wordsOf(type).every((word) => {
      if (allowed.has(word) || isBracket(word) || UNIVERSE_LEVEL.test(word)) return true;
      if (this.#types.has(word)) return this.#isPlain(word, allowed, depth + 1);
      return AUTO_BOUND.test(word) && !SIGNED_NAMES.has(word);
    });
  }

  /** The type of a local where it is a type former applied to variables, such as `Subgroup G`. */
  shapeOfType(local: string): TermShape {
    const type = this.typeOf(local);
    const head = new Set([HEAD.exec(type)?.[0] ?? ""]);
    return this.isPlain(local, head) ? readTermShape(type, this.#names) : UNSURE;
  }

  /** What stands for a term where a type is wanted: `s.Elem` for a set, the subtype for a subgroup. */
  asType(term: TermShape, table: NameTable): TermShape {
    if (term.kind === "local") return this.#localAsType(term);
    if (term.kind !== "application" && term.kind !== "constant") return term;
    const head = term.kind === "application" ? term.head : term;
    if (head.kind !== "constant") return term;
    return isTypeFormer(head.name, table)
      ? term
      : { kind: "application", head: { kind: "constant", name: "" }, arguments: [term, UNSURE] };
  }

  #localAsType(term: TermShape & { readonly kind: "local" }): TermShape {
    const type = this.typeOf(term.name);
    if (type === "" || MAKES_TYPES.test(type) || AUTO_BOUND.test(type)) return term;
    const own = this.shapeOfType(term.name);
    const head = own.kind === "application" ? own.head : own;
    if (head.kind !== "constant") return UNSURE;
    const last = lastComponent(head.name);
    if (last === "Set") return wrapped("Set.Elem", term);
    if (!SET_LIKE.test(last)) return UNSURE;
    return wrapped("Subtype", wrapped("Membership.mem", own, term));
  }
}

/** Whether a constant, given its arguments, is a type: what has another type is coerced to one. */
function isTypeFormer(name: string, table: NameTable): boolean {
  const known = table.get(name);
  if (known === undefined) return /^[^a-z]/.test(lastComponent(name));
  if (/^(?:structure|class|inductive)/.test(known.kind)) return true;
  return known.source.type === ""
    ? /^[^a-z]/.test(lastComponent(name))
    : MAKES_TYPES.test(known.source.type);
}

/** Whether a sign says nothing about what a type is made of. */
export function isBracket(word: string): boolean {
  return BRACKETS.test(word);
}

/** The words and signs of a text, without numbers. */
export function wordsOf(text: string): string[] {
  const { tokens } = tokenize(text);
  const words: string[] = [];
  for (let token = 0; token < tokens.size; token += 1) {
    if (tokens.kind(token) !== TOKEN.number) words.push(tokens.word(token));
  }
  return words;
}

function wrapped(name: string, ...args: TermShape[]): TermShape {
  return { kind: "application", head: { kind: "constant", name }, arguments: args };
}
