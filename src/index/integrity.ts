import type { IndexSummary } from "./declaration-index.js";
import { DeclarationIndex } from "./declaration-index.js";
import { damagedIndex, describeOpenError, openForReading } from "./open.js";

/**
 * Reads every page of an index and compares its tables with each other; takes seconds for all of
 * Mathlib.
 *
 * @throws UserError `noIndex` where anything is wrong.
 */
export function checkIntegrity(path: string): IndexSummary {
  const db = openForReading(path);
  try {
    const verdict = db.pragma("quick_check", { simple: true });
    if (verdict !== "ok") throw damagedIndex(path, String(verdict));
    const count = (table: string): number =>
      db.prepare<[], number>(`select count(*) from ${table}`).pluck().get() ?? 0;
    const declarations = count("declarations");
    for (const table of ["records", "word_sequences", "name_keys", "words_docsize"]) {
      if (count(table) !== declarations) throw damagedIndex(path, `${table} is incomplete`);
    }
  } catch (error) {
    throw describeOpenError(error, path);
  } finally {
    db.close();
  }
  const index = DeclarationIndex.open(path);
  try {
    return index.summary();
  } finally {
    index.close();
  }
}
