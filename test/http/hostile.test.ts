import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RandomSource, seededRandom } from "../../benchmark/random.js";
import { errorCode } from "../../src/errors.js";
import { problemSchema } from "../../src/http/api-schemas.js";
import { describeProgram } from "../cli/command-line.js";
import { RunningServer } from "./running-server.js";

const SEED = 20_240_229;
const PATHS = [
  "/search",
  "/api/v1/search",
  "/api/v1/lookup",
  "/api/v1/related",
  "/api/v1/premises",
  "/api/v1/premises-from-sketch",
];
const TOKEN = "0123456789abcdef0123456789abcdef";

let server: RunningServer;

beforeAll(async () => {
  const env = { LEMMASCOPE_TOKEN: TOKEN };
  server = await RunningServer.start(["serve", "--rate", "100000"], { env });
});
afterAll(async () => {
  await server.stop();
});

/** A request that must be refused. */
interface Hostile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Statuses that are right for it. */
  readonly expected: readonly number[];
}

const GOOD = { "content-type": "application/json", authorization: `Bearer ${TOKEN}` };

/** One kind of malformed or hostile request each. */
const MAKERS: readonly ((random: RandomSource) => Hostile)[] = [
  (random) => refusedJson(wrongShape(random), [422]),
  (random) => refused(Buffer.alloc(1_000_001 + (random() % 500_000), 0x20), [413]),
  (random) => refused(Buffer.from("[".repeat(1 + (random() % 400_000))), [400]),
  (random) => {
    const depth = 1 + (random() % 100_000);
    return refused(Buffer.from("[".repeat(depth) + "]".repeat(depth)), [422]);
  },
  (random) => refused(randomBytes(random, 200), [400, 422]),
  (random) => {
    const broken = Buffer.from(`{"queries":["${"x".repeat(random() % 50)}\u00ff"]}`, "latin1");
    return refused(broken, [400]);
  },
  (random) => ({ ...good(), headers: { ...GOOD, host: hostName(random) }, expected: [403] }),
  (random) => ({
    ...good(),
    headers: { ...GOOD, origin: `https://${hostName(random)}` },
    expected: [403],
  }),
  (random) => {
    const token = randomBytes(random, 40).toString("hex");
    return { ...good(), headers: { ...GOOD, authorization: `Bearer ${token}` }, expected: [401] };
  },
  () => ({ ...good(), headers: { "content-type": "application/json" }, expected: [401] }),
  (random) => {
    const types = ["text/plain", "multipart/form-data", "application/jsonp", "x", ""];
    const type = types[random() % types.length] ?? "";
    return { ...good(), headers: { ...GOOD, "content-type": type }, expected: [415] };
  },
  (random) => ({
    ...good(),
    headers: { ...GOOD, "x-filler": "y".repeat(17_000 + (random() % 1000)) },
    expected: [431],
  }),
];

