import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Logger } from "pino";
import type { z } from "zod";
import { problemSchema } from "./api-schemas.js";
import { eventStream, wantsEvents } from "./event-stream.js";
import { loggedProblem } from "./problem.js";
import { checked, readJson } from "./read-json.js";

/** What a path takes and gives. */
export interface Endpoint<Request extends z.ZodType, Answer extends z.ZodType> {
  readonly path: string;
  readonly summary: string;
  readonly request: Request;
  readonly answer: Answer;
  /**
   * What the work tells on its way, where it takes long: clients that accept `text/event-stream` hear
   * it, and the answer as the last event.
   */
  readonly progress?: z.ZodType;
  readonly work: (
    request: z.infer<Request>,
    signal: AbortSignal,
    tell: (progress: unknown) => void,
  ) => Promise<z.infer<Answer>>;
}

const PROBLEMS = {
  400: "The body is not UTF-8 or not JSON.",
  401: "A token is due.",
  403: "The Host or Origin header names another server.",
  413: "The body is too large.",
  415: "The body is not declared as JSON.",
  422: "The body is JSON and makes no sense.",
  429: "Too many requests; Retry-After says when the next is taken.",
  503: "Too much is waiting, or the index cannot be used.",
};

/** Adds endpoints to an application and to the document that describes it. */
export class Endpoints {
  readonly #app: OpenAPIHono;
  readonly #mostBytes: number;
  readonly #logger: Logger;

  /** @param mostBytes the largest body of a request. */
  constructor(app: OpenAPIHono, mostBytes: number, logger: Logger) {
    this.#app = app;
    this.#mostBytes = mostBytes;
    this.#logger = logger;
  }

  add<Request extends z.ZodType, Answer extends z.ZodType>(
    endpoint: Endpoint<Request, Answer>,
  ): void {
    const { path, request, progress, work } = endpoint;
    this.#app.openAPIRegistry.registerPath(described(endpoint));
    this.#app.post(path, async (context) => {
      const { raw } = context.req;
      const body = checked(await readJson(raw, this.#mostBytes), request);
      if (progress === undefined || !wantsEvents(raw.headers)) {
        return Response.json(await work(body, raw.signal, () => undefined));
      }
      return eventStream(
        raw.signal,
        (signal, tell) => work(body, signal, tell),
        (error) => loggedProblem(error, this.#logger),
      );
    });
  }
}

function described({
  path,
  summary,
  request,
  answer,
  progress,
}: Omit<Endpoint<z.ZodType, z.ZodType>, "work">) {
  const problem = { "application/json": { schema: problemSchema } };
  const events =
    progress === undefined
      ? {}
      : {
          "text/event-stream": {
            schema: progress.describe(
              'For "Accept: text/event-stream". The data of the events "progress"; then comes one event "result" with the answer that is also given as JSON, or "error" with a problem.',
            ),
          },
        };
  return {
    method: "post" as const,
    path,
    summary,
    request: { body: { required: true, content: { "application/json": { schema: request } } } },
    responses: {
      200: {
        description: "Answered.",
        content: { "application/json": { schema: answer }, ...events },
      },
      ...Object.fromEntries(
        Object.entries(PROBLEMS).map(([status, description]) => [
          status,
          { description, content: problem },
        ]),
      ),
    },
  };
}
