import { z } from "zod";
import { readLines } from "../corpus/lines.js";
import type { SkippedLine } from "../corpus/read.js";
import type { Declaration } from "../declaration.js";
import { UserError } from "../errors.js";

/** What a person wrote about one declaration. */
export interface PeoplesDescription {
  readonly informalName: string;
  readonly informalDescription: string;
  /** Other names for it; empty where the file has none. */
  readonly aliases: readonly string[];
  readonly topics: readonly string[];
}

/** By the full name of the declaration. */
export type PeoplesDescriptions = ReadonlyMap<string, PeoplesDescription>;

const text = z.string().trim().nullish();
const texts = z.array(z.string()).nullish();

const describedRecord = z
  .object({
    name: z.string().trim().min(1),
    informal_name: text,
    informal_description: text,
    informal_origin: z.unknown().optional(),
    aliases: texts,
    topics: texts,
  })
  .transform((record) => ({
    name: record.name,
    isGenerated: record.informal_origin === "model" || record.informal_origin === "rules",
    description: {
      informalName: record.informal_name ?? "",
      informalDescription: record.informal_description ?? "",
      aliases: record.aliases ?? [],
      topics: record.topics ?? [],
    } satisfies PeoplesDescription,
  }));

/**
 * Reads descriptions that people wrote: a JSONL file (plain, gzip or Brotli) with `name`,
 * `informal_name` and `informal_description`, and possibly `aliases` and `topics`. Other fields, such as
 * those of a corpus, are ignored. Of several lines with one name the first counts. A line that cannot be
 * used is handed to `onSkip` with its number; with `strict` it ends the reading instead.
 *
 * @throws UserError `badInput` as `readLines` does, and for a file without a single description.
 */
export async function readDescriptions(
  path: string,
  options: {
    readonly onSkip?: (skipped: SkippedLine) => void;
    readonly strict?: boolean;
    readonly signal?: AbortSignal;
  } = {},
): Promise<PeoplesDescriptions> {
  const found = new Map<string, PeoplesDescription>();
  let first: SkippedLine | undefined;
  for await (const lines of readLines({ kind: "file", path }, options)) {
    for (const { number: line, text: written } of lines) {
      if (written?.trim() === "") continue;
      const parsed = parseLine(written);
      if (typeof parsed !== "string") {
        if (!found.has(parsed.name)) found.set(parsed.name, parsed.description);
        continue;
      }
      const skipped = { source: path, line, reason: parsed };
      if (options.strict === true) {
        throw new UserError(
          "badInput",
          `${path}, line ${line}: ${parsed}; mend it, or leave --strict out to skip such lines.`,
        );
      }
      first ??= skipped;
      options.onSkip?.(skipped);
    }
  }
  if (found.size === 0) {
    const why = first === undefined ? "" : ` (line ${first.line}: ${first.reason})`;
    throw new UserError(
      "badInput",
      `${path} holds no descriptions${why}: it needs one JSON object a line with "name" and "informal_description".`,
    );
  }
  return found;
}

/** One line, or the reason why it cannot be used. */
function parseLine(
  line: string | null,
): string | { readonly name: string; readonly description: PeoplesDescription } {
  if (line === null) return "it is not UTF-8 text";
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "it is not JSON";
  }
  const parsed = describedRecord.safeParse(value);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.map(String).join(".") ?? "";
    if (field === "") return "it is not a JSON object";
    return `its field "${field}" is missing or not of the right type`;
  }
  const { name, description, isGenerated } = parsed.data;
  if (isGenerated) return "its description is not by people";
  if (description.informalName === "" && description.informalDescription === "") {
    return "it has neither an informal_name nor an informal_description";
  }
  return { name, description };
}

/**
 * The declaration with what people wrote about it, marked as such: it takes the place of whatever
 * description there was. Aliases and topics are added to those that there are. Unchanged where people
 * wrote nothing about it.
 */
export function withDescriptions(
  declaration: Declaration,
  found: PeoplesDescriptions,
): Declaration {
  const written = found.get(declaration.name);
  if (written === undefined) return declaration;
  return {
    ...declaration,
    informalName: written.informalName,
    informalDescription: written.informalDescription,
    informalOrigin: "people",
    aliases: [...new Set([...declaration.aliases, ...written.aliases])],
    topics: [...new Set([...declaration.topics, ...written.topics])],
  };
}
