import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "../errors.js";

/** Makes the folder that `--out` names, and says where it is. @throws UserError `io` */
export async function makeOutputFolder(out: string): Promise<string> {
  const folder = resolve(out);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new UserError("io", `The folder ${folder} cannot be made: name another one with --out.`, {
      cause: error,
    });
  }
  return folder;
}
