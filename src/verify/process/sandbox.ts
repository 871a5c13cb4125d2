import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** A program with its arguments. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

/** Where a program is on the PATH; undefined where it is not. */
export function findProgram(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const names = process.platform === "win32" ? [`${name}.exe`, name] : [name];
  return (environment["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .flatMap((folder) => names.map((file) => join(folder, file)))
    .find((path) => existsSync(path));
}

/**
 * Puts a command into bubblewrap (bwrap(1)): without network, with all files read-only but one
 * folder, the user's own files hidden but for Lean's toolchains and the project, and with processes
 * that cannot outlive it.
 *
 * @param writable a folder that it may write to; undefined for none but an empty /tmp.
 * @param readable files and folders under hidden ones that it needs.
 */
export function inBubblewrap(
  { command, args }: CommandLine,
  writable: string | undefined,
  readable: readonly string[],
): CommandLine {
  const home = homedir();
  const shown = [join(home, ".elan"), ...readable].filter((folder) => existsSync(folder));
  return {
    command: "bwrap",
    args: [
      ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"],
      ...(home === "/" ? [] : ["--tmpfs", home]),
      ...shown.flatMap((folder) => ["--ro-bind", folder, folder]),
      ...(writable === undefined ? [] : ["--bind", writable, writable]),
      ...["--unshare-all", "--die-with-parent", "--new-session", "--"],
      command,
      ...args,
    ],
  };
}
