import { randomUUID } from "node:crypto";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { createMcpServer } from "./server.js";
import type { ToolParts } from "./tool.js";

export interface SessionLimits {
  /** How many sessions may be open at a time. */
  readonly most: number;
  /** A session that asks nothing for so long is closed, in ms. */
  readonly idleMs: number;
}

const SESSION_HEADER = "mcp-session-id";

/** When all sessions are taken, one that was silent for so long makes room for a new one, in ms. */
const SILENT_MS = 60_000;

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly close: () => Promise<void>;
  /** In ms, by performance.now(). */
  lastUsed: number;
}

/**
 * MCP's Streamable HTTP: every client has a session with a server of its own, all over one service.
 * Protocol: MCP 2025-11-25, "Transports", Streamable HTTP.
 */
export class McpSessions {
  readonly #parts: ToolParts;
  readonly #limits: SessionLimits;
  readonly #sessions = new Map<string, Session>();
  readonly #sweeping: NodeJS.Timeout;

  constructor(parts: ToolParts, limits: SessionLimits) {
    this.#parts = parts;
    this.#limits = limits;
    const often = Math.max(10, limits.idleMs / 4);
    this.#sweeping = setInterval(() => this.#closeSilent(limits.idleMs), often).unref();
  }

  /** How many sessions are open. */
  get open(): number {
    return this.#sessions.size;
  }

  /**
   * Answers one HTTP request to the MCP endpoint.
   *
   * @param body the request's JSON, where it has a body.
   */
  async handle(request: Request, body: unknown): Promise<Response> {
    const id = request.headers.get(SESSION_HEADER);
    const options = body === undefined ? {} : { parsedBody: body };
    if (id !== null) {
      const session = this.#sessions.get(id);
      if (session === undefined)
        return refusal(404, -32001, "Session not found: initialize again.");
      session.lastUsed = performance.now();
      return session.transport.handleRequest(request, options);
    }
    if (this.open >= this.#limits.most && !this.#makeRoom()) {
      return refusal(503, -32000, "All sessions are in use: try again later.");
    }
    const { transport, close } = await this.#connect();
    const response = await transport.handleRequest(request, options);
    // Anything but an initialization was refused, and leaves no session behind.
    if (transport.sessionId === undefined) await close();
    return response;
  }

  /** Closes all sessions. */
  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await Promise.all([...this.#sessions.values()].map(({ close }) => close()));
  }

  async #connect(): Promise<Omit<Session, "lastUsed">> {
    const server = createMcpServer(this.#parts);
    const close = (): Promise<void> => server.close();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        this.#sessions.set(id, { transport, close, lastUsed: performance.now() });
        this.#parts.logger.debug({ open: this.open }, "session opened");
      },
    });
    await server.connect(transport);
    server.server.onclose = () => {
      if (transport.sessionId !== undefined) this.#sessions.delete(transport.sessionId);
    };
    return { transport, close };
  }

  #makeRoom(): boolean {
    const [oldest] = [...this.#sessions.values()].sort((a, b) => a.lastUsed - b.lastUsed);
    if (oldest === undefined || performance.now() - oldest.lastUsed < SILENT_MS) return false;
    void oldest.close();
    return true;
  }

  #closeSilent(longest: number): void {
    for (const { close, lastUsed } of this.#sessions.values()) {
      if (performance.now() - lastUsed > longest) void close();
    }
  }
}

function refusal(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", error: { code, message }, id: null }, { status });
}
