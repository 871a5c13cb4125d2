import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { finished } from "node:stream/promises";
import { errorCode, errorMessage, UserError } from "../errors.js";

/**
 * Writes a text file line by line, so that readers see either what was there before or all of the
 * new: into a temporary file beside it, which is then renamed. Missing folders are made, and memory
 * stays flat however many lines there are.
 *
 * @returns how many lines were written.
 * @throws UserError `io` when the path cannot be written, `interrupted` after the signal; and
 * whatever the lines throw.
 */
export async function writeLines(
  path: string,
  lines: Iterable<string> | AsyncIterable<string>,
  signal?: AbortSignal,
): Promise<number> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const count = await describingFailure(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      return writeAll(temporary, lines, signal);
    });
    await describingFailure(path, () => rename(temporary, path));
    return count;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function writeAll(
  path: string,
  lines: Iterable<string> | AsyncIterable<string>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const file = createWriteStream(path, { highWaterMark: 1 << 20, flush: true });
  const closed = finished(file);
  // Heard where it is awaited; until then a failure must not end the process.
  closed.catch(() => undefined);
  let count = 0;
  try {
    for await (const line of lines) {
      count += 1;
      if (file.write(`${line}\n`)) continue;
      await Promise.race([once(file, "drain"), closed]);
      if (signal?.aborted === true) throw new UserError("interrupted", "Interrupted.");
    }
    file.end();
    await closed;
    return count;
  } catch (error) {
    file.destroy();
    throw error;
  }
}

/** Failures of the file system become a sentence; all others are not ours. */
async function describingFailure<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError || errorCode(error) === undefined) throw error;
    throw new UserError(
      "io",
      `${path} cannot be written (${errorCode(error) ?? errorMessage(error)}): name a path in a folder that you can write to.`,
      { cause: error },
    );
  }
}
