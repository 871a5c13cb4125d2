import type { Database } from "better-sqlite3";
import { z } from "zod";
import { declarationKind, type DeclarationKind } from "../declaration.js";
import { describeOpenError, openForReading } from "./open.js";
import { type Field, FIELDS } from "./schema.js";
import { visitWordSequence } from "./word-sequence.js";

/** A declaration as training reads it: its words, field by field, and the facts that go with them. */
export interface DeclarationWords {
  readonly name: string;
  readonly kind: DeclarationKind;
  /** How many declarations of the index refer to it. */
  readonly usedBy: number;
  /** The declaration that Lean generated it from; null for those that somebody wrote. */
  readonly derivedFrom: string | null;
  /** Its stemmed words in the order of the text, as they are indexed. */
  readonly fields: Readonly<Record<Field, readonly string[]>>;
}

const row = z.tuple([
  z.string(),
  declarationKind,
  z.number(),
  z.string().nullable(),
  z.instanceof(Uint8Array),
]);

/**
 * The words of every declaration of an index, by id; a row at a time, so that memory stays flat.
 *
 * @throws UserError `noIndex` where the index is missing, damaged or of another version.
 */
export function* exportDeclarationWords(indexPath: string): Generator<DeclarationWords> {
  const db = openForReading(indexPath);
  try {
    const vocabulary = readVocabulary(db);
    const rows = db
      .prepare<[], unknown[]>(
        `select n.name, d.kind, d.used_by, r.derived_from, s.words
         from declarations d
         join names n on n.id = d.id
         join records r on r.id = d.id
         join word_sequences s on s.id = d.id
         order by d.id`,
      )
      .raw();
    for (const stored of rows.iterate()) {
      const [name, kind, usedBy, derivedFrom, sequence] = row.parse(stored);
      yield { name, kind, usedBy, derivedFrom, fields: fieldsOfSequence(sequence, vocabulary) };
    }
  } catch (error) {
    throw describeOpenError(error, indexPath);
  } finally {
    db.close();
  }
}

/** The words of an index by id. */
export function readVocabulary(db: Database): ReadonlyMap<number, string> {
  return new Map(db.prepare<[], [number, string]>("select id, word from vocabulary").raw().all());
}

/** The words of a stored sequence, field by field. @throws RangeError for unknown ids */
export function fieldsOfSequence(
  sequence: Uint8Array,
  vocabulary: ReadonlyMap<number, string>,
): DeclarationWords["fields"] {
  const fields: Record<Field, string[]> = {
    name: [],
    docstring: [],
    informal: [],
    type: [],
    binders: [],
    module: [],
  };
  visitWordSequence(sequence, {
    field: () => undefined,
    word: (id, at) => {
      const word = vocabulary.get(id);
      const field = FIELDS[at];
      if (word === undefined) throw new RangeError(`word ${id} is not in the vocabulary`);
      if (field !== undefined) fields[field].push(word);
    },
  });
  return fields;
}
