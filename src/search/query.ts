import { UserError } from "../errors.js";
import { identifierParts, words } from "../text/words.js";

/** The longest query that is searched, in UTF-16 units: room for any theorem's statement. */
export const LONGEST_QUERY = 20_000;

/** How many distinct words of a query count; a long text's later words add nothing. */
const COUNTED_WORDS = 200;

/** A query as the channels see it. */
export interface Query {
  /** As the user wrote it, trimmed. */
  readonly text: string;
  /** Its stemmed words in order, with repeats. */
  readonly words: readonly string[];
  /** The whole query where it is written as one Lean name: `mul_comm`, `IsCompact.image`. */
  readonly asName: string | undefined;
  /** Parts of the query that are written as Lean names, where the whole is not one. */
  readonly mentionedNames: readonly string[];
  /** Names that would spell the query's plain words: `SimpleGraph` and `simple_graph` in lower case. */
  readonly spelledNames: readonly string[];
  /** Its vector, of length 1 or zero; absent where no embedder took part. */
  readonly vector?: Float32Array;
}

/** One component of a Lean name, or several; guillemets allow anything between them. */
const NAME = /^(?:[\p{L}\p{N}_'!?₀-₉ₐ-ₜ]|«[^»\n]*»|\.(?!\.|$))+$/u;

/**
 * Reads a user's query. Anything is text: no character has a special meaning.
 *
 * @throws UserError `badInput` for an empty query and for one that is too long.
 */
export function parseQuery(input: string): Query {
  const text = input.trim();
  if (text === "") {
    throw new UserError(
      "badInput",
      'The query is empty: describe a declaration, such as "continuous image of a compact set".',
    );
  }
  if (text.length > LONGEST_QUERY) {
    throw new UserError(
      "badInput",
      `The query has ${text.length} characters and at most ${LONGEST_QUERY} are searched: shorten it.`,
    );
  }
  const bare = bareName(text);
  const asName = NAME.test(bare) && /[\p{L}«]/u.test(bare) ? bare : undefined;
  return {
    text,
    words: words(text).slice(0, COUNTED_WORDS),
    asName,
    mentionedNames: asName === undefined ? mentionedNames(text) : [],
    spelledNames: asName === undefined ? spelledNames(text) : [],
  };
}

/** A name without what surrounds it in Lean and in Markdown: `@foo` and backticks. */
export function bareName(text: string): string {
  return text
    .trim()
    .replace(/^`([^`]*)`$/, "$1")
    .replace(/^@/, "");
}

/** Whether a name is one by its shape, and no plain word: it has a dot, an underscore or a hump. */
export function looksLikeName(text: string): boolean {
  return /[._]|\p{Ll}\p{Lu}|«/u.test(text);
}

function mentionedNames(text: string): string[] {
  const tokens = text.split(/[\s`(){}[\],;:$\\|=+*<>≤≥→↔∘⟨⟩]+/u);
  const names = tokens
    .map((token) => token.replace(/^[@.]+|[.?!]+$/gu, ""))
    .filter((token) => token.length > 2 && NAME.test(token) && looksLikeName(token));
  return [...new Set(names)].slice(0, 20);
}

function spelledNames(text: string): string[] {
  if (!/^[\p{L}\p{N}' -]{3,80}$/u.test(text)) return [];
  const parts = identifierParts(text.replaceAll(/[' -]+/g, "_"));
  if (parts.length < 2 || parts.length > 5) return [];
  return [parts.join(""), parts.join("_")];
}
