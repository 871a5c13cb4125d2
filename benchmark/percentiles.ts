/** The numbers in ascending order, as {@link percentile} wants them. */
export function ascending(values: Iterable<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * The nearest-rank percentile: the smallest value with at least `percent` % of the values at or
 * below it. It is always one of the values, never an interpolation.
 *
 * @param sorted ascending, see {@link ascending}; not empty.
 * @param percent above 0 and up to 100.
 * @throws RangeError when there are no values or `percent` is out of range.
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  if (!(percent > 0 && percent <= 100)) throw new RangeError(`${percent} is not a percentage`);
  // (percent * n) / 100 rather than percent / 100 * n: 0.07 * 100 is above 7 in binary.
  const value = sorted[Math.ceil((percent * sorted.length) / 100) - 1];
  if (value === undefined) throw new RangeError("no values to take a percentile of");
  return value;
}

/**
 * The middle value, or the mean of the two middle values.
 *
 * @param sorted ascending; not empty.
 * @throws RangeError when there are no values.
 */
export function median(sorted: ArrayLike<number>): number {
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined)
    throw new RangeError("no values to take a median of");
  return (lower + upper) / 2;
}
