import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode } from "../errors.js";
import { fileMatches } from "./checksum.js";
import type { Connection } from "./connection.js";
import { lockDirectory } from "./directory-lock.js";
import { interrupted, onDisk, WrongContent, writeFailure } from "./failures.js";
import { PartFile } from "./part.js";
import { assertSafePath, type RemoteFile } from "./remote-file.js";
import { withRetries, type RetryOptions } from "../network/retry.js";
import { transfer } from "./transfer.js";

/** How far a download is. Told at each file's beginning and end and whenever bytes arrive. */
export interface DownloadProgress {
  /** The file at hand, as its listing names it. */
  readonly file: string;
  /** Bytes of it that are there, with those of earlier runs. */
  readonly receivedBytes: number;
  readonly totalBytes?: number;
  readonly filesDone: number;
  readonly filesTotal: number;
}

export interface DownloadOptions extends RetryOptions {
  /** Made if it does not exist. One download at a time can have it. */
  readonly directory: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** A file that is on the disk, whole. */
export interface DownloadedFile {
  /** As its listing names it. */
  readonly name: string;
  /** Where it lies. */
  readonly path: string;
  readonly bytes: number;
  /** Whether its bytes were checked against an announced hash; if not, only its length was. */
  readonly verified: boolean;
  /** Whether it had to be fetched; false if it was there already. */
  readonly fetched: boolean;
}

/**
 * Fetches files one after the other. Each grows as `NAME.part`, with what is needed to resume it in
 * `NAME.part.json`, and takes its name only when its size and checksum are right. A part outlives
 * cuts, Ctrl-C and kills. A file that is there with the announced size and checksum is not fetched
 * again; one without an announced checksum always is.
 *
 * Memory use does not depend on file sizes.
 *
 * @throws UserError `unavailable`, `badInput` (not found, unsafe path), `io` or `interrupted`.
 */
export async function download(
  files: readonly RemoteFile[],
  connection: Connection,
  options: DownloadOptions,
): Promise<DownloadedFile[]> {
  for (const file of files) assertSafePath(file.path);
  const { directory, signal } = options;
  await makeDirectory(directory);
  const unlock = lockDirectory(directory);
  try {
    const done: DownloadedFile[] = [];
    for (const file of files) {
      const report = (receivedBytes: number, totalBytes: number | undefined): void =>
        options.onProgress?.({
          file: file.path,
          receivedBytes,
          ...(totalBytes === undefined ? {} : { totalBytes }),
          filesDone: done.length,
          filesTotal: files.length,
        });
      const downloaded = await downloadFile(file, connection, options, report);
      done.push(downloaded);
      report(downloaded.bytes, downloaded.bytes);
    }
    return done;
  } catch (error) {
    // An abort surfaces as many kinds of error, depending on what it interrupted.
    throw signal?.aborted === true ? interrupted() : error;
  } finally {
    unlock();
  }
}

type Report = (receivedBytes: number, totalBytes: number | undefined) => void;

async function downloadFile(
  file: RemoteFile,
  connection: Connection,
  options: DownloadOptions,
  report: Report,
): Promise<DownloadedFile> {
  const target = join(options.directory, ...file.path.split("/"));
  const verified = file.checksum !== undefined;
  const describe = (bytes: number, fetched: boolean): DownloadedFile => ({
    name: file.path,
    path: target,
    bytes,
    verified,
    fetched,
  });
  options.signal?.throwIfAborted();
  if (await isComplete(target, file, options.signal)) return describe(file.size ?? 0, false);
  await makeDirectory(dirname(target));

  const part = await PartFile.open(target, file);
  let length: number;
  try {
    report(part.length, file.size);
    await fillPart(file, part, connection, options, report);
    length = part.length;
  } catch (error) {
    if (!(error instanceof WrongContent)) {
      await part.keep();
      throw error;
    }
    await part.delete();
    throw error.final;
  }
  await part.finish();
  return describe(length, true);
}

/** Brings a part to its full length and checks it; wrong content is given one fresh start. */
async function fillPart(
  file: RemoteFile,
  part: PartFile,
  connection: Connection,
  options: DownloadOptions,
  report: Report,
): Promise<void> {
  try {
    await fillOnce(file, part, connection, options, report);
  } catch (error) {
    if (!(error instanceof WrongContent)) throw error;
    await part.restart();
    await fillOnce(file, part, connection, options, report);
  }
}

async function fillOnce(
  file: RemoteFile,
  part: PartFile,
  connection: Connection,
  options: DownloadOptions,
  report: Report,
): Promise<void> {
  const { signal } = options;
  let furthest = part.length;
  const onBytes: Report = (received, total) => {
    furthest = Math.max(furthest, received);
    report(received, total);
  };
  await withRetries(
    () => transfer(file, part, connection, onBytes, signal),
    () => furthest,
    options,
  );
  await part.flush();
  const { checksum } = file;
  if (checksum === undefined) return;
  if (!(await onDisk(part.path, () => fileMatches(part.path, checksum, signal)))) {
    throw new WrongContent(
      `${file.path} arrived with another ${checksum.algorithm} than announced`,
    );
  }
}

async function isComplete(
  target: string,
  file: RemoteFile,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (file.checksum === undefined) return false;
  try {
    const { size } = await stat(target);
    return size === file.size && (await fileMatches(target, file.checksum, signal));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw writeFailure(error, target);
  }
}

async function makeDirectory(path: string): Promise<void> {
  await onDisk(path, () => mkdir(path, { recursive: true }));
}
