import type { Retrieval } from "../../src/prove/retriever.js";
import { codeSpan, type Column, markdownTable, threeDecimals } from "../markdown-table.js";
import { REPLAYED } from "../premises/identity.js";
import { percent } from "../premises/report-markdown.js";
import type { ProblemOutcome } from "./outcome.js";
import type { ProveBenchmarkReport } from "./report.js";
import type { WaySummary } from "./summary.js";

/** A report for people: the headline in the first line, then tables. Ends in a newline. */
export function proveReportMarkdown(report: ProveBenchmarkReport): string {
  const { bootstrap, run, summary } = report;
  const { rounds, candidates } = run.identity;
  const parts = [
    `# Proving: ${summary.ways.map(headline).join("; ")}`,
    `A problem is solved where Lean accepts a proof of the statement as it was given, in at most ${rounds} attempts of ${candidates === 1 ? "one candidate" : `each of ${candidates} candidates`}. Percentages with 95% intervals from ${bootstrap.folds} bootstrap resamples of problems.`,
    "## Solved",
    solvedTable(summary.ways),
    "## Solved after so many attempts",
    attemptTable(summary.ways, rounds),
    "## Differences",
    differenceTable(report),
    "## Cost",
    costTable(summary.ways),
    costNote(report),
    "## What was measured",
    identityTable(report),
    "## Problems",
    "The number is the attempt that proved it. Proofs of theorems that the library has by now count only where they do not cite it by name, and do not have Lean search for it; what automation finds by itself is not told apart.",
    problemTable(report),
    ...notes(report),
  ];
  return `${parts.map((part) => part.trimEnd()).join("\n\n")}\n`;
}

const right = (title: string): Column => ({ title, align: "right" });
const left = (title: string): Column => ({ title, align: "left" });

function headline({ set, retrieval, solved, n }: WaySummary): string {
  return `${set} ${solved}/${n} (${retrieval})`;
}

function solvedTable(ways: readonly WaySummary[]): string {
  const columns = [left("set"), left("retrieval")].concat(
    ["n", "solved", "% [95% interval]", "cites itself", "not proved", "ended early"].map(right),
  );
  return markdownTable(
    columns,
    ways.map(({ set, retrieval, n, solved, rate, outcomes }) => [
      ...[set, retrieval, String(n), String(solved)],
      `${percent(rate.mean)} [${percent(rate.low)}, ${percent(rate.high)}]`,
      String(outcomes["cites itself"] ?? 0),
      String(outcomes["not proved"] ?? 0),
      String((outcomes["stopped early"] ?? 0) + (outcomes["failed"] ?? 0)),
    ]),
  );
}

function attemptTable(ways: readonly WaySummary[], rounds: number): string {
  const numbers = Array.from({ length: rounds }, (_, at) => String(at + 1));
  return markdownTable(
    [left("set"), left("retrieval"), ...numbers.map(right)],
    ways.map(({ set, retrieval, solvedAfter }) => [set, retrieval, ...solvedAfter.map(String)]),
  );
}

function differenceTable({ summary: { differences } }: ProveBenchmarkReport): string {
  if (differences.length === 0) return "One way of retrieval only.";
  const columns = [left("set"), left("B − A")].concat(
    ["n", "only A", "only B", "difference", "p"].map(right),
  );
  return markdownTable(
    columns,
    differences.map(({ set, a, b, n, onlyA, onlyB, difference: { mean, low, high, p } }) => [
      ...[set, `${b} − ${a}`, String(n), String(onlyA), String(onlyB)],
      `${signed(mean)} [${signed(low)}, ${signed(high)}]`,
      threeDecimals(p),
    ]),
  );
}

