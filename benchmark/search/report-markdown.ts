import type { Estimate } from "../bootstrap.js";
import { codeSpan, type Column, markdownTable, threeDecimals } from "../markdown-table.js";
import { searchMetrics } from "./measures.js";
import { PUBLISHED_FIGURES } from "./published.js";
import type { SearchReport } from "./report.js";
import { type GroupSummary, sliceEntries } from "./summary.js";

/** A report for people: the headline in the first line, then tables. Ends in a newline. */
export function searchReportMarkdown(report: SearchReport): string {
  const { bootstrap, run, summary } = report;
  const { fair } = summary.slices;
  const names = searchMetrics(run.limit).map(({ name }) => name);
  const recalls = names.filter((name) => name.startsWith("Recall"));
  const others = names.filter((name) => !name.startsWith("Recall"));
  const slices = sliceEntries(summary).map(([name, { all }]) => [name, all] as const);
  const breakdown = (title: string, groups: Readonly<Record<string, GroupSummary>>): string[] => [
    `## By ${title}, fair queries`,
    groupTable(title, Object.entries(groups), ["nDCG@10", "Recall@10", "Recall@200", "MRR"], names),
  ];
  return paragraphs([
    `# MathlibQR: fair nDCG@10 ${withInterval(fair.all.metrics["nDCG@10"])}, n = ${fair.all.n}`,
    `Each figure is a mean over n queries. Brackets hold its 95% interval from ${bootstrap.folds} bootstrap resamples of declarations: all queries for one declaration are drawn together.`,
    `In the slices fair and full, a declaration that the index does not hold counts as not found; the slice resolved leaves its queries out. The first ${run.limit} names count, and a name returned twice counts at its first place.`,
    "## Slices",
    groupTable("slice", slices, others, names),
    groupTable("slice", slices, recalls, names),
    ...breakdown("style", fair.byStyle),
    ...breakdown("kind", fair.byKind),
    ...breakdown("difficulty", fair.byDifficulty),
    "The JSON report holds the same breakdowns for the slices resolved and full, with all metrics.",
    "## Latency of one search (ms)",
    latencyTable(report),
    run.warmUpMs === null
      ? "There was no warm-up: the first search includes start-up."
      : `A first search, not counted, took ${run.warmUpMs.toFixed(1)} ms with start-up.`,
    "## What was measured",
    fingerprintTable(report),
    "## Published by others (not measured here)",
    publishedTable(),
    "The sources are over different queries: compare a row with the fair slice only where it says fair.",
  ]);
}

function groupTable(
  title: string,
  groups: readonly (readonly [string, GroupSummary])[],
  wanted: readonly string[],
  available: readonly string[],
): string {
  const metrics = wanted.filter((name) => available.includes(name));
  const columns: Column[] = [
    { title, align: "left" },
    { title: "n", align: "right" },
    ...metrics.map((name) => ({ title: name, align: "right" }) as const),
  ];
  const rows = groups.map(([name, group]) => [
    name,
    String(group.n),
    ...metrics.map((metric) => withInterval(group.metrics[metric])),
  ]);
  return markdownTable(columns, rows);
}

function latencyTable({ summary: { latencyMs } }: SearchReport): string {
  const columns = ["n", "p50", "p95", "p99", "max"].map(
    (title) => ({ title, align: "right" }) as const,
  );
  const { n, p50, p95, p99, max } = latencyMs;
  return markdownTable(columns, [
    [String(n), ...[p50, p95, p99, max].map((latency) => latency.toFixed(1))],
  ]);
}

function fingerprintTable({ run, bootstrap }: SearchReport): string {
  const { fingerprints, environment } = run;
  const held = new Set(run.queries.filter((q) => q.resolved).map((q) => q.declaration));
  const asked = new Set(run.queries.map((q) => q.declaration));
  const models = Object.entries(fingerprints.models).map(([model, fingerprint]) => [
    `model ${codeSpan(model)}`,
    codeSpan(fingerprint),
  ]);
  return markdownTable(
    [
      { title: "what", align: "left" },
      { title: "value", align: "left" },
    ],
    [
      ["lemmascope", codeSpan(fingerprints.lemmascope)],
      ["corpus", codeSpan(fingerprints.corpus)],
      ...(models.length > 0 ? models : [["models", "none"]]),
      ["queries", codeSpan(run.querySet)],
      ["declarations asked for that the index holds", `${held.size} of ${asked.size}`],
      ["bootstrap seed", String(bootstrap.seed)],
      ["started", run.startedAt],
      ["Node.js", `${environment.node} on ${environment.platform}`],
      ["processor", codeSpan(environment.processor)],
    ],
  );
}

function publishedTable(): string {
  return markdownTable(
    [
      { title: "system", align: "left" },
      { title: "queries", align: "left" },
      { title: "n", align: "right" },
      { title: "nDCG@10", align: "right" },
      { title: "source", align: "left" },
    ],
    PUBLISHED_FIGURES.map(({ system, queries, n, ndcg10, source }) => [
      system,
      queries,
      String(n),
      threeDecimals(ndcg10),
      source,
    ]),
  );
}

function withInterval(estimate: Estimate | undefined): string {
  if (estimate === undefined) return threeDecimals(undefined);
  const { mean, low, high } = estimate;
  return `${threeDecimals(mean)} [${threeDecimals(low)}, ${threeDecimals(high)}]`;
}

function paragraphs(parts: readonly string[]): string {
  return `${parts.map((part) => part.trimEnd()).join("\n\n")}\n`;
}
