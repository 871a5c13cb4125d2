import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** A file of the fake data set. What is announced of it can be made to differ from its content. */
export interface FakeFile {
  path: string;
  content: Buffer;
  /** In large-file storage, as the hub keeps data files, unless false. */
  lfs?: boolean;
  announcedSize?: number;
  announcedHash?: string;
}

/** How one request goes wrong. */
export type Fault =
  /** The connection is destroyed after so many bytes of the body. */
  | { kind: "cut"; after: number; ignoreRange?: boolean }
  /** After so many bytes nothing comes, while the connection stays open. */
  | { kind: "stall"; after: number }
  | { kind: "status"; status: number; headers?: Record<string, string> }
  /** The header says this length for the whole file, and the body has it: cut, or padded. */
  | { kind: "length"; length: number; chunked?: boolean }
  /** Other bytes of the right length. */
  | { kind: "corrupt" }
  /** The whole file with status 200, whatever range was asked for. */
  | { kind: "ignoreRange" }
  /** Status 206 from this offset, whatever range was asked for. */
  | { kind: "wrongRange"; start: number }
  | { kind: "body"; body: string; type: string; headers?: Record<string, string> };

export interface RecordedRequest {
  readonly server: "hub" | "cdn";
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * A server on the loopback interface that speaks as much of the Hugging Face hub as a download
 * needs: the tree API in pages, and `resolve` with ranges, entity tags and redirects to a second
 * server of another origin. Faults are handed out one a request, in order.
 */
export class FakeHub {
  readonly id = "Owner/corpus-jsonl";
  files: FakeFile[] = [];
  /** Entries on a page of the listing. */
  pageSize = 1000;
  /** For requests for files and, separately, for pages of the listing. */
  fileFaults: (Fault | undefined)[] = [];
  listingFaults: (Fault | undefined)[] = [];
  /** Applies when `fileFaults` is used up. */
  everyFileFault: Fault | undefined;
  redirects: "cdn" | "none" | "endless" = "cdn";
  /** Added to the content's own entity tag: change it and the tag changes. */
  etagSalt = "";
  weakEtags = false;
  /** Serves ranges even where `If-Range` forbids it. */
  ignoresIfRange = false;
  /** ms to wait between pieces of a body of 16 KiB. */
  delayMs = 0;
  readonly requests: RecordedRequest[] = [];
  /** The origin that a pull is given as its hub. */
  endpoint = "";
  /** The other origin, where files lie while `redirects` says so. */
  cdnOrigin = "";
  /** Bytes of files that were handed to sockets. */
  bytesSent = 0;

  readonly #hub = createServer((request, response) => void this.#answerHub(request, response));
  readonly #cdn = createServer((request, response) => void this.#answerCdn(request, response));

