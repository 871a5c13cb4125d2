import { OpenAPIHono } from "@hono/zod-openapi";
import type { Logger } from "pino";
import { VERSION } from "../package-root.js";
import type { PremiseService } from "../service/premises/premise-service.js";
import type { DeclarationService, Neighbours } from "../service/questions.js";
import { kindsOf } from "../service/requests.js";
import * as schemas from "./api-schemas.js";
import { Endpoints } from "./endpoint.js";
import { leanSearch, leanSearchAnswer, leanSearchRequest } from "./leansearch.js";
import type { Metrics } from "./metrics.js";
import { addPremiseEndpoints } from "./premise-endpoints.js";
import { asRecord } from "./records.js";

export interface EndpointParts {
  readonly service: DeclarationService;
  readonly premises: PremiseService;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** The largest body of a request, in bytes. */
  readonly mostBytes: number;
}

/** `POST /search` for clients of leansearch.net, our own API, and the document that describes both. */
export function createEndpoints(parts: EndpointParts): OpenAPIHono {
  const { service, metrics, mostBytes, logger } = parts;
  const app = new OpenAPIHono();

  const endpoints = new Endpoints(app, mostBytes, logger);
  endpoints.add({
    path: "/search",
    summary: "Search as leansearch.net does, for #leansearch and other clients of that service",
    request: leanSearchRequest,
    answer: leanSearchAnswer,
    work: (request, signal) => {
      metrics.countQueries("leansearch", request.query.length);
      return leanSearch(service, request, signal);
    },
  });
  endpoints.add({
    path: "/api/v1/search",
    summary: "Search declarations by words, LaTeX, Lean or name",
    request: schemas.searchRequest,
    answer: schemas.searchAnswer,
    work: async ({ queries, kinds, module = "", package: owner, own, limit }, signal) => {
      metrics.countQueries("search", queries.length);
      const filter = { kinds: kindsOf(kinds), module, package: owner, own, limit };
      const answers = queries.map(async (query) => {
        const hits = await service.ask("find", { query, ...filter }, signal);
        const results = hits.map(({ declaration, usedBy, score }, place) => ({
          rank: place + 1,
          score,
          ...asRecord(declaration, usedBy),
        }));
        return { query, results };
      });
      return { answers: await Promise.all(answers) };
    },
  });
  endpoints.add({
    path: "/api/v1/lookup",
    summary: "Look declarations up by name; for names that do not exist, the names like them",
    request: schemas.lookupRequest,
    answer: schemas.lookupAnswer,
    work: async ({ names }, signal) => {
      metrics.countQueries("lookup", names.length);
      const answers = names.map(async (name) => {
        const found = await service.ask("lookUp", { name }, signal);
        if (!found.found) return { asked: name, found: false as const, near: [...found.near] };
        const { asked, exact, declaration, usedBy } = found;
        return { asked, found: true as const, exact, declaration: asRecord(declaration, usedBy) };
      });
      return { answers: await Promise.all(answers) };
    },
  });
  endpoints.add({
    path: "/api/v1/related",
    summary: "What a declaration uses, what uses it, and its siblings in its file",
    request: schemas.relatedRequest,
    answer: schemas.relatedAnswer,
    work: async ({ name, limit }, signal) => {
      metrics.countQueries("related", 1);
      const found = await service.ask("related", { name, limit }, signal);
      if (!found.found) return { ...found, near: [...found.near] };
      const { uses, usedBy, siblings, ...rest } = found;
      return {
        ...rest,
        uses: asList(uses),
        used_by: asList(usedBy),
        siblings: asList(siblings),
      };
    },
  });
  addPremiseEndpoints(endpoints, parts);
  app.doc31("/api/v1/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "lemmascope",
      version: VERSION,
      description: "Finds the Lean 4 declarations that a proof needs.",
    },
  });
  return app;
}

function asList({ total, shown }: Neighbours) {
  return { total, shown: shown.map(({ usedBy, ...rest }) => ({ ...rest, used_by: usedBy })) };
}
