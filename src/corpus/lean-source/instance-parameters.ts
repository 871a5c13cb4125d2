import { readBinder } from "./binders.js";
import type { ContextNames } from "./context-names.js";
import { lastComponent, type NameTable } from "./name-table.js";
import type { TermShape } from "./term-shape.js";
import { tokenize } from "./tokens.js";

interface Parameter {
  readonly bracket: string;
  readonly name: string;
  readonly type: string;
}

interface Signature {
  readonly explicit: readonly Parameter[];
  /** The names of implicit parameters that are types. */
  readonly implicitTypes: ReadonlySet<string>;
  readonly instances: readonly { readonly className: string; readonly on: readonly string[] }[];
}

const NO_SIGNATURE: Signature = { explicit: [], implicitTypes: new Set(), instances: [] };
/** Signatures longer than this are not looked into. */
const LONGEST_SIGNATURE = 4000;

/**
 * What declarations ask of instances, read off their signatures: which instance arguments `Module R M`
 * needs, and which classes a class extends.
 */
export class InstanceParameters {
  readonly #table: NameTable;
  readonly #namesOf: (declaration: string) => ContextNames | undefined;
  readonly #signatures = new Map<string, Signature>();
  readonly #ancestors = new Map<string, ReadonlySet<string>>();

  /** @param namesOf what short names mean where a declaration stands. */
  constructor(table: NameTable, namesOf: (declaration: string) => ContextNames | undefined) {
    this.#table = table;
    this.#namesOf = namesOf;
  }

