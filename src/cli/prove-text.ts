import { type Attempt, errorCount } from "../prove/attempt.js";
import type { ProveOutcome, ProveProgress, ProveReport } from "../prove/prove-run.js";
import { verdictRecord } from "../verify/verdict-record.js";

/** Where a run stands, in words. */
export function progressText({ stage, candidate, round }: ProveProgress): string {
  switch (stage) {
    case "retrieve":
      return "looking for premises";
    case "ask":
      return `candidate ${candidate}: waiting for attempt ${round}`;
    case "check":
      return `candidate ${candidate}: checking attempt ${round}`;
  }
}

/** The file of the best attempt; one that is no proof says so in its first line. */
export function codeText(
  { outcome }: ProveReport,
  { code = "", verdict, problem }: Attempt,
): string {
  const text = `${code.trimEnd()}\n`;
  if (outcome === "proved") return text;
  const why = verdict?.failure?.sentence ?? `${problem}.`;
  return `-- Not proved: ${why.replaceAll(/\s+/gu, " ")}\n${text}`;
}

const ENDS: Readonly<Record<Exclude<ProveOutcome, "proved">, string>> = {
  "not proved": "Not proved",
  "budget spent": "Not proved, as the budget is spent",
  "stopped early": "Not proved, as the run was stopped early",
  interrupted: "Not proved, as the run was interrupted",
};

/**
 * How a run ended, in a few lines.
 *
 * @param path the file that the code was written to, where it was.
 */
export function summaryLines(report: ProveReport, path: string | undefined): string[] {
  const { outcome, attempts, best, elapsedMs, checkMs } = report;
  const counted = attempts.length === 1 ? "1 attempt" : `${attempts.length} attempts`;
  const spent = `${counted} in ${seconds(elapsedMs)} s, ${seconds(checkMs)} s of them in Lean`;
  const where = path === undefined ? "" : ` It is in ${path}.`;
  if (outcome === "proved") {
    const axioms = best?.verdict?.axioms ?? [];
    const rests = axioms.length === 0 ? "no axioms" : axioms.join(", ");
    return [`Proved: ${spent}; it rests on ${rests}.${where}`];
  }
  const lines = [`${ENDS[outcome]}: ${spent}.`];
  if (best === undefined) return lines;
  return [...lines, `The best is attempt ${place(best)}, with ${state(best)}.${where}`];
}

function place({ candidate, round }: Attempt): string {
  return `${round} of candidate ${candidate}`;
}

function state({ verdict }: Attempt): string {
  if (verdict === undefined) return "no verdict";
  if (verdict.refused.length > 0) return "a refusal";
  const errors = errorCount(verdict);
  const holes = verdict.sorries.length;
  const words = [`${errors} ${errors === 1 ? "error" : "errors"}`];
  if (holes > 0) words.push(`${holes} ${holes === 1 ? "sorry" : "sorries"}`);
  return words.join(" and ");
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

/** A report as JSON output shows it. */
export function proveJson(report: ProveReport): object {
  const { outcome, attempts, best, starting, notes, usage, elapsedMs, checkMs } = report;
  return {
    outcome,
    proved: outcome === "proved",
    /** The proof, or the best attempt. */
    code: best?.code ?? null,
    best: best === undefined ? null : { candidate: best.candidate, round: best.round },
    attempts: attempts.map(({ candidate, round, code, verdict, problem, elapsedMs: time }) => ({
      ...{ candidate, round, code: code ?? null, problem },
      verdict: verdict === undefined ? null : verdictRecord(verdict),
      elapsed_ms: Number(time.toFixed(1)),
    })),
    premises: starting.premises.map(({ name }) => name),
    plan: starting.plan,
    notes,
    usage,
    elapsed_ms: Number(elapsedMs.toFixed(1)),
    check_ms: Number(checkMs.toFixed(1)),
  };
}
