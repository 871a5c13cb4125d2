import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { compileScript } from "./compiled.js";
import { corpusBytes, FakeHub, type Fault } from "./fake-hub.js";
import { failureOf, Workplace } from "./workplace.js";

const content = corpusBytes(300_000);

describe("resuming", () => {
  let place: Workplace;
  beforeEach(async () => {
    place = await Workplace.open({ path: "corpus.jsonl", content });
  });
  afterEach(() => place.close());

  const ranges = (): unknown[] => place.hub.fileRequests.map((r) => r.headers.range);
  const expectIntact = async (): Promise<void> => {
    expect(content.equals(await readFile(place.path("corpus.jsonl")))).toBe(true);
    expect(await place.names()).toEqual(["corpus.jsonl"]);
  };
  /** Has a first run receive some bytes and end as by Ctrl-C. */
  const interruptAfter = async (bytes: number): Promise<void> => {
    const controller = new AbortController();
    place.hub.fileFaults = [{ kind: "stall", after: bytes }];
    const failure = await failureOf(
      place.pull({
        signal: controller.signal,
        onProgress: ({ receivedBytes }) => {
          if (receivedBytes === bytes) controller.abort();
        },
      }),
    );
    expect(failure.exit).toBe("interrupted");
    expect(failure.message).toContain("the same command goes on from there");
  };

  it("goes on where the connection was cut, asking with the entity tag", async () => {
    place.hub.fileFaults = [
      { kind: "cut", after: 100_000 },
      { kind: "cut", after: 50_000 },
    ];
    await place.pull();
    expect(ranges()).toEqual([undefined, "bytes=100000-", "bytes=150000-"]);
    expect(place.hub.fileRequests[2]?.headers["if-range"]).toMatch(/^"[0-9a-f]{16}"$/);
    expect(place.hub.bytesSent).toBe(content.length);
    await expectIntact();
  });

  it("cuts a connection on which nothing arrives, and goes on", async () => {
    place.hub.fileFaults = [
      { kind: "stall", after: 120_000 },
      { kind: "stall", after: 0 },
    ];
    const reasons: string[] = [];
    await place.pull({ stallTimeoutMs: 150, onRetry: ({ reason }) => reasons.push(reason) });
    expect(reasons).toEqual(["nothing arrived for 0.15 s", "nothing arrived for 0.15 s"]);
    expect(ranges()).toEqual([undefined, "bytes=120000-", "bytes=120000-"]);
    await expectIntact();
  });

  it("does not give up while each attempt gets a little further", async () => {
    place.hub.fileFaults = Array.from({ length: 20 }, (): Fault => ({ kind: "cut", after: 1000 }));
    await place.pull();
    expect(place.hub.fileRequests).toHaveLength(21);
    await expectIntact();
  });

  it("gives up after five attempts without progress, and keeps the part", async () => {
    place.hub.fileFaults = [{ kind: "cut", after: 40_000 }];
    place.hub.everyFileFault = { kind: "cut", after: 0 };
    const failure = await failureOf(place.pull());
    expect(failure.exit).toBe("unavailable");
    expect(failure.message).toMatch(
      /cannot fetch from 127\.0\.0\.1.*the connection was cut.*lemmascope index FILE/,
    );
    expect(place.hub.fileRequests).toHaveLength(5);
    expect((await stat(place.path("corpus.jsonl.part"))).size).toBe(40_000);
    place.hub.everyFileFault = undefined;
    await place.pull();
    expect(ranges().at(-1)).toBe("bytes=40000-");
    await expectIntact();
  });

  it("starts over with a server that ignores ranges", async () => {
    place.hub.fileFaults = [{ kind: "cut", after: 100_000 }, { kind: "ignoreRange" }];
    await place.pull();
    expect(ranges()).toEqual([undefined, "bytes=100000-"]);
    await expectIntact();
  });

  it("gives up on a server that ignores ranges and always stops at the same place", async () => {
    place.hub.everyFileFault = { kind: "cut", after: 100_000, ignoreRange: true };
    const failure = await failureOf(place.pull());
    expect(failure.exit).toBe("unavailable");
    expect(place.hub.fileRequests).toHaveLength(5);
  });

  it("starts over when a range comes from another place than asked for", async () => {
    place.hub.fileFaults = [
      { kind: "cut", after: 100_000 },
      { kind: "wrongRange", start: 99_000 },
    ];
    await place.pull();
    expect(ranges()).toEqual([undefined, "bytes=100000-", undefined]);
    await expectIntact();
  });

  it("starts over when the server says that the range lies behind the end", async () => {
    place.hub.fileFaults = [
      { kind: "cut", after: 100_000 },
      { kind: "status", status: 416, headers: { "content-range": "bytes */90000" } },
    ];
    await place.pull();
    expect(ranges()).toEqual([undefined, "bytes=100000-", undefined]);
    await expectIntact();
  });

  it("starts over when the entity tag has changed between attempts", async () => {
    place.hub.fileFaults = [{ kind: "cut", after: 100_000 }];
    await place.pull({
      onRetry: () => {
        place.hub.etagSalt = "-2";
      },
    });
    expect(place.hub.bytesSent).toBe(100_000 + content.length);
    await expectIntact();
  });

  it("waits as a busy server asks and then goes on", async () => {
    place.hub.fileFaults = [
      { kind: "cut", after: 100_000 },
      { kind: "status", status: 503, headers: { "retry-after": "1" } },
      { kind: "status", status: 500 },
    ];
    const waits: number[] = [];
    await place.pull({ onRetry: ({ delayMs }) => waits.push(delayMs) });
    expect(waits).toHaveLength(3);
    expect(waits[1]).toBe(1000);
    await expectIntact();
  });

  it("keeps the part on Ctrl-C, and the next run goes on from it", async () => {
    await interruptAfter(180_000);
    expect(await place.names()).toEqual(["corpus.jsonl.part", "corpus.jsonl.part.json"]);
    await place.pull();
    expect(ranges()).toEqual([undefined, "bytes=180000-"]);
    await expectIntact();
  });

  it("goes on from another hub that has the same file under another entity tag", async () => {
    await interruptAfter(180_000);
    const mirror = await FakeHub.start(...place.hub.files);
    mirror.etagSalt = "-mirror";
    await place.pull({ env: { HF_ENDPOINT: mirror.endpoint } });
    await mirror.stop();
    expect(mirror.bytesSent).toBe(content.length - 180_000);
    await expectIntact();
  });

  it("only checks a part that is already whole", async () => {
    await interruptAfter(180_000);
    await writeFile(place.path("corpus.jsonl.part"), content);
    const before = place.hub.fileRequests.length;
    await place.pull();
    expect(place.hub.fileRequests).toHaveLength(before);
    await expectIntact();
  });

  it("finds out by the hash that a part was damaged, and starts over", async () => {
    await interruptAfter(180_000);
    await writeFile(place.path("corpus.jsonl.part"), Buffer.alloc(180_000));
    await place.pull();
    expect(ranges()).toEqual([undefined, "bytes=180000-", undefined]);
    await expectIntact();
  });

  it("throws away a part of a file that has another hash now, and one too long", async () => {
    await interruptAfter(180_000);
    const changed = corpusBytes(290_000, 5);
    place.hub.files = [{ path: "corpus.jsonl", content: changed }];
    await place.pull();
    expect(ranges()).toEqual([undefined, undefined]);
    expect(changed.equals(await readFile(place.path("corpus.jsonl")))).toBe(true);

    place.hub.files = [{ path: "corpus.jsonl", content }];
    await interruptAfter(180_000);
    await writeFile(place.path("corpus.jsonl.part"), Buffer.alloc(content.length + 1));
    await place.pull();
    await expectIntact();
  });

  it.each(["", "{", '{"url":7}'])("throws away a part whose note reads %j", async (note) => {
    await interruptAfter(180_000);
    await writeFile(place.path("corpus.jsonl.part.json"), note);
    await place.pull();
    expect(ranges()).toEqual([undefined, undefined]);
    await expectIntact();
  });

  it("is interrupted at once while it waits to try again", async () => {
    const controller = new AbortController();
    place.hub.everyFileFault = { kind: "status", status: 429, headers: { "retry-after": "500" } };
    const failure = await failureOf(
      place.pull({ signal: controller.signal, onRetry: () => controller.abort() }),
    );
    expect(failure.exit).toBe("interrupted");
  });

  it("does nothing if it is interrupted before it begins", async () => {
    const failure = await failureOf(place.pull({ signal: AbortSignal.abort() }));
    expect(failure.exit).toBe("interrupted");
    expect(place.hub.requests).toHaveLength(0);
  });
});

