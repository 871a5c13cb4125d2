import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** What `POST /verify` takes (project-numina/kimina-lean-server: `VerifyRequestBody`), no more. */
const requestSchema = z.strictObject({
  codes: z.array(z.strictObject({ custom_id: z.string(), proof: z.string() })).min(1),
  timeout: z.number().int().positive(),
});
export type VerifyRequest = z.infer<typeof requestSchema>;

/** How one request goes wrong. */
export type Fault =
  | { kind: "status"; status: number; body?: object | string; headers?: Record<string, string> }
  | { kind: "text"; text: string }
  /** The connection is cut in the middle of the answer. */
  | { kind: "cut" }
  | { kind: "silence" }
  /** The right answer, changed. */
  | { kind: "change"; change: (results: object[]) => object[] };

/**
 * A Kimina Lean Server on the loopback interface, which finds every check file right. As the real
 * one it takes the imports off the top; only newer versions count their lines.
 */
export class FakeKiminaServer {
  key: string | undefined;
  /** Whether message positions count the lines of the imports. */
  countsImports = false;
  faults: Fault[] = [];
  delayMs = 0;
  readonly requests: VerifyRequest[] = [];
  readonly violations: string[] = [];
  mostAtOnce = 0;
  baseUrl = "";
  /** The server's own error or the REPL's answer for a text, instead of the right one. */
  answerFor: (proof: string) => object | undefined = () => undefined;

  #underWay = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<FakeKiminaServer> {
    const server = new FakeKiminaServer();
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    const { port } = server.#server.address() as AddressInfo;
    server.baseUrl = `http://127.0.0.1:${port}`;
    return server;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay);
    response.on("close", () => (this.#underWay -= 1));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    if (method !== "POST" || url !== "/verify") this.violations.push(`${method} ${url}`);
    if (headers["content-type"] !== "application/json") this.violations.push("content type");
    const expected = this.key === undefined ? undefined : `Bearer ${this.key}`;
    if (expected !== headers.authorization) {
      sendJson(response, 401, { detail: "Invalid API key" });
      return;
    }
    const parsed = requestSchema.safeParse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    if (!parsed.success) {
      this.violations.push(parsed.error.message);
      sendJson(response, 422, { detail: parsed.error.message });
      return;
    }
    this.requests.push(parsed.data);
    await sleep(this.delayMs);
    this.#respond(parsed.data, response);
  }

  #respond({ codes }: VerifyRequest, response: ServerResponse): void {
    const fault = this.faults.shift();
    let results: object[] = codes.map(({ custom_id, proof }) => ({
      custom_id,
      ...(this.answerFor(proof) ?? { response: this.#lean(proof) }),
    }));
    if (fault?.kind === "status") {
      response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
      response.end(typeof fault.body === "string" ? fault.body : JSON.stringify(fault.body ?? {}));
      return;
    }
    if (fault?.kind === "text") return void response.end(fault.text);
    if (fault?.kind === "silence") return;
    if (fault?.kind === "change") results = fault.change(results);
    const json = JSON.stringify({ results });
    if (fault?.kind === "cut") {
      response.writeHead(200, { "content-length": json.length });
      response.write(json.slice(0, 10), () => response.socket?.destroySoon());
      return;
    }
    sendJson(response, 200, { results });
  }

  #lean(proof: string): object {
    const lines = proof.split("\n");
    const imports = lines.findIndex((line) => !line.startsWith("import "));
    const shift = this.countsImports ? 1 : 1 - imports;
    const messages = lines.flatMap((line, at) => {
      const name = /^#print axioms (?:_root_\.)?(\S+)/.exec(line)?.[1];
      const pos = { line: at + shift, column: 0 };
      const endPos = { line: at + shift, column: 6 };
      if (name !== undefined) {
        const data = `'${name}' depends on axioms: [propext]`;
        return [{ severity: "info", pos, endPos, data }];
      }
      if (!line.includes("mistake")) return [];
      return [{ severity: "error", pos, endPos, data: "unknown tactic" }];
    });
    return { env: 1, messages, time: 0.1 };
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
