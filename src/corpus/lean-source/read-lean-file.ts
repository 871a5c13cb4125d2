import type { Declaration } from "../../declaration.js";
import { LeanLibrary } from "./lean-library.js";
import { scanLeanFile } from "./scan-lean-file.js";
import type { SourceProblem } from "./source-declaration.js";

/** What one file of Lean source declares, and what in it could not be read. */
export interface LeanFileReport {
  readonly declarations: Declaration[];
  readonly problems: readonly SourceProblem[];
}

/**
 * Reads one file of Lean 4 source by itself: names that other files declare stay unresolved. Pure;
 * takes time linear in the text, and never throws. For files that belong together, see
 * `scanLeanFile` and `LeanLibrary`.
 *
 * @param options.module the module that the file is, joined by dots.
 */
export function readLeanFile(text: string, options: { readonly module: string }): LeanFileReport {
  const scanned = scanLeanFile(text, options);
  const library = new LeanLibrary();
  library.set(options.module, scanned);
  return { declarations: library.declarations(options.module), problems: scanned.problems };
}
