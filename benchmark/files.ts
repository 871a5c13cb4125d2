import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { z } from "zod";
import { errorCode, errorMessage, UserError } from "../src/errors.js";

/**
 * The JSON value in a file.
 *
 * @param advice what the user should do when the file is missing or is not what it should be: the
 *   end of a sentence, without its full stop.
 * @throws UserError `badInput` when the file cannot be read or is not JSON.
 */
export async function readJson(path: string, advice: string): Promise<unknown> {
  const text = await readTextFile(path, advice);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (error) {
    const problem = `${path} is not JSON (${errorMessage(error)})`;
    throw new UserError("badInput", `${problem}: ${advice}.`, { cause: error });
  }
}

/**
 * The text of a file.
 *
 * @param advice as for {@link readJson}.
 * @throws UserError `badInput` when the file cannot be read.
 */
export async function readTextFile(path: string, advice: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    const problem =
      code === "ENOENT" || code === "ENOTDIR" ? "does not exist" : `cannot be read (${code})`;
    throw new UserError("badInput", `${path} ${problem}: ${advice}.`, { cause: error });
  }
}

/**
 * The value read from a file, checked against a schema.
 *
 * @param advice as for {@link readJson}.
 * @throws UserError `badInput` that names the first place where the value departs from the schema.
 */
export function checkShape<T>(
  value: unknown,
  schema: z.ZodType<T>,
  path: string,
  advice: string,
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  const problem = `${path} is not as expected${place} (${issue?.message ?? "unknown problem"})`;
  throw new UserError("badInput", `${problem}: ${advice}.`);
}

/**
 * Writes a text file so that readers see either the old content or all of the new: into a
 * temporary file beside it, which is then renamed. Missing folders are made.
 *
 * @throws UserError `io` when the path cannot be written.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text, { flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new UserError(
      "io",
      `${path} cannot be written (${errorCode(error) ?? errorMessage(error)}): name a path in a folder that you can write to.`,
      { cause: error },
    );
  }
}
