import { UserError } from "../errors.js";
import type { Checksum } from "./checksum.js";

/** A file that can be fetched, as a listing announces it. */
export interface RemoteFile {
  /** Where it goes below the download directory: parts joined by slashes. */
  readonly path: string;
  readonly url: string;
  /** Bytes; absent where nobody has said. */
  readonly size?: number;
  /** Absent where nobody has said: then only the lengths can be checked. */
  readonly checksum?: Checksum;
  /** What it is part of, in a sentence's words: `data set OWNER/NAME`. */
  readonly partOf?: string;
}

/**
 * Refuses a path that could lead out of the download directory or that some file system reads
 * otherwise than it is written. Listings come from the network: they are not to be believed.
 *
 * @throws UserError `badInput`
 */
export function assertSafePath(path: string): void {
  const parts = path.split("/");
  const unsafe =
    parts.some((part) => part === "" || part === "." || part === "..") || /[\\:\p{Cc}]/u.test(path);
  if (unsafe) {
    throw new UserError(
      "badInput",
      `the listing names the file ${JSON.stringify(path)}, which is not a plain relative path: nothing was fetched`,
    );
  }
}
