import { statSync } from "node:fs";
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { type Declaration, declarationKind, type DeclarationKind } from "../declaration.js";
import { LexicalTable } from "./lexical-table.js";
import { NameTable } from "./name-table.js";
import { describeOpenError, openForReading, type OpenOptions, reading } from "./open.js";
import { PhraseTable } from "./phrase-table.js";
import { VectorTable } from "./vector-table.js";
import type { IndexedPackage, PackageTable } from "./package-table.js";
import { readRecord, textList } from "./records.js";
import { readMeta } from "./schema.js";

/** A declaration's id within one index; it changes when the index is made again from nothing. */
export type DeclarationId = number;

/** Which declarations a search is limited to. */
export interface Filter {
  /** Any of these kinds; empty for all. */
  readonly kinds: readonly DeclarationKind[];
  /** A module and all modules below it: `Mathlib.Topology`; empty for all. */
  readonly module: string;
  /** The package of this name; all where absent or empty. */
  readonly package?: string | undefined;
  /** Only the project that the index was made for. */
  readonly own?: boolean | undefined;
}

/** What ranking needs to know of a declaration beside its words. */
export interface DeclarationFacts {
  readonly id: DeclarationId;
  readonly name: string;
  readonly kind: DeclarationKind;
  readonly module: string;
  /** How many declarations of the index refer to it. */
  readonly usedBy: number;
  /** Whether Lean generated it from another declaration, as it does additive twins. */
  readonly isDerived: boolean;
}

/** What an index says of itself. */
export interface IndexSummary {
  readonly path: string;
  readonly bytes: number;
  readonly declarations: number;
  readonly skippedLines: number;
  readonly duplicates: number;
  readonly sources: readonly string[];
  /** Empty where the sources do not tell. */
  readonly packages: readonly IndexedPackage[];
  readonly corpusFingerprint: string;
  readonly vocabularyFingerprint: string;
  /** The model that made its vectors; undefined where it holds none. */
  readonly embedder: string | undefined;
  readonly builtAt: string;
  readonly builtBy: string;
}

const factsRow = z.tuple([
  z.number(),
  z.string(),
  declarationKind,
  z.string(),
  z.number(),
  z.number(),
]);

/**
 * A finished index, open for reading: records, names, words and the references graph. All methods
 * are synchronous, as SQLite is; none takes longer than a few milliseconds but for
 * {@link LexicalTable.candidates}.
 */
export class DeclarationIndex {
  readonly path: string;
  readonly lexical: LexicalTable;
  readonly phrases: PhraseTable;
  readonly names: NameTable;
  /** Undefined where the index was made without vectors. */
  readonly vectors: VectorTable | undefined;
  readonly #db: Database;
  readonly #version: string | undefined;

  private constructor(path: string, db: Database) {
    this.path = path;
    this.#db = db;
    this.#version = versionOf(db);
    this.lexical = new LexicalTable(db);
    this.phrases = new PhraseTable(db, this.lexical.packages);
    this.names = new NameTable(db);
    this.vectors = VectorTable.open(db, this.lexical.kinds);
  }

  /** @throws UserError `noIndex` as {@link openForReading} does. */
  static open(path: string, options?: OpenOptions): DeclarationIndex {
    const db = openForReading(path, options);
    try {
      return new DeclarationIndex(path, db);
    } catch (error) {
      db.close();
      throw describeOpenError(error, path);
    }
  }

  /** Where declarations come from. */
  get packages(): PackageTable {
    return this.lexical.packages;
  }

  /** Closes the file; the index cannot be used afterwards. */
  close(): void {
    this.#db.close();
  }

