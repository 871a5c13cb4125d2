import type { Database } from "better-sqlite3";
import { type Declaration, leanStatement } from "../declaration.js";
import type { EmbeddableDeclaration, Embedder } from "../models/embedder.js";
import { fieldsOfSequence, readVocabulary } from "./export.js";
import { fieldWords } from "./fields.js";
import { readRecord } from "./records.js";
import { vectorWriter, withoutVector } from "./vector-table.js";

/** Declarations embedded and stored in one transaction: what a kill can undo. */
const BATCH = 1024;

/**
 * Gives every declaration that has no vector one.
 *
 * @param onProgress receives how many of the missing vectors are there.
 * @throws what the embedder throws, and the signal's reason; what was stored stays.
 */
export async function embedMissing(
  db: Database,
  embedder: Embedder,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: (done: number, total: number) => void;
  } = {},
): Promise<number> {
  const missing = withoutVector(db);
  const write = vectorWriter(db);
  const vocabulary = readVocabulary(db);
  const sequence = db
    .prepare<[number], Buffer>("select words from word_sequences where id = ?")
    .pluck();
  for (let start = 0; start < missing.length; start += BATCH) {
    options.signal?.throwIfAborted();
    const ids = missing.slice(start, start + BATCH);
    const declarations = ids.map((id): EmbeddableDeclaration => {
      const words = fieldsOfSequence(sequence.get(id) ?? Buffer.alloc(0), vocabulary);
      // Only remote embedders read texts, and reading them takes time.
      return {
        words,
        get text() {
          const record = readRecord(db, id);
          return record === undefined ? "" : embeddedText(record);
        },
      };
    });
    const vectors = await embedder.embedDeclarations(declarations, options.signal);
    db.transaction(() => {
      ids.forEach((id, at) => {
        const vector = vectors[at];
        if (vector !== undefined) write(id, vector);
      });
    })();
    options.onProgress?.(start + ids.length, missing.length);
  }
  return missing.length;
}

/** A declaration as embedders see it. */
export function embeddableDeclaration(declaration: Declaration): EmbeddableDeclaration {
  return {
    words: fieldWords(declaration),
    get text() {
      return embeddedText(declaration);
    },
  };
}

/** A declaration as one text: its statement in Lean and what people wrote about it. */
function embeddedText(declaration: Declaration): string {
  const { docstring, informalName, informalDescription, informalOrigin, aliases } = declaration;
  // A line by rules says the statement again.
  const isInformal = informalOrigin !== "rules";
  return [
    leanStatement(declaration),
    isInformal ? informalName : "",
    aliases.join("; "),
    docstring,
    isInformal ? informalDescription : "",
  ]
    .filter((text) => text !== "")
    .join("\n");
}
