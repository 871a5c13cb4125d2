import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener, RequestError } from "@hono/node-server";
import type { Hono } from "hono";
import { errorCode, UserError } from "../errors.js";
import { HttpProblem, problemBody, problemOf, problemResponse } from "./problem.js";

/** Connections beyond these are closed at once. */
const MOST_CONNECTIONS = 1000;

/** How long requests that are being answered may take when the server ends, in ms. */
const GRACE_MS = 10_000;

/** A running server. */
export interface Listening {
  /** `http://127.0.0.1:8765` */
  readonly address: string;
  /** Takes no more connections, lets requests finish, and ends. */
  close(): Promise<void>;
}

/**
 * Serves an application. Clients that are slow to say what they want are cut off: 10 s for the
 * headers, 30 s for the whole request.
 *
 * @param port 0 for any free one.
 * @throws UserError `unavailable` where the address cannot be listened on.
 */
export async function listen(app: Hono, host: string, port: number): Promise<Listening> {
  const answer = getRequestListener(app.fetch, { errorHandler: describeRequest });
  const limits = {
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 5000,
    connectionsCheckingInterval: 2000,
    // Node.js would refuse requests without a Host header on its own, without a word.
    requireHostHeader: false,
  };
  const server = createServer(limits, (request, response) => void answer(request, response));
  server.maxConnections = MOST_CONNECTIONS;
  server.on("clientError", refuse);
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw describe(error, host, port);
  }
  const { port: chosen } = server.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  return { address: `http://${name}:${chosen}`, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  // Clients keep connections for their next request: those that have been answered are let go.
  const releasing = setInterval(() => server.closeIdleConnections(), 50);
  const cutting = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearInterval(releasing);
  clearTimeout(cutting);
}

/** What no HTTP parser understands gets an answer too, where its connection still takes one. */
function refuse(error: Error, socket: Duplex): void {
  const code = errorCode(error);
  if (!socket.writable || code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const problem =
    code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? new HttpProblem(408, "too_slow", "The request took too long to arrive.")
      : code === "HPE_HEADER_OVERFLOW"
        ? new HttpProblem(431, "headers_too_large", "The headers are too large.")
        : new HttpProblem(400, "not_http", "This is not an HTTP request.");
  const body = problemBody(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} Refused\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** What failed before the application saw a request: its Host header and path make no address. */
function describeRequest(error: unknown): Response {
  if (!(error instanceof RequestError)) return problemResponse(problemOf(error));
  const message = "The Host header and the path make no address.";
  return problemResponse(new HttpProblem(400, "no_address", message));
}

function describe(error: unknown, host: string, port: number): unknown {
  const code = errorCode(error);
  const where = `${host}, port ${port}`;
  if (code === "EADDRINUSE") {
    return new UserError(
      "unavailable",
      `Another program listens on ${where}: choose another --port.`,
    );
  }
  if (code === undefined) return error;
  return new UserError(
    "unavailable",
    `Cannot listen on ${where} (${code}): choose another --host.`,
  );
}