  /**
   * Whether the file has been changed or replaced since this was opened. What was opened goes on
   * answering, without the declarations that came or went since; takes some 20 µs.
   */
  isOutdated(): boolean {
    const version = versionOf(this.#db);
    // Where the file is gone, there is nothing newer.
    return version !== undefined && version !== this.#version;
  }

  /** The id of the declaration of exactly this name, or undefined. */
  idOf(name: string): DeclarationId | undefined {
    return reading(this.#db, () =>
      this.#db
        .prepare<[string], number>(
          "select d.id from names n join declarations d on d.id = n.id where n.name = ?",
        )
        .pluck()
        .get(name),
    );
  }

  /** Facts of several declarations, in the order of the ids; unknown ids are left out. */
  facts(ids: readonly DeclarationId[]): DeclarationFacts[] {
    return reading(this.#db, () => {
      const rows = this.#db
        .prepare<[string], unknown[]>(
          `select d.id, n.name, d.kind, m.name, d.used_by, d.is_derived
           from json_each(?) wanted
           join declarations d on d.id = wanted.value
           join names n on n.id = d.id
           join modules m on m.id = d.module_id
           order by wanted.key`,
        )
        .raw();
      return rows.all(JSON.stringify(ids)).map((row) => {
        const [id, name, kind, module, usedBy, isDerived] = factsRow.parse(row);
        return { id, name, kind, module, usedBy, isDerived: isDerived === 1 };
      });
    });
  }

  /** The whole record of a declaration, or undefined for an unknown id. */
  declaration(id: DeclarationId): Declaration | undefined {
    return reading(this.#db, () => readRecord(this.#db, id));
  }

  /** The declarations of the index that this one refers to, in the order of its text. */
  uses(id: DeclarationId): DeclarationId[] {
    return reading(this.#db, () =>
      this.#db
        .prepare<[number], number>(
          `select u.to_id from uses u join declarations d on d.id = u.to_id
           where u.from_id = ? order by u.position`,
        )
        .pluck()
        .all(id),
    );
  }

  /** The declarations that refer to this one, the most used first. */
  usedBy(id: DeclarationId, limit: number): DeclarationId[] {
    return reading(this.#db, () =>
      this.#db
        .prepare<[number, number], number>(
          `select u.from_id from uses u join declarations d on d.id = u.from_id
           where u.to_id = ? order by d.used_by desc, u.from_id limit ?`,
        )
        .pluck()
        .all(id, limit),
    );
  }

  /** What the index says of itself. */
  summary(): IndexSummary {
    return reading(this.#db, () => this.#summary());
  }

  #summary(): IndexSummary {
    const meta = (key: Parameters<typeof readMeta>[1]): string => readMeta(this.#db, key) ?? "";
    const size = (pragma: string): number => Number(this.#db.pragma(pragma, { simple: true }));
    return {
      path: this.path,
      bytes: size("page_count") * size("page_size"),
      declarations: Number(meta("declarations")),
      skippedLines: Number(meta("skipped_lines")),
      duplicates: Number(meta("duplicates")),
      sources: textList(meta("sources")),
      packages: this.packages.list(),
      corpusFingerprint: meta("corpus_fingerprint"),
      vocabularyFingerprint: meta("vocabulary_fingerprint"),
      embedder: this.vectors?.embedder.model,
      builtAt: meta("built_at"),
      builtBy: meta("built_by"),
    };
  }

  /** How many declarations there are of each kind, the commonest first. */
  kindCounts(): { readonly kind: string; readonly declarations: number }[] {
    return reading(this.#db, () =>
      this.#db
        .prepare<[], { kind: string; declarations: number }>(
          "select kind, count(*) as declarations from declarations group by kind order by 2 desc, 1",
        )
        .all(),
    );
  }

  /** Whether any declaration lives in this module or below it. */
  hasModule(prefix: string): boolean {
    return reading(
      this.#db,
      () =>
        this.#db
          .prepare(
            "select 1 from modules where name = @prefix or (name > @prefix || '.' and name < @prefix || '/')",
          )
          .get({ prefix }) !== undefined,
    );
  }
}

/** Tells a file under its name and its contents from those at another time. */
function versionOf(db: Database): string | undefined {
  const file = statSync(db.name, { throwIfNoEntry: false });
  const version = reading(db, () => db.pragma("data_version", { simple: true }));
  return file === undefined ? undefined : `${file.ino} ${String(version)}`;
}
