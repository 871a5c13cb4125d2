import { codeSpan, type Column, markdownTable, threeDecimals } from "../markdown-table.js";
import type {
  ChangedQuery,
  GroupComparison,
  MetricComparison,
  RunIdentity,
  SearchComparison,
} from "./compare.js";

const HEADLINE_METRIC = "nDCG@10";

/** A comparison for people: the headline in the first line, then tables. Ends in a newline. */
export function searchComparisonMarkdown(comparison: SearchComparison): string {
  const { groups, gained, lost, limit } = comparison;
  const whole = groups.filter(({ style }) => style === "all");
  const fair = groups.filter(({ slice }) => slice === "fair");
  const headline = groups.find(({ slice, style }) => slice === "fair" && style === "all");
  const parts = [
    `# MathlibQR, B minus A: fair ${HEADLINE_METRIC} ${headlineDifference(headline)}`,
    `Brackets hold the 95% interval of the paired difference from a bootstrap over declarations, p is two-sided. A query is higher (or lower) where its declaration stands nearer to the top in B (or in A). The first ${limit} names count; the slice resolved holds the queries whose declaration both indexes hold.`,
    runTable(comparison),
    `## ${HEADLINE_METRIC} by slice`,
    groupTable("slice", whole, ({ slice }) => slice),
    `## ${HEADLINE_METRIC} by style, fair queries`,
    groupTable("style", fair, ({ style }) => style),
    "## All metrics, fair queries",
    metricTable(headline),
    "## Gained most in B",
    changeTable(gained),
    "## Lost most in B",
    changeTable(lost),
  ];
  return `${parts.map((part) => part.trimEnd()).join("\n\n")}\n`;
}

const right = (title: string): Column => ({ title, align: "right" });
const left = (title: string): Column => ({ title, align: "left" });

function headlineDifference(group: GroupComparison | undefined): string {
  const metric = group?.metrics[HEADLINE_METRIC];
  if (group === undefined || metric === undefined) return "–, n = 0";
  return `${withInterval(metric)}, p = ${threeDecimals(metric.difference.p)}, n = ${group.n}`;
}

function runTable({ a, b }: SearchComparison): string {
  const models = ({ fingerprints }: RunIdentity): string => {
    const named = Object.entries(fingerprints.models);
    if (named.length === 0) return "none";
    return named.map(([model, fingerprint]) => codeSpan(`${model} ${fingerprint}`)).join(", ");
  };
  const row = (name: string, run: RunIdentity): string[] => [
    name,
    run.startedAt,
    codeSpan(run.fingerprints.lemmascope),
    codeSpan(run.fingerprints.corpus),
    models(run),
  ];
  const columns = ["run", "started", "lemmascope", "corpus", "models"].map(left);
  return markdownTable(columns, [row("A", a), row("B", b)]);
}

function groupTable(
  title: string,
  groups: readonly GroupComparison[],
  nameOf: (group: GroupComparison) => string,
): string {
  const columns = [
    left(title),
    ...["n", "A", "B", "B − A", "p", "higher", "lower", "same"].map(right),
  ];
  const rows = groups.map((group) => [
    nameOf(group),
    String(group.n),
    ...metricCells(group.metrics[HEADLINE_METRIC]),
    String(group.wins),
    String(group.losses),
    String(group.ties),
  ]);
  return markdownTable(columns, rows);
}

function metricTable(group: GroupComparison | undefined): string {
  const columns = [left("metric"), ...["n", "A", "B", "B − A", "p"].map(right)];
  const rows = Object.entries(group?.metrics ?? {}).map(([name, metric]) => [
    name,
    String(group?.n ?? 0),
    ...metricCells(metric),
  ]);
  return markdownTable(columns, rows);
}

function metricCells(metric: MetricComparison | undefined): string[] {
  return [
    threeDecimals(metric?.a),
    threeDecimals(metric?.b),
    metric === undefined ? threeDecimals(undefined) : withInterval(metric),
    threeDecimals(metric?.difference.p),
  ];
}

function changeTable(queries: readonly ChangedQuery[]): string {
  if (queries.length === 0) return "None.";
  const rank = (value: number | null): string => (value === null ? "not found" : String(value));
  return markdownTable(
    [left("query"), left("text"), left("declaration"), right("rank in A"), right("rank in B")],
    queries.map(({ id, text, declaration, rankA, rankB }) => [
      id,
      codeSpan(text),
      codeSpan(declaration),
      rank(rankA),
      rank(rankB),
    ]),
  );
}

function withInterval({ difference: { mean, low, high } }: MetricComparison): string {
  return `${signed(mean)} [${signed(low)}, ${signed(high)}]`;
}

function signed(value: number): string {
  const text = threeDecimals(value);
  return value > 0 && text !== "0.000" ? `+${text}` : text;
}
