import { type LeanMessage, leanMessage } from "../lean-run.js";

/** What `lean --json` wrote. */
export interface JsonLines {
  readonly messages: readonly LeanMessage[];
  /** The first line that begins like a message and is none. */
  readonly broken: string | undefined;
}

/**
 * Reads the output of `lean --json`: a JSON object a line for each message. Other lines, such as
 * notices of lake, are passed over; a line that begins with a brace has to be a message, as what
 * is wrong with it may have been an error.
 */
export function readJsonLines(text: string): JsonLines {
  const messages: LeanMessage[] = [];
  let broken: string | undefined;
  for (const line of text.split("\n")) {
    if (!line.trimStart().startsWith("{")) continue;
    const parsed = leanMessage.safeParse(parseOrUndefined(line));
    if (parsed.success) messages.push(parsed.data);
    else broken ??= line;
  }
  return { messages, broken };
}

function parseOrUndefined(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
