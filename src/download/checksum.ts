import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/**
 * What the hub says of a file's content. Files in large-file storage carry the SHA-256 of their
 * bytes (Git LFS specification, "oid"); the others carry Git's blob id, the SHA-1 of
 * `"blob " + size + "\0"` followed by the bytes (Git Internals, "Git Objects").
 */
export interface Checksum {
  readonly algorithm: "sha256" | "git-blob-sha1";
  /** Lower-case hexadecimal digits. */
  readonly hex: string;
}

/** A checksum as one word, for comparing and keeping. */
export function checksumText(checksum: Checksum): string {
  return `${checksum.algorithm}:${checksum.hex}`;
}

/** Whether a file's bytes have the checksum. Reads the file as a stream. */
export async function fileMatches(
  path: string,
  checksum: Checksum,
  signal?: AbortSignal,
): Promise<boolean> {
  const hash = createHash(checksum.algorithm === "sha256" ? "sha256" : "sha1");
  if (checksum.algorithm === "git-blob-sha1") {
    const { size } = await stat(path);
    hash.update(`blob ${size}\0`);
  }
  const stream = createReadStream(path, {
    highWaterMark: 1 << 20,
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest("hex") === checksum.hex;
}
