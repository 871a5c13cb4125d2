import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorCode, UserError } from "../../errors.js";

const folders = new Set<string>();
let exitWatched = false;

/**
 * Hands a file in a new temporary folder to `use`, and removes the folder afterwards with all that
 * was put there, also where the program is ended meanwhile.
 *
 * @throws UserError `io` where it cannot be written.
 */
export async function withTemporaryFile<T>(
  name: string,
  text: string,
  use: (path: string, folder: string) => Promise<T>,
): Promise<T> {
  if (!exitWatched) {
    exitWatched = true;
    process.on("exit", () => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });
  }
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), "lemmascope-check-"));
    folders.add(folder);
    const path = join(folder, name);
    await writeFile(path, text);
    return await use(path, folder);
  } catch (error) {
    if (error instanceof UserError || errorCode(error) === undefined) throw error;
    throw new UserError(
      "io",
      `The temporary folder ${tmpdir()} cannot be used (${errorCode(error) ?? ""}): set TMPDIR to one that can.`,
      { cause: error },
    );
  } finally {
    if (folder !== undefined) {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      folders.delete(folder);
    }
  }
}
