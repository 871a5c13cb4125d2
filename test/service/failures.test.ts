import { describe, expect, it } from "vitest";
import { EXIT, type ExitName, UserError } from "../../src/errors.js";
import {
  BusyError,
  DefectError,
  publicFailure,
  UnusableIndexError,
} from "../../src/service/failures.js";

describe("what a client is told of a failure", () => {
  it("is our own sentence where the request was at fault", () => {
    const failure = publicFailure(new UserError("badInput", "The query is empty."));
    expect(failure).toEqual({ kind: "request", message: "The query is empty." });
  });

  it("holds no path, address or stack trace of anything else", () => {
    const secret = "/home/someone/index.sqlite at http://10.0.0.1:8000";
    const exits = (Object.keys(EXIT) as ExitName[]).filter(
      (exit) => exit !== "badInput" && exit !== "usage",
    );
    const errors = [
      ...exits.map((exit) => new UserError(exit, secret)),
      new UnusableIndexError("badInput", secret),
      new DefectError(secret),
      new Error(secret),
      secret,
    ];
    for (const error of errors) expect(publicFailure(error).message).not.toMatch(/someone|10\.0/);
  });

  it("says what to do", () => {
    expect(publicFailure(new BusyError())).toMatchObject({ kind: "busy" });
    expect(publicFailure(new UnusableIndexError("noIndex", ""))).toMatchObject({
      kind: "unavailable",
    });
    expect(publicFailure(AbortSignal.abort().reason)).toMatchObject({ kind: "cancelled" });
  });
});
