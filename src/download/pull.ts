import type { Environment } from "../network/proxy.js";
import { connect } from "./connection.js";
import { download, type DownloadedFile, type DownloadOptions } from "./download.js";
import { listFiles } from "./hub.js";
import type { RemoteFile } from "./remote-file.js";
import {
  HUB_ENDPOINT,
  parseEndpoint,
  resolveSource,
  type DataSet,
  type SingleFile,
} from "./source.js";

export interface PullOptions extends DownloadOptions {
  /** Branch, tag or commit of a data set; `main` if neither this nor the address names one. */
  readonly revision?: string;
  /** Where `HF_ENDPOINT`, `HF_TOKEN` and the proxies are read from; `process.env` if absent. */
  readonly env?: Environment;
  /** How long nothing may arrive before the connection counts as dead, in ms; 30 s if absent. */
  readonly stallTimeoutMs?: number;
}

/** What a pull brought. */
export interface Pulled {
  readonly source: DataSet | SingleFile;
  /** In the order of their paths. */
  readonly files: readonly DownloadedFile[];
}

/**
 * Fetches the corpus files of a data set, or one file, into a directory.
 *
 * @param text What to fetch, in any form that `resolveSource` understands.
 * @throws UserError of any kind that `resolveSource`, `listFiles` and `download` throw.
 */
export async function pull(text: string, options: PullOptions): Promise<Pulled> {
  const env = options.env ?? process.env;
  const endpoint = parseEndpoint(nonEmpty(env["HF_ENDPOINT"]) ?? HUB_ENDPOINT);
  const source = resolveSource(text, {
    endpoint,
    ...(options.revision === undefined ? {} : { revision: options.revision }),
  });
  const token = nonEmpty(env["HF_TOKEN"]);
  const connection = connect({
    env,
    ...(token === undefined ? {} : { token: { value: token, origin: new URL(endpoint).origin } }),
    ...(options.stallTimeoutMs === undefined ? {} : { stallTimeoutMs: options.stallTimeoutMs }),
  });
  try {
    const wanted: RemoteFile[] =
      source.kind === "file"
        ? [{ path: source.name, url: source.url }]
        : await listFiles(source, connection, options);
    return { source, files: await download(wanted, connection, options) };
  } finally {
    await connection.close();
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === "" ? undefined : trimmed;
}