function costTable(ways: readonly WaySummary[]): string {
  const columns = [left("set"), left("retrieval")].concat(
    ["attempts", "calls", "prompt tokens", "answer tokens", "kept answers"]
      .concat(["tokens for each solved", "median s", "s in Lean"])
      .map(right),
  );
  return markdownTable(
    columns,
    ways.map(({ set, retrieval, attempts, usage, tokensPerSolved, medianMs, checkMs }) => [
      ...[set, retrieval, String(attempts), String(usage.calls)],
      ...[usage.promptTokens, usage.completionTokens, usage.cachedAnswers].map(String),
      ...[tokensPerSolved === null ? "–" : String(tokensPerSolved)],
      ...[medianMs, checkMs].map(seconds),
    ]),
  );
}

function costNote({ run, summary }: ProveBenchmarkReport): string {
  const isReplayed = Object.values(run.identity.languageModels).includes(REPLAYED);
  const isKept = summary.ways.some(({ usage }) => usage.cachedAnswers > 0);
  return isReplayed || isKept
    ? "Answers that were replayed or kept from before took no time: the times are not those of a run that asks for all of them."
    : "Seconds are wall-clock time of one problem, one after the other.";
}

function identityTable({ run, bootstrap }: ProveBenchmarkReport): string {
  const { identity, environment } = run;
  const listed = (title: string, values: Readonly<Record<string, string>>): string[][] => {
    const rows = Object.entries(values).map(([name, value]) => [
      `${title} ${codeSpan(name)}`,
      codeSpan(value),
    ]);
    return rows.length > 0 ? rows : [[`${title}s`, "none"]];
  };
  return markdownTable(
    [left("what"), left("value")],
    [
      ["attempts of a candidate", String(identity.rounds)],
      ["candidates", String(identity.candidates)],
      ...listed("language model", identity.languageModels),
      ...listed("prompt", identity.prompts),
      ["checker", identity.checker],
      ["Lean", identity.toolchain === null ? "not told" : codeSpan(identity.toolchain)],
      ["s for a check", seconds(identity.timeoutMs)],
      ["lemmascope", codeSpan(identity.lemmascope)],
      ["corpus", identity.corpus === null ? "none" : codeSpan(identity.corpus)],
      ...listed("model", identity.models),
      ["problems", codeSpan(identity.problemSet)],
      ["problems in the data", String(run.available)],
      ["bootstrap seed", String(bootstrap.seed)],
      ["started", run.startedAt],
      ["Node.js", `${environment.node} on ${environment.platform}`],
      ["processor", codeSpan(environment.processor)],
    ],
  );
}

function problemTable({ run }: ProveBenchmarkReport): string {
  const { retrievals } = run.identity;
  const rows = new Map<string, Map<Retrieval, ProblemOutcome>>();
  for (const outcome of run.outcomes) {
    const row = rows.get(outcome.id) ?? new Map<Retrieval, ProblemOutcome>();
    rows.set(outcome.id, row.set(outcome.retrieval, outcome));
  }
  return markdownTable(
    [left("id"), left("theorem"), ...retrievals.map(left)],
    [...rows].map(([id, row]) => [
      id,
      codeSpan([...row.values()][0]?.name ?? ""),
      ...retrievals.map((way) => cell(row.get(way))),
    ]),
  );
}

function cell(outcome: ProblemOutcome | undefined): string {
  if (outcome === undefined) return "";
  return outcome.outcome === "proved" ? String(outcome.round ?? "") : outcome.outcome;
}

/** What went wrong, problem by problem. */
function notes({ run }: ProveBenchmarkReport): string[] {
  const noted = run.outcomes.filter(({ notes: sentences }) => sentences.length > 0);
  if (noted.length === 0) return [];
  return [
    "## What went wrong",
    "A problem that failed or ended early counts as not solved; it is tried again by --resume.",
    markdownTable(
      [left("id"), left("retrieval"), left("ended"), left("what was wrong")],
      noted.map(({ id, retrieval, outcome, notes: sentences }) => [
        ...[id, retrieval, outcome],
        codeSpan(sentences.join(" ")),
      ]),
    ),
  ];
}

function signed(share: number): string {
  const text = percent(share);
  return share > 0 && text !== "0.0" ? `+${text}` : text;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
