import { once } from "node:events";
import { createServer, request as forward } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { pipeline } from "node:stream";

/** A forward proxy on the loopback interface: requests with whole addresses, and CONNECT. */
export class FakeProxy {
  /** `GET http://host/path` and `CONNECT host:port` lines that came in. */
  readonly seen: string[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** What CONNECT is answered with; 200 opens the tunnel. */
  connectStatus = 200;

  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    this.seen.push(`${method} ${url}`);
    this.authorizations.push(headers["proxy-authorization"]);
    delete headers["proxy-authorization"];
    const upstream = forward(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response, () => undefined);
    });
    upstream.on("error", () => response.writeHead(502).end());
    request.pipe(upstream);
  });

  static async start(): Promise<FakeProxy> {
    const proxy = new FakeProxy();
    proxy.#server.on("connection", (socket) => proxy.#sockets.add(socket));
    proxy.#server.on("connect", (request, socket) => {
      proxy.seen.push(`CONNECT ${request.url ?? ""}`);
      proxy.authorizations.push(request.headers["proxy-authorization"]);
      socket.on("error", () => socket.destroy());
      if (proxy.connectStatus !== 200) {
        socket.end(`HTTP/1.1 ${proxy.connectStatus} No\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      const { hostname, port } = new URL(`http://${request.url ?? ""}`);
      const upstream = connect(Number(port), hostname, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
    });
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
