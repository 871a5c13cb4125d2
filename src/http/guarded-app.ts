import { getConnInfo } from "@hono/node-server/conninfo";
import { type Context, Hono, type Next } from "hono";
import { routePath } from "hono/route";
import type { Logger } from "pino";
import { VERSION } from "../package-root.js";
import type { SearchPool } from "../service/search-pool.js";
import { type Access, requireKnownHost, requireToken } from "./access.js";
import { Metrics, type Watched } from "./metrics.js";
import { HttpProblem, loggedProblem, problemResponse } from "./problem.js";
import { RateLimit } from "./rate-limit.js";

export interface GuardedAppOptions {
  readonly access: Access;
  /** Requests a second that a client may send on average. */
  readonly rate: number;
  readonly pool: Pick<SearchPool, "readiness" | "waiting" | "active">;
  readonly runs: Watched;
  readonly logger: Logger;
}

/** What anyone may ask who reaches the server: whether it lives, and whether it can answer. */
const OPEN_PATHS = new Set(["/health", "/ready"]);

/**
 * An HTTP application with all that every surface has in common: checks of host, origin, token and
 * rate, errors as JSON, `/health`, `/ready` and `/metrics`. Doors add their routes to it.
 */
export function createGuardedApp(options: GuardedAppOptions): { app: Hono; metrics: Metrics } {
  const { access, pool, runs, logger } = options;
  const app = new Hono();
  const metrics = new Metrics({ questions: pool, runs });
  const limit = new RateLimit(options.rate);

  app.use(async (context, next) => {
    const started = performance.now();
    await next();
    const { method } = context.req;
    const { status } = context.res;
    const elapsedMs = performance.now() - started;
    // Unknown paths are clients' own words: as labels they would fill the memory.
    const route = status === 404 ? "unknown" : routePath(context, -1);
    metrics.countRequest(method, route, status, elapsedMs / 1000);
    logger.debug({ method, route, status, elapsedMs }, "answered");
  });
  app.use(async (context: Context, next: Next) => {
    const { headers } = context.req.raw;
    requireKnownHost(headers, access);
    if (!OPEN_PATHS.has(context.req.path)) {
      requireRate(limit, getConnInfo(context).remote.address ?? "unknown");
      requireToken(headers, access);
    }
    await next();
  });
  app.onError((error) => problemResponse(loggedProblem(error, logger)));
  app.notFound((context) => {
    const message = `There is no ${context.req.method} here; see /api/v1/openapi.json.`;
    return problemResponse(new HttpProblem(404, "not_found", message));
  });

  app.get("/health", (context) => context.json({ status: "ok", version: VERSION }));
  app.get("/ready", (context) => {
    const { readiness } = pool;
    if (readiness === undefined) return context.json({ status: "starting" }, 503);
    const { declarations, builtAt, models } = readiness;
    return context.json({ status: "ready", declarations, built_at: builtAt, models });
  });
  app.get("/metrics", async () => {
    const headers = { "content-type": metrics.contentType };
    return new Response(await metrics.text(), { headers });
  });
  return { app, metrics };
}

function requireRate(limit: RateLimit, client: string): void {
  const waitMs = limit.take(client);
  if (waitMs === 0) return;
  throw new HttpProblem(429, "rate_limited", "Too many requests: slow down.", {
    "retry-after": String(Math.ceil(waitMs / 1000)),
  });
}
