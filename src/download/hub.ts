import { z } from "zod";
import { UserError } from "../errors.js";
import { shown, statusFailure, type Wanted } from "./failures.js";
import type { Answer, Connection } from "./connection.js";
import type { RemoteFile } from "./remote-file.js";
import { withRetries, type RetryOptions } from "../network/retry.js";
import type { DataSet } from "./source.js";

/**
 * One entry of the hub's tree API, `GET /api/datasets/ID/tree/REVISION?recursive=true`: see "Hub
 * API Endpoints" and the interface `ListFileEntry` in the hub's own JavaScript client.
 */
const treeEntry = z.object({
  type: z.string(),
  path: z.string(),
  size: z.number().int().nonnegative(),
  /** Git's id of the blob; of the pointer, for a file in large-file storage. */
  oid: z.string().regex(/^[0-9a-f]{40}$/),
  lfs: z
    .object({
      /** SHA-256 of the content. */
      oid: z.string().regex(/^(sha256:)?[0-9a-f]{64}$/),
      size: z.number().int().nonnegative(),
    })
    .optional(),
});
const treePage = z.array(treeEntry);
type TreeEntry = z.infer<typeof treeEntry>;

const CORPUS_FILE = /\.jsonl(\.gz|\.br)?$/i;
const MAX_PAGE_BYTES = 32 << 20;

/**
 * The corpus files of a data set (`*.jsonl`, `*.jsonl.gz`, `*.jsonl.br`) in the order of their
 * paths, with sizes and checksums. The paths are as the listing has them: `download` refuses unsafe
 * ones.
 *
 * @throws UserError if the data set cannot be listed or has no such file.
 */
export async function listFiles(
  dataSet: DataSet,
  connection: Connection,
  options: RetryOptions = {},
): Promise<RemoteFile[]> {
  const entries = (await listTree(dataSet, connection, options))
    .filter((entry) => entry.type === "file")
    .filter((entry) => isWithin(entry.path, dataSet.path));
  const corpusFiles = entries.filter((entry) => CORPUS_FILE.test(entry.path));
  if (corpusFiles.length === 0) throw nothingToFetch(dataSet, entries);
  return corpusFiles
    .map((entry) => remoteFile(dataSet, entry))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function listTree(
  dataSet: DataSet,
  connection: Connection,
  options: RetryOptions,
): Promise<TreeEntry[]> {
  const { endpoint, id, revision } = dataSet;
  const wanted: Wanted = {
    what: `data set ${id} (revision ${revision})`,
    where: endpoint,
    advice: "check the id, which reads OWNER/NAME, and the revision",
    isOnHub: true,
  };
  const entries: TreeEntry[] = [];
  const seen = new Set<string>();
  let next: URL | undefined = new URL(
    `${endpoint}/api/datasets/${id}/tree/${encodeURIComponent(revision)}?recursive=true`,
  );
  while (next !== undefined) {
    const page: URL = next;
    if (seen.has(page.href)) {
      throw new UserError(
        "unavailable",
        `the file listing at ${shown(page)} goes round in circles`,
      );
    }
    seen.add(page.href);
    const fetchPage = async (): Promise<URL | undefined> => {
      const answer = await connection.get(page, { accept: "application/json" }, options.signal);
      if (answer.status !== 200) {
        await answer.body.discard();
        throw statusFailure(answer, wanted);
      }
      entries.push(...(await readPage(answer)));
      return nextPage(answer);
    };
    next = await withRetries(fetchPage, () => 0, options);
  }
  return entries;
}

async function readPage(answer: Answer): Promise<TreeEntry[]> {
  const text = await readText(answer);
  const at = shown(answer.url);
  if (isWebPage(answer) || text.trimStart().startsWith("<")) {
    throw new UserError(
      "unavailable",
      `${at} answered with a web page instead of a file listing: check HF_ENDPOINT, and whether the network first wants a login`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UserError("unavailable", `${at} answered with broken JSON: try again later`);
  }
  const parsed = treePage.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError(
      "unavailable",
      `the file listing at ${at} is not what the hub's API promises (${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}): check HF_ENDPOINT`,
    );
  }
  return parsed.data;
}

async function readText(answer: Answer): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_PAGE_BYTES) {
      throw new UserError(
        "unavailable",
        `the file listing at ${shown(answer.url)} does not end within ${MAX_PAGE_BYTES >> 20} MiB`,
      );
    }
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Whether an answer says that it is HTML, as the pages of captive portals and of hubs are. */
export function isWebPage(answer: Pick<Answer, "header">): boolean {
  return /^\s*(text\/html|application\/xhtml)/i.test(answer.header("content-type") ?? "");
}

/** The target of `Link: <...>; rel="next"` (RFC 8288). */
function nextPage(answer: Answer): URL | undefined {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(answer.header("link") ?? "")?.[1];
  if (target === undefined) return undefined;
  return URL.canParse(target, answer.url.href) ? new URL(target, answer.url) : undefined;
}

function isWithin(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

function remoteFile(dataSet: DataSet, entry: TreeEntry): RemoteFile {
  const { endpoint, id, revision } = dataSet;
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  return {
    path: entry.path,
    url: `${endpoint}/datasets/${id}/resolve/${encodeURIComponent(revision)}/${path}`,
    partOf: `data set ${id}`,
    ...(entry.lfs === undefined
      ? { size: entry.size, checksum: { algorithm: "git-blob-sha1", hex: entry.oid } }
      : {
          size: entry.lfs.size,
          checksum: { algorithm: "sha256", hex: entry.lfs.oid.replace("sha256:", "") },
        }),
  };
}

function nothingToFetch(dataSet: DataSet, entries: readonly TreeEntry[]): UserError {
  const shownNames = 5;
  const names = entries.slice(0, shownNames).map((entry) => entry.path);
  const more = entries.length - names.length;
  const holds =
    names.length === 0
      ? "it holds no files"
      : `it holds ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const below = dataSet.path === "" ? "" : ` below ${dataSet.path}`;
  return new UserError(
    "badInput",
    `data set ${dataSet.id} at ${dataSet.endpoint} has no .jsonl, .jsonl.gz or .jsonl.br file${below}: ${holds}`,
  );
}
