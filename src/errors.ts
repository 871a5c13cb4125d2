/**
 * Exit codes of the command line, after the BSD `sysexits` convention where one fits.
 *
 * - `ok` 0: done.
 * - `nothingFound` 1: the command ran and found nothing (as grep does).
 * - `usage` 2: flags, arguments or configuration that make no sense.
 * - `badInput` 3: a file, record or query that cannot be used.
 * - `noIndex` 4: the index is missing, unreadable, corrupt or of another version.
 * - `unavailable` 5: a network or service failure.
 * - `io` 6: the disk is full, or a path cannot be written.
 * - `internal` 70: a defect in lemmascope.
 * - `interrupted` 130: Ctrl-C.
 */
export const EXIT = {
  ok: 0,
  nothingFound: 1,
  usage: 2,
  badInput: 3,
  noIndex: 4,
  unavailable: 5,
  io: 6,
  internal: 70,
  interrupted: 130,
} as const;

export type ExitName = keyof typeof EXIT;

/**
 * A failure that the user can understand and act on. Its message is one clear sentence: what was
 * wrong, where, and what to do. Doors print it alone, without a stack trace.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  /** Which exit code a command line ends with. */
  readonly exit: ExitName;

  constructor(exit: ExitName, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.exit = exit;
  }
}

/** The `code` of a Node system error or an SQLite error, such as `ENOENT`; undefined for others. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** The message of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
