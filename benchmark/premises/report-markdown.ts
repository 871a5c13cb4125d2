import type { Estimate } from "../bootstrap.js";
import { codeSpan, type Column, markdownTable } from "../markdown-table.js";
import { REPLAYED } from "./identity.js";
import { CUTOFFS, groupRecall, isCovered, POOL_METRIC, SLICES } from "./measures.js";
import { PUBLISHED_FIGURES } from "./published.js";
import type { PremiseBenchmarkReport } from "./report.js";
import type { GroupSummary } from "./summary.js";

/** A report for people: the headline in the first line, then tables. Ends in a newline. */
export function premiseReportMarkdown(report: PremiseBenchmarkReport): string {
  const { bootstrap, run, summary } = report;
  const all = summary.slices["all groups"];
  const recalls = CUTOFFS.map((cutoff) => `Recall@${cutoff}`);
  const covereds = CUTOFFS.map((cutoff) => `Covered@${cutoff}`);
  const slices = SLICES.map((slice) => [slice, summary.slices[slice]] as const);
  const ranked: (readonly [string, GroupSummary])[] =
    summary.recordedRanking.n === 0
      ? slices
      : [...slices, ["the recorded model's own ranking", summary.recordedRanking]];
  return paragraphs([
    `# ${run.identity.benchmark}: group Recall@10 ${withInterval(all.metrics["Recall@10"])} %, n = ${all.n}`,
    `Percentages, means over n theorems of ${run.available}. Brackets hold the 95% interval from ${bootstrap.folds} bootstrap resamples of theorems. A group of premises is hit by any of its declarations; Recall@k is the share of a theorem's groups that the first k hit, and Covered@k says whether they hit all original groups, or all alternative groups where there are any. ${POOL_METRIC} is the share of groups of which a declaration was ranked at all.`,
    "The paper's figures are over all groups, where a group that the index holds no declaration of counts as missed; the second row leaves such groups out.",
    "## Recall",
    figureTable(ranked, [...recalls, POOL_METRIC]),
    "## Covered",
    figureTable(ranked, covereds),
    ...(summary.recordedRanking.n === 0
      ? []
      : [
          "The recorded model's own ranking is what it answered after it had read search results, all groups counted. Nothing that is measured here looks at it.",
        ]),
    "## Cost and time",
    costTable(report),
    costNote(report),
    "## What was measured",
    identityTable(report),
    ...published(report),
    "## Theorems",
    theoremTable(report),
    ...notes(report),
    "## Groups that are not in the index",
    absentTable(report),
  ]);
}

const right = (title: string): Column => ({ title, align: "right" });
const left = (title: string): Column => ({ title, align: "left" });

function figureTable(
  rows: readonly (readonly [string, GroupSummary])[],
  metrics: readonly string[],
): string {
  return markdownTable(
    [left("counted"), ...["n", "groups", ...metrics].map(right)],
    rows.map(([title, group]) => [
      title,
      String(group.n),
      String(group.groups),
      ...metrics.map((metric) => withInterval(group.metrics[metric])),
    ]),
  );
}

function costTable({ summary: { usage, timeMs } }: PremiseBenchmarkReport): string {
  const each = (value: number): string => (value / timeMs.n).toFixed(1);
  return markdownTable(
    ["n", "calls", "calls each", "prompt tokens", "answer tokens", "kept answers"]
      .concat(["median s", "p95 s", "max s"])
      .map(right),
    [
      [
        ...[String(timeMs.n), String(usage.calls), each(usage.calls)],
        ...[usage.promptTokens, usage.completionTokens, usage.cachedAnswers].map(String),
        ...[timeMs.median, timeMs.p95, timeMs.max].map(seconds),
      ],
    ],
  );
}

function costNote({ run, summary }: PremiseBenchmarkReport): string {
  const isReplayed = Object.values(run.identity.languageModels).includes(REPLAYED);
  const isKept = summary.usage.cachedAnswers > 0;
  return isReplayed || isKept
    ? "Answers that were replayed or kept from before took no time: the times are not those of a run that asks for all of them."
    : "Seconds are wall-clock time of one theorem, one after the other.";
}

