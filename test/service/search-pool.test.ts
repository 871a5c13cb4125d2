import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIndex } from "../../src/index/build.js";
import { IndexUpdater } from "../../src/index/update.js";
import type * as FailureModule from "../../src/service/failures.js";
import type * as PoolModule from "../../src/service/search-pool.js";
import { compileSource } from "../compiled-source.js";
import { declaration, writeCorpus } from "../index/made-up.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();
const indexPath = join(folder, "index.sqlite");
const query = { query: "compact set", kinds: [], module: "", limit: 2 };

// Threads run compiled code, and errors are of the classes that were compiled with them.
let SearchPool: typeof PoolModule.SearchPool;
let failures: typeof FailureModule;
const pools: PoolModule.SearchPool[] = [];

beforeAll(async () => {
  compileSource(folder, {});
  const at = (file: string) => pathToFileURL(join(folder, "src", "service", file)).href;
  ({ SearchPool } = (await import(at("search-pool.js"))) as typeof PoolModule);
  failures = (await import(at("failures.js"))) as typeof FailureModule;
  await buildIndex({ index: indexPath, sources: ["starter"] });
});
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

function start(options: Partial<PoolModule.SearchPoolOptions> = {}): PoolModule.SearchPool {
  const defaults = { indexPath, remote: undefined, threads: 1, mostWaiting: 10 };
  const pool = new SearchPool({ ...defaults, ...options });
  pools.push(pool);
  return pool;
}

it("answers on threads, and is ready once one of them is", async () => {
  const pool = start({ threads: 2 });
  expect(pool.readiness).toBeUndefined();
  const readiness = await pool.open();
  expect(readiness.declarations).toBe(1845);
  expect(pool.readiness).toEqual(readiness);
  const hits = await pool.ask("find", query);
  expect(hits).toHaveLength(2);
});

it("answers questions that come before the index is open", async () => {
  expect(await start().ask("lookUp", { name: "IsCompact" })).toMatchObject({ found: true });
});

it("passes on which request made no sense", async () => {
  const asked = start().ask("find", { ...query, query: "the" });
  await expect(asked).rejects.toMatchObject({ name: "UserError", exit: "badInput" });
});

it("tells that the index cannot be used, each time, until it can", async () => {
  const late = join(folder, "late.sqlite");
  const pool = start({ indexPath: late, threads: 2 });
  const unusable = { name: "UnusableIndexError", exit: "noIndex" };
  await expect(pool.open()).rejects.toMatchObject(unusable);
  await expect(pool.ask("find", query)).rejects.toMatchObject(unusable);
  expect(pool.readiness).toBeUndefined();
  await buildIndex({ index: late, sources: ["starter"] });
  expect(await pool.ask("find", query)).toHaveLength(2);
});

it("answers from an index as it is now, after it was made again or changed in place", async () => {
  const changing = join(folder, "changing.sqlite");
  const origin = { package: "garden", version: "1", file: "Rose.lean", isOwn: true };
  const corpus = writeCorpus(join(folder, "changing.jsonl"), [declaration("Rose.red", { origin })]);
  await buildIndex({ index: changing, sources: [corpus] });
  const pool = start({ indexPath: changing });
  expect((await pool.open()).declarations).toBe(1);
  await buildIndex({ index: changing, sources: ["starter", corpus] });
  expect(await pool.ask("lookUp", { name: "IsCompact" })).toMatchObject({ found: true });
  expect(pool.readiness?.declarations).toBe(1846);
  const updater = IndexUpdater.open(changing, undefined);
  const white = declaration("Rose.white", { origin });
  await updater.apply([{ origin, declarations: [white, declaration("Rose.pink", { origin })] }]);
  updater.close();
  expect(await pool.ask("lookUp", { name: "Rose.white" })).toMatchObject({ found: true });
  expect(await pool.ask("lookUp", { name: "Rose.red" })).toMatchObject({ found: false });
  expect(pool.readiness?.declarations).toBe(1847);
});

it("refuses what would wait in too long a queue, and answers the rest", async () => {
  const pool = start({ mostWaiting: 3 });
  await pool.open();
  const asked = Array.from({ length: 12 }, () => pool.ask("find", query));
  const outcomes = await Promise.allSettled(asked);
  const refused = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [outcome.reason as unknown] : [],
  );
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(12);
  for (const reason of refused) expect(reason).toBeInstanceOf(failures.BusyError);
  expect(await pool.ask("find", query)).toHaveLength(2);
});

it("lets go of a question that was taken back, and keeps its threads", async () => {
  const pool = start();
  await pool.open();
  const controller = new AbortController();
  const running = pool.ask("find", query, controller.signal);
  const waiting = pool.ask("find", query, controller.signal);
  controller.abort();
  await expect(running).rejects.toMatchObject({ name: "AbortError" });
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  await expect(pool.ask("find", query, controller.signal)).rejects.toMatchObject({
    name: "AbortError",
  });
  expect(await pool.ask("find", query)).toHaveLength(2);
});

it("answers what was asked before it closes, and nothing after", async () => {
  const pool = start();
  const asked = [pool.ask("find", query), pool.ask("find", query), pool.ask("find", query)];
  const closing = pool.close();
  await expect(pool.ask("find", query)).rejects.toBeInstanceOf(failures.BusyError);
  expect(await Promise.all(asked)).toHaveLength(3);
  await closing;
});
