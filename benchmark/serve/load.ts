import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { ascending, percentile } from "../percentiles.js";

export interface LoadOptions {
  /** `http://127.0.0.1:8765` */
  readonly address: string;
  readonly queries: readonly string[];
  /** How many clients ask at the same time, each its next query as soon as it has an answer. */
  readonly clients: number;
  readonly durationMs: number;
}

/** Latencies, in ms. */
export interface Latencies {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadReport {
  readonly clients: number;
  readonly seconds: number;
  /** Requests that failed or were answered by anything but 200. */
  readonly errors: number;
  readonly queriesPerSecond: number;
  /** Processor time that the server took for each query, in ms: what a busy machine does not blur. */
  readonly cpuMsPerQuery: number;
  readonly search: Latencies;
  /** `/health`, asked ten times a second all the while. */
  readonly health: Latencies;
  /** The server's resident memory, in MB, every five seconds. */
  readonly residentMegabytes: readonly number[];
}

const SAMPLE_MS = 5000;

/** Asks a running server as fast as so many clients can, and watches it meanwhile. */
export async function measureLoad(options: LoadOptions): Promise<LoadReport> {
  const { address, queries, clients, durationMs } = options;
  const agent = new Agent({ connections: clients + 4, pipelining: 1 });
  const cpuBefore = await metric(agent, address, "process_cpu_seconds_total");
  const started = performance.now();
  const remaining = (): number => Math.max(0, started + durationMs - performance.now());
  const isOver = (): boolean => remaining() === 0;
  const searches: number[] = [];
  let errors = 0;
  let next = 0;

  const client = async (): Promise<void> => {
    while (!isOver()) {
      const query = queries[next % queries.length] ?? "";
      next += 1;
      const asked = performance.now();
      const isRight = await search(agent, address, query).catch(() => false);
      if (isRight) searches.push(performance.now() - asked);
      else errors += 1;
    }
  };
  const health: number[] = [];
  const watchHealth = async (): Promise<void> => {
    while (!isOver()) {
      const asked = performance.now();
      const { statusCode, body } = await request(`${address}/health`, { dispatcher: agent });
      await body.dump();
      health.push(performance.now() - asked);
      if (statusCode !== 200) errors += 1;
      await sleep(100);
    }
  };
  const resident: number[] = [];
  const watchMemory = async (): Promise<void> => {
    while (!isOver()) {
      const bytes = await metric(agent, address, "process_resident_memory_bytes");
      resident.push(Math.round(bytes / 1e6));
      await sleep(Math.min(SAMPLE_MS, remaining()));
    }
  };
  await Promise.all([...Array.from({ length: clients }, client), watchHealth(), watchMemory()]);
  const seconds = (performance.now() - started) / 1000;
  const cpuAfter = await metric(agent, address, "process_cpu_seconds_total");
  await agent.close();
  return {
    clients,
    seconds,
    errors,
    queriesPerSecond: searches.length / seconds,
    cpuMsPerQuery: ((cpuAfter - cpuBefore) * 1000) / searches.length,
    search: latencies(searches),
    health: latencies(health),
    residentMegabytes: resident,
  };
}

async function search(dispatcher: Agent, address: string, query: string): Promise<boolean> {
  const { statusCode, body } = await request(`${address}/search`, {
    dispatcher,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: [query], num_results: 10 }),
  });
  const text = await body.text();
  return statusCode === 200 && text.startsWith("[[");
}

/** The value of one of the server's metrics. */
async function metric(dispatcher: Agent, address: string, name: string): Promise<number> {
  const { body } = await request(`${address}/metrics`, { dispatcher });
  const line = new RegExp(`^${name} (\\S+)`, "m").exec(await body.text());
  return Number(line?.[1]);
}

function latencies(values: readonly number[]): Latencies {
  if (values.length === 0) return { count: 0, p50: NaN, p95: NaN, p99: NaN, max: NaN };
  const sorted = ascending(values);
  const at = (percent: number): number => Number(percentile(sorted, percent).toFixed(1));
  return { count: sorted.length, p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}
