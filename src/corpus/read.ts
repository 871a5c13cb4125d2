import type { Declaration } from "../declaration.js";
import { UserError } from "../errors.js";
import { lakeSourceLabel, parseLakeSource } from "./lake/lake-source.js";
import { type BytesRead, type LineSource, readLines } from "./lines.js";
import { parseRecord } from "./record.js";
import { STARTER_PATH } from "./starter.js";

/** A line that was left out, and why: "its field "kind" is missing or not of the right type". */
export interface SkippedLine {
  readonly source: string;
  readonly line: number;
  readonly reason: string;
}

/** What reading a corpus reports while it goes on. */
export interface CorpusListener {
  readonly onSkip?: (skipped: SkippedLine) => void;
  readonly onProgress?: (progress: BytesRead) => void;
}

/**
 * Streams the declarations of one source in batches: a JSONL file (plain, gzip or Brotli), `-` for
 * standard input, or `starter` for the embedded corpus. A malformed line is handed to `onSkip` and
 * left out; with `strict` it ends the reading instead. Blank lines do not count. The signal ends the
 * reading with an AbortError.
 *
 * @throws UserError `badInput` as `readLines` does, for a malformed line with `strict`, for one big
 * JSON array, and for a source without a single declaration.
 */
export async function* readCorpus(
  source: string,
  options: CorpusListener & { readonly strict?: boolean; readonly signal?: AbortSignal } = {},
): AsyncGenerator<Declaration[]> {
  let declarations = 0;
  let isStart = true;
  let first: SkippedLine | undefined;
  for await (const lines of readLines(lineSource(source), options)) {
    const batch: Declaration[] = [];
    for (const { number, text } of lines) {
      if (text?.trim() === "") continue;
      if (isStart && text !== null && opensArray(text)) throw arrayInsteadOfLines(source);
      isStart = false;
      const parsed =
        text === null
          ? ({ ok: false, reason: "it is not UTF-8 text" } as const)
          : parseRecord(text);
      if (parsed.ok) {
        batch.push(parsed.declaration);
        continue;
      }
      const skipped = { source: sourceLabel(source), line: number, reason: parsed.reason };
      if (options.strict === true) {
        throw new UserError(
          "badInput",
          `${skipped.source}, line ${number}: ${parsed.reason}; mend it, or leave --strict out to skip such lines.`,
        );
      }
      first ??= skipped;
      options.onSkip?.(skipped);
    }
    declarations += batch.length;
    if (batch.length > 0) yield batch;
  }
  if (declarations === 0) {
    const why = first === undefined ? "" : ` (line ${first.line}: ${first.reason})`;
    throw new UserError(
      "badInput",
      `${sourceLabel(source)} holds no declarations${why}: it needs one JSON object a line, with at least "name" and "kind".`,
    );
  }
}

function arrayInsteadOfLines(source: string): UserError {
  return new UserError(
    "badInput",
    `${sourceLabel(source)} is one JSON array and needs to be one JSON object a line: convert it with jq -c '.[]'.`,
  );
}

/** How messages name a source. */
export function sourceLabel(source: string): string {
  if (source === "-") return "standard input";
  const project = parseLakeSource(source);
  if (project !== undefined) return lakeSourceLabel(project);
  return source === "starter" ? "the starter corpus" : source;
}

function lineSource(source: string): LineSource {
  if (source === "starter") return { kind: "file", path: STARTER_PATH };
  if (source !== "-") return { kind: "file", path: source };
  return { kind: "stream", label: "standard input", stream: process.stdin };
}

/** Whether the first line of a text shows that the whole of it is one JSON array. */
function opensArray(text: string): boolean {
  return /^\s*\[\s*(?:\{|$)/.test(text);
}
