/** A column of a Markdown table: words stand left, figures stand right. */
export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/**
 * A Markdown table whose columns line up in plain text as well, ending in a newline. Cells are
 * Markdown already, see {@link codeSpan}; bars in them are escaped here. Missing cells stay empty.
 */
export function markdownTable(columns: readonly Column[], rows: readonly string[][]): string {
  const cells = rows.map((row) => columns.map((_, c) => escapeBars(row[c] ?? "")));
  const widths = columns.map(({ title }, c) =>
    Math.max(3, width(title), ...cells.map((row) => width(row[c] ?? ""))),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, c) => pad(cell, widths[c] ?? 0, columns[c]?.align ?? "left")).join(" | ")} |\n`;
  const rule = columns.map(({ align }, c) => {
    const dashes = "-".repeat((widths[c] ?? 0) - 1);
    return align === "right" ? `${dashes}:` : `${dashes}-`;
  });
  return [line(columns.map(({ title }) => title)), line(rule), ...cells.map(line)].join("");
}

/** Text shown as it stands on one line, whatever Markdown signs it holds; nothing for no text. */
export function codeSpan(text: string): string {
  const oneLine = text.replace(/\s+/g, " ").trim();
  if (oneLine === "") return "";
  const runs = [...oneLine.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(0, ...runs) + 1);
  // CommonMark strips one space from both ends, which keeps the text's own backticks off the fence.
  const space = oneLine.startsWith("`") || oneLine.endsWith("`") ? " " : "";
  return `${fence}${space}${oneLine}${space}${fence}`;
}

/** A figure to three decimals; a dash where there is none. */
export function threeDecimals(value: number | undefined): string {
  if (value === undefined) return "–";
  const text = value.toFixed(3);
  return text === "-0.000" ? "0.000" : text;
}

function escapeBars(cell: string): string {
  return cell.replaceAll("|", "\\|");
}

function width(text: string): number {
  return Array.from(text).length;
}

function pad(cell: string, to: number, align: Column["align"]): string {
  const blanks = " ".repeat(Math.max(0, to - width(cell)));
  return align === "right" ? blanks + cell : cell + blanks;
}