describeProgram("a server under attack", () => {
  it("refuses 1,000 malformed and hostile requests, each with its status and a sentence", async () => {
    const random = seededRandom(SEED);
    for (let sent = 0; sent < 1000; sent += 10) {
      const batch = Array.from({ length: 10 }, (_, at) => {
        const maker = MAKERS[(sent + at) % MAKERS.length];
        const path = PATHS[random() % PATHS.length] ?? "/";
        const hostile = maker?.(random) ?? good();
        return { path, hostile };
      });
      await Promise.all(
        batch.map(async ({ path, hostile }) => {
          const { status, text } = await send(path, hostile);
          expect(hostile.expected, `${path} ${status} ${text}`).toContain(status);
          const { error } = problemSchema.parse(JSON.parse(text));
          expect(error.message).not.toMatch(/\/tmp|\.[jt]s\b|node_modules|sqlite/);
        }),
      );
    }
    await expectServing();
  });

  it("answers what is no HTTP, and lets go of connections that are left half open", async () => {
    const random = seededRandom(SEED + 1);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        server.raw(Buffer.concat([Buffer.from("\u0001"), randomBytes(random, 100)]), 2000),
      ),
    );
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*"not_http"/);
    const halves = Array.from({ length: 100 }, (_, at) => {
      const socket = connect(server.port, "127.0.0.1");
      socket.on("error", () => undefined);
      const start = "POST /search HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n";
      socket.write(at % 2 === 0 ? start : `${start}authorization: Bearer ${TOKEN}\r\n\r\n{`);
      return socket;
    });
    await expectServing();
    for (const [at, socket] of halves.entries()) {
      if (at % 3 === 0) socket.resetAndDestroy();
      else socket.destroy();
    }
    await expectServing();
  });

  it("answers requests that are HTTP and name no address", async () => {
    const heads = [
      "OPTIONS * HTTP/1.1\r\nhost: localhost",
      "GET / HTTP/1.1\r\nhost: a b",
      "GET / HTTP/1.1",
      "GET / HTTP/1.0",
    ];
    for (const head of heads) {
      const answer = await server.raw(`${head}\r\nconnection: close\r\n\r\n`);
      expect(answer, head).toMatch(/^HTTP\/1\.1 40[03] [^]*\{"error":\{"code":"/);
    }
    await expectServing();
  });

  it("tells a client that takes too long that it did", async () => {
    const answer = await server.raw("POST /search HTTP/1.1\r\nhost: localhost\r\n", 20_000);
    expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*"too_slow"/);
  });

  it("drops the work of clients that go away, and goes on", async () => {
    const random = seededRandom(SEED + 2);
    const waits = Array.from({ length: 100 }, async () => {
      const controller = new AbortController();
      const query = Array.from({ length: 3 }, () => `compact ${random() % 1000}`);
      const init = { method: "POST", headers: GOOD, body: JSON.stringify({ query }) };
      const asked = server.fetch("/search", { ...init, signal: controller.signal });
      asked.catch(() => undefined);
      await sleep(random() % 30);
      controller.abort();
    });
    await Promise.all(waits);
    await expectServing();
  });
});

async function expectServing(): Promise<void> {
  const answer = await server.post("/search", { query: ["group"], num_results: 1 }, GOOD);
  expect(answer.status).toBe(200);
  expect(server.program.exitCode).toBeNull();
}

function good(): Hostile {
  return { headers: GOOD, body: Buffer.from('{"query":["group"]}'), expected: [] };
}

function refused(body: Buffer, expected: readonly number[]): Hostile {
  return { headers: GOOD, body, expected };
}

function refusedJson(value: unknown, expected: readonly number[]): Hostile {
  return refused(Buffer.from(JSON.stringify(value)), expected);
}

/** JSON that is no request to any path. */
function wrongShape(random: RandomSource): unknown {
  const odd: readonly unknown[] = [null, 1, "x", true, [], [[]], {}, -1e308, "\u0000"];
  const value = odd[random() % odd.length];
  const shapes: readonly unknown[] = [
    value,
    { query: value === "x" ? 3 : value },
    { query: [value, 7] },
    { queries: [value, { a: value }] },
    { names: [[value]] },
    { theorem: value === "x" ? 3 : value, steps: value },
    { theorem: "x", steps: [{ what: [value] }], mode: value },
    { name: [value] },
    { query: ["x"], num_results: -1, names: 3, queries: 4, name: 5 },
    { query: [], queries: [], names: [], name: "" },
    JSON.parse('{"__proto__": {"query": ["x"]}, "constructor": {"name": "x"}}') as unknown,
  ];
  return shapes[random() % shapes.length];
}

function hostName(random: RandomSource): string {
  const names = ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "8.8.8.8"];
  return `${names[random() % names.length] ?? ""}:${1 + (random() % 65_535)}`;
}

function randomBytes(random: RandomSource, most: number): Buffer {
  return Buffer.from(Array.from({ length: 1 + (random() % most) }, () => random() % 256));
}

/**
 * Node's own client, which sends headers that fetch would not. It loses an answer that came while it was
 * still sending, and then asks again.
 */
async function send(path: string, hostile: Hostile): Promise<{ status: number; text: string }> {
  for (let again = 0; ; again += 1) {
    try {
      return await sendOnce(path, hostile);
    } catch (error) {
      const isLost = errorCode(error) === "EPIPE" || errorCode(error) === "ECONNRESET";
      if (!isLost || again === 3) throw error;
    }
  }
}

function sendOnce(
  path: string,
  { headers, body }: Hostile,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const request = httpRequest(
      { host: "127.0.0.1", port: server.port, path, method: "POST", headers, agent: false },
      (response) => {
        answered = true;
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => (text += piece));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      },
    );
    // A server that has answered need not read the rest.
    request.on("error", (error) => {
      if (!answered) reject(error);
    });
    request.end(body);
  });
}
