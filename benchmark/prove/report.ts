import { z } from "zod";
import { RETRIEVALS } from "../../src/prove/retriever.js";
import { type BootstrapOptions, DEFAULT_FOLDS, DEFAULT_SEED } from "../bootstrap.js";
import { checkShape, readJson, writeAtomically } from "../files.js";
import { usageSchema } from "../premises/outcome.js";
import { PROBLEM_SETS } from "./data.js";
import { proveIdentitySchema } from "./identity.js";
import { OUTCOMES, problemOutcomeSchema } from "./outcome.js";
import { summarizeProveRun } from "./summary.js";

/** What every report file of this benchmark says of itself. */
const REPORT_NAME = "lemmascope proving benchmark";
/** Raised when a report of the new shape cannot be read as one of the old. */
const REPORT_FORMAT = 1;

const count = z.number().int().nonnegative();
const milliseconds = z.number().nonnegative();
const retrieval = z.enum(RETRIEVALS);
const set = z.enum(PROBLEM_SETS);
const estimate = z.strictObject({ mean: z.number(), low: z.number(), high: z.number() });

const runSchema = z.strictObject({
  /** When the run began, in ISO 8601 UTC; one that was gone on with began with its first part. */
  startedAt: z.iso.datetime(),
  /** How many problems the data holds; others than those of `outcomes` were not wanted. */
  available: count,
  identity: proveIdentitySchema,
  /** What the times were measured on. */
  environment: z.strictObject({ node: z.string(), platform: z.string(), processor: z.string() }),
  outcomes: z.array(problemOutcomeSchema).min(1),
});

/** Everything that one run of the benchmark found out: all reports are computed from it. */
export type ProveRunRecord = z.infer<typeof runSchema>;

const reportSchema = z.strictObject({
  report: z.literal(REPORT_NAME),
  format: z.literal(REPORT_FORMAT),
  bootstrap: z.strictObject({ folds: count.positive(), seed: z.number().int() }),
  summary: z.strictObject({
    ways: z.array(
      z.strictObject({
        ...{ set, retrieval, n: count, solved: count, rate: estimate },
        solvedAfter: z.array(count),
        outcomes: z.partialRecord(z.enum(OUTCOMES), count),
        attempts: count,
        usage: usageSchema,
        tokensPerSolved: count.nullable(),
        medianMs: milliseconds,
        checkMs: milliseconds,
      }),
    ),
    differences: z.array(
      z.strictObject({
        ...{ set, a: retrieval, b: retrieval, n: count, onlyA: count, onlyB: count },
        difference: estimate.extend({ p: z.number() }),
      }),
    ),
  }),
  run: runSchema,
});

/** A run with its figures, as it is kept in a JSON file. */
export type ProveBenchmarkReport = z.infer<typeof reportSchema>;

/** The report of a run; the same run and options always give the same report, byte for byte. */
export function makeProveReport(
  run: ProveRunRecord,
  options: BootstrapOptions = {},
): ProveBenchmarkReport {
  const bootstrap = { folds: options.folds ?? DEFAULT_FOLDS, seed: options.seed ?? DEFAULT_SEED };
  return reportSchema.parse({
    report: REPORT_NAME,
    format: REPORT_FORMAT,
    bootstrap,
    summary: summarizeProveRun(run.outcomes, run.identity.rounds, bootstrap),
    run,
  });
}

/** Writes a report as JSON; throws as `writeAtomically`. */
export async function writeProveReport(path: string, report: ProveBenchmarkReport): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(report, null, 2)}\n`);
}

/**
 * Reads a report that {@link writeProveReport} wrote.
 *
 * @throws UserError `badInput` when the file is missing or is no such report.
 */
export async function readProveReport(path: string): Promise<ProveBenchmarkReport> {
  const advice = "name a JSON report that `lemmascope bench prove` wrote";
  return checkShape(await readJson(path, advice), reportSchema, path, advice);
}
