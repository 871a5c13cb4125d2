import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { type DeclarationKind, declarationKind, KIND_SYNONYMS } from "../../src/declaration.js";
import { UserError } from "../../src/errors.js";
import { checkShape, readJson } from "../files.js";

/** The ways in which MathlibQR asks for one declaration. */
export const QUERY_STYLES = [
  "lean",
  "latex",
  "natural",
  "slogan",
  "nickname",
  "special case",
] as const;
export type QueryStyle = (typeof QUERY_STYLES)[number];

/** How well known the declaration is, in MathlibQR's own two grades. */
export const DIFFICULTIES = ["Easy", "Hard"] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];

/** One query of MathlibQR: one style of one entry. */
export interface SearchQuery {
  /** The entry's id and the style: `O1/lean`. */
  readonly id: string;
  readonly style: QueryStyle;
  readonly text: string;
  /** The full name of the one declaration that answers the query. */
  readonly declaration: string;
  readonly kind: DeclarationKind;
  readonly difficulty: Difficulty;
  /** Whether the declaration exists in every corpus that the benchmark's paper compared. */
  readonly fair: boolean;
}

const QUERIES_FILE = "MathlibQR.json";
const FAIR_FILE = "MathlibQR_shared171.json";
const SOURCE = "https://github.com/frenzymath/LeanSearch-v2";

const styleText = z
  .string()
  .nullish()
  .transform((text) => (text ?? "").trim());

const entrySchema = z
  .object({
    id: z.string().min(1),
    full_name: z.string().trim().min(1),
    kind: z
      .string()
      .transform((kind) => KIND_SYNONYMS[kind] ?? kind)
      .pipe(declarationKind),
    difficulty: z.enum(DIFFICULTIES),
    q1a_lean: styleText,
    q1b_latex: styleText,
    q1c_natural: styleText,
    q2_slogan: styleText,
    q3_nickname: styleText,
    q4_special_case: styleText,
  })
  .transform((entry) => ({
    id: entry.id,
    declaration: entry.full_name,
    kind: entry.kind,
    difficulty: entry.difficulty,
    texts: {
      lean: entry.q1a_lean,
      latex: entry.q1b_latex,
      natural: entry.q1c_natural,
      slogan: entry.q2_slogan,
      nickname: entry.q3_nickname,
      "special case": entry.q4_special_case,
    } satisfies Record<QueryStyle, string>,
  }));

const fairSchema = z.object({ shared_declarations: z.array(z.string().min(1)) });

/**
 * Every non-empty style of every entry of MathlibQR, entry by entry, read from `MathlibQR.json`
 * and `MathlibQR_shared171.json` as the LeanSearch v2 repository publishes them.
 *
 * @param folder the folder that holds both files.
 * @throws UserError `badInput` when a file is missing, says where to get it; or when a file is not
 *   in the published shape.
 */
export async function readSearchQueries(folder: string): Promise<SearchQuery[]> {
  const advice = `get ${QUERIES_FILE} and ${FAIR_FILE} from the folder benchmark/ of ${SOURCE} and name the folder that holds them`;
  const queriesPath = join(folder, QUERIES_FILE);
  const fairPath = join(folder, FAIR_FILE);
  const entries = checkShape(
    await readJson(queriesPath, advice),
    z.array(entrySchema),
    queriesPath,
    advice,
  );
  const fair = new Set(
    checkShape(await readJson(fairPath, advice), fairSchema, fairPath, advice).shared_declarations,
  );

  const ids = new Set<string>();
  const names = new Set<string>();
  for (const { id, declaration } of entries) {
    if (ids.has(id)) {
      throw new UserError("badInput", `${queriesPath} has two entries ${id}: ${advice}.`);
    }
    ids.add(id);
    names.add(declaration);
  }
  const stray = [...fair].find((name) => !names.has(name));
  if (stray !== undefined) {
    const problem = `${fairPath} names ${stray}, which no entry of ${QUERIES_FILE} asks for`;
    throw new UserError("badInput", `${problem}: ${advice}.`);
  }

  const queries = entries.flatMap(({ texts, ...entry }) =>
    QUERY_STYLES.filter((style) => texts[style] !== "").map((style) => ({
      id: `${entry.id}/${style}`,
      style,
      text: texts[style],
      declaration: entry.declaration,
      kind: entry.kind,
      difficulty: entry.difficulty,
      fair: fair.has(entry.declaration),
    })),
  );
  if (queries.length === 0) {
    throw new UserError("badInput", `${queriesPath} holds no query: ${advice}.`);
  }
  return queries;
}

/**
 * A checksum of what is asked and what counts as found, so that two runs can be told to be over
 * the same queries. The order of the queries does not matter.
 *
 * @returns `sha256:` and 64 hexadecimal digits.
 */
export function fingerprintQueries(
  queries: readonly Pick<SearchQuery, "id" | "text" | "declaration" | "fair">[],
): string {
  const lines = queries
    .map(({ id, text, declaration, fair }) => JSON.stringify([id, text, declaration, fair]))
    .sort();
  return `sha256:${createHash("sha256").update(lines.join("\n")).digest("hex")}`;
}
