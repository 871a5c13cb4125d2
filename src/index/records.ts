import type { Database } from "better-sqlite3";
import { z } from "zod";
import { type Declaration, declarationKind } from "../declaration.js";

const textColumn = z.string().nullable();
const recordRow = z.object({
  id: z.number(),
  name: z.string(),
  kind: declarationKind,
  module: z.string(),
  line: z.number().nullable(),
  signature: textColumn,
  type: textColumn,
  value: textColumn,
  statement: textColumn,
  docstring: textColumn,
  informal_name: textColumn,
  informal_description: textColumn,
  aliases: textColumn,
  topics: textColumn,
  derived_from: textColumn,
});

/** The whole record of a declaration, or undefined for an unknown id. */
export function readRecord(db: Database, id: number): Declaration | undefined {
  const stored = db
    .prepare(
      `select n.name, d.kind, d.line, m.name as module, r.*
       from declarations d join names n on n.id = d.id
       join modules m on m.id = d.module_id join records r on r.id = d.id
       where d.id = ?`,
    )
    .get(id);
  if (stored === undefined) return undefined;
  const row = recordRow.parse(stored);
  const declaration: Declaration = {
    name: row.name,
    kind: row.kind,
    module: row.module,
    signature: row.signature ?? "",
    type: row.type ?? "",
    value: row.value ?? "",
    statement: row.statement ?? "",
    docstring: row.docstring ?? "",
    informalName: row.informal_name ?? "",
    informalDescription: row.informal_description ?? "",
    aliases: textList(row.aliases),
    topics: textList(row.topics),
    references: referenceNames(db, id),
  };
  if (row.line !== null) declaration.line = row.line;
  if (row.derived_from !== null) declaration.derivedFrom = row.derived_from;
  return declaration;
}

/** A stored list of texts. */
export function textList(json: string | null): string[] {
  return json === null || json === "" ? [] : z.array(z.string()).parse(JSON.parse(json));
}

function referenceNames(db: Database, id: number): string[] {
  return db
    .prepare<[number], string>(
      `select n.name from uses u join names n on n.id = u.to_id
       where u.from_id = ? order by u.position`,
    )
    .pluck()
    .all(id);
}
