import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";

/** The value in an answer, or what is wrong with it, as the rest of a sentence after a colon. */
export type ReadAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** How many characters are looked through for the ends of objects, all beginnings together. */
const MOST_STEPS = 4_000_000;
/** How many things that are wrong are told at once. */
const MOST_ISSUES = 5;

/**
 * The value that an answer holds: JSON, alone or in a code fence, with prose around it or thinking
 * before it. One that holds several different values that the schema takes says too much: which is
 * meant cannot be known.
 */
export function readAnswer<T>(text: string, schema: z.ZodType<T>): ReadAnswer<T> {
  const found = jsonValues(text);
  const fitting: T[] = [];
  let problem = "";
  for (const value of found.values) {
    const parsed = schema.safeParse(value);
    if (!parsed.success) problem = describeIssues(parsed.error);
    else if (!fitting.some((known) => isDeepStrictEqual(known, parsed.data))) {
      fitting.push(parsed.data);
    }
  }
  if (fitting.length > 1) {
    return { ok: false, problem: `it holds ${fitting.length} different answers instead of one` };
  }
  for (const value of fitting) return { ok: true, value };
  return { ok: false, problem: problem === "" ? found.problem : problem };
}

/** A text without the thinking of models that write it in `<think>` before their answer. */
export function withoutThinking(text: string): string {
  const begun = text.trimStart().startsWith("<think>");
  const end = text.indexOf("</think>");
  if (end === -1) return begun ? "" : text.trim();
  // Some chat templates begin the thinking themselves, so that only its end is in the answer.
  return text.slice(end + "</think>".length).trim();
}

/** All JSON values in a text that can be an answer, in order, or why there are none. */
export function jsonValues(text: string): {
  readonly values: readonly unknown[];
  readonly problem: string;
} {
  const whole = parseJson(text);
  if (whole.ok) return { values: [whole.value], problem: "" };
  const answer = withoutThinking(text);
  const alone = parseJson(answer);
  if (alone.ok) return { values: [alone.value], problem: "" };
  const fenced = fencedValues(answer);
  if (fenced.length > 0) return { values: fenced, problem: "" };
  const objects = embeddedObjects(answer);
  if (objects.length > 0) return { values: objects, problem: "" };
  if (answer !== text.trim() && !text.trimStart().startsWith("<think>")) {
    // What looks like the end of thinking can be part of a string of the answer.
    const anywhere = embeddedObjects(text);
    if (anywhere.length > 0) return { values: anywhere, problem: "" };
  }
  if (answer === "" && text.trim() !== "") {
    return { values: [], problem: "it holds nothing beside its thinking" };
  }
  if (!answer.includes("{")) return { values: [], problem: "it holds no JSON object" };
  const start = answer.slice(answer.indexOf("{"));
  const broken = parseJson(start);
  return { values: [], problem: `its JSON is malformed (${broken.ok ? "" : broken.problem})` };
}

function parseJson(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; problem: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    return { ok: false, problem: message.replace(/\s+/g, " ").slice(0, 160) };
  }
}

/** The values of code fences (CommonMark, section 4.5, with backticks) that hold JSON alone. */
function fencedValues(text: string): unknown[] {
  const values: unknown[] = [];
  let block: string[] | undefined;
  for (const line of text.split("\n")) {
    if (block === undefined) {
      if (/^\s*```[^`]*$/.test(line)) block = [];
    } else if (/^\s*```\s*$/.test(line)) {
      const parsed = parseJson(block.join("\n"));
      if (parsed.ok) values.push(parsed.value);
      block = undefined;
    } else block.push(line);
  }
  return values;
}

/** The JSON objects that stand in prose. Braces that are no JSON, as Lean has them, are passed over. */
function embeddedObjects(text: string): unknown[] {
  const objects: unknown[] = [];
  let steps = 0;
  for (let start = text.indexOf("{"); start !== -1 && steps < MOST_STEPS;) {
    const end = objectEnd(text, start);
    steps += (end ?? text.length) - start;
    const parsed = end === undefined ? undefined : parseJson(text.slice(start, end));
    if (parsed?.ok === true) objects.push(parsed.value);
    start = text.indexOf("{", parsed?.ok === true && end !== undefined ? end : start + 1);
  }
  return objects;
}

/** Where the braces that open at `start` are closed; undefined where they are not. */
function objectEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (isInString) {
      if (character === "\\") at += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === "{") depth += 1;
    else if (character === "}") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function describeIssues({ issues }: z.ZodError): string {
  const told = issues.slice(0, MOST_ISSUES).map(({ path, message }) => {
    const where = path.length === 0 ? "" : `at "${path.join(".")}": `;
    return `${where}${message}`;
  });
  const rest = issues.length - told.length;
  return told.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
