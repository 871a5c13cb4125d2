import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** What the metrics watch of the service. */
export interface Watched {
  readonly waiting: number;
  readonly active: number;
}

const WATCHED = {
  questions: { what: "Questions", where: "a search thread" },
  runs: { what: "Premise runs", where: "their turn" },
} as const;

/** What a server counts, in Prometheus's text format. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #seconds: Histogram;
  readonly #queries: Counter;

  constructor(watched: Readonly<Record<keyof typeof WATCHED, Watched>>) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#seconds = new Histogram({
      name: "lemmascope_http_request_duration_seconds",
      help: "How long requests took, by route and status.",
      labelNames: ["method", "route", "status"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30, 120],
      registers,
    });
    this.#queries = new Counter({
      name: "lemmascope_queries_total",
      help: "Queries and names that were asked for.",
      labelNames: ["question"],
      registers,
    });
    for (const [name, { what, where }] of Object.entries(WATCHED)) {
      const one = watched[name as keyof typeof WATCHED];
      for (const state of ["waiting", "active"] as const) {
        new Gauge({
          name: `lemmascope_${name}_${state}`,
          help: state === "waiting" ? `${what} that wait for ${where}.` : `${what} under way.`,
          registers,
          collect() {
            this.set(one[state]);
          },
        });
      }
    }
  }

  countRequest(method: string, route: string, status: number, seconds: number): void {
    this.#seconds.observe({ method, route, status: String(status) }, seconds);
  }

  countQueries(question: string, count: number): void {
    this.#queries.inc({ question }, count);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
