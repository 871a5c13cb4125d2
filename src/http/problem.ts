import type { Logger } from "pino";
import { publicFailure, type PublicFailure } from "../service/failures.js";

/** A refused request: its status, a word for programs and a sentence for people. */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  readonly status: number;
  /** A word that does not change: `too_large`, `rate_limited`. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

const FAILURES: Readonly<Record<PublicFailure["kind"], readonly [status: number, code: string]>> = {
  request: [422, "unusable_request"],
  busy: [503, "busy"],
  cancelled: [499, "cancelled"],
  unavailable: [503, "unavailable"],
  defect: [500, "defect"],
};

/** What anything that was thrown is to a client. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const { kind, message } = publicFailure(error);
  const [status, code] = FAILURES[kind];
  return new HttpProblem(status, code, message, status === 503 ? { "retry-after": "1" } : {});
}

/** What anything that was thrown is to a client; what the client is not told goes to the log. */
export function loggedProblem(error: unknown, logger: Logger): HttpProblem {
  const problem = problemOf(error);
  if (problem.code === "defect" || problem.code === "unavailable") {
    logger.error({ err: error }, "request failed");
  }
  return problem;
}

/** The JSON that says what is wrong: `{"error": {"code", "message"}}`. */
export function problemBody({ code, message }: HttpProblem): string {
  return JSON.stringify({ error: { code, message } });
}

/** The response that says what is wrong. */
export function problemResponse(problem: HttpProblem): Response {
  return new Response(problemBody(problem), {
    status: problem.status,
    headers: { ...problem.headers, "content-type": "application/json" },
  });
}
