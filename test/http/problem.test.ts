import { expect, it } from "vitest";
import { UserError } from "../../src/errors.js";
import { HttpProblem, problemOf, problemResponse } from "../../src/http/problem.js";
import { BusyError, DefectError, UnusableIndexError } from "../../src/service/failures.js";

it("gives each failure its status, and a word for programs", () => {
  const cases: [unknown, number, string][] = [
    [new UserError("badInput", "The query is empty."), 422, "unusable_request"],
    [new UserError("usage", "There is no module X."), 422, "unusable_request"],
    [new BusyError(), 503, "busy"],
    [new UnusableIndexError("noIndex", "/secret"), 503, "unavailable"],
    [new UserError("unavailable", "http://10.0.0.1"), 503, "unavailable"],
    [new DefectError("at file.js:3"), 500, "defect"],
    [new TypeError("x is undefined"), 500, "defect"],
    [AbortSignal.abort().reason, 499, "cancelled"],
    [new HttpProblem(413, "too_large", "Too large."), 413, "too_large"],
  ];
  for (const [error, status, code] of cases) {
    expect(problemOf(error)).toMatchObject({ status, code });
  }
  expect(problemOf(new BusyError()).headers).toEqual({ "retry-after": "1" });
});

it("tells no client what only the log may hold", async () => {
  const response = problemResponse(problemOf(new DefectError("at /home/someone/file.js:3")));
  expect(response.status).toBe(500);
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(await response.text()).not.toMatch(/someone|file\.js/);
});
