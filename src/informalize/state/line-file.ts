import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  openSync,
  readSync,
  truncateSync,
  writeSync,
} from "node:fs";

/** How much is looked through at once for the end of the last line, in bytes. */
const BLOCK = 64 * 1024;

/** A file that grows by whole lines, each safe on the disk before the next. */
export class LineFile {
  readonly #file: number;
  #isOpen = true;

  /**
   * Makes the file, or goes on with one; the half line that a killed run can leave is taken off.
   *
   * @throws errors of the file system.
   */
  constructor(path: string) {
    this.#file = openSync(path, "a+", 0o644);
    try {
      const end = wholeLines(this.#file);
      if (end < fstatSync(this.#file).size) truncateSync(path, end);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get isEmpty(): boolean {
    return fstatSync(this.#file).size === 0;
  }

  /** @throws errors of the file system. */
  append(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
    fdatasyncSync(this.#file);
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }
}

/** Where the last whole line of a file ends, in bytes. */
function wholeLines(file: number): number {
  const block = Buffer.alloc(BLOCK);
  for (let end = fstatSync(file).size; end > 0;) {
    const start = Math.max(0, end - BLOCK);
    const read = readSync(file, block, 0, end - start, start);
    const last = block.subarray(0, read).lastIndexOf(10);
    if (last !== -1) return start + last + 1;
    end = start;
  }
  return 0;
}
