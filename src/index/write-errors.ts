import { errorCode, errorMessage, UserError } from "../errors.js";
import { damageIn, isDamage } from "./open.js";

/** Codes of a full disk, quota or file-size limit. */
const FULL = new Set(["SQLITE_FULL", "ENOSPC", "EFBIG", "EDQUOT"]);

/** Codes of a path where nothing can be written. */
const UNWRITABLE = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOTDIR",
  "ENOENT",
  "EEXIST",
  "EISDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "EBUSY",
]);

/** Turns a failure to write an index into a sentence; anything else comes back as it was. */
export function describeWriteError(error: unknown, target: string): unknown {
  if (error instanceof UserError) return error;
  const code = errorCode(error) ?? "";
  if (FULL.has(code)) {
    return new UserError(
      "io",
      `The disk is full: ${target} was left as it was; free some space (all of Mathlib needs about 400 MB, twice that while it is updated) and run the command again.`,
      { cause: error },
    );
  }
  if (code.startsWith("SQLITE_BUSY")) {
    return new UserError(
      "io",
      `The unfinished index ${target}.building is open in another program: close that, then try again.`,
      { cause: error },
    );
  }
  if (
    UNWRITABLE.has(code) ||
    code.startsWith("SQLITE_READONLY") ||
    code.startsWith("SQLITE_CANTOPEN")
  ) {
    return new UserError(
      "io",
      `The index ${target} cannot be written: choose another place with --index PATH, or mend the permissions.`,
      { cause: error },
    );
  }
  if (isDamage(error)) {
    return new UserError(
      "noIndex",
      `The index ${target} is damaged (${damageIn(error)}) and was left as it was: make it again from nothing with --rebuild.`,
      { cause: error },
    );
  }
  if (code.startsWith("SQLITE_IOERR") || code === "EIO") {
    return new UserError(
      "io",
      `Writing ${target} failed (${errorMessage(error)}): the disk may be full or failing; the index was left as it was.`,
      { cause: error },
    );
  }
  return error;
}
