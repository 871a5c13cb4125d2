import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Program, type RunOptions, Workplace } from "../cli/command-line.js";

/** A server that the compiled program runs over the starter index. */
export class RunningServer {
  /** `http://127.0.0.1:40001` */
  readonly address: string;
  readonly program: Program;
  readonly place: Workplace;

  private constructor(address: string, program: Program, place: Workplace) {
    this.address = address;
    this.program = program;
    this.place = place;
  }

  /** Starts `lemmascope ARGS --port 0`, and waits until it can answer. */
  static async start(args: readonly string[], options: RunOptions = {}): Promise<RunningServer> {
    const place = await Workplace.open();
    const program = place.start([...args, "--port", "0"], options);
    const address = await listening(program);
    const server = new RunningServer(address, program, place);
    while ((await server.fetch("/ready")).status !== 200) await sleep(50);
    return server;
  }

  get port(): number {
    return Number(new URL(this.address).port);
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.address}${path}`, init);
  }

  /** Posts JSON. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  /**
   * Sends bytes as they are, and ends or leaves the connection.
   *
   * @returns what came back until the server closed it, or for so many ms.
   */
  async raw(bytes: string | Uint8Array, waitMs = 5000): Promise<string> {
    const socket = connect(this.port, "127.0.0.1");
    let received = "";
    socket.on("data", (piece) => (received += piece.toString("latin1")));
    socket.on("error", () => undefined);
    socket.write(bytes);
    await Promise.race([once(socket, "close"), sleep(waitMs, undefined, { ref: false })]);
    socket.destroy();
    return received;
  }

  /** Sends Ctrl-C. @returns the exit code and what was said on standard error. */
  async stop(): Promise<{ code: number | undefined; stderr: string; stdout: string }> {
    this.program.kill("SIGINT");
    const { exitCode: code, stderr, stdout } = await this.program;
    await this.place.close();
    return { code, stderr, stdout };
  }
}

function listening(program: Program): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    program.stderr.on("data", (piece) => {
      said += String(piece);
      const address = /Listening on (http:\/\/[^/,\s]+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address.replace(/\.$/, ""));
    });
    void program.then(() => reject(new Error(`the server ended: ${said}`)));
  });
}
