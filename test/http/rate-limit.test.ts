import fc from "fast-check";
import { expect, it } from "vitest";
import { RateLimit } from "../../src/http/rate-limit.js";

it("takes twice the rate at once, then the rate, and says when it takes the next", () => {
  let now = 0;
  const limit = new RateLimit(10, () => now);
  const burst = Array.from({ length: 25 }, () => limit.take("a"));
  expect(burst.filter((wait) => wait === 0)).toHaveLength(20);
  expect(burst.at(-1)).toBe(100);
  now += 100;
  expect(limit.take("a")).toBe(0);
  expect(limit.take("a")).toBe(100);
});

it("counts each client on its own", () => {
  const limit = new RateLimit(1, () => 0);
  expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 1000]);
  expect(limit.take("b")).toBe(0);
});

it("over any time takes no more than the rate and one burst", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), gaps, (rate, pauses) => {
      let now = 0;
      const limit = new RateLimit(rate, () => now);
      let taken = 0;
      for (const pause of pauses) {
        now += pause;
        if (limit.take("a") === 0) taken += 1;
      }
      expect(taken).toBeLessThanOrEqual(2 * rate + (now / 1000) * rate + 1e-6);
    }),
  );
});
