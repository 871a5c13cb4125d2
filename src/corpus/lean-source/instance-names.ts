import { tokenize } from "./tokens.js";
import { readBinder } from "./binders.js";
import type { ContextNames } from "./context-names.js";
import { lastComponent, type NameTable, prefixOf } from "./name-table.js";
import type { InstanceParameters } from "./instance-parameters.js";
import type { SourceDeclaration } from "./source-declaration.js";
import { isSure, readTermShape, type TermNames, type TermShape } from "./term-shape.js";
import { LocalTypes } from "./type-coercions.js";

/** What the name of an instance depends on around it. */
export interface InstanceSurroundings {
  readonly module: string;
  readonly namespace: string;
  readonly names: ContextNames;
  readonly table: NameTable;
  readonly notation: (sign: string) => string | undefined;
  /** The same for a word that is notation in the file: `local notation "Γ" => …`. */
  readonly ownNotation: (word: string) => string | undefined;
}

/** A longer type than this, in characters, is not looked into. */
const LONGEST_TYPE = 4000;

/** A name, and whether it is made of nothing that had to be guessed. */
export interface InstanceName {
  readonly name: string;
  readonly isSure: boolean;
}

interface InstanceBinder {
  readonly names: readonly string[];
  readonly text: string;
  readonly shape: TermShape;
}

/**
 * The name that Lean gives to an instance without one, without its namespace: the head constants of
 * its type, then `Of…` for each binder that nothing behind it depends on, then the project where no
 * constant is the project's own. After Lean's `Lean.Elab.DeclNameGen`, which works on terms; from text,
 * implicit arguments and inferred instances are guesses.
 */
export function anonymousInstanceName(
  instance: SourceDeclaration,
  surroundings: InstanceSurroundings,
  parameters: InstanceParameters,
): InstanceName {
  const { table, names, namespace, module } = surroundings;
  const locals = new Map(Object.entries(instance.anonymous?.locals ?? {}));
  const termNames: TermNames = {
    notation: surroundings.notation,
    constant: (word) => {
      const noted = locals.has(word) ? undefined : surroundings.ownNotation(word);
      if (noted !== undefined) return noted;
      const found =
        constantNamed(word, locals, (name) => names.resolve(name)) ??
        (locals.has(word) ? undefined : surroundings.notation(word));
      const named = found === undefined ? undefined : table.get(found);
      // What the file declares further down is not known yet where the instance stands.
      const isLater = named?.module === module && named.source.line > instance.line;
      return isLater ? (word !== found && table.has(word) ? word : undefined) : found;
    },
  };
  const localTypes = new LocalTypes(instance.signature, termNames);
  const binders = (instance.anonymous?.binders ?? []).map((text) => readTyped(text, termNames));
  if (instance.type.length > LONGEST_TYPE) return { name: "inst", isSure: false };
  const type = readTermShape(instance.type, termNames);
  const speller = new Speller(table, namespace);
  const asType = parameters.withCoercions(type, localTypes);
  const { name, binders: foralls } = speller.topLevel(asType);
  let suffix = "";
  let sure = isSure(asType);
  const later: { texts: string[]; shapes: TermShape[] } = {
    texts: [instance.type],
    shapes: [type],
  };
  const isHidden = needsUnknownInstances(type, table);
  for (const binder of [...binders].reverse()) {
    const isUsed =
      binder.names.some((own) => isNamed(later, own)) ||
      parameters.needs(later.shapes, binder.shape);
    if (!isUsed) {
      const shape = parameters.withCoercions(binder.shape, localTypes);
      const isFound =
        binder.text.startsWith("[") && (isHidden || parameters.mayNeed(later.shapes, binder.shape));
      const spelt = speller.spell(shape, true);
      sure &&= isSure(shape) && !(isFound && spelt !== "");
      if (spelt !== "") suffix = `Of${spelt}${suffix}`;
    }
    later.texts.push(binder.text);
    later.shapes.push(binder.shape);
  }
  const base = `inst${name}${suffix}${foralls}`;
  const project = rootOf(module);
  const isOwn = speller.constants.some((constant) => {
    const found = table.get(constant);
    return found !== undefined && rootOf(found.module) === project;
  });
  const isLocal = isOwn || project === "" || project === "Init";
  const small = project.slice(0, 1).toLowerCase() + project.slice(1);
  return { name: isLocal ? base : `${base}_${small}`, isSure: sure };
}

function rootOf(module: string): string {
  return module.split(".", 1)[0] ?? "";
}

function isNamed(later: { readonly texts: readonly string[] }, name: string): boolean {
  return later.texts.some((text) => {
    for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
      const [before, after] = [text[at - 1] ?? " ", text[at + name.length] ?? " "];
      if (!/[\p{L}\p{N}_'.]/u.test(before) && !/[\p{L}\p{N}_']/u.test(after)) return true;
    }
    return false;
  });
}

