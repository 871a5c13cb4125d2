import { cpus } from "node:os";
import { z } from "zod";
import { UserError } from "../../src/errors.js";
import { type BootstrapOptions, DEFAULT_FOLDS, DEFAULT_SEED } from "../bootstrap.js";
import { checkShape, readJson, writeAtomically } from "../files.js";
import { identitySchema } from "./identity.js";
import { theoremOutcomeSchema, usageSchema } from "./outcome.js";
import { summarizePremiseRun } from "./summary.js";

/** What every report file of this benchmark says of itself. */
const REPORT_NAME = "lemmascope premise benchmark";
/** Raised when a report of the new shape cannot be read as one of the old. */
const REPORT_FORMAT = 1;

const count = z.number().int().nonnegative();
const milliseconds = z.number().nonnegative();

const runSchema = z.strictObject({
  /** When the run began, in ISO 8601 UTC; one that was gone on with began with its first part. */
  startedAt: z.iso.datetime(),
  /** How many theorems the data holds; others than those of `theorems` were not wanted. */
  available: count,
  identity: identitySchema,
  /** What the times were measured on. */
  environment: z.strictObject({ node: z.string(), platform: z.string(), processor: z.string() }),
  theorems: z.array(theoremOutcomeSchema).min(1),
});

/** Everything that one run of the benchmark found out: all reports are computed from it. */
export type PremiseRunRecord = z.infer<typeof runSchema>;

const group = z.strictObject({
  n: count,
  groups: count,
  metrics: z.record(
    z.string(),
    z.strictObject({ mean: z.number(), low: z.number(), high: z.number() }),
  ),
});

const reportSchema = z.strictObject({
  report: z.literal(REPORT_NAME),
  format: z.literal(REPORT_FORMAT),
  bootstrap: z.strictObject({ folds: count.positive(), seed: z.number().int() }),
  summary: z.strictObject({
    slices: z.strictObject({ "all groups": group, "groups in the index": group }),
    recordedRanking: group,
    outcomes: z.record(z.string(), count),
    usage: usageSchema,
    timeMs: z.strictObject({
      n: count,
      median: milliseconds,
      p95: milliseconds,
      max: milliseconds,
    }),
  }),
  run: runSchema,
});

/** A run with its figures, as it is kept in a JSON file. */
export type PremiseBenchmarkReport = z.infer<typeof reportSchema>;

/** The report of a run; the same run and options always give the same report, byte for byte. */
export function makePremiseReport(
  run: PremiseRunRecord,
  options: BootstrapOptions = {},
): PremiseBenchmarkReport {
  const bootstrap = { folds: options.folds ?? DEFAULT_FOLDS, seed: options.seed ?? DEFAULT_SEED };
  return reportSchema.parse({
    report: REPORT_NAME,
    format: REPORT_FORMAT,
    bootstrap,
    summary: summarizePremiseRun(run.theorems, bootstrap),
    run,
  });
}

/** What a run's times are measured on: this machine. */
export function thisEnvironment(): PremiseRunRecord["environment"] {
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
  };
}

/** Writes a report as JSON; throws as `writeAtomically`. */
export async function writePremiseReport(
  path: string,
  report: PremiseBenchmarkReport,
): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(report, null, 2)}\n`);
}

const headerSchema = z.object({ report: z.literal(REPORT_NAME), format: z.number() });

/**
 * Reads a report that {@link writePremiseReport} wrote.
 *
 * @throws UserError `badInput` when the file is missing, is no report, or is of another format.
 */
export async function readPremiseReport(path: string): Promise<PremiseBenchmarkReport> {
  const advice = "name a JSON report that `lemmascope bench premises` wrote";
  const value = await readJson(path, advice);
  const header = headerSchema.safeParse(value);
  if (!header.success) {
    throw new UserError("badInput", `${path} is not a report of the premise benchmark: ${advice}.`);
  }
  const { format } = header.data;
  if (format !== REPORT_FORMAT) {
    const problem = `${path} is a report in format ${format}, and this lemmascope reads format ${REPORT_FORMAT}`;
    throw new UserError("badInput", `${problem}: run the benchmark again.`);
  }
  return checkShape(value, reportSchema, path, advice);
}
