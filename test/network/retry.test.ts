import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/errors.js";
import {
  backoffMs,
  DEFAULT_RETRY,
  RetryableFailure,
  serverDelayMs,
  withRetries,
} from "../../src/network/retry.js";

const final = new UserError("unavailable", "it failed");
const passing = (): RetryableFailure => new RetryableFailure("a cut", final);
const retry = { baseDelayMs: 0 };

describe("backoffMs", () => {
  it("stays between half and all of a doubling wait, and under the longest", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, random) => {
          const full = Math.min(30_000, 500 * 2 ** (failures - 1));
          const delay = backoffMs(failures, DEFAULT_RETRY, random);
          expect(delay).toBeGreaterThanOrEqual(full / 2);
          expect(delay).toBeLessThanOrEqual(full);
        },
      ),
    );
  });
});

describe("withRetries", () => {
  it("ends with the failure's sentence after the allowed number of attempts", async () => {
    let attempts = 0;
    const attempt = (): Promise<never> => {
      attempts += 1;
      return Promise.reject(passing());
    };
    await expect(withRetries(attempt, () => 0, { retry })).rejects.toBe(final);
    expect(attempts).toBe(5);
  });

  it("forgives failures that came with progress", async () => {
    let received = 0;
    const attempt = (): Promise<string> => {
      received += 1;
      return received < 50 ? Promise.reject(passing()) : Promise.resolve("done");
    };
    await expect(withRetries(attempt, () => received, { retry })).resolves.toBe("done");
  });

  it("does not repeat what cannot succeed", async () => {
    let attempts = 0;
    const attempt = (): Promise<never> => {
      attempts += 1;
      return Promise.reject(final);
    };
    await expect(withRetries(attempt, () => 0, { retry })).rejects.toBe(final);
    expect(attempts).toBe(1);
  });

  it("ends its wait when it is interrupted", async () => {
    const controller = new AbortController();
    const promise = withRetries(
      () => Promise.reject(passing()),
      () => 0,
      {
        retry: { baseDelayMs: 60_000, maxDelayMs: 60_000 },
        signal: controller.signal,
        onRetry: () => controller.abort(),
      },
    );
    await expect(promise).rejects.toMatchObject({ exit: "interrupted" });
  });
});

describe("serverDelayMs", () => {
  const header =
    (values: Record<string, string>) =>
    (name: string): string | undefined =>
      values[name];
  const now = Date.parse("2026-01-01T00:00:00Z");

  it.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }, 30_000],
    [{ "retry-after": "Wed, 31 Dec 2025 23:00:00 GMT" }, 0],
    [{ ratelimit: '"resolvers";r=0;t=55' }, 55_000],
    [{ "retry-after": "2", ratelimit: '"api";r=0;t=55' }, 2000],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
  ] as [Record<string, string>, number | undefined][])("reads %j as %s ms", (values, delay) => {
    expect(serverDelayMs({ header: header(values) }, now)).toBe(delay);
  });
});
