import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import { EXIT } from "../../src/errors.js";
import { FakeHub } from "../download/fake-hub.js";
import {
  corpusLine,
  describeProgram,
  largeCorpus,
  type RunOptions,
  WITHOUT_SIGNALS,
  Workplace,
} from "./command-line.js";

let place: Workplace;
let hub: FakeHub;
let options: RunOptions;

beforeEach(async () => {
  place = await Workplace.open();
  hub = await FakeHub.start();
  options = { env: { HF_ENDPOINT: hub.endpoint } };
});
afterEach(async () => {
  await hub.stop();
  await place.close();
});

describeProgram("pull", () => {
  it("fetches every corpus file of a data set and indexes them", async () => {
    hub.files = [
      { path: "data/a.jsonl", content: Buffer.from(corpusLine("Made.first")) },
      { path: "data/b.jsonl.gz", content: gzipSync(corpusLine("Made.second")) },
      { path: "README.md", content: Buffer.from("# A card") },
    ];
    const { code, stdout, stderr } = await place.run(["pull", hub.id], options);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/index\.sqlite: 2 declarations indexed/);
    expect(stderr).toMatch(/^Fetching Owner\/corpus-jsonl into /);
    const found = await place.run(["search", "Made.second", "-n", "1"]);
    expect(found.stdout).toMatch(/^ 1\. Made\.second/);

    const served = hub.bytesSent;
    const again = await place.run(["pull", hub.id], options);
    expect(again.stdout).toMatch(/is up to date: 2 declarations/);
    expect(hub.bytesSent).toBe(served);
  });

  it("prints the files with --download-only and indexes nothing", async () => {
    const content = Buffer.from(corpusLine("Made.first"));
    hub.files = [{ path: "a.jsonl", content }];
    const { code, stdout } = await place.run(["pull", hub.id, "--download-only"], options);
    expect(code).toBe(EXIT.ok);
    expect(await readFile(stdout.trim())).toEqual(content);
    expect((await place.run(["status"])).stdout).toContain("the starter corpus");
  });

  it("says in a sentence that there is no such data set, and leaves the index alone", async () => {
    await place.file("made.jsonl", corpusLine("Made.first"));
    await place.run(["index", "made.jsonl"]);
    const index = await readFile(place.path("data", "index.sqlite"));
    const { code, stdout, stderr } = await place.run(["pull", "Owner/nothing", "-q"], options);
    expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: "" });
    expect(stderr).toMatch(/^.*Owner\/nothing.*\n$/);
    expect(index.equals(await readFile(place.path("data", "index.sqlite")))).toBe(true);
  });

  it("says in a sentence that what arrived is not what was announced", async () => {
    const content = Buffer.from(corpusLine("Made.first"));
    hub.files = [{ path: "a.jsonl", content, announcedHash: "0".repeat(64) }];
    const { code, stdout, stderr } = await place.run(["pull", hub.id, "-q"], options);
    expect({ code, stdout }).toEqual({ code: EXIT.unavailable, stdout: "" });
    expect(stderr).toMatch(/^.*a\.jsonl.*\n$/);
  });

  it.skipIf(WITHOUT_SIGNALS)(
    "ends at Ctrl-C, and the same command goes on from there",
    async () => {
      const content = Buffer.from(largeCorpus(5000));
      hub.files = [{ path: "large.jsonl", content }];
      hub.delayMs = 50;
      const running = place.start(["pull", hub.id, "-q"], options);
      while (hub.bytesSent < 100_000) await sleep(20);
      running.kill("SIGINT");
      const { exitCode, stdout, stderr } = await running;
      expect({ exitCode, stdout }).toEqual({ exitCode: EXIT.interrupted, stdout: "" });
      expect(stderr).toMatch(/^[Ii]nterrupted; .*goes on from there\.?\n$/);

      hub.delayMs = 0;
      const again = await place.run(["pull", hub.id], options);
      expect(again.stdout).toMatch(/5000 declarations indexed/);
      expect(hub.fileRequests.at(-1)?.headers.range).toMatch(/^bytes=[1-9]\d*-$/);
    },
  );
});
