import type { ContextNames } from "./context-names.js";
import { lastComponent, type NameTable } from "./name-table.js";
import {
  headsStoodFor,
  NO_SIGNATURE,
  type Parameter,
  parentHeads,
  readSignature,
  type Signature,
} from "./signature-parameters.js";
import type { TermShape } from "./term-shape.js";
import { isBracket, type LocalTypes, wordsOf } from "./type-coercions.js";

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

  /** A structure or class and all that it extends or stands for, from the nearest. */
  ancestorsOf(name: string): ReadonlySet<string> {
    const known = this.#ancestors.get(name);
    if (known !== undefined) return known;
    const found = new Set([name]);
    // A set goes on to the members that are added while it is walked.
    for (const child of found) {
      const source = this.#table.get(child)?.source;
      if (source === undefined) continue;
      const { kind, signature, type, value } = source;
      const heads = [...parentHeads(`${signature} ${type}`), ...headsStoodFor(kind, type, value)];
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

  /**
   * Whether one of the terms needs an instance for a type that is made of several, such as `Matrix n n R`,
   * which may in turn need the instance that a binder gives. Properties are not needed by data.
   */
  mayNeed(terms: readonly TermShape[], instance: TermShape): boolean {
    if (instance.kind !== "application" || instance.head.kind !== "constant") return false;
    if (this.#table.get(instance.head.name)?.source.type.startsWith("Prop") === true) return false;
    const on = new Set(instance.arguments.flatMap(localsOf));
    return terms.some((term) => this.#mayNeed(term, on));
  }

  #mayNeed(term: TermShape, on: ReadonlySet<string>): boolean {
    if (term.kind !== "application") return false;
    if (term.arguments.some((argument) => this.#mayNeed(argument, on))) return true;
    if (term.head.kind !== "constant") return false;
    const { explicit, instances } = this.#signature(term.head.name);
    return instances.some(({ on: parameters }) =>
      parameters.some((parameter) => {
        const argument = term.arguments[explicit.findIndex(({ name }) => name === parameter)];
        return argument?.kind === "application" && localsOf(argument).some((name) => on.has(name));
      }),
    );
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
   * `Finite s` is about `s.Elem`, `Group S` about the subtype of a subgroup `S`. What Lean shows of
   * implicit types and the text does not tell becomes a part that is not sure.
   */
  withCoercions(term: TermShape, locals: LocalTypes): TermShape {
    if (term.kind === "forall") {
      const { domain, body } = term;
      return {
        ...term,
        domain: this.withCoercions(domain, locals),
        body: this.withCoercions(body, locals),
      };
    }
    if (term.kind !== "application" || term.head.kind !== "constant") return term;
    const { name } = term.head;
    const own = RELATIONS.has(name) ? withRelatedType(term, locals) : term;
    const { explicit, implicitTypes } = this.#signature(name);
    const args = own.arguments.map((argument, at) => {
      const type = CORE_CLASSES.has(name) ? "Type" : (explicit[at]?.type ?? "");
      const coerced = this.withCoercions(argument, locals);
      if (IS_TYPE.test(type)) return locals.asType(coerced, this.#table);
      return argument.kind === "local" && locals.isCoerced(argument.name, type) ? UNSURE : coerced;
    });
    // An implicit argument that is a type is part of the name: `Subgroup G` in `G ⧸ S`.
    const isShown = implicitTypes.some((telling) => {
      const given = telling.filter((at) => at < term.arguments.length);
      return (
        given.length > 0 &&
        !given.some((at) => this.#isPlain(term.arguments[at], explicit[at], locals))
      );
    });
    return { ...own, arguments: isShown ? [...args, UNSURE] : args };
  }

  /** Whether what the type of an argument leaves to be found are variables. */
  #isPlain(
    term: TermShape | undefined,
    parameter: Parameter | undefined,
    locals: LocalTypes,
  ): boolean {
    if (term === undefined || parameter === undefined) return false;
    if (term.kind === "local") return locals.isPlain(term.name, parameter.constants);
    if (term.kind !== "application" || term.head.kind !== "constant") return false;
    const [first] = term.arguments;
    if (term.head.name === "OfNat.ofNat") {
      return first?.kind === "application" && first.arguments.every(({ kind }) => kind === "local");
    }
    const { explicit, bound } = this.#signature(term.head.name);
    const type = this.#table.get(term.head.name)?.source.type ?? "";
    return (
      type !== "" &&
      wordsOf(type).every(
        (word) => bound.has(word) || parameter.constants.has(word) || isBracket(word),
      ) &&
      term.arguments.every((argument, at) => this.#isPlain(argument, explicit[at], locals))
    );
  }
}

const UNSURE: TermShape = { kind: "other", isSure: false };
const IS_TYPE = /^(?:outParam )?(?:Type|Sort)/;

/** Classes of Lean's core about types alone. */
const CORE_CLASSES: ReadonlySet<string> = new Set(
  (
    "Inhabited Nonempty Subsingleton DecidableEq BEq Hashable Repr ToString Ord LE LT Min Max Add Sub " +
    "Mul Div Mod Neg Inv Zero One Pow NatPow SMul HAdd HSub HMul HDiv HPow HSMul Dvd NatCast IntCast " +
    "RatCast Coe CoeTC CoeHead CoeTail CoeOut CoeSort Membership Insert Singleton EmptyCollection " +
    "Union Inter SDiff HasSubset HasSSubset Append"
  ).split(" "),
);

/** Relations of Lean's core whose type is implicit. */
const RELATIONS: ReadonlySet<string> = new Set(
  (
    "Membership.mem HasSubset.Subset HasSSubset.SSubset LE.le LT.lt GE.ge GT.gt Dvd.dvd Union.union " +
    "Inter.inter Max.max Min.min Compl.compl Inv.inv"
  ).split(" "),
);

/** A relation with its type where that is shown: `Set` in `· ∈ s`. */
function withRelatedType(
  term: TermShape & { readonly kind: "application" },
  locals: LocalTypes,
): TermShape & { readonly kind: "application" } {
  const shown = term.arguments.flatMap((argument): TermShape[] => {
    if (argument.kind === "other" && argument.isSure) return [];
    if (argument.kind !== "local") return [{ kind: "other", isSure: false }];
    return locals.typeOf(argument.name) === "" ? [] : [locals.shapeOfType(argument.name)];
  });
  return { ...term, arguments: [...shown.slice(0, 1), ...term.arguments] };
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
