import { ascending, percentile } from "./percentiles.js";
import { seededRandom } from "./random.js";

/** How intervals are drawn. The same options over the same values give the same intervals. */
export interface BootstrapOptions {
  /** How many resamples are drawn; 1,000 unless told. */
  readonly folds?: number;
  /** Fixes the resamples; 20260513 unless told. */
  readonly seed?: number;
}

export const DEFAULT_FOLDS = 1000;
export const DEFAULT_SEED = 20260513;

/** A mean with its 95 % percentile interval, all in the unit of the values. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A mean paired difference with its interval and how surprising it would be were there none. */
export interface DifferenceEstimate extends Estimate {
  /**
   * Two-sided bootstrap p: twice the share of resamples on the less populated side of zero, with
   * one resample added so that it is never 0; 1 where nothing differs.
   */
  readonly p: number;
}

/**
 * Means with cluster-bootstrap intervals, one for each column of values.
 *
 * Values of one cluster are not independent (the queries written for one declaration find it or
 * miss it together), so each resample draws whole clusters with replacement, as many as there are,
 * and takes the mean over all values of the clusters drawn. Drawing single values would make the
 * intervals too narrow. Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
 * chapters 8 and 13 (the percentile interval).
 *
 * @param columns columns[c][i] is the value of item i in column c.
 * @param clusterOf clusterOf[i] names the cluster of item i.
 * @throws RangeError when there are no items or a column's length differs from `clusterOf`'s.
 */
export function bootstrapMeans(
  columns: readonly (readonly number[])[],
  clusterOf: readonly string[],
  options: BootstrapOptions = {},
): Estimate[] {
  return resample(columns, clusterOf, options).map(({ mean, resampled }) => ({
    mean,
    ...interval(resampled),
  }));
}

/**
 * Mean differences of paired values (`second` minus `first`), with cluster-bootstrap intervals and
 * p-values; columns and clusters as for {@link bootstrapMeans}.
 *
 * @throws RangeError as {@link bootstrapMeans}, and when the two sides do not pair up.
 */
export function bootstrapDifferences(
  first: readonly (readonly number[])[],
  second: readonly (readonly number[])[],
  clusterOf: readonly string[],
  options: BootstrapOptions = {},
): DifferenceEstimate[] {
  if (first.length !== second.length) throw new RangeError("the two sides have different columns");
  const differences = second.map((column, c) => {
    const other = first[c] ?? [];
    if (other.length !== column.length) throw new RangeError("the two sides have different items");
    return column.map((value, i) => value - (other[i] ?? 0));
  });
  return resample(differences, clusterOf, options).map(({ mean, resampled }) => ({
    mean,
    ...interval(resampled),
    p: twoSidedP(resampled),
  }));
}

interface Resampled {
  readonly mean: number;
  /** The mean in each resample, ascending. */
  readonly resampled: Float64Array;
}

function resample(
  columns: readonly (readonly number[])[],
  clusterOf: readonly string[],
  options: BootstrapOptions,
): Resampled[] {
  const { folds = DEFAULT_FOLDS, seed = DEFAULT_SEED } = options;
  if (clusterOf.length === 0) throw new RangeError("no values to resample");
  const numbers = new Map<string, number>();
  for (const cluster of clusterOf) {
    if (!numbers.has(cluster)) numbers.set(cluster, numbers.size);
  }
  const clusterNumbers = clusterOf.map((cluster) => numbers.get(cluster) ?? 0);
  const sizes = sumByCluster(
    clusterNumbers.map(() => 1),
    clusterNumbers,
    numbers.size,
  );
  const sums = columns.map((column) => sumByCluster(column, clusterNumbers, numbers.size));
  const once = new Float64Array(numbers.size).fill(1);
  const resampled = columns.map(() => new Float64Array(folds));
  const random = seededRandom(seed);
  for (let fold = 0; fold < folds; fold++) {
    const times = new Float64Array(numbers.size);
    for (let draw = 0; draw < numbers.size; draw++) {
      const drawn = Math.floor((random() / 2 ** 32) * numbers.size);
      times[drawn] = (times[drawn] ?? 0) + 1;
    }
    const count = dot(times, sizes);
    for (const [c, sum] of sums.entries()) {
      const means = resampled[c];
      if (means !== undefined) means[fold] = dot(times, sum) / count;
    }
  }
  return sums.map((sum, c) => ({
    mean: dot(once, sum) / clusterOf.length,
    resampled: ascending(resampled[c] ?? []),
  }));
}

function sumByCluster(
  values: readonly number[],
  clusterNumbers: readonly number[],
  clusters: number,
): Float64Array {
  if (values.length !== clusterNumbers.length) {
    throw new RangeError(`${values.length} values for ${clusterNumbers.length} items`);
  }
  const sums = new Float64Array(clusters);
  for (const [i, cluster] of clusterNumbers.entries()) {
    sums[cluster] = (sums[cluster] ?? 0) + (values[i] ?? 0);
  }
  return sums;
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (left[i] ?? 0) * (right[i] ?? 0);
  return sum;
}

function interval(resampled: Float64Array): { low: number; high: number } {
  return { low: percentile(resampled, 2.5), high: percentile(resampled, 97.5) };
}

/** Means this close to zero are zero: differences that cancel leave rounding dust behind. */
const ZERO = 1e-12;

function twoSidedP(resampled: Float64Array): number {
  let notAbove = 0;
  let notBelow = 0;
  for (const mean of resampled) {
    if (mean <= ZERO) notAbove++;
    if (mean >= -ZERO) notBelow++;
  }
  return Math.min(1, (2 * (Math.min(notAbove, notBelow) + 1)) / (resampled.length + 1));
}
