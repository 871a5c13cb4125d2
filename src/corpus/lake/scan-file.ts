import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { errorCode } from "../../errors.js";
import { scanLeanFile } from "../lean-source/scan-lean-file.js";
import type { ScannedFile } from "../lean-source/source-declaration.js";
import type { ModuleFile } from "./library-files.js";

/** What the first pass over a file on the disk gives: plain data, so that it can cross threads. */
export interface FileScan {
  readonly path: string;
  /** As it lies on the disk. */
  readonly bytes: number;
  /** The modules that it imports. */
  readonly imports: readonly string[];
  /** Undefined where the file cannot be read as text. */
  readonly scanned: ScannedFile | undefined;
  /** Why it cannot, and from which line on. */
  readonly failure?: { readonly line: number; readonly message: string };
}

/** A larger file is no source that anyone wrote: Mathlib's largest has some 0.3 MB. */
const LARGEST_FILE = 64 * 2 ** 20;

/** The mark that some editors put before a text: no part of it. */
const BYTE_ORDER_MARK = 0xfeff;

const IMPORT = /^[ \t]*(?:public\s+)?(?:meta\s+)?import\s+(?:all\s+)?(\S+)/gm;

/** Reads and scans one file. Never throws. */
export function scanFile({ path, module }: ModuleFile): FileScan {
  const failed = (bytes: number, line: number, message: string): FileScan => ({
    path,
    bytes,
    imports: [],
    scanned: undefined,
    failure: { line, message },
  });
  let bytes: Buffer;
  try {
    const { size } = statSync(path);
    if (size > LARGEST_FILE) {
      return failed(size, 1, `it is larger than ${LARGEST_FILE / 2 ** 20} MiB`);
    }
    bytes = readFileSync(path);
  } catch (error) {
    return failed(0, 1, `it cannot be read (${errorCode(error) ?? "?"})`);
  }
  if (!isUtf8(bytes)) {
    return failed(bytes.length, firstBrokenLine(bytes), "it is not UTF-8 text");
  }
  let text = bytes.toString();
  if (text.charCodeAt(0) === BYTE_ORDER_MARK) text = text.slice(1);
  return {
    path,
    bytes: bytes.length,
    imports: Array.from(text.matchAll(IMPORT), ([, imported = ""]) => imported),
    scanned: scanLeanFile(text, { module }),
  };
}

/** The line, from 1, of the first bytes that are not UTF-8. */
function firstBrokenLine(bytes: Buffer): number {
  let start = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(10, start);
    if (!isUtf8(bytes.subarray(start, end === -1 ? bytes.length : end))) return line;
    if (end === -1) return line;
    start = end + 1;
  }
}
