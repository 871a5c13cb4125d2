import type { ModuleFile } from "./library-files.js";
import { type FileScan, scanFile } from "./scan-file.js";

/** Scans some files; the scanner's pool of threads calls it. Never throws. */
export default function scanFiles(files: readonly ModuleFile[]): FileScan[] {
  return files.map(scanFile);
}
