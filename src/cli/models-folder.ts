import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "../errors.js";

/** The flag of the commands that training runs with models of its own. */
export const MODELS_FLAG = [
  "--models <FOLDER>",
  "a folder laid out like the bundled models/, to use instead",
] as const;

/**
 * The models folder that `--models` names; undefined where it was not given.
 *
 * @throws UserError `usage` where the folder has no encoder: going by words alone, as without the
 * bundled models, would not be what was asked for.
 */
export function chosenModels(flag: string | undefined): string | undefined {
  if (flag === undefined) return undefined;
  const folder = resolve(flag);
  if (existsSync(join(folder, "encoder"))) return folder;
  throw new UserError(
    "usage",
    `There is no model in ${join(folder, "encoder")}: --models wants a folder with encoder/ in it.`,
  );
}
