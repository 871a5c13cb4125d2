import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Declaration, declarationSchema } from "../../declaration.js";
import { errorCode, UserError } from "../../errors.js";

/** How much is gathered before it is written, and read at once where all is read; in bytes. */
const BLOCK = 1 << 20;

/** What may be watched and ended while a spool is filled. */
export interface SpoolOptions {
  /** Told of every record that is kept, in the corpus's order. */
  readonly onRecord?: (declaration: Declaration) => void;
  readonly signal?: AbortSignal;
}

/**
 * All records of a corpus, held in a temporary file, so that memory need not hold them. A record is
 * known by its position in the corpus, from 0. Of several with one name the first is kept.
 */
export class RecordSpool {
  readonly #folder: string;
  readonly #file: number;
  readonly #ids = new Map<string, number>();
  #offsets = new Float64Array(1024);
  #repeated = 0;
  #isClosed = false;

  private constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), "lemmascope-records-"));
    this.#file = openSync(join(this.#folder, "records.jsonl"), "wx+", 0o600);
    this.#removeFolder();
  }

  /**
   * An open file can be read without its name, so that nothing is left even where the program is killed.
   * Systems that keep the names of open files refuse; there it is done in the end.
   */
  #removeFolder(): void {
    try {
      rmSync(this.#folder, { recursive: true, force: true });
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
  }

  /**
   * Reads batches to their end. Where that fails, nothing is left behind.
   *
   * @throws UserError `io` where the temporary folder cannot be written; what the batches throw; the
   * signal's reason after the signal.
   */
  static async from(
    batches: AsyncIterable<readonly Declaration[]>,
    options: SpoolOptions = {},
  ): Promise<RecordSpool> {
    const { onRecord, signal } = options;
    const spool = unlessUnwritable(() => new RecordSpool());
    try {
      const writer = new BlockWriter(spool.#file);
      for await (const batch of batches) {
        signal?.throwIfAborted();
        for (const declaration of batch) {
          if (!spool.#keep(declaration.name, writer.position)) continue;
          unlessUnwritable(() => writer.write(`${JSON.stringify(declaration)}\n`));
          onRecord?.(declaration);
        }
      }
      unlessUnwritable(() => writer.flush());
      spool.#setOffset(spool.size, writer.position);
      return spool;
    } catch (error) {
      spool.close();
      throw error;
    }
  }

  /** How many records there are. */
  get size(): number {
    return this.#ids.size;
  }

  /** How many records were left out as an earlier one has their name. */
  get repeated(): number {
    return this.#repeated;
  }

  /** The position of the record with this full name. */
  idOf(name: string): number | undefined {
    return this.#ids.get(name);
  }

  /** The names of all records, in the corpus's order. */
  names(): MapIterator<string> {
    return this.#ids.keys();
  }

  /** @throws RangeError where there is no such record. */
  read(id: number): Declaration {
    const [start, end] = this.#extent(id, id + 1);
    return parse(this.#bytes(start, end).toString());
  }

  /** All records, in the corpus's order. */
  *records(): Generator<Declaration, void, undefined> {
    for (let first = 0; first < this.size;) {
      let last = first + 1;
      const [start] = this.#extent(first, last);
      while (last < this.size && this.#extent(first, last + 1)[1] - start <= BLOCK) last += 1;
      const lines = this.#bytes(start, this.#extent(first, last)[1]).toString().split("\n");
      for (const line of lines.slice(0, last - first)) yield parse(line);
      first = last;
    }
  }

  /** Removes the file; nothing can be read afterwards. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#file);
    this.#removeFolder();
  }

  #keep(name: string, offset: number): boolean {
    if (this.#ids.has(name)) {
      this.#repeated += 1;
      return false;
    }
    this.#setOffset(this.size, offset);
    this.#ids.set(name, this.size);
    return true;
  }

  #setOffset(id: number, offset: number): void {
    if (id >= this.#offsets.length) {
      const wider = new Float64Array(2 * this.#offsets.length);
      wider.set(this.#offsets);
      this.#offsets = wider;
    }
    this.#offsets[id] = offset;
  }

  /** Where the records from the first to before the last lie, in bytes. */
  #extent(first: number, last: number): [start: number, end: number] {
    const start = this.#offsets[first];
    const end = this.#offsets[last];
    if (!(first >= 0 && last <= this.size) || start === undefined || end === undefined) {
      throw new RangeError(`there is no record ${first}: there are ${this.size}`);
    }
    return [start, end];
  }

  #bytes(start: number, end: number): Buffer {
    const bytes = Buffer.allocUnsafe(end - start);
    for (let at = 0; at < bytes.length;) {
      const read = readSync(this.#file, bytes, at, bytes.length - at, start + at);
      if (read === 0) throw new UserError("io", "The temporary file with the records was cut off.");
      at += read;
    }
    return bytes;
  }
}

/** Writes texts to a file in blocks. */
class BlockWriter {
  /** Where the next text begins, in bytes. */
  position = 0;
  readonly #file: number;
  #texts: string[] = [];
  #gathered = 0;

  constructor(file: number) {
    this.#file = file;
  }

  write(text: string): void {
    const length = Buffer.byteLength(text);
    this.position += length;
    this.#gathered += length;
    this.#texts.push(text);
    if (this.#gathered >= BLOCK) this.flush();
  }

  flush(): void {
    const bytes = Buffer.from(this.#texts.join(""));
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
    this.#texts = [];
    this.#gathered = 0;
  }
}

function parse(line: string): Declaration {
  return declarationSchema.parse(JSON.parse(line));
}

function unlessUnwritable<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw new UserError(
      "io",
      `The temporary folder ${tmpdir()} cannot be written (${code}): make room there, or set TMPDIR to one that can.`,
      { cause: error },
    );
  }
}
