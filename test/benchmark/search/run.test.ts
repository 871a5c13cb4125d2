import { describe, expect, it, vi } from "vitest";
import { runSearchBenchmark, type SearchBenchmarkOptions } from "../../../benchmark/search/run.js";
import { UserError } from "../../../src/errors.js";
import { MADE_UP_QUERIES } from "./made-up-run.js";

function options(over: Partial<SearchBenchmarkOptions> = {}): SearchBenchmarkOptions {
  return {
    queries: MADE_UP_QUERIES,
    search: () => ["x", "x", "Lattice", "y", "add_comm", "Lattice"],
    isKnown: (name) => name !== "Rare.thing",
    fingerprints: { lemmascope: "0.1.0", corpus: "sha256:c0ffee", models: {} },
    ...over,
  };
}

describe("runSearchBenchmark", () => {
  it("records each query's rank among distinct names, null where it is not found", async () => {
    const run = await runSearchBenchmark(options());
    expect(run.queries.map(({ id, rank, resolved }) => [id, rank, resolved])).toEqual([
      ["T1/lean", 4, true],
      ["T1/nickname", 4, true],
      ["T2/lean", 2, true],
      ["T2/slogan", 2, true],
      ["T3/natural", null, false],
    ]);
    expect(run.queries.every(({ returned }) => returned === 4)).toBe(true);
    expect(run.queries.every(({ latencyMs }) => latencyMs >= 0)).toBe(true);
    expect(run.limit).toBe(200);
  });

  it("counts only the first names up to the limit, repeats not counted", async () => {
    const run = await runSearchBenchmark(options({ limit: 3 }));
    expect(run.queries.map(({ rank }) => rank)).toEqual([null, null, 2, 2, null]);
    expect(run.queries.every(({ returned }) => returned === 3)).toBe(true);
  });

  it("asks the first query once beforehand, without counting it", async () => {
    const search = vi.fn<SearchBenchmarkOptions["search"]>().mockResolvedValue(["Lattice"]);
    const run = await runSearchBenchmark(options({ search, limit: 50 }));
    const asked = MADE_UP_QUERIES.map(({ text }) => [text, 50]);
    expect(search.mock.calls).toEqual([asked[0], ...asked]);
    expect(run.warmUpMs).toBeGreaterThanOrEqual(0);
    expect(run.queries).toHaveLength(MADE_UP_QUERIES.length);

    search.mockClear();
    const cold = await runSearchBenchmark(options({ search, limit: 50, warmUp: false }));
    expect(search.mock.calls).toEqual(asked);
    expect(cold.warmUpMs).toBeNull();
  });

  it("asks whether a declaration is known once for all its queries", async () => {
    const isKnown = vi.fn(() => false);
    const run = await runSearchBenchmark(options({ isKnown }));
    expect(isKnown.mock.calls).toEqual([["add_comm"], ["Lattice"], ["Rare.thing"]]);
    expect(run.queries.some(({ resolved }) => resolved)).toBe(false);
  });

  it("reports progress after every query", async () => {
    const seen: [number, number][] = [];
    const onProgress = (done: number, total: number) => void seen.push([done, total]);
    await runSearchBenchmark(options({ onProgress }));
    expect(seen).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
  });

  it("stops between two queries when asked, even when searches are synchronous", async () => {
    const stop = new AbortController();
    const search = vi.fn(() => {
      setImmediate(() => stop.abort());
      return ["Lattice"];
    });
    const running = runSearchBenchmark(options({ search, signal: stop.signal, warmUp: false }));
    await expect(running).rejects.toMatchObject({
      exit: "interrupted",
      message: "The benchmark was stopped after 1 of 5 queries: no report is made.",
    });
    expect(search).toHaveBeenCalledTimes(1);
  });

  it("does not start when it is already stopped", async () => {
    const search = vi.fn(() => []);
    const running = runSearchBenchmark(options({ search, signal: AbortSignal.abort() }));
    await expect(running).rejects.toMatchObject({ exit: "interrupted" });
    expect(search).not.toHaveBeenCalled();
  });

  it("names the query that could not be answered, and keeps the exit code", async () => {
    const failing = options({
      search: (query) => {
        if (query.startsWith("a poset")) throw new UserError("noIndex", "The index is corrupt.");
        return [];
      },
    });
    await expect(runSearchBenchmark(failing)).rejects.toMatchObject({
      exit: "noIndex",
      message: "Query T2/slogan could not be answered: The index is corrupt.",
    });
    const defect = new TypeError("a defect");
    const broken = options({ search: () => Promise.reject(defect) });
    await expect(runSearchBenchmark(broken)).rejects.toBe(defect);
  });

  it("refuses a limit that is no count, and no queries", async () => {
    await expect(runSearchBenchmark(options({ limit: 0 }))).rejects.toThrow(RangeError);
    await expect(runSearchBenchmark(options({ limit: 1.5 }))).rejects.toThrow(RangeError);
    await expect(runSearchBenchmark(options({ queries: [] }))).rejects.toThrow(RangeError);
  });
});
