import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measureLoad } from "../../benchmark/serve/load.js";
import { loadQueries } from "../../benchmark/serve/queries.js";
import { describeProgram, Workplace } from "../cli/command-line.js";
import { failureOf } from "../failure.js";
import { RunningServer } from "../http/running-server.js";

describe("queries for a load measurement", () => {
  it("are read from a file of written queries, style by style", async () => {
    const place = await Workplace.open();
    const lines = [
      { name: "a", queries: { lean: "one", latex: null, natural: "two" } },
      { name: "b", queries: { natural: "three" } },
    ];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    const file = await place.file("queries.jsonl", text);
    expect(await loadQueries(file)).toEqual(["one", "two", "three"]);
    expect(await loadQueries(file, 2)).toEqual(["one", "two"]);
    const { exit, message } = await failureOf(() => loadQueries(place.path("none")));
    expect(exit).toBe("badInput");
    expect(message).toContain("holds no queries");
    await place.close();
  });
});

describeProgram("a load measurement", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await RunningServer.start(["serve", "--rate", "100000"]);
  });
  afterAll(async () => {
    await server.stop();
  });

  it("counts answers, errors and latencies, and watches health and memory", async () => {
    const queries = ["compact set", "group", "prime ideal"];
    const options = { address: server.address, queries, clients: 4, durationMs: 500 };
    const report = await measureLoad(options);
    expect(report).toMatchObject({ clients: 4, errors: 0 });
    expect(report.search.count).toBeGreaterThan(0);
    expect(report.queriesPerSecond).toBeCloseTo(report.search.count / report.seconds, 5);
    for (const { p50, p95, p99, max } of [report.search, report.health]) {
      expect([p50, p95, p99, max]).toEqual([p50, p95, p99, max].sort((a, b) => a - b));
    }
    expect(report.residentMegabytes[0]).toBeGreaterThan(50);
    expect(report.cpuMsPerQuery).toBeGreaterThan(0);
  });

  it("counts what was refused as an error", async () => {
    const options = { address: server.address, queries: [""], clients: 1, durationMs: 100 };
    const report = await measureLoad({ ...options, queries: ["x".repeat(20_000)] });
    expect(report.errors).toBeGreaterThan(0);
    expect(report.search.count).toBe(0);
  });
});
