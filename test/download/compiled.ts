import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { compileSource } from "../compiled-source.js";

/**
 * Writes the source as JavaScript into `directory`, for tests that need it in a process of its own,
 * and a script beside it.
 *
 * @returns The path of the script.
 */
export function compileScript(directory: string, script: string): string {
  mkdirSync(directory, { recursive: true });
  compileSource(directory, { "script.js": script });
  return join(directory, "script.js");
}