describe("whatever is cut, stalled or restarted", () => {
  it("the file that arrives is the file that was announced, byte for byte", async () => {
    const fault = fc.oneof(
      fc.record({ kind: fc.constant("cut" as const), after: fc.nat(70_000) }),
      fc.constant({ kind: "ignoreRange" as const }),
      fc.constant({ kind: "status" as const, status: 503 }),
      fc.record({ kind: fc.constant("length" as const), length: fc.nat(60_000) }),
      fc.record({ kind: fc.constant("wrongRange" as const), start: fc.nat(60_000) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(80_000),
        fc.boolean(),
        fc.array(fault, { maxLength: 4 }),
        async (size, lfs, faults) => {
          const bytes = corpusBytes(size, size);
          const place = await Workplace.open({ path: "corpus.jsonl", content: bytes, lfs });
          place.hub.fileFaults = faults.map((each) =>
            // A longer file than announced is refused, which is another test's matter.
            each.kind === "length" ? { ...each, length: Math.min(each.length, size) } : each,
          );
          try {
            await place.pull({ retry: { baseDelayMs: 0 } });
            expect(bytes.equals(await readFile(place.path("corpus.jsonl")))).toBe(true);
            expect(await place.names()).toEqual(["corpus.jsonl"]);
          } finally {
            await place.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a process of its own", () => {
  let programs: string;
  let script: string;
  beforeAll(async () => {
    programs = await mkdtemp(join(tmpdir(), "lemmascope-download-programs-"));
    script = compileScript(
      programs,
      `import { pull } from "./src/download/pull.js";
       const [id, directory] = process.argv.slice(2);
       try {
         await pull(id, { directory, onProgress: (p) => process.stdout.write(p.receivedBytes + "\\n") });
       } catch (error) {
         process.stderr.write(error.exit + ": " + error.message);
         process.exitCode = 1;
       }`,
    );
  });
  afterAll(() => rm(programs, { recursive: true, force: true }));

  const large = corpusBytes(8_000_000);
  let place: Workplace;
  beforeEach(async () => {
    place = await Workplace.open({ path: "corpus.jsonl", content: large });
  });
  afterEach(() => place.close());

  const env = (): Record<string, string> => ({ HF_ENDPOINT: place.hub.endpoint, HF_TOKEN: "" });

  it("may be killed without warning: the next one goes on from what was there", async () => {
    place.hub.delayMs = 1;
    const first = execa("node", [script, place.hub.id, place.directory], {
      env: env(),
      reject: false,
    });
    first.stdout.on("data", (text: Buffer) => {
      const received = Number(text.toString().trim().split("\n").at(-1));
      if (received > 3_000_000) first.kill("SIGKILL");
    });
    expect((await first).signal).toBe("SIGKILL");
    const kept = (await stat(place.path("corpus.jsonl.part"))).size;
    expect(kept).toBeGreaterThan(2_900_000);
    expect(kept).toBeLessThan(large.length);

    place.hub.delayMs = 0;
    await execa("node", [script, place.hub.id, place.directory], { env: env() });
    expect(large.equals(await readFile(place.path("corpus.jsonl")))).toBe(true);
    expect(place.hub.fileRequests[1]?.headers.range).toBe(`bytes=${kept}-`);
    expect(place.hub.bytesSent).toBeLessThan(1.5 * large.length);
    expect(await place.names()).toEqual(["corpus.jsonl"]);
  });

  it("has the directory to itself until it ends, in whatever way", async () => {
    place.hub.fileFaults = [{ kind: "stall", after: 1_000_000 }];
    const first = execa("node", [script, place.hub.id, place.directory], {
      env: env(),
      reject: false,
    });
    await once(first.stdout, "data");
    const failure = await failureOf(place.pull());
    first.kill("SIGKILL");
    await first;
    expect(failure.message).toContain("another download into");
    await place.pull();
    expect(large.equals(await readFile(place.path("corpus.jsonl")))).toBe(true);
  });

  it.skipIf(process.platform === "win32")(
    "explains that a file may not grow further, and keeps what arrived",
    async () => {
      // ulimit counts blocks of 1024 bytes in bash.
      const command = `ulimit -f 2000; exec node "$@"`;
      const run = await execa(
        "bash",
        ["-c", command, "bash", script, place.hub.id, place.directory],
        {
          env: env(),
          reject: false,
        },
      );
      expect(run.stderr).toMatch(/^io: cannot write .*corpus\.jsonl\.part: it would be larger/);
      expect((await stat(place.path("corpus.jsonl.part"))).size).toBe(2_048_000);
    },
  );
});
