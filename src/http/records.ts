import { z } from "zod";
import {
  type Declaration,
  declarationKind,
  documentationUrl,
  INFORMAL_ORIGINS,
  leanStatement,
  toCorpusRecord,
} from "../declaration.js";

/** A declaration as the JSON of the command line and of the HTTP API shows it. */
export const declarationRecord = z
  .object({
    name: z.string(),
    kind: declarationKind,
    module: z.string(),
    line: z.number().nullable(),
    signature: z.string(),
    type: z.string(),
    value: z.string(),
    statement: z.string(),
    docstring: z.string(),
    informal_name: z.string(),
    informal_description: z.string(),
    informal_origin: z
      .enum(INFORMAL_ORIGINS)
      .optional()
      .describe("Who wrote the informal name and description, where that is known."),
    aliases: z.array(z.string()),
    topics: z.array(z.string()),
    references: z.array(z.string()).describe("Names of what it uses."),
    derived_from: z.string().nullable(),
    package: z.string().optional().describe("Absent where the index was not made of packages."),
    package_version: z.string().optional(),
    file: z.string().optional().describe("Within the package."),
    own: z.boolean().optional().describe("Whether the package is the project itself."),
    lean: z.string().describe("The whole statement in Lean."),
    doc_url: z.string().nullable(),
    used_by: z.number().describe("How many declarations use it."),
  })
  .describe("A declaration.");

export type DeclarationRecord = z.infer<typeof declarationRecord>;

export function asRecord(declaration: Declaration, usedBy: number): DeclarationRecord {
  return declarationRecord.parse({
    ...toCorpusRecord(declaration),
    lean: leanStatement(declaration),
    doc_url: documentationUrl(declaration) ?? null,
    used_by: usedBy,
  });
}
