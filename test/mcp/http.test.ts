import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeProgram, WITHOUT_SIGNALS } from "../cli/command-line.js";
import { RunningServer } from "../http/running-server.js";

const TOKEN = "0123456789abcdef0123456789abcdef";
const ACCEPT = { accept: "application/json, text/event-stream" };

let server: RunningServer;

function transport(address: string, headers: Record<string, string> = {}) {
  return new StreamableHTTPClientTransport(new URL(`${address}/mcp`), { requestInit: { headers } });
}

async function connected(headers: Record<string, string> = {}) {
  const client = new Client({ name: "test", version: "1" });
  const way = transport(server.address, headers);
  await client.connect(way);
  return { client, way };
}

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
};

describeProgram("mcp over HTTP", () => {
  beforeAll(async () => {
    server = await RunningServer.start(["mcp", "--http", "--sessions", "3"]);
  });
  afterAll(async () => {
    await server.stop();
  });

  it("answers several clients of the official kind, each in a session of its own", async () => {
    const [a, b] = await Promise.all([connected(), connected()]);
    expect(a.way.sessionId).not.toBe(b.way.sessionId);
    const search = { name: "search", arguments: { queries: ["extreme value theorem"] } };
    const answers = await Promise.all([a, b].map(({ client }) => client.callTool(search)));
    expect(JSON.stringify(answers[0])).toContain("IsCompact.exists_is");
    expect(answers[0]).toEqual(answers[1]);
    await a.way.terminateSession();
    expect(JSON.stringify(await b.client.callTool(search))).toContain("IsCompact.exists_is");
    await b.way.terminateSession();
    await Promise.all([a.client.close(), b.client.close()]);
  });

  it("opens no more sessions than it may, and takes new ones when old ones end", async () => {
    const all = await Promise.all([connected(), connected(), connected()]);
    const refused = await server.post("/mcp", initialize, ACCEPT);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ jsonrpc: "2.0", error: { code: -32000 } });
    for (const { way } of all) await way.terminateSession();
    const { client, way } = await connected();
    expect((await client.listTools()).tools).toHaveLength(5);
    await way.terminateSession();
    for (const one of [client, ...all.map((item) => item.client)]) await one.close();
  });

  it("refuses what is no session, no message and no business of a web page", async () => {
    const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
    const cases: [number, Promise<Response>][] = [
      [400, server.post("/mcp", ping, ACCEPT)],
      [404, server.post("/mcp", ping, { ...ACCEPT, "mcp-session-id": "made-up" })],
      [400, server.post("/mcp", { not: "a message" }, ACCEPT)],
      [406, server.post("/mcp", initialize, { accept: "text/html" })],
      [415, server.post("/mcp", initialize, { ...ACCEPT, "content-type": "text/plain" })],
      [403, server.post("/mcp", initialize, { ...ACCEPT, origin: "https://evil.example" })],
      [413, server.post("/mcp", { ...initialize, more: "x".repeat(1_100_000) }, ACCEPT)],
      [405, server.fetch("/mcp", { method: "PUT" })],
      [400, server.fetch("/mcp", { headers: { accept: "text/event-stream" } })],
    ];
    for (const [status, response] of cases) {
      const answer = await response;
      expect(answer.status).toBe(status);
      expect(await answer.json()).toHaveProperty("error");
    }
    const { client, way } = await connected();
    expect((await client.listTools()).tools).toHaveLength(5);
    await way.terminateSession();
    await client.close();
  });

  it.skipIf(WITHOUT_SIGNALS)(
    "ends its sessions when it is interrupted, also those that listen",
    async () => {
      const short = await RunningServer.start(["mcp", "--http"], {
        env: { LEMMASCOPE_TOKEN: TOKEN },
      });
      const client = new Client({ name: "test", version: "1" });
      await expect(client.connect(transport(short.address))).rejects.toThrow(/401|token/i);
      const allowed = new Client({ name: "test", version: "1" });
      await allowed.connect(transport(short.address, { authorization: `Bearer ${TOKEN}` }));
      expect((await allowed.listTools()).tools).toHaveLength(5);
      const { code } = await short.stop();
      expect(code).toBe(0);
      await allowed.close();
    },
  );
});
