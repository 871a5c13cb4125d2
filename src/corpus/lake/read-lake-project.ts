import type { LakeSource } from "./lake-source.js";
import { type FileDeclarations, type ReadOptions, ScannedProject } from "./scanned-project.js";

/**
 * Reads a Lake project straight from its source, file by file: see {@link ScannedProject}.
 *
 * @throws UserError as `ScannedProject.scan` does; an AbortError after the signal.
 */
export async function* readLakeProject(
  source: LakeSource,
  options: ReadOptions = {},
): AsyncGenerator<FileDeclarations> {
  const project = await ScannedProject.scan(source, options);
  yield* project.files(options);
}
