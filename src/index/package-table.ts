import type { Database } from "better-sqlite3";
import { z } from "zod";
import type { DeclarationId, Filter } from "./declaration-index.js";

/** A package whose declarations an index holds. */
export interface IndexedPackage {
  readonly name: string;
  /** "" where nothing told it. */
  readonly version: string;
  /** Whether it is the project that the index was made for. */
  readonly isOwn: boolean;
  readonly declarations: number;
}

const packageRow = z.tuple([z.number(), z.string(), z.string(), z.number()]);

/** The packages of an index: empty where its declarations came without any, as corpora's do. */
export class PackageTable {
  /** The package of each declaration by id, as a number; 0 for none. */
  readonly #packages: Uint32Array;
  readonly #known: readonly (Omit<IndexedPackage, "declarations"> & {
    readonly id: number;
  })[];
  readonly #own: ReadonlySet<number>;

  constructor(db: Database, packages: Uint32Array) {
    this.#packages = packages;
    this.#known = db
      .prepare<[], unknown[]>("select id, name, version, is_own from packages order by id")
      .raw()
      .all()
      .map((stored) => {
        const [id, name, version, isOwn] = packageRow.parse(stored);
        return { id, name, version, isOwn: isOwn === 1 };
      });
    this.#own = new Set(this.#known.filter(({ isOwn }) => isOwn).map(({ id }) => id));
  }

  /** Whether any declaration is of the project that the index was made for. */
  get hasOwn(): boolean {
    return this.#own.size > 0;
  }

  /** The names of the packages, the project's own first. */
  get names(): string[] {
    const byOwn = [...this.#known].sort((a, b) => Number(b.isOwn) - Number(a.isOwn));
    return [...new Set(byOwn.map(({ name }) => name))];
  }

  /** Whether a declaration is of the project that the index was made for. */
  isOwn(id: DeclarationId): boolean {
    return this.#own.has(this.#packages[id] ?? 0);
  }

  /** The package of a declaration as a number; 0 for none. */
  packageOf(id: DeclarationId): number {
    return this.#packages[id] ?? 0;
  }

  /** The numbers of the packages that a filter lets through; undefined where it asks for none. */
  passing(filter: Pick<Filter, "package" | "own">): ReadonlySet<number> | undefined {
    const { package: wanted = "", own = false } = filter;
    if (wanted === "" && !own) return undefined;
    const passing = this.#known.filter(
      ({ name, isOwn }) => (wanted === "" || name === wanted) && (!own || isOwn),
    );
    return new Set(passing.map(({ id }) => id));
  }

  /** All packages with how many declarations each has; reads a number for every declaration. */
  list(): IndexedPackage[] {
    const counts = new Map<number, number>();
    for (const id of this.#packages) counts.set(id, (counts.get(id) ?? 0) + 1);
    return this.#known.map(({ id, ...known }) => ({
      ...known,
      declarations: counts.get(id) ?? 0,
    }));
  }
}
