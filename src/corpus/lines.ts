import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { addAbortSignal, pipeline, type Readable, Transform } from "node:stream";
import { createBrotliDecompress, createGunzip } from "node:zlib";
import { errorCode, UserError } from "../errors.js";

/** A line longer than this many bytes cannot be a declaration, and reading stops there. */
export const LONGEST_LINE = 4 * 1024 * 1024;

/** One line of a text source; `text` is null where the bytes are not valid UTF-8. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string | null;
}

/** How far a source has been read, in bytes as they lie on disk (compressed where they are). */
export interface BytesRead {
  readonly read: number;
  /** Undefined for standard input, pipes and devices. */
  readonly total: number | undefined;
}

/** Where lines come from: a file, or a stream such as standard input. */
export type LineSource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stream"; readonly label: string; readonly stream: Readable };

type Compression = "none" | "gzip" | "brotli";

/**
 * Streams the lines of a plain, gzip or Brotli text, in batches of about one buffer each; memory
 * stays flat however long the source is. Gzip is recognised by its magic bytes (RFC 1952, 2.3.1),
 * Brotli by the ending `.br` alone, as it has none.
 *
 * @param options.signal ends the reading with an AbortError, also while a stream keeps silent.
 * @throws UserError `badInput` for a missing file, a directory, an empty source, a file that is not
 * what its ending says, a damaged or truncated archive, and a line longer than {@link LONGEST_LINE}.
 */
export async function* readLines(
  source: LineSource,
  options: {
    readonly onProgress?: ((progress: BytesRead) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): AsyncGenerator<Line[]> {
  const label = source.kind === "file" ? source.path : source.label;
  const total = source.kind === "file" ? await sizeOfFile(source.path) : undefined;
  if (total === 0) throw emptySource(label);
  let read = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      read += chunk.length;
      options.onProgress?.({ read, total });
      done(null, chunk);
    },
  });
  const raw = source.kind === "file" ? createReadStream(source.path) : source.stream;
  let compression: Compression = "none";
  try {
    compression = compressionOf(label, await peek(raw, options.signal));
    const stages: [Readable, ...NodeJS.ReadWriteStream[]] = [raw, counted];
    if (compression === "gzip") stages.push(createGunzip());
    if (compression === "brotli") stages.push(createBrotliDecompress());
    // Failures reach the loop below through the last stage, which the pipeline destroys with them.
    const decoded = pipeline(stages, () => undefined) as unknown as Readable;
    if (options.signal !== undefined) addAbortSignal(options.signal, decoded);
    yield* splitLines(decoded, label);
  } catch (error) {
    throw describeReadError(error, label, compression);
  } finally {
    raw.destroy();
  }
  if (read === 0) throw emptySource(label);
}

function emptySource(label: string): UserError {
  return new UserError("badInput", `${label} is empty: it holds no declarations.`);
}

/** The size of a plain file; undefined for a pipe or device, which have none. */
async function sizeOfFile(path: string): Promise<number | undefined> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) {
      throw new UserError(
        "badInput",
        `${path} is a directory: name a file of declarations (.jsonl, .jsonl.gz or .jsonl.br), a folder with a lakefile, or - for standard input.`,
      );
    }
    return stats.isFile() ? stats.size : undefined;
  } catch (error) {
    throw describeReadError(error, path, "none");
  }
}

/** The first bytes of a stream, which stay in it; none where it has ended. */
async function peek(raw: Readable, signal: AbortSignal | undefined): Promise<Buffer> {
  if (raw.destroyed || raw.readableEnded) return Buffer.alloc(0);
  await once(raw, "readable", { signal });
  const first = raw.read() as Buffer | null;
  if (first === null) return Buffer.alloc(0);
  raw.unshift(first);
  return first.subarray(0, 2);
}

function compressionOf(label: string, head: Buffer): Compression {
  if (head.length === 0) return "none";
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (label.endsWith(".gz")) {
    throw new UserError(
      "badInput",
      `${label} is named .gz but is not gzip data: rename it, or compress it with gzip.`,
    );
  }
  return label.endsWith(".br") ? "brotli" : "none";
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

async function* splitLines(stream: Readable, label: string): AsyncGenerator<Line[]> {
  let number = 0;
  let rest: Buffer[] = [];
  let restLength = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const piece = chunk.subarray(start, end);
      refuseLongLine(restLength + piece.length, number + 1, label);
      const bytes = restLength === 0 ? piece : Buffer.concat([...rest, piece]);
      number += 1;
      lines.push({ number, text: decode(bytes) });
      rest = [];
      restLength = 0;
      start = end + 1;
    }
    if (start < chunk.length) {
      const piece = chunk.subarray(start);
      rest.push(piece);
      restLength += piece.length;
      refuseLongLine(restLength, number + 1, label);
    }
    if (lines.length > 0) yield lines;
  }
  if (restLength > 0) yield [{ number: number + 1, text: decode(Buffer.concat(rest)) }];
}

function refuseLongLine(length: number, number: number, label: string): void {
  if (length <= LONGEST_LINE) return;
  throw new UserError(
    "badInput",
    `${label}, line ${number} is longer than ${LONGEST_LINE / 1024 / 1024} MiB, so this is not a file of declarations: it needs one JSON object a line.`,
  );
}

function describeReadError(error: unknown, label: string, compression: Compression): unknown {
  if (error instanceof UserError) return error;
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new UserError("badInput", `There is no file ${label}: check the path.`);
  }
  if (code === "EACCES" || code === "EPERM") {
    return new UserError("badInput", `${label} may not be read: check its permissions.`);
  }
  if (code === "EISDIR") {
    return new UserError("badInput", `${label} is a directory: name a file of declarations.`);
  }
  if (code === "Z_BUF_ERROR") {
    return new UserError(
      "badInput",
      `${label} ends in the middle of its ${compression} data: it was cut short, so fetch or copy it again.`,
    );
  }
  const isBrotliCode = compression === "brotli" && code?.startsWith("ERR_") === true;
  if (code?.startsWith("Z_") === true || isBrotliCode) {
    return new UserError(
      "badInput",
      `${label} is not valid ${compression} data (${code}): fetch or compress it again.`,
      { cause: error },
    );
  }
  if (/^E(?!RR_)[A-Z0-9]+$/.test(code ?? "")) {
    return new UserError("badInput", `${label} cannot be read (${code}).`, { cause: error });
  }
  return error;
}
