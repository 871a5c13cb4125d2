import { UserError } from "../errors.js";

/** The informalized Mathlib that LeanSearch v2 publishes: one JSONL file of some 310,000 records. */
export const MATHLIB_DATA_SET = "FrenzyMath/lsv2-mathlib-v4.28.0-rc1-jsonl";

/** Where data sets are looked up when `HF_ENDPOINT` names no other place. */
export const HUB_ENDPOINT = "https://huggingface.co";

/** A data set of a Hugging Face hub or of a mirror that speaks its API. */
export interface DataSet {
  readonly kind: "dataset";
  /** Origin and base path of the hub, without a slash at the end. */
  readonly endpoint: string;
  /** `OWNER/NAME`. */
  readonly id: string;
  /** A branch, tag or commit. */
  readonly revision: string;
  /** The file or folder of the data set that is wanted; empty for all of it. */
  readonly path: string;
}

/** One file at any address. Its size and hash are not known beforehand. */
export interface SingleFile {
  readonly kind: "file";
  readonly url: string;
  /** The file name that it is kept under. */
  readonly name: string;
}

export interface SourceOptions {
  /** The hub to ask; `HUB_ENDPOINT` if absent. */
  readonly endpoint?: string;
  /** The revision of a data set whose address names none; `main` if absent. */
  readonly revision?: string;
}

const HUB_HOSTS = new Set(["huggingface.co", "www.huggingface.co", "hf.co"]);
const OWNER_OR_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const CORPUS_FILE = /\.jsonl(\.gz|\.br)?$/i;
const FORMS =
  "give a data set as OWNER/NAME, its address on the hub, or the http(s) address of a .jsonl, .jsonl.gz or .jsonl.br file";

/**
 * Understands what a user calls a data set: `OWNER/NAME`, `datasets/OWNER/NAME`, an address such as
 * `https://huggingface.co/datasets/OWNER/NAME`, with `/tree/REVISION`, `/blob/REVISION/PATH` or
 * `/resolve/REVISION/PATH` behind it, or the http(s) address of any other file. Addresses at
 * huggingface.co are asked for at `options.endpoint`, so that a mirror serves them too.
 *
 * @throws UserError `usage` if the text is none of these.
 */
export function resolveSource(text: string, options: SourceOptions = {}): DataSet | SingleFile {
  const endpoint = parseEndpoint(options.endpoint ?? HUB_ENDPOINT);
  const trimmed = text.trim();
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) return resolveAddress(trimmed, endpoint, options);
  const id = trimmed.replace(/^datasets\//, "").replace(/\/$/, "");
  if (CORPUS_FILE.test(id) || /^[./~\\]/.test(id)) {
    throw malformed(text, `it looks like a file on this computer: use "lemmascope index" for that`);
  }
  return dataSet(text, endpoint, id.split("/"), options);
}

/**
 * The address of a hub as `DataSet.endpoint` writes it.
 *
 * @throws UserError `usage` if it is not an http(s) address.
 */
export function parseEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UserError(
      "usage",
      `the hub's address (HF_ENDPOINT) must start with http:// or https://, not "${text}"`,
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

function resolveAddress(
  text: string,
  endpoint: string,
  options: SourceOptions,
): DataSet | SingleFile {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw malformed(text, FORMS);
  if (url.username !== "" || url.password !== "") {
    throw new UserError(
      "usage",
      `an address with a user name or password in it (host ${url.host}) is not accepted: use HF_TOKEN, or fetch the file by other means`,
    );
  }
  const isHub = HUB_HOSTS.has(url.hostname);
  const atEndpoint = url.href === endpoint || url.href.startsWith(`${endpoint}/`);
  const base = atEndpoint ? new URL(endpoint).pathname.replace(/\/$/, "") : "";
  const parts = url.pathname
    .slice(base.length)
    .split("/")
    .filter((part) => part !== "")
    .map((part) => decode(part, text));
  const [first, owner, name, view] = parts;
  const isPage = view === "tree" || view === "blob" || view === "resolve";
  const namesDataSet =
    first === "datasets" &&
    owner !== undefined &&
    name !== undefined &&
    (isHub || atEndpoint || isPage || (parts.length === 3 && !CORPUS_FILE.test(name)));
  if (namesDataSet) {
    return dataSet(text, isHub || atEndpoint ? endpoint : url.origin, parts.slice(1), options);
  }
  if (isHub) {
    throw malformed(text, "a data set's address on the hub reads /datasets/OWNER/NAME");
  }
  const last = parts.at(-1);
  if (last === undefined) throw malformed(text, FORMS);
  url.hash = "";
  return { kind: "file", url: url.href, name: last };
}

function dataSet(
  text: string,
  endpoint: string,
  parts: readonly string[],
  options: SourceOptions,
): DataSet {
  const [owner, name, view, revision, ...path] = parts;
  if (owner === undefined || name === undefined) throw malformed(text, FORMS);
  for (const part of [owner, name]) {
    if (!OWNER_OR_NAME.test(part) || part.includes("..")) throw malformed(text, FORMS);
  }
  if (view !== undefined && !(/^(tree|blob|resolve)$/.test(view) && revision !== undefined)) {
    throw malformed(text, FORMS);
  }
  if (revision !== undefined && options.revision !== undefined && revision !== options.revision) {
    throw new UserError(
      "usage",
      `"${text}" names the revision ${revision}, but ${options.revision} was asked for: give one of them`,
    );
  }
  return {
    kind: "dataset",
    endpoint,
    id: `${owner}/${name}`,
    revision: revision ?? options.revision ?? "main",
    path: path.join("/"),
  };
}

function decode(part: string, text: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed(text, "its percent-encoding is broken");
  }
}

function malformed(text: string, advice: string): UserError {
  return new UserError("usage", `"${text}" is not a data set that can be fetched: ${advice}`);
}
