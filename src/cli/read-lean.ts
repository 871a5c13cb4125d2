import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { errorCode, UserError } from "../errors.js";

/**
 * The text of a Lean file; of standard input for `-`.
 *
 * @throws UserError `badInput` where the file cannot be read.
 */
export async function readLean(path: string): Promise<string> {
  if (path === "-") return text(process.stdin);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UserError(
      "badInput",
      `${path} cannot be read (${errorCode(error) ?? "unknown error"}): name a Lean file.`,
    );
  }
}
