/** What someone gets who took a request back. */
export function abortError(): DOMException {
  return new DOMException("The request was taken back.", "AbortError");
}

/**
 * What the work gives, unless the signal comes first: then the work goes on, and what it gives is
 * dropped.
 *
 * @throws DOMException `AbortError` after the signal, whatever reason the signal has.
 */
export async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return work;
  work.catch(() => undefined);
  if (signal.aborted) throw abortError();
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(abortError());
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
