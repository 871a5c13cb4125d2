import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** An answer of `POST /v1/embeddings`, as OpenAI's reference describes it. */
export interface FakeAnswer {
  object: "list";
  data: { object: "embedding"; index: number; embedding: (number | null)[] }[];
  model: string;
  usage: { prompt_tokens: number; total_tokens: number };
}

/** How one request goes wrong. */
export type Fault =
  | {
      kind: "status";
      status: number;
      /** JSON, or a text as it is. */
      body?: object | string;
      headers?: Readonly<Record<string, string>>;
    }
  /** A success with this text for a body. */
  | { kind: "text"; text: string; type: string }
  /** The right answer, changed. */
  | { kind: "change"; change: (answer: FakeAnswer) => unknown }
  /** So many bytes of the body; then the connection is cut, or stays open and silent. */
  | { kind: "cut" | "stall"; after: number };

/** What a client may send, and nothing else. */
const requestSchema = z.strictObject({
  model: z.string(),
  input: z.array(z.string().min(1)).min(1),
  encoding_format: z.literal("float"),
  dimensions: z.number().int().positive().optional(),
});

/** Headers that an embeddings request needs; others could tell of the machine it comes from. */
const EXPECTED_HEADERS = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "host",
  "sec-fetch-mode",
  "user-agent",
]);

/**
 * A server on the loopback interface that offers `POST /v1/embeddings` and insists on its wire
 * format. Faults are handed out one a request, in order.
 */
export class FakeEmbeddingsServer {
  model = "made-up/embedder";
  dimensions = 12;
  /** Requests must carry this key; where undefined, they must carry none. */
  key: string | undefined;
  /** More texts than this in a request are refused, as Text Embeddings Inference does it. */
  mostTexts = Infinity;
  faults: (Fault | undefined)[] = [];
  /** Applies when `faults` is used up. */
  everyFault: Fault | undefined;
  /** How long each answer takes, in ms. */
  delayMs: (texts: readonly string[]) => number = () => 0;
  /** The texts of each request that kept to the wire format, in order of arrival. */
  readonly requests: string[][] = [];
  /** What clients did that the wire format does not allow. */
  readonly violations: string[] = [];
  /** The most requests that were under way at one time. */
  mostAtOnce = 0;
  /** `http://127.0.0.1:PORT/v1` */
  baseUrl = "";
  /** Told of each request before it is answered. */
  onRequest: () => void = () => undefined;

  #underWay = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<FakeEmbeddingsServer> {
    const server = new FakeEmbeddingsServer();
    await server.listen(0);
    return server;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    this.baseUrl = `http://127.0.0.1:${this.port}/v1`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay);
    response.on("close", () => (this.#underWay -= 1));
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = this.#checked(request, Buffer.concat(chunks).toString("utf8"));
    if (body === undefined) {
      sendJson(response, 400, { error: { message: this.violations.at(-1) } });
      return;
    }
    this.requests.push(body.input);
    this.onRequest();
    const fault = this.faults.length > 0 ? this.faults.shift() : this.everyFault;
    await sleep(this.delayMs(body.input));
    this.#respond(body, fault, response);
  }

  #respond(
    body: z.infer<typeof requestSchema>,
    fault: Fault | undefined,
    response: ServerResponse,
  ): void {
    if (fault?.kind === "status") {
      const text = typeof fault.body === "string";
      response.writeHead(fault.status, {
        "content-type": text ? "text/plain" : "application/json",
        ...fault.headers,
      });
      response.end(text ? fault.body : JSON.stringify(fault.body ?? {}));
      return;
    }
    if (fault?.kind === "text") {
      response.writeHead(200, { "content-type": fault.type }).end(fault.text);
      return;
    }
    if (body.model !== this.model) {
      const message = `model "${body.model}" not found, try pulling it first`;
      sendJson(response, 404, { error: { message, type: "api_error", param: null, code: null } });
      return;
    }
    if (body.input.length > this.mostTexts) {
      const message = `batch size ${body.input.length} > maximum allowed batch size ${this.mostTexts}`;
      sendJson(response, 413, { message, code: 413, type: "Validation" });
      return;
    }
    const answer: FakeAnswer = {
      object: "list",
      data: body.input.map((text, index) => ({
        object: "embedding",
        index,
        embedding: fakeEmbedding(text, body.dimensions ?? this.dimensions),
      })),
      model: body.model,
      usage: { prompt_tokens: 1, total_tokens: 1 },
    };
    const json = JSON.stringify(fault?.kind === "change" ? fault.change(answer) : answer);
    if (fault?.kind === "cut" || fault?.kind === "stall") {
      const length = Buffer.byteLength(json);
      response.writeHead(200, { "content-type": "application/json", "content-length": length });
      response.write(json.slice(0, fault.after), () => {
        if (fault.kind === "cut") response.socket?.destroySoon();
      });
      return;
    }
    response.writeHead(200, { "content-type": "application/json" }).end(json);
  }

  #checked(request: IncomingMessage, text: string): z.infer<typeof requestSchema> | undefined {
    const { method, url, headers } = request;
    const authorization = this.key === undefined ? undefined : `Bearer ${this.key}`;
    const problems = [
      method === "POST" ? "" : `method ${method ?? ""}`,
      url === "/v1/embeddings" ? "" : `address ${url ?? ""}`,
      headers["content-type"] === "application/json" ? "" : "content type",
      headers["user-agent"] === "lemmascope" ? "" : "user agent",
      headers.authorization === authorization ? "" : `key ${headers.authorization ?? "missing"}`,
      ...Object.keys(headers).map((name) => (EXPECTED_HEADERS.has(name) ? "" : `header ${name}`)),
    ].filter((problem) => problem !== "");
    try {
      const parsed = requestSchema.parse(JSON.parse(text));
      if (problems.length === 0) return parsed;
    } catch (error) {
      problems.push(String(error));
    }
    this.violations.push(problems.join("; "));
    return undefined;
  }
}

/** A vector that depends on the text alone, and is not of length 1. */
export function fakeEmbedding(text: string, dimensions: number): number[] {
  return Array.from({ length: dimensions }, (_, at) => {
    const hash = createHash("sha256").update(`${at} ${text}`).digest();
    return hash.readInt32LE(0) / 2 ** 29;
  });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
