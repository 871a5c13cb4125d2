import { open, readFile, rename, rm, writeFile, type FileHandle } from "node:fs/promises";
import { z } from "zod";
import { errorCode } from "../errors.js";
import { checksumText } from "./checksum.js";
import { onDisk } from "./failures.js";
import type { RemoteFile } from "./remote-file.js";

/** What is remembered of a part between runs, in `NAME.part.json`. */
const partNote = z.object({
  url: z.string(),
  /** The checksum that the whole file is to have, if it was announced. */
  checksum: z.string().optional(),
  /** A strong `ETag`, or a `Last-Modified` date: what `If-Range` takes (RFC 9110, 13.1.5). */
  validator: z.string().optional(),
});
export type PartNote = z.infer<typeof partNote>;

/**
 * The bytes of a file that have arrived so far, in `NAME.part` beside the place of the file. A part
 * from an earlier run is kept only if it is known to be the beginning of the file that is wanted
 * now: the same checksum was announced, or the same address gave a validator to ask with.
 */
export class PartFile {
  readonly path: string;
  readonly #target: string;
  readonly #file: RemoteFile;
  readonly #handle: FileHandle;
  #length: number;
  #validator: string | undefined;

  private constructor(
    target: string,
    file: RemoteFile,
    handle: FileHandle,
    kept: { length: number; validator: string | undefined },
  ) {
    this.path = `${target}.part`;
    this.#target = target;
    this.#file = file;
    this.#handle = handle;
    this.#length = kept.length;
    this.#validator = kept.validator;
  }

  static open(target: string, file: RemoteFile): Promise<PartFile> {
    return onDisk(`${target}.part`, async () => {
      const handle = await openForWriting(`${target}.part`);
      const note = await readNote(`${target}.part.json`);
      const validator = note?.url === file.url ? note.validator : undefined;
      const sameContent =
        note !== undefined &&
        (file.checksum === undefined
          ? validator !== undefined
          : note.checksum === checksumText(file.checksum));
      const length = sameContent ? (await handle.stat()).size : 0;
      return new PartFile(target, file, handle, { length, validator });
    });
  }

  /** Bytes that have arrived. */
  get length(): number {
    return this.#length;
  }

  /** What to ask with whether the rest still belongs to these bytes, if the server gave anything. */
  get validator(): string | undefined {
    return this.#validator;
  }

  /** Forgets all bytes and notes what the coming ones will be part of. */
  restart(validator?: string): Promise<void> {
    const { url, checksum } = this.#file;
    const note: PartNote = {
      url,
      ...(checksum === undefined ? {} : { checksum: checksumText(checksum) }),
      ...(validator === undefined ? {} : { validator }),
    };
    return onDisk(this.path, async () => {
      // In this order: a kill in between must not leave old bytes under a new note.
      await this.#handle.truncate(0);
      this.#length = 0;
      this.#validator = validator;
      await writeFile(this.#notePath, JSON.stringify(note));
    });
  }

  append(bytes: Uint8Array): Promise<void> {
    return onDisk(this.path, async () => {
      for (let rest = bytes; rest.length > 0;) {
        const { bytesWritten } = await this.#handle.write(rest, 0, rest.length, this.#length);
        this.#length += bytesWritten;
        rest = rest.subarray(bytesWritten);
      }
    });
  }

  /** Has the bytes on the disk, whatever happens to the machine next. */
  flush(): Promise<void> {
    return onDisk(this.path, () => this.#handle.sync());
  }

  /** Gives the part the name of the file, all at once, and closes it. */
  finish(): Promise<void> {
    return onDisk(this.#target, async () => {
      await this.#handle.close();
      await rename(this.path, this.#target);
      await rm(this.#notePath, { force: true });
    });
  }

  /** Closes the part, to be resumed by the next run. One without bytes is not worth keeping. */
  keep(): Promise<void> {
    return this.#length === 0 ? this.delete() : this.#handle.close();
  }

  /** Closes and removes the part. */
  delete(): Promise<void> {
    return onDisk(this.path, async () => {
      await this.#handle.close();
      await rm(this.path, { force: true });
      await rm(this.#notePath, { force: true });
    });
  }

  get #notePath(): string {
    return `${this.path}.json`;
  }
}

async function openForWriting(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r+");
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    return open(path, "w+");
  }
}

/** A note that is missing, or was cut while it was written, is no note. */
async function readNote(path: string): Promise<PartNote | undefined> {
  try {
    return partNote.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}
