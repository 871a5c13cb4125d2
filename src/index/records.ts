import type { Database } from "better-sqlite3";
import { z } from "zod";
import { type Declaration, declarationKind, INFORMAL_ORIGINS } from "../declaration.js";

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
  informal_origin: z.enum(INFORMAL_ORIGINS).nullable(),
  aliases: textColumn,
  topics: textColumn,
  derived_from: textColumn,
  package: textColumn,
  version: textColumn,
  file: textColumn,
  is_own: z.number().nullable(),
});

/** The whole record of a declaration, or undefined for an unknown id. */
export function readRecord(db: Database, id: number): Declaration | undefined {
  const stored = db
    .prepare(
      `select n.name, d.kind, d.line, m.name as module, r.*,
         p.name as package, p.version, p.is_own, f.path as file
       from declarations d join names n on n.id = d.id
       join modules m on m.id = d.module_id join records r on r.id = d.id
       left join files f on f.id = d.file_id left join packages p on p.id = f.package_id
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
  if (row.informal_origin !== null) declaration.informalOrigin = row.informal_origin;
  if (row.derived_from !== null) declaration.derivedFrom = row.derived_from;
  if (row.package !== null) {
    const { package: owner, version, file, is_own } = row;
    declaration.origin = {
      package: owner,
      version: version ?? "",
      file: file ?? "",
      isOwn: is_own === 1,
    };
  }
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
