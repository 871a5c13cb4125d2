import { codeSpan, type Column, markdownTable, threeDecimals } from "../markdown-table.js";
import type { ChangedTheorem, MetricComparison, PremiseComparison } from "./compare.js";
import { differences } from "./identity.js";
import { percent } from "./report-markdown.js";

/** A comparison for people: the headline in the first line, then tables. Ends in a newline. */
export function premiseComparisonMarkdown(comparison: PremiseComparison): string {
  const { a, b, n, metrics, gained, lost } = comparison;
  const headline = metrics.find(({ name }) => name === "Recall@10");
  const different = differences(a.identity, b.identity);
  const parts = [
    `# ${a.identity.benchmark}, B minus A: group Recall@10 ${headline === undefined ? "–" : `${withInterval(headline)}, p = ${threeDecimals(headline.difference.p)}`}, n = ${n}`,
    "Percentages over the theorems that both runs have, all groups counted. Brackets hold the 95% interval of the paired difference from a bootstrap over theorems, p is two-sided.",
    different.length === 0
      ? "Nothing that is known of the runs differs."
      : `The runs differ in ${different.join(", ")}.`,
    runTable(comparison),
    "## All metrics",
    metricTable(metrics),
    "## Gained most in B",
    changeTable(gained),
    "## Lost most in B",
    changeTable(lost),
  ];
  return `${parts.map((part) => part.trimEnd()).join("\n\n")}\n`;
}

const right = (title: string): Column => ({ title, align: "right" });
const left = (title: string): Column => ({ title, align: "left" });

function runTable({ a, b }: PremiseComparison): string {
  const row = (title: string, { startedAt, identity }: PremiseComparison["a"]): string[] => [
    ...[title, startedAt, identity.mode, identity.fusion],
    ...[codeSpan(identity.lemmascope), codeSpan(identity.corpus)],
  ];
  const columns = ["run", "started", "mode", "order", "lemmascope", "corpus"].map(left);
  return markdownTable(columns, [row("A", a), row("B", b)]);
}

function metricTable(metrics: readonly MetricComparison[]): string {
  return markdownTable(
    [left("metric"), ...["A", "B", "B − A", "p"].map(right)],
    metrics.map((metric) => [
      ...[metric.name, percent(metric.a), percent(metric.b), withInterval(metric)],
      threeDecimals(metric.difference.p),
    ]),
  );
}

function changeTable(theorems: readonly ChangedTheorem[]): string {
  if (theorems.length === 0) return "None.";
  return markdownTable(
    [left("id"), left("theorem"), right("Recall@10 in A"), right("Recall@10 in B")],
    theorems.map(({ id, name, a, b }) => [id, codeSpan(name), percent(a), percent(b)]),
  );
}

function withInterval({ difference: { mean, low, high } }: MetricComparison): string {
  return `${signed(mean)} [${signed(low)}, ${signed(high)}]`;
}

function signed(share: number): string {
  const text = percent(share);
  return share > 0 && text !== "0.0" ? `+${text}` : text;
}
