import { interrupted } from "../network/retry.js";

/**
 * Runs `work` so many times at once, and ends when all have ended. The first to fail stops the
 * others.
 *
 * @param work is told by its signal to stop: another failed, or the caller aborted.
 * @throws what the first to fail threw; UserError `interrupted` if the caller aborted.
 */
export async function workTogether(
  workers: number,
  work: (stop: AbortSignal) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  if (isAborted(signal)) throw interrupted();
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  signal?.addEventListener("abort", stop);
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    try {
      await work(controller.signal);
    } catch (error) {
      failure ??= { error };
      stop();
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, worker));
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  if (failure !== undefined) throw failure.error;
  if (isAborted(signal)) throw interrupted();
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