/** One letter with marks: what `autoImplicit` binds without being asked. */
const AUTO_BOUND = /^\p{L}['₀-₉]*$/u;

/** The constant that a word names; with `?` before it, one that is reached through a local variable. */
function constantNamed(
  word: string,
  locals: ReadonlyMap<string, string>,
  resolve: (name: string) => string | undefined,
): string | undefined {
  const dot = word.indexOf(".");
  const head = locals.get(dot === -1 ? word : word.slice(0, dot));
  if (head !== undefined) {
    if (dot === -1) return undefined;
    const through = head === "" ? undefined : resolve(head);
    return `?${through ?? head}.${lastComponent(word)}`;
  }
  return resolve(word) ?? (AUTO_BOUND.test(word) || word === "_" ? undefined : word);
}

function readTyped(text: string, names: TermNames): InstanceBinder {
  const { tokens } = tokenize(text);
  tokens.pairBrackets(
    () => false,
    () => undefined,
  );
  const binder = readBinder(tokens, 0);
  const type = binder?.type ?? "";
  const shape = readTermShape(type, names);
  return { names: binder?.names ?? [], text, shape };
}

/** Classes of Lean's core that need no instances of others, which `LawfulBEq α` does. */
const CORE_CLASSES: ReadonlySet<string> = new Set(
  (
    "Inhabited Nonempty Subsingleton Decidable DecidableEq DecidablePred DecidableRel BEq Hashable " +
    "Repr ToString ToFormat ToMessageData ToExpr ToJson FromJson Quote Ord LE LT Min Max Add Sub Mul " +
    "Div Mod Neg Inv Zero One Pow NatPow HAdd HSub HMul HDiv HMod HPow Dvd SMul HSMul NatCast IntCast " +
    "RatCast OfNat OfScientific Coe CoeTC CoeT CoeHead CoeTail CoeOut CoeFun CoeSort CoeDep Membership " +
    "Insert Singleton EmptyCollection Union Inter SDiff HasCompl HasSubset HasSSubset Append HAppend " +
    "AndThen OrElse HOrElse Xor HXor ShiftLeft ShiftRight Complement GetElem GetElem? ForIn ForM Stream " +
    "ToStream Functor Applicative Monad Pure Bind Seq SeqLeft SeqRight Alternative MonadLift MonadLiftT " +
    "MonadExcept MonadState MonadReader Setoid HasEquiv WellFoundedRelation SizeOf Trans Refl Irrefl " +
    "Symm Asymm Antisymm Total Trichotomous Associative Commutative IdempotentOp"
  ).split(" "),
);

/** Whether a class may need instances, but which ones the library does not say. */
function needsUnknownInstances(type: TermShape, table: NameTable): boolean {
  const head = type.kind === "application" ? type.head : type;
  if (head.kind !== "constant" || table.has(head.name)) return false;
  return !CORE_CLASSES.has(lastComponent(head.name));
}

/** Types of Lean's core after which libraries name namespaces of their own. */
const CORE_TYPES: ReadonlySet<string> = new Set(
  (
    "And Array Bool Char Decidable Empty Eq Except Exists False Fin HEq Iff Int List Nat Ne Not " +
    "Option Or Ordering PLift PProd PSigma PSum PUnit Prod Quot Quotient Rat Setoid Sigma String " +
    "Subtype Sum Thunk True ULift Unit Vector Lean.Expr Lean.Name Lean.Syntax Std.HashMap"
  ).split(" "),
);

/** Spells terms as Lean's `mkBaseNameCore` does: each subterm only where it comes first. */
class Speller {
  readonly constants: string[] = [];
  readonly #seen = new Set<string>();

  constructor(table: NameTable, namespace: string) {
    for (let prefix = namespace; prefix !== ""; prefix = prefixOf(prefix)) {
      if (!table.has(prefix) && !CORE_TYPES.has(prefix)) continue;
      this.#seen.add(`c:${prefix}`);
      this.constants.push(prefix);
    }
  }

  /** A type whose arrows at the top are binders. */
  topLevel(shape: TermShape): { name: string; binders: string } {
    if (shape.kind !== "forall") return { name: this.spell(shape, false), binders: "" };
    const rest = this.topLevel(shape.body);
    const domain = this.spell(shape.domain, true);
    return { name: rest.name, binders: (domain === "" ? "" : `Of${domain}`) + rest.binders };
  }

  spell(shape: TermShape, omitForall: boolean): string {
    const key = keyOf(shape);
    if (this.#seen.has(key)) return "";
    const spelt = this.#spellNew(shape, omitForall);
    this.#seen.add(key);
    return spelt;
  }

  #spellNew(shape: TermShape, omitForall: boolean): string {
    switch (shape.kind) {
      case "constant": {
        this.constants.push(shape.name);
        const last = lastComponent(shape.name);
        return last.slice(0, 1).toUpperCase() + last.slice(1);
      }
      case "application": {
        let spelt = this.spell(shape.head, false);
        for (const argument of shape.arguments) spelt += this.spell(argument, false);
        return spelt;
      }
      case "forall": {
        const domain = this.spell(shape.domain, false);
        if (omitForall && domain === "") return this.spell(shape.body, true);
        return `Forall${domain}${this.spell(shape.body, false)}`;
      }
      case "sort":
        return shape.name;
      case "local":
      case "other":
        return "";
    }
  }
}

/** The same for the same terms; locals are all alike, as they are where Lean spells. */
function keyOf(shape: TermShape): string {
  switch (shape.kind) {
    case "constant":
      return `c:${shape.name}`;
    case "application":
      return `(${[shape.head, ...shape.arguments].map(keyOf).join(" ")})`;
    case "forall":
      return `∀${keyOf(shape.domain)},${keyOf(shape.body)}`;
    case "sort":
      return shape.name;
    case "local":
    case "other":
      return "_";
  }
}