  static async start(...files: FakeFile[]): Promise<FakeHub> {
    const hub = new FakeHub();
    hub.files = files;
    for (const server of [hub.#hub, hub.#cdn]) {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
    }
    hub.endpoint = originOf(hub.#hub);
    hub.cdnOrigin = originOf(hub.#cdn);
    return hub;
  }

  /** The requests for bytes of files, without those that were only redirected. */
  get fileRequests(): RecordedRequest[] {
    const server = this.redirects === "cdn" ? "cdn" : "hub";
    return this.requests.filter((r) => r.server === server && !r.url.startsWith("/api/"));
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#cdn]) {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    }
  }

  #record(server: "hub" | "cdn", { method = "", url = "", headers }: IncomingMessage): URL {
    this.requests.push({ server, method, url, headers });
    return new URL(url, this.endpoint);
  }

  async #answerHub(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = this.#record("hub", request);
    if (url.pathname === `/api/datasets/${this.id}/tree/main`) {
      const fault = this.listingFaults.shift();
      if (fault !== undefined && (await this.#refuse(fault, response))) return;
      this.#list(url, response);
      return;
    }
    const prefix = `/datasets/${this.id}/resolve/main/`;
    const path = url.pathname.startsWith(prefix)
      ? decodeURIComponent(url.pathname.slice(prefix.length))
      : undefined;
    if (path === undefined) {
      response.writeHead(404, { "x-error-code": "RepoNotFound" }).end();
    } else if (this.redirects === "endless") {
      response.writeHead(302, { location: url.pathname }).end();
    } else if (this.redirects === "cdn") {
      const location = `${this.cdnOrigin}/blobs/${encodeURIComponent(path)}?signature=secret`;
      response.writeHead(302, { location }).end(`Found. Redirecting to ${location}`);
    } else {
      await this.#serve(path, request, response);
    }
  }

  async #answerCdn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = this.#record("cdn", request);
    await this.#serve(
      decodeURIComponent(url.pathname.replace(/^\/blobs\//, "")),
      request,
      response,
    );
  }

  #list(url: URL, response: ServerResponse): void {
    const start = Number(url.searchParams.get("cursor") ?? 0);
    const entries = [
      { type: "directory", path: "data", size: 0, oid: "0".repeat(40) },
      ...this.files.map(treeEntry),
    ];
    const end = start + this.pageSize;
    if (end < entries.length) {
      const next = new URL(url);
      next.searchParams.set("cursor", String(end));
      response.setHeader("link", `<${next.href}>; rel="next"`);
    }
    response.setHeader("content-type", "application/json; charset=utf-8");
    response.end(JSON.stringify(entries.slice(start, end)));
  }

  async #serve(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = this.files.find((candidate) => candidate.path === path);
    if (file === undefined) {
      response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
      return;
    }
    const fault = this.fileFaults.length > 0 ? this.fileFaults.shift() : this.everyFileFault;
    if (fault !== undefined && (await this.#refuse(fault, response))) return;
    let { content } = file;
    if (fault?.kind === "corrupt") content = Buffer.from(content.map((byte) => byte ^ 1));
    if (fault?.kind === "length") {
      content = Buffer.concat([content, Buffer.alloc(Math.max(0, fault.length - content.length))]);
      content = content.subarray(0, fault.length);
    }
    const etag = `"${hashOf("sha256", file.content).slice(0, 16)}${this.etagSalt}"`;
    response.setHeader("etag", this.weakEtags ? `W/${etag}` : etag);
    response.setHeader("content-type", "application/octet-stream");

    let start = rangeStart(request, this.ignoresIfRange ? request.headers["if-range"] : etag);
    if (fault?.kind === "ignoreRange" || (fault?.kind === "cut" && fault.ignoreRange === true)) {
      start = undefined;
    }
    if (fault?.kind === "wrongRange") start = fault.start;
    if (start !== undefined && start >= content.length) {
      response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
      return;
    }
    if (start !== undefined) {
      response.statusCode = 206;
      const last = content.length - 1;
      response.setHeader("content-range", `bytes ${start}-${last}/${content.length}`);
    }
    const body = content.subarray(start ?? 0);
    if (!(fault?.kind === "length" && fault.chunked === true)) {
      response.setHeader("content-length", body.length);
    }
    await this.#send(body, fault, response);
  }

  async #send(body: Buffer, fault: Fault | undefined, response: ServerResponse): Promise<void> {
    const stop = fault?.kind === "cut" || fault?.kind === "stall" ? fault.after : body.length;
    const pieceLength = 16 << 10;
    response.flushHeaders();
    for (let sent = 0; sent < Math.min(stop, body.length) && !response.destroyed;) {
      const piece = body.subarray(sent, Math.min(sent + pieceLength, stop));
      sent += piece.length;
      this.bytesSent += piece.length;
      if (!response.write(piece)) await drained(response);
      if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    }
    if (fault?.kind === "stall") return;
    if (fault?.kind === "cut") {
      // An end in good order first gets the bytes on their way, unlike a reset.
      response.socket?.destroySoon();
      return;
    }
    response.end();
  }

  /** Answers with something else than a file or listing, if the fault says so. */
  async #refuse(fault: Fault, response: ServerResponse): Promise<boolean> {
    if (fault.kind === "status") {
      response.writeHead(fault.status, fault.headers).end("no");
      return true;
    }
    if (fault.kind === "body") {
      response.writeHead(200, { "content-type": fault.type, ...fault.headers }).end(fault.body);
      return true;
    }
    if (fault.kind === "cut" && fault.after === 0) {
      response.destroy();
      return true;
    }
    return Promise.resolve(false);
  }
}

/** Bytes that look like a corpus and differ from place to place. */
export function corpusBytes(length: number, seed = 0): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0, state = seed + 1; index < length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = index % 100 === 99 ? 10 : 32 + ((state >>> 16) % 95);
  }
  return bytes;
}

function treeEntry(file: FakeFile): object {
  const size = file.announcedSize ?? file.content.length;
  const blob = Buffer.concat([Buffer.from(`blob ${file.content.length}\0`), file.content]);
  if (file.lfs === false) {
    return {
      type: "file",
      path: file.path,
      size,
      oid: file.announcedHash ?? hashOf("sha1", blob),
    };
  }
  return {
    type: "file",
    path: file.path,
    size,
    oid: hashOf("sha1", Buffer.from("pointer")),
    lfs: { oid: file.announcedHash ?? hashOf("sha256", file.content), size, pointerSize: 134 },
    xetHash: "f".repeat(64),
  };
}

/** When a response takes more bytes, or is closed and takes none. */
async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}

/** Where a requested range begins; undefined if the whole file is due (RFC 9110, 13.1.5). */
function rangeStart(
  { headers }: IncomingMessage,
  etag: RecordedRequest["headers"][string],
): number | undefined {
  const start = /^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1];
  const condition = headers["if-range"];
  if (start === undefined || (condition !== undefined && condition !== etag)) return undefined;
  return Number(start);
}

function hashOf(algorithm: "sha1" | "sha256", content: Buffer): string {
  return createHash(algorithm).update(content).digest("hex");
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
