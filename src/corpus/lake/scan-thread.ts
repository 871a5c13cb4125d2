import type { ModuleFile } from "./library-files.js";
import { type PackedScans, packScans } from "./packed-scans.js";
import { scanFile } from "./scan-file.js";

/** Scans some files; the scanner's pool of threads calls it. Never throws. */
export default function scanFiles(files: readonly ModuleFile[]): PackedScans {
  return packScans(files.map(scanFile));
}