  #signature(name: string): Signature {
    const known = this.#signatures.get(name);
    if (known !== undefined) return known;
    const text = this.#table.get(name)?.source.signature ?? "";
    const signature = text.length > LONGEST_SIGNATURE ? NO_SIGNATURE : readSignature(text);
    this.#signatures.set(name, signature);
    return signature;
  }

  /** A structure or class and all that it extends, from the nearest. */
  ancestorsOf(name: string): ReadonlySet<string> {
    const known = this.#ancestors.get(name);
    if (known !== undefined) return known;
    const found = new Set([name]);
    // A set goes on to the members that are added while it is walked.
    for (const child of found) {
      const source = this.#table.get(child)?.source;
      if (source === undefined) continue;
      const heads = parentHeads(`${source.signature} ${source.type}`);
      const names = heads.length === 0 ? undefined : this.#namesOf(child);
      for (const head of heads) found.add(names?.resolve(head, child) ?? head);
    }
    this.#ancestors.set(name, found);
    return found;
  }

  /** Whether one of the terms needs the instance that a binder gives, such as `[Semiring R]`. */
  needs(terms: readonly TermShape[], instance: TermShape): boolean {
    if (instance.kind !== "application" || instance.head.kind !== "constant") return false;
    const gives = new Set([...this.ancestorsOf(instance.head.name)].map(lastComponent));
    const on = new Set(instance.arguments.flatMap(localsOf));
    return terms.some((term) => this.#termNeeds(term, gives, on));
  }

  #termNeeds(term: TermShape, gives: ReadonlySet<string>, on: ReadonlySet<string>): boolean {
    if (term.kind === "forall") {
      return this.#termNeeds(term.domain, gives, on) || this.#termNeeds(term.body, gives, on);
    }
    if (term.kind !== "application") return false;
    if (term.arguments.some((argument) => this.#termNeeds(argument, gives, on))) return true;
    if (term.head.kind !== "constant") return false;
    const { explicit, instances } = this.#signature(term.head.name);
    const locals = new Set(term.arguments.flatMap(localsOf));
    return instances.some(({ className, on: parameters }) => {
      if (!gives.has(className)) return false;
      const given = parameters.flatMap((parameter) => {
        const at = explicit.findIndex(({ name }) => name === parameter);
        const argument = at === -1 ? undefined : term.arguments[at];
        return argument === undefined ? [...locals] : localsOf(argument);
      });
      return given.some((local) => on.has(local));
    });
  }

  /**
   * A term in which sets that stand where a type is wanted are turned into types, as Lean does:
   * `Finite s` is about `s.Elem`, `Group S` about the subtype of a subgroup `S`.
   */
  withCoercions(term: TermShape, locals: ReadonlyMap<string, string>): TermShape {
    if (term.kind !== "application" || term.head.kind !== "constant") return term;
    const { explicit, implicitTypes } = this.#signature(term.head.name);
    const isTypeShown = term.arguments.some(
      (argument, at) =>
        implicitTypes.has(explicit[at]?.type ?? "") && !isOfVariableType(argument, locals),
    );
    const args = term.arguments.map((argument, at) => {
      const type = explicit[at]?.type ?? "";
      if (argument.kind !== "local" || !/^(?:outParam )?(?:Type|Sort)/.test(type)) {
        return this.withCoercions(argument, locals);
      }
      const head = lastComponent(locals.get(argument.name) ?? "");
      if (head === "Set") return wrapped("Set.Elem", argument);
      return SET_LIKE.test(head)
        ? wrapped("Subtype", wrapped("Membership.mem", argument))
        : argument;
    });
    // An implicit argument that is a type is part of the name: `Subgroup G` in `G ⧸ S`.
    const hidden: TermShape[] = isTypeShown ? [{ kind: "other", isSure: false }] : [];
    return { ...term, arguments: [...args, ...hidden] };
  }
}

/** Whether a term is a variable whose type is a variable, too, and so shown in no name. */
function isOfVariableType(term: TermShape, locals: ReadonlyMap<string, string>): boolean {
  if (term.kind !== "local") return false;
  const type = locals.get(term.name) ?? "";
  return type === "" || locals.has(type) || /^\p{L}['₀-₉]*$/u.test(type);
}

/** Types of bundled subsets, whose elements `x ∈ S` make the type that `S` is coerced to. */
const SET_LIKE =
  /^(?:.*Sub(?:group|monoid|ring|semiring|semigroup|module|field|algebra|space|lattice)|Ideal|Finset|Opens|Closeds|Compacts|IntermediateField|LieSubalgebra|LieIdeal|ConvexCone|.*Sub[a-z]*Class)$/;

function wrapped(name: string, argument: TermShape): TermShape {
  return { kind: "application", head: { kind: "constant", name }, arguments: [argument] };
}

function localsOf(term: TermShape): string[] {
  switch (term.kind) {
    case "local":
      return [term.name];
    case "application":
      return [term.head, ...term.arguments].flatMap(localsOf);
    case "forall":
      return [...localsOf(term.domain), ...localsOf(term.body)];
    case "constant":
    case "sort":
    case "other":
      return [];
  }
}

function readSignature(text: string): Signature {
  const { tokens } = tokenize(text);
  tokens.pairBrackets(
    () => false,
    () => undefined,
  );
  const explicit: Parameter[] = [];
  const implicitTypes = new Set<string>();
  const instances: { className: string; on: string[] }[] = [];
  for (let token = 0; token < tokens.size; token = tokens.skip(token)) {
    const binder = readBinder(tokens, token);
    if (binder === undefined) {
      if (tokens.is(token, "extends")) break;
      continue;
    }
    const { bracket, type, typeFrom, typeTo } = binder;
    if (bracket === "(") for (const name of binder.names) explicit.push({ bracket, name, type });
    if (bracket === "{" && /^(?:Type|Sort)\b/.test(type)) {
      for (const name of binder.names) implicitTypes.add(name);
    }
    if (bracket !== "[") continue;
    const on: string[] = [];
    for (let at = typeFrom + 1; at < typeTo; at += 1) on.push(tokens.word(at));
    instances.push({ className: lastComponent(tokens.word(typeFrom)), on });
  }
  return { explicit, implicitTypes, instances };
}

/** The names at the heads of the parents that `extends` lists. */
function parentHeads(text: string): string[] {
  const start = text.indexOf("extends ");
  if (start === -1) return [];
  const { tokens } = tokenize(text.slice(start + "extends ".length));
  tokens.pairBrackets(
    () => false,
    () => undefined,
  );
  const heads: string[] = [];
  let isStart = true;
  for (let token = 0; token < tokens.size; token = tokens.skip(token)) {
    if (isStart) {
      const isNamed = tokens.is(token + 1, ":");
      heads.push(tokens.word(isNamed ? token + 2 : token));
    }
    isStart = tokens.is(token, ",");
  }
  return heads;
}
