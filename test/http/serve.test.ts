import { spawnSync } from "node:child_process";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  describeProgram,
  expectSentence,
  WITHOUT_SIGNALS,
  Workplace,
} from "../cli/command-line.js";
import * as schemas from "../../src/http/api-schemas.js";
import { leanSearchAnswer } from "../../src/http/leansearch.js";
import { RunningServer } from "./running-server.js";

/** `#leansearch` needs curl itself: where there is none, neither runs. */
const WITHOUT_CURL = spawnSync("curl", ["--version"]).error !== undefined;

let server: RunningServer;

async function json(response: Promise<Response>): Promise<unknown> {
  const { status, body } = await statusAndBody(response);
  expect(status).toBe(200);
  return body;
}

async function statusAndBody(response: Promise<Response>) {
  const answer = await response;
  expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
  return { status: answer.status, body: await answer.json() };
}

describeProgram("serve", () => {
  beforeAll(async () => {
    server = await RunningServer.start(["serve"]);
  });
  afterAll(async () => {
    await server.stop();
  });

  describe("POST /search, as leansearch.net", () => {
    const question = "A continuous function on a compact set attains its minimum.";

    // The arguments of LeanSearchClient's getLeanSearchQueryJson, where `js.pretty` breaks lines.
    it.skipIf(WITHOUT_CURL)("answers curl as #leansearch calls it", async () => {
      const data = `{"query":\n ["${question}"],\n "num_results": 6}`;
      const { stdout } = await execa("curl", [
        ...["-X", "POST", `${server.address}/search`, "--user-agent", "LeanSearchClient"],
        ...["-H", "accept: application/json", "-H", "Content-Type: application/json"],
        ...["--data", data],
      ]);
      const [results, ...others] = leanSearchAnswer.parse(JSON.parse(stdout));
      expect(others).toEqual([]);
      expect(results).toHaveLength(6);
      const names = results?.map(({ result }) => result.name.join("."));
      expect(names).toContain("IsCompact.exists_isMinOn");
      const found = results?.find(({ result }) => result.name.at(-1) === "exists_isMinOn")?.result;
      expect(found).toMatchObject({
        module_name: ["Mathlib", "Topology", "Order", "Compact"],
        kind: "theorem",
        name: ["IsCompact", "exists_isMinOn"],
        type: "∃ x ∈ s, IsMinOn f s x",
      });
      expect(found?.doc_url).toMatch(/^https:\/\/leanprover-community\.github\.io\//);
    });

    it("answers several queries in their order, nearest first", async () => {
      const query = [question, "group", "the"];
      const answer = await json(server.post("/search", { query, num_results: 5 }));
      const lists = leanSearchAnswer.parse(answer);
      expect(lists.map((list) => list.length)).toEqual([5, 5, 0]);
      for (const list of lists) {
        const distances = list.map(({ distance }) => distance);
        expect(distances).toEqual([...distances].sort((a, b) => a - b));
        for (const distance of distances) expect(distance).toBeGreaterThanOrEqual(0);
        for (const distance of distances) expect(distance).toBeLessThanOrEqual(1);
      }
      expect(lists[1]?.[0]?.result.name).toEqual(["Group"]);
    });

    it("takes what other clients of it send", async () => {
      const bodies = [
        { query: ["group"], num_results: "5" },
        { query: ["group"], num_results: 5, rerank: true, retrieve_k: 50 },
      ];
      const [a, b] = await Promise.all(bodies.map((body) => json(server.post("/search", body))));
      expect(a).toEqual(b);
      expect(leanSearchAnswer.parse(a)[0]).toHaveLength(5);
    });
  });

  describe("its own API", () => {
    it("searches", async () => {
      const body = { queries: ["compact", "IsCompact"], kinds: ["lemma", "def"], limit: 3 };
      const answer = schemas.searchAnswer.parse(await json(server.post("/api/v1/search", body)));
      expect(answer.answers.map(({ query }) => query)).toEqual(body.queries);
      for (const { results } of answer.answers) {
        expect(results.map(({ rank }) => rank)).toEqual([1, 2, 3]);
        for (const { kind } of results) expect(["theorem", "definition"]).toContain(kind);
      }
    });

    it("takes packages, and says so where the index has none", async () => {
      for (const filter of [{ package: "garden" }, { own: true }]) {
        const answer = await server.post("/api/v1/search", { queries: ["compact"], ...filter });
        expect(answer.ok).toBe(false);
        const { error } = schemas.problemSchema.parse(await answer.json());
        expect(error.message).toMatch(/no package garden|no project's own declarations/);
      }
    });

    it("looks names up", async () => {
      const names = ["exists_isMinOn", "IsCompct.exists_isMinOm"];
      const body = await json(server.post("/api/v1/lookup", { names }));
      const [found, missing] = schemas.lookupAnswer.parse(body).answers;
      expect(found).toMatchObject({ found: true, exact: false });
      expect(missing).toMatchObject({ found: false });
      expect(missing?.found === false && missing.near).toContain("IsCompact.exists_isMinOn");
    });

    it("tells what surrounds a declaration", async () => {
      const body = await json(server.post("/api/v1/related", { name: "IsCompact", limit: 4 }));
      const related = schemas.relatedAnswer.parse(body);
      if (!related.found) throw new Error("it was not found");
      expect(related.used_by.shown).toHaveLength(Math.min(4, related.used_by.total));
    });

    it("describes every path that it answers", async () => {
      const document = z
        .object({ openapi: z.literal("3.1.0"), paths: z.record(z.string(), z.unknown()) })
        .parse(await json(server.fetch("/api/v1/openapi.json")));
      expect(Object.keys(document.paths).sort()).toEqual([
        "/api/v1/lookup",
        "/api/v1/premises",
        "/api/v1/premises-from-sketch",
        "/api/v1/related",
        "/api/v1/search",
        "/search",
      ]);
      for (const path of Object.keys(document.paths)) {
        const { status } = await statusAndBody(server.post(path, {}));
        expect(status).toBe(422);
      }
    });
  });

  it("tells operators how it is", async () => {
    expect(await json(server.fetch("/health"))).toMatchObject({ status: "ok" });
    expect(await json(server.fetch("/ready"))).toMatchObject({ declarations: 1845 });
    await json(server.post("/search", { query: ["group"] }));
    const metrics = await (await server.fetch("/metrics")).text();
    expect(metrics).toMatch(/^process_resident_memory_bytes \d+/m);
    expect(metrics).toMatch(
      /^lemmascope_http_request_duration_seconds_count\{method="POST",route="\/search",status="200"\} \d+$/m,
    );
    expect(metrics).toMatch(/^lemmascope_queries_total\{question="leansearch"\} \d+$/m);
  });

  it("refuses each kind of bad request with its status and a sentence", async () => {
    const search = "/api/v1/search";
    const type = { "content-type": "application/json" };
    const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = type) =>
      server.fetch(search, { method: "POST", headers, body });
    const cases: [number, string, Promise<Response>][] = [
      [400, "not_json", send("{")],
      [400, "not_utf8", send(new Uint8Array([0x22, 0xff, 0xfe, 0x22]))],
      [413, "too_large", send(JSON.stringify({ queries: ["x".repeat(1_100_000)] }))],
      [415, "wrong_media_type", send("queries=x", { "content-type": "text/plain" })],
      [422, "unusable_request", server.post(search, { queries: [] })],
      [422, "unusable_request", server.post(search, { queries: Array(21).fill("x") })],
      [422, "unusable_request", server.post(search, { queries: ["x".repeat(10_001)] })],
      [422, "unusable_request", server.post(search, { queries: ["the"] })],
      [422, "unusable_request", server.post(search, { queries: ["x"], module: "No.Such" })],
      [422, "unusable_request", server.post(search, { queries: ["x"], more: 1 })],
      [404, "not_found", server.fetch("/nothing")],
      [404, "not_found", server.fetch("/search")],
      [403, "unknown_origin", server.post(search, {}, { origin: "https://evil.example" })],
    ];
    for (const [status, code, response] of cases) {
      const answer = await statusAndBody(response);
      const error = schemas.problemSchema.parse(answer.body).error;
      expect({ status: answer.status, code: error.code }).toEqual({ status, code });
      expect(error.message).toMatch(/\.$/);
    }
  });
});

describeProgram("a server for others", () => {
  const token = "0123456789abcdef0123456789abcdef";

  it("is refused without a token, and where its port is taken", async () => {
    const place = await Workplace.open();
    const open = await place.run(["serve", "--host", "0.0.0.0", "--port", "0"]);
    expectSentence(open, "usage", /LEMMASCOPE_TOKEN .* or waive it with --no-token/);
    const missing = place.path("none.sqlite");
    const unusable = await place.run(["serve", "--index", missing, "--port", "0", "--quiet"]);
    expectSentence(unusable, "noIndex", /There is no index at .*none\.sqlite/);
    await place.close();
  });

  it("lets in who presents the token, and tells anyone whether it lives", async () => {
    const guarded = await RunningServer.start(["serve"], { env: { LEMMASCOPE_TOKEN: token } });
    const ask = (headers: Record<string, string>) =>
      guarded.post("/search", { query: ["group"] }, headers);
    const refused = await ask({});
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toBe("Bearer");
    expect((await ask({ authorization: `Bearer ${token}x` })).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await guarded.fetch("/metrics")).status).toBe(401);
    expect((await guarded.fetch("/health")).status).toBe(200);
    await guarded.stop();
  });

  it("slows down who asks too often, and says when to come back", async () => {
    const slow = await RunningServer.start(["serve", "--rate", "1"]);
    const answers = [];
    for (let i = 0; i < 5; i += 1) answers.push(await slow.post("/search", { query: ["group"] }));
    expect(answers.map(({ status }) => status)).toContain(200);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await slow.fetch("/health")).status).toBe(200);
    await slow.stop();
  });

  it.skipIf(WITHOUT_SIGNALS)(
    "finishes what it is answering when it is interrupted, and leaves standard output empty",
    async () => {
      const ending = await RunningServer.start(["serve", "--workers", "1"]);
      const queries = Array.from({ length: 15 }, (_, at) => `compact set number ${at}`);
      const progress: { isAnswered: boolean } = { isAnswered: false };
      const asked = ending.post("/api/v1/search", { queries }).finally(() => {
        progress.isAnswered = true;
      });
      // The request has to be there before the signal is.
      const isActive = async () =>
        /_active [1-9]/.test(await (await ending.fetch("/metrics")).text());
      while (!(await isActive()) && !progress.isAnswered);
      const { code, stdout } = await ending.stop();
      expect((await asked).status).toBe(200);
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    },
  );
});
