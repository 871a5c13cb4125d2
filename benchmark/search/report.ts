import { z } from "zod";
import { declarationKind } from "../../src/declaration.js";
import { UserError } from "../../src/errors.js";
import { type BootstrapOptions, DEFAULT_FOLDS, DEFAULT_SEED } from "../bootstrap.js";
import { checkShape, readJson, writeAtomically } from "../files.js";
import { DIFFICULTIES, fingerprintQueries, QUERY_STYLES } from "./data.js";
import type { SearchRun } from "./run.js";
import { type SearchSummary, summarizeSearchRun } from "./summary.js";

/** What every report file of this benchmark says of itself. */
const REPORT_NAME = "lemmascope search benchmark";
/** Raised when a report of the new shape cannot be read as one of the old. */
const REPORT_FORMAT = 1;

/** A run with its figures, as it is kept in a JSON file. */
export interface SearchReport {
  readonly report: typeof REPORT_NAME;
  readonly format: typeof REPORT_FORMAT;
  readonly benchmark: "MathlibQR";
  readonly bootstrap: { readonly folds: number; readonly seed: number };
  readonly summary: SearchSummary;
  /** The per-query ranks, from which the summary can be computed again. */
  readonly run: SearchRun;
}

const count = z.number().int().nonnegative();
const milliseconds = z.number().nonnegative();
const group = z.strictObject({
  n: count,
  declarations: count,
  metrics: z.record(
    z.string(),
    z.strictObject({ mean: z.number(), low: z.number(), high: z.number() }),
  ),
});
const groups = z.record(z.string(), group);
const slice = z.strictObject({
  all: group,
  byStyle: groups,
  byKind: groups,
  byDifficulty: groups,
});

const reportSchema: z.ZodType<SearchReport> = z.strictObject({
  report: z.literal(REPORT_NAME),
  format: z.literal(REPORT_FORMAT),
  benchmark: z.literal("MathlibQR"),
  bootstrap: z.strictObject({ folds: count.positive(), seed: z.number().int() }),
  summary: z.strictObject({
    slices: z.strictObject({ fair: slice, resolved: slice, full: slice }),
    latencyMs: z.strictObject({
      n: count,
      p50: milliseconds,
      p95: milliseconds,
      p99: milliseconds,
      max: milliseconds,
    }),
  }),
  run: z.strictObject({
    startedAt: z.iso.datetime(),
    limit: count.positive(),
    warmUpMs: milliseconds.nullable(),
    fingerprints: z.strictObject({
      lemmascope: z.string(),
      corpus: z.string(),
      models: z.record(z.string(), z.string()),
    }),
    environment: z.strictObject({
      node: z.string(),
      platform: z.string(),
      processor: z.string(),
    }),
    querySet: z.string(),
    queries: z
      .array(
        z.strictObject({
          id: z.string(),
          style: z.enum(QUERY_STYLES),
          text: z.string(),
          declaration: z.string(),
          kind: declarationKind,
          difficulty: z.enum(DIFFICULTIES),
          fair: z.boolean(),
          resolved: z.boolean(),
          rank: count.positive().nullable(),
          latencyMs: milliseconds,
          returned: count,
        }),
      )
      .min(1),
  }),
});

const headerSchema = z.object({ report: z.literal(REPORT_NAME), format: z.number() });

/** The report of a run; the same run and options always give the same report, byte for byte. */
export function makeSearchReport(run: SearchRun, options: BootstrapOptions = {}): SearchReport {
  const bootstrap = { folds: options.folds ?? DEFAULT_FOLDS, seed: options.seed ?? DEFAULT_SEED };
  return {
    report: REPORT_NAME,
    format: REPORT_FORMAT,
    benchmark: "MathlibQR",
    bootstrap,
    summary: summarizeSearchRun(run, bootstrap),
    run,
  };
}

/** Writes a report as JSON; throws as `writeAtomically`. */
export async function writeSearchReport(path: string, report: SearchReport): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(report, null, 2)}\n`);
}

/**
 * Reads a report that {@link writeSearchReport} wrote.
 *
 * @throws UserError `badInput` when the file is missing, is no report, is of another format, or
 *   its queries were changed.
 */
export async function readSearchReport(path: string): Promise<SearchReport> {
  const advice = "name a JSON report that `lemmascope bench search` wrote";
  const value = await readJson(path, advice);
  const header = headerSchema.safeParse(value);
  if (!header.success) {
    throw new UserError("badInput", `${path} is not a report of the search benchmark: ${advice}.`);
  }
  const { format } = header.data;
  if (format !== REPORT_FORMAT) {
    const problem = `${path} is a report in format ${format}, and this lemmascope reads format ${REPORT_FORMAT}`;
    throw new UserError("badInput", `${problem}: run the benchmark again.`);
  }
  const report = checkShape(value, reportSchema, path, advice);
  if (fingerprintQueries(report.run.queries) !== report.run.querySet) {
    const problem = `${path} was changed: its queries do not give the checksum it states`;
    throw new UserError("badInput", `${problem}; run the benchmark again.`);
  }
  return report;
}
