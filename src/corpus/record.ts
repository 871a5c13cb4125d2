import { z } from "zod";
import {
  type Declaration,
  DECLARATION_KINDS,
  type DeclarationKind,
  INFORMAL_ORIGINS,
  KIND_SYNONYMS,
} from "../declaration.js";

const text = z.string().nullish();
const dottedName = z.union([z.string(), z.array(z.union([z.string(), z.number()]))]);
const texts = z.array(z.string()).nullish();

/**
 * A record as corpora write it: the shape of the public data set
 * `FrenzyMath/lsv2-mathlib-v4.28.0-rc1-jsonl` (names as arrays of components, absent texts null), and our
 * own (names as strings, `module`, `statement`, `aliases`, `topics`). Other fields are ignored.
 */
const corpusRecord = z.object({
  name: dottedName,
  kind: z.string(),
  module_name: dottedName.nullish(),
  module: dottedName.nullish(),
  line: z.number().int().positive().nullish(),
  signature: text,
  type: text,
  value: text,
  statement: text,
  docstring: text,
  informal_name: text,
  informal_description: text,
  informal_origin: z.enum(INFORMAL_ORIGINS).nullish().catch(undefined),
  aliases: texts,
  topics: texts,
  references: z.array(dottedName).nullish(),
  derived_from: dottedName.nullish(),
  // Other corpora may mean something else by such common words: what is not a text is no package.
  package: text.catch(undefined),
  package_version: text.catch(undefined),
  file: text.catch(undefined),
  own: z.boolean().nullish().catch(undefined),
});

/** What a line of a corpus turned out to be. */
export type ParsedRecord =
  | { readonly ok: true; readonly declaration: Declaration }
  | { readonly ok: false; readonly reason: string };

/** Reads one line of a JSONL corpus; a line that is no declaration comes back with the reason. */
export function parseRecord(line: string): ParsedRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, reason: "it is not JSON" };
  }
  const parsed = corpusRecord.safeParse(value);
  if (!parsed.success) return { ok: false, reason: describeIssue(parsed.error) };
  const record = parsed.data;
  const name = joinName(record.name);
  if (name === "") return { ok: false, reason: "its name is empty" };
  const kind = kindOf(record.kind);
  if (kind === undefined) {
    return {
      ok: false,
      reason: `its kind "${record.kind.slice(0, 40)}" is none of ${DECLARATION_KINDS.join(", ")}`,
    };
  }
  const declaration: Declaration = {
    name,
    kind,
    module: joinName(record.module_name ?? record.module ?? ""),
    signature: record.signature ?? "",
    type: record.type ?? "",
    value: record.value ?? "",
    statement: record.statement ?? "",
    docstring: record.docstring ?? "",
    informalName: record.informal_name ?? "",
    informalDescription: record.informal_description ?? "",
    aliases: record.aliases ?? [],
    topics: record.topics ?? [],
    references: [...new Set((record.references ?? []).map(joinName))].filter((r) => r !== ""),
  };
  if (record.line != null) declaration.line = record.line;
  if (record.informal_origin != null) declaration.informalOrigin = record.informal_origin;
  const derivedFrom = joinName(record.derived_from ?? "");
  if (derivedFrom !== "") declaration.derivedFrom = derivedFrom;
  const { package: owner, package_version: version, file, own } = record;
  if (owner != null && owner !== "") {
    const origin = { package: owner, version: version ?? "", file: file ?? "" };
    declaration.origin = { ...origin, isOwn: own ?? false };
  }
  return { ok: true, declaration };
}

/** The kind that a corpus's word for it means, or undefined. */
export function kindOf(word: string): DeclarationKind | undefined {
  return KNOWN_KINDS.get(word) ?? KNOWN_KINDS.get(word.toLowerCase());
}

const KNOWN_KINDS: ReadonlyMap<string, DeclarationKind> = new Map([
  ...DECLARATION_KINDS.map((kind) => [kind, kind] as const),
  ...Object.entries(KIND_SYNONYMS),
]);

function joinName(name: z.infer<typeof dottedName>): string {
  return typeof name === "string" ? name.trim() : name.join(".").trim();
}

function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "it is not a declaration record";
  if (issue.path.length === 0) return "it is not a JSON object";
  const field = issue.path.map(String).join(".");
  return `its field "${field}" is missing or not of the right type`;
}
