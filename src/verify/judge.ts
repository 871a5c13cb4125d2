import type { CheckFile } from "./compose.js";
import type { Permissions } from "./filter/filter.js";
import { LOGICAL_AXIOMS } from "./filter/filter.js";
import type { LeanMessage, LeanRun } from "./lean-run.js";
import type { Diagnostic, Failure, Position, Sorry, Verdict } from "./verdict.js";

/** How Lean says that a declaration has a hole; the quotation marks differ between versions. */
const USES_SORRY = /^declaration uses .?sorry/;

/** What Lean's messages about a check file mean. */
export function judge(
  file: CheckFile,
  run: LeanRun,
  permissions: Pick<Permissions, "axioms">,
): Omit<Verdict, "elapsedMs" | "refused"> {
  const answers = file.questions.map((question) => axiomsTold(question, run.messages));
  const axioms = [...new Set(answers.flatMap((answer) => answer ?? []))].sort();
  const isAnswer = (message: LeanMessage): boolean =>
    file.questions.some(({ line }) => line === message.pos.line) && message.severity === "info";
  const diagnostics = run.messages
    .filter((message) => !isAnswer(message))
    .map((message) => diagnostic(message, file))
    // The statement's own hole is meant, and its linter warnings concern nobody here.
    .filter(({ about, severity }) => about !== "statement" || severity === "error");
  const sorries = sorriesOf(file, run, diagnostics);
  const failure = failureOf({ file, run, diagnostics, sorries, axioms, answers, permissions });
  return { proved: failure === undefined, failure, diagnostics, axioms, sorries };
}

function failureOf(found: {
  file: CheckFile;
  run: LeanRun;
  diagnostics: readonly Diagnostic[];
  sorries: readonly Sorry[];
  axioms: readonly string[];
  answers: readonly (readonly string[] | undefined)[];
  permissions: Pick<Permissions, "axioms">;
}): Failure | undefined {
  const { file, run, diagnostics, sorries, axioms, answers, permissions } = found;
  if (run.failure !== undefined) return run.failure;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const about = (what: Diagnostic["about"]): Diagnostic | undefined =>
    errors.find((error) => error.about === what);
  const inStatement = about("statement");
  if (inStatement !== undefined) {
    return {
      kind: "unusable-statement",
      sentence: `The statement to prove does not compile in this project${where(inStatement)}: ${firstLine(inStatement)}.`,
    };
  }
  const inCandidate = about("candidate");
  if (inCandidate !== undefined) {
    const more = errors.length > 1 ? `, and ${errors.length - 1} more` : "";
    return {
      kind: "errors",
      sentence: `Lean found an error${where(inCandidate)}: ${firstLine(inCandidate)}${more}.`,
    };
  }
  const mismatch = about("comparison");
  if (mismatch !== undefined) {
    return {
      kind: "statement",
      sentence: `The candidate declares no theorem ${file.wanted ?? "asked for"} with the type that was asked for: ${firstLine(mismatch)}.`,
    };
  }
  if (file.questions.length === 0) {
    return { kind: "nothing", sentence: "The code states no named theorem, so nothing is proved." };
  }
  if (sorries.length > 0) {
    return { kind: "sorry", sentence: `The proof uses sorry${where(sorries[0])}.` };
  }
  if (answers.some((answer) => answer === undefined)) {
    return {
      kind: "axioms",
      sentence: "Lean did not say once and clearly which axioms the proof rests on.",
    };
  }
  if (axioms.includes("sorryAx")) {
    return { kind: "sorry", sentence: "The proof rests on sorryAx, the axiom behind sorry." };
  }
  const permitted = new Set([...LOGICAL_AXIOMS, ...permissions.axioms]);
  const others = axioms.filter((axiom) => !permitted.has(axiom));
  if (others.length > 0) {
    return {
      kind: "axioms",
      sentence: `The proof rests on axioms that are not permitted: ${others.join(", ")}.`,
    };
  }
  return undefined;
}

/**
 * The axioms that Lean names in answer to one question (src/Lean/Elab/Print.lean:
 * `printAxiomsOf`).
 *
 * @returns undefined where there is not exactly one answer in its place.
 */
export function axiomsTold(
  question: { readonly theorem: string; readonly line: number },
  messages: readonly LeanMessage[],
): string[] | undefined {
  const name = question.theorem.replace(/^_root_\./, "");
  const about = messages.filter(({ data }) => data.includes(`'${name}' `));
  const [answer, ...others] = about.filter(({ severity }) => severity === "info");
  const inPlace = answer?.pos.line === question.line && answer.pos.column === 0;
  // A second one in another place is somebody's own `#print axioms`; a second one here, or one of a
  // name that only this check knows, is a forgery.
  const isForged = others.some(({ pos }) => pos.line === question.line);
  if (answer === undefined || isForged) return undefined;
  if (!inPlace)
    return axiomsTold(
      question,
      messages.filter((message) => message !== answer),
    );
  const text = answer.data.trim();
  if (text === `'${name}' does not depend on any axioms`) return [];
  const start = `'${name}' depends on axioms: [`;
  if (!text.startsWith(start) || !text.endsWith("]")) return undefined;
  return text
    .slice(start.length, -1)
    .split(",")
    .map((axiom) => axiom.trim());
}

function diagnostic(message: LeanMessage, file: CheckFile): Diagnostic {
  const { line } = message.pos;
  const part = [file.candidate, file.statement].find(
    (lines) => lines !== undefined && line >= lines.from && line <= lines.to,
  );
  const shifted = (place: Position | undefined): Position | undefined =>
    place === undefined || part === undefined
      ? undefined
      : { line: place.line - part.offset, column: place.column };
  return {
    severity: message.severity,
    about:
      part === undefined
        ? aboutNeither(line, file)
        : part === file.candidate
          ? "candidate"
          : "statement",
    start: shifted(message.pos),
    end: shifted(message.endPos),
    message: message.data.trim(),
  };
}

/** What a message outside of both parts is about: the imports before them, or what comes after. */
function aboutNeither(line: number, file: CheckFile): Diagnostic["about"] {
  if (line > file.candidate.to) return "comparison";
  return file.hasOwnImports ? "candidate" : "statement";
}

/** Holes that the REPL lists; where there is no list, what the warnings say of them. */
function sorriesOf(file: CheckFile, run: LeanRun, diagnostics: readonly Diagnostic[]): Sorry[] {
  const { from, to, offset } = file.candidate;
  const shift = (place: Position | undefined): Position | undefined =>
    place === undefined ? undefined : { line: place.line - offset, column: place.column };
  const isOwn = (place: Position | undefined): boolean =>
    // One without a place could be anybody's: better count it than miss it.
    place === undefined ? run.sorries.length > 1 : place.line >= from && place.line <= to;
  const listed = run.sorries
    .filter(({ pos }) => isOwn(pos))
    .map(({ pos, endPos, goal }) => ({ start: shift(pos), end: shift(endPos), goal }));
  if (listed.length > 0) return listed;
  return diagnostics
    .filter(({ about, message }) => about !== "statement" && USES_SORRY.test(message))
    .map(({ start, end }) => ({ start, end, goal: "" }));
}

function where(place: { readonly start: Position | undefined } | undefined): string {
  return place?.start === undefined ? "" : ` in line ${place.start.line}`;
}

function firstLine({ message }: Diagnostic): string {
  return (message.split("\n")[0] ?? "").replace(/\.$/, "");
}
