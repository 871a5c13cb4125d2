import type { Declaration } from "../declaration.js";
import type {
  DeclarationFacts,
  DeclarationId,
  DeclarationIndex,
} from "../index/declaration-index.js";
import { nameComponents } from "../index/name-key.js";
import { words } from "../text/words.js";

/** What someone wants to prove. At least one of `formal` and `informal` is not empty. */
export interface Theorem {
  /** Its full Lean name; undefined for an `example` and for words. */
  readonly name: string | undefined;
  /** The Lean source that states it, with what it needs of its file; empty where there is none. */
  readonly formal: string;
  /** Binders and type with the file's variables and definitions: what is searched. May be empty. */
  readonly statement: string;
  /** What is to be shown: the type after the colon of the head. May be empty. */
  readonly conclusion: string;
  /** The statement in words: a docstring, or the text that was given. May be empty. */
  readonly informal: string;
  /** A proof in words, where one is known. May be empty. */
  readonly informalProof: string;
  /** Modules that its file imports, `Mathlib` itself left out. */
  readonly imports: readonly string[];
}

/** From this share of common words on, two statements under one name are the same theorem. */
const SAME_STATEMENT = 0.6;

/**
 * The declarations of an index that are the theorem itself: a theorem is no premise of its own proof,
 * and what it uses tells nothing to someone who is about to prove it. Those are the declaration of its
 * name, of its name in another namespace where the statement is the same, what Lean generated them
 * from, and what it generated from them.
 */
export class TheoremItself {
  readonly #index: DeclarationIndex;
  readonly #names: ReadonlySet<string>;
  readonly #uses: ReadonlySet<DeclarationId>;

  constructor(index: DeclarationIndex, theorem: Pick<Theorem, "name" | "statement">) {
    this.#index = index;
    this.#names = namesOf(index, theorem);
    const ids = [...this.#names].map((name) => index.idOf(name));
    this.#uses = new Set(ids.flatMap((id) => (id === undefined ? [] : index.uses(id))));
  }

  /** Whether a declaration is the theorem, or was generated from it. */
  is({ id, name, isDerived }: Pick<DeclarationFacts, "id" | "name" | "isDerived">): boolean {
    if (this.#names.size === 0) return false;
    if (this.#names.has(name)) return true;
    if (!isDerived) return false;
    const source = this.#index.declaration(id)?.derivedFrom;
    return source !== undefined && this.#names.has(source);
  }

  /** A declaration's facts as they were if the theorem had no proof yet. */
  without(facts: DeclarationFacts): DeclarationFacts {
    if (!this.#uses.has(facts.id)) return facts;
    return { ...facts, usedBy: Math.max(0, facts.usedBy - 1) };
  }
}

/** How many declarations of the same last component are compared with a theorem, the most used first. */
const COMPARED_NAMESAKES = 1000;

function namesOf(
  index: DeclarationIndex,
  { name, statement }: Pick<Theorem, "name" | "statement">,
): Set<string> {
  const names = new Set<string>();
  if (name === undefined) return names;
  const add = (found: string, { derivedFrom }: Pick<Declaration, "derivedFrom">): void => {
    names.add(found);
    if (derivedFrom !== undefined) names.add(derivedFrom);
  };
  // Of a frequent last component, such as `ext`, the theorem itself need not be among the most used.
  const id = index.idOf(name);
  const itself = id === undefined ? undefined : index.declaration(id);
  if (itself !== undefined) add(name, itself);
  const stated = words(statement);
  if (stated.length === 0) return names;
  const last = nameComponents(name).at(-1) ?? name;
  for (const { id: other, name: found } of index.names.withEnding(last, COMPARED_NAMESAKES)) {
    const declaration = index.declaration(other);
    if (declaration === undefined) continue;
    const { signature, type } = declaration;
    if (overlap(stated, words(`${signature} ${type}`)) >= SAME_STATEMENT) add(found, declaration);
  }
  return names;
}

/** The share of words that two texts have in common (Dice's coefficient of their multisets): 0 to 1. */
function overlap(a: readonly string[], b: readonly string[]): number {
  if (a.length + b.length === 0) return 0;
  const counts = new Map<string, number>();
  for (const word of a) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of b) {
    const left = counts.get(word) ?? 0;
    if (left === 0) continue;
    counts.set(word, left - 1);
    shared += 1;
  }
  return (2 * shared) / (a.length + b.length);
}
