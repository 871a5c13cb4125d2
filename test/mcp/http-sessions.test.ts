import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, expect, it } from "vitest";
import { McpSessions, type SessionLimits } from "../../src/mcp/http-sessions.js";
import { BusyError } from "../../src/service/failures.js";

const opened: McpSessions[] = [];
afterEach(() => Promise.all(opened.splice(0).map((sessions) => sessions.close())));

/** Sessions over a service that is always busy. */
function open(limits: SessionLimits): McpSessions {
  const busy = () => Promise.reject(new BusyError());
  const parts = { service: { ask: busy }, premises: { find: busy } };
  const sessions = new McpSessions({ ...parts, logger: pino({ level: "silent" }) }, limits);
  opened.push(sessions);
  return sessions;
}

async function send(sessions: McpSessions, method: string, params: object, session?: string) {
  const headers = {
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
    ...(session === undefined ? {} : { "mcp-session-id": session }),
  };
  const body = { jsonrpc: "2.0", id: 1, method, params };
  const request = new Request("http://localhost/mcp", { method: "POST", headers });
  const response = await sessions.handle(request, body);
  return {
    status: response.status,
    session: response.headers.get("mcp-session-id") ?? undefined,
    text: await response.text(),
  };
}

const initialize = {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "test", version: "1" },
};

it("closes a session that has been silent for long, and says so to who comes back", async () => {
  const sessions = open({ most: 5, idleMs: 60 });
  const { session } = await send(sessions, "initialize", initialize);
  expect(session).toBeDefined();
  expect((await send(sessions, "ping", {}, session)).status).toBe(200);
  while (sessions.open > 0) await sleep(10);
  const late = await send(sessions, "ping", {}, session);
  expect(late.status).toBe(404);
  expect(late.text).toContain("initialize again");
});

it("keeps no session for who does not initialize", async () => {
  const sessions = open({ most: 5, idleMs: 60_000 });
  expect((await send(sessions, "ping", {})).status).toBe(400);
  expect((await send(sessions, "tools/list", {}, "made-up")).status).toBe(404);
  expect(sessions.open).toBe(0);
});

it("tells an agent in a sentence that the service is busy", async () => {
  const sessions = open({ most: 5, idleMs: 60_000 });
  const { session } = await send(sessions, "initialize", initialize);
  const call = { name: "search", arguments: { queries: ["group"] } };
  const { status, text } = await send(sessions, "tools/call", call, session);
  expect(status).toBe(200);
  expect(text).toContain('"isError":true');
  expect(text).toContain("Too many searches are waiting: try again in a moment.");
});

it("forgets its sessions when it closes", async () => {
  const sessions = open({ most: 5, idleMs: 60_000 });
  await send(sessions, "initialize", initialize);
  await sessions.close();
  expect(sessions.open).toBe(0);
});
