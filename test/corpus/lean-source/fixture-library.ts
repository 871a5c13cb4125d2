import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LeanLibrary } from "../../../src/corpus/lean-source/lean-library.js";
import { scanLeanFile } from "../../../src/corpus/lean-source/scan-lean-file.js";

/**
 * The made-up library. Beside each file, `….expected.jsonl` has its records, written by hand from the
 * source by Lean's rules; the texts of values were read through instead.
 */
export const FIXTURE_ROOT: string = fileURLToPath(
  new URL("../../fixtures/lean-library", import.meta.url),
);

/** Its files, as paths below the root. */
export const FIXTURE_FILES: readonly string[] = readdirSync(FIXTURE_ROOT, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith(".lean"))
  .sort();

export function fixtureText(file: string): string {
  return readFileSync(join(FIXTURE_ROOT, file), "utf8");
}

export function moduleOf(file: string): string {
  return file.replace(/\.lean$/, "").replaceAll("/", ".");
}

export function readFixtureLibrary(options: { guessedInstances?: boolean } = {}): LeanLibrary {
  const library = new LeanLibrary(options);
  for (const file of FIXTURE_FILES) {
    library.set(file, scanLeanFile(fixtureText(file), { module: moduleOf(file) }));
  }
  return library;
}