function identityTable({ run, bootstrap, summary }: PremiseBenchmarkReport): string {
  const { identity, environment } = run;
  const listed = (title: string, values: Readonly<Record<string, string>>): string[][] => {
    const rows = Object.entries(values).map(([name, value]) => [
      `${title} ${codeSpan(name)}`,
      codeSpan(value),
    ]);
    return rows.length > 0 ? rows : [[`${title}s`, "none"]];
  };
  const outcomes = Object.entries(summary.outcomes).map(([name, n]) => `${n} ${name}`);
  return markdownTable(
    [left("what"), left("value")],
    [
      ["mode", identity.mode],
      ["order of the pool", identity.fusion],
      ["sketches made again at most", identity.rounds === null ? "–" : String(identity.rounds)],
      ["recorded sketches", identity.sketches === null ? "none" : codeSpan(identity.sketches)],
      ["how theorems ended", outcomes.join(", ")],
      ...listed("language model", identity.languageModels),
      ...listed("prompt", identity.prompts),
      ["lemmascope", codeSpan(identity.lemmascope)],
      ["corpus", codeSpan(identity.corpus)],
      ...listed("model", identity.models),
      ["theorems", codeSpan(identity.theoremSet)],
      ["bootstrap seed", String(bootstrap.seed)],
      ["started", run.startedAt],
      ["Node.js", `${environment.node} on ${environment.platform}`],
      ["processor", codeSpan(environment.processor)],
    ],
  );
}

function published({ run }: PremiseBenchmarkReport): string[] {
  if (run.identity.benchmark !== "MathlibMPR") return [];
  const table = markdownTable(
    [left("system"), right("Recall@10"), left("source")],
    PUBLISHED_FIGURES.map(({ system, recall10, source }) => [system, percent(recall10), source]),
  );
  const note =
    run.theorems.length < run.available
      ? `They are over all ${run.available} theorems, and this run is over ${run.theorems.length} of them: they do not compare directly.`
      : "Those systems search corpora of their own.";
  return ["## Published by others (not measured here)", table, note];
}

function theoremTable({ run }: PremiseBenchmarkReport): string {
  const columns = [left("id"), left("theorem"), left("ended")].concat(
    ["groups", "hit@10", "hit@50", "in pool", "covered@10", "pool", "calls", "s"].map(right),
  );
  const rows = run.theorems.map(({ id, name, outcome, groups, pool, usage, elapsedMs }) => {
    const hits = (cutoff: number): string =>
      String(Math.round(groupRecall(groups, cutoff) * groups.length));
    return [
      ...[id, codeSpan(name), outcome, String(groups.length)],
      ...[hits(10), hits(50), hits(Number.POSITIVE_INFINITY), isCovered(groups, 10) ? "yes" : "no"],
      ...[String(pool), String(usage.calls), seconds(elapsedMs)],
    ];
  });
  return markdownTable(columns, rows);
}

/** What went wrong, theorem by theorem; a failed theorem counts as one for which nothing was found. */
function notes({ run }: PremiseBenchmarkReport): string[] {
  const noted = run.theorems.filter(({ notes: sentences }) => sentences.length > 0);
  if (noted.length === 0) return [];
  const rows = noted.map(({ id, outcome, notes: sentences }) => [
    id,
    outcome,
    codeSpan(sentences.join(" ")),
  ]);
  return [
    "## What went wrong",
    "A theorem that failed counts as one for which nothing was found; it is tried again by --resume.",
    markdownTable([left("id"), left("ended"), left("what was wrong")], rows),
  ];
}

function absentTable({ run }: PremiseBenchmarkReport): string {
  const rows = run.theorems.flatMap(({ id, groups }) =>
    groups
      .filter(({ known }) => !known)
      .map(({ kind, declarations }) => [id, kind, declarations.map(codeSpan).join(", ")]),
  );
  if (rows.length === 0) return "None.";
  return markdownTable([left("id"), left("kind"), left("declarations")], rows);
}

function withInterval(estimate: Estimate | undefined): string {
  if (estimate === undefined) return "–";
  const { mean, low, high } = estimate;
  return `${percent(mean)} [${percent(low)}, ${percent(high)}]`;
}

/** A share of one as a percentage to one decimal, without its sign. */
export function percent(share: number): string {
  const text = (share * 100).toFixed(1);
  return text === "-0.0" ? "0.0" : text;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

function paragraphs(parts: readonly string[]): string {
  return `${parts.map((part) => part.trimEnd()).join("\n\n")}\n`;
}
