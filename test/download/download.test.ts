import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockDirectory } from "../../src/download/directory-lock.js";
import type { DownloadProgress } from "../../src/download/download.js";
import { corpusBytes } from "./fake-hub.js";
import { failureOf, Workplace } from "./workplace.js";

const content = corpusBytes(200_000);

describe("downloading", () => {
  let place: Workplace;
  beforeEach(async () => {
    place = await Workplace.open({ path: "corpus.jsonl", content });
  });
  afterEach(() => place.close());

  const fetched = (name = "corpus.jsonl"): Promise<Buffer> => readFile(place.path(name));

  it("brings a file through a redirect to another host, and leaves nothing else behind", async () => {
    const { source, files } = await place.pull();
    expect(source).toMatchObject({ kind: "dataset", id: place.hub.id });
    expect(files).toEqual([
      {
        name: "corpus.jsonl",
        path: place.path("corpus.jsonl"),
        bytes: content.length,
        verified: true,
        fetched: true,
      },
    ]);
    expect(content.equals(await fetched())).toBe(true);
    expect(await place.names()).toEqual(["corpus.jsonl"]);
  });

  it("sends the access token to the hub and to no other host", async () => {
    await place.pull({ env: { HF_TOKEN: "hf_secret" } });
    const sent = (server: string): unknown[] =>
      place.hub.requests.filter((r) => r.server === server).map((r) => r.headers.authorization);
    expect(sent("hub")).toEqual(["Bearer hf_secret", "Bearer hf_secret"]);
    expect(sent("cdn")).toEqual([undefined]);
  });

  it("checks small files by the id of their Git blob, and takes empty ones", async () => {
    place.hub.files = [
      { path: "small.jsonl", content: Buffer.from('{"a":1}\n'), lfs: false },
      { path: "empty.jsonl", content: Buffer.alloc(0), lfs: false },
      { path: "with space/β #1.jsonl", content: Buffer.from("x") },
    ];
    const { files } = await place.pull();
    expect(files.map((file) => file.verified)).toEqual([true, true, true]);
    expect((await fetched("small.jsonl")).toString()).toBe('{"a":1}\n');
    expect((await stat(place.path("empty.jsonl"))).size).toBe(0);
    expect((await fetched("with space/β #1.jsonl")).toString()).toBe("x");
  });

  it("tells how far it is", async () => {
    place.hub.files.push({ path: "second.jsonl", content: corpusBytes(10) });
    const told: DownloadProgress[] = [];
    await place.pull({ onProgress: (progress) => told.push(progress) });
    const first = told.filter((progress) => progress.file === "corpus.jsonl");
    const received = first.map((progress) => progress.receivedBytes);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(first[0]).toMatchObject({ receivedBytes: 0, filesDone: 0, filesTotal: 2 });
    expect(new Set(first.map((progress) => progress.totalBytes))).toEqual(new Set([200_000]));
    expect(told.at(-1)).toEqual({
      file: "second.jsonl",
      receivedBytes: 10,
      totalBytes: 10,
      filesDone: 2,
      filesTotal: 2,
    });
  });

  it("does not fetch again what is there, whole", async () => {
    await place.pull();
    const before = place.hub.fileRequests.length;
    const { files } = await place.pull();
    expect(files[0]).toMatchObject({ fetched: false, verified: true, bytes: content.length });
    expect(place.hub.fileRequests).toHaveLength(before);
  });

  it("replaces a file that has another size or other bytes than announced", async () => {
    for (const old of [content.subarray(1), Buffer.from(content).fill(0, 7, 8)]) {
      await writeFile(place.path("corpus.jsonl"), old);
      const { files } = await place.pull();
      expect(files[0]?.fetched).toBe(true);
      expect(content.equals(await fetched())).toBe(true);
    }
  });

  it("starts over once when the hash is wrong", async () => {
    place.hub.fileFaults = [{ kind: "corrupt" }];
    await place.pull();
    expect(content.equals(await fetched())).toBe(true);
    expect(place.hub.fileRequests.map((r) => r.headers.range)).toEqual([undefined, undefined]);
  });

  it("fails when the hash is wrong twice, without a part and without touching the old file", async () => {
    await writeFile(place.path("corpus.jsonl"), "old");
    for (const lfs of [true, false]) {
      place.hub.files = [{ path: "corpus.jsonl", content, lfs }];
      place.hub.fileFaults = [{ kind: "corrupt" }, { kind: "corrupt" }, { kind: "corrupt" }];
      const failure = await failureOf(place.pull());
      expect(failure.exit).toBe("unavailable");
      expect(failure.message).toMatch(
        /corpus\.jsonl arrived with another .*sha.* than announced, twice/,
      );
      expect(place.hub.fileFaults).toHaveLength(1);
      expect(await place.names()).toEqual(["corpus.jsonl"]);
      expect((await fetched()).toString()).toBe("old");
    }
  });

  it.each([false, true])("refuses more bytes than announced (chunked: %s)", async (chunked) => {
    place.hub.everyFileFault = { kind: "length", length: content.length + 1, chunked };
    let received = 0;
    const onProgress = ({ receivedBytes }: DownloadProgress): void => {
      received = Math.max(received, receivedBytes);
    };
    const failure = await failureOf(place.pull({ onProgress }));
    if (!chunked) expect(received).toBe(0);
    expect(received).toBeLessThanOrEqual(content.length);
    expect(failure.message).toContain("sent more for corpus.jsonl than the 200000 bytes announced");
    expect(place.hub.fileRequests).toHaveLength(2);
    expect(await place.names()).toEqual([]);
  });

  it.each([false, true])(
    "asks for the rest of an answer that is too short (chunked: %s)",
    async (chunked) => {
      place.hub.fileFaults = [{ kind: "length", length: 70_000, chunked }];
      await place.pull();
      expect(content.equals(await fetched())).toBe(true);
      expect(place.hub.fileRequests.map((r) => r.headers.range)).toEqual([
        undefined,
        "bytes=70000-",
      ]);
    },
  );

  it("gives up on a server that never has more than a part of the file", async () => {
    place.hub.everyFileFault = { kind: "length", length: 70_000 };
    const failure = await failureOf(place.pull());
    expect(failure.exit).toBe("unavailable");
    expect(place.hub.fileRequests.length).toBeLessThan(15);
  });

  it("does not take a web page for a file", async () => {
    place.hub.everyFileFault = { kind: "body", body: "<html>login</html>", type: "text/html" };
    const failure = await failureOf(place.pull());
    expect(failure.message).toContain("web page instead of corpus.jsonl");
    expect(await place.names()).toEqual([]);
  });

  it("does not take a compressed answer for the file", async () => {
    const headers = { "content-encoding": "gzip" };
    place.hub.everyFileFault = { kind: "body", body: "x", type: "text/plain", headers };
    expect((await failureOf(place.pull())).message).toContain(
      "gzip-coded although it was asked not to",
    );
  });

  it("says so when a listed file is gone", async () => {
    place.hub.everyFileFault = { kind: "status", status: 404 };
    const failure = await failureOf(place.pull());
    expect(failure.exit).toBe("badInput");
    expect(failure.message).toContain(`no file corpus.jsonl of data set ${place.hub.id}`);
  });

  it("gives up on redirects without end", async () => {
    place.hub.redirects = "endless";
    expect((await failureOf(place.pull())).message).toContain("redirects without end");
  });

  it("explains a directory that cannot be made or written", async () => {
    await writeFile(place.path("file"), "");
    const failure = await failureOf(place.pull({ directory: place.path("file/below") }));
    expect(failure.exit).toBe("io");
    expect(failure.message).toContain("a file is where a directory should be");
    await mkdir(place.path("corpus.jsonl.part"));
    const other = await failureOf(place.pull());
    expect(other.exit).toBe("io");
    expect(other.message).toMatch(/corpus\.jsonl\.part: a directory is where the file should be/);
  });

  it("leaves the directory to the download that has it", async () => {
    const unlock = lockDirectory(place.directory);
    const failure = await failureOf(place.pull());
    unlock();
    expect(failure.exit).toBe("io");
    expect(failure.message).toContain("another download into");
    expect(place.hub.fileRequests).toHaveLength(0);
    await place.pull();
    expect(content.equals(await fetched())).toBe(true);
  });

  it("lets one of two simultaneous pulls win, with an intact file", async () => {
    place.hub.delayMs = 2;
    const outcomes = await Promise.allSettled([place.pull(), place.pull()]);
    const won = outcomes.filter((outcome) => outcome.status === "fulfilled");
    expect(won).toHaveLength(1);
    expect(content.equals(await fetched())).toBe(true);
    expect(await place.names()).toEqual(["corpus.jsonl"]);
  });
});

describe("downloading one file from anywhere", () => {
  let place: Workplace;
  let address: string;
  beforeEach(async () => {
    place = await Workplace.open({ path: "corpus.jsonl", content });
    address = `${place.hub.cdnOrigin}/blobs/corpus.jsonl?signature=secret`;
  });
  afterEach(() => place.close());

  it("brings it, and says that its bytes could not be verified", async () => {
    const { source, files } = await place.pull({}, address);
    expect(source).toEqual({ kind: "file", url: address, name: "corpus.jsonl" });
    expect(files).toMatchObject([{ verified: false, fetched: true, bytes: content.length }]);
    expect(content.equals(await readFile(place.path("corpus.jsonl")))).toBe(true);
  });

  it("asks again for a file that is there, since it may have changed", async () => {
    await place.pull({}, address);
    const changed = corpusBytes(150_000, 1);
    place.hub.files = [{ path: "corpus.jsonl", content: changed }];
    await place.pull({}, address);
    expect(changed.equals(await readFile(place.path("corpus.jsonl")))).toBe(true);
  });

  it("resumes after a cut with the entity tag, and starts over if the file has changed", async () => {
    place.hub.fileFaults = [{ kind: "cut", after: 90_000 }];
    const pulling = place.pull(
      {
        onRetry: () => {
          place.hub.files = [{ path: "corpus.jsonl", content: corpusBytes(150_000, 1) }];
        },
      },
      address,
    );
    await pulling;
    const [, second] = place.hub.fileRequests;
    expect(second?.headers["if-range"]).toMatch(/^".+"$/);
    expect(corpusBytes(150_000, 1).equals(await readFile(place.path("corpus.jsonl")))).toBe(true);
  });

  it("notices by the entity tag when a range belongs to another file", async () => {
    const changed = corpusBytes(content.length, 1);
    place.hub.ignoresIfRange = true;
    place.hub.fileFaults = [{ kind: "cut", after: 90_000 }];
    await place.pull(
      {
        onRetry: () => {
          place.hub.files = [{ path: "corpus.jsonl", content: changed }];
        },
      },
      address,
    );
    expect(changed.equals(await readFile(place.path("corpus.jsonl")))).toBe(true);
  });

  it("notices when a range is not the one asked for", async () => {
    place.hub.fileFaults = [
      { kind: "cut", after: 90_000 },
      { kind: "wrongRange", start: 95_000 },
    ];
    await place.pull({}, address);
    expect(content.equals(await readFile(place.path("corpus.jsonl")))).toBe(true);
  });

  it("starts over after a cut when there is nothing to tell a changed file by", async () => {
    place.hub.weakEtags = true;
    const controller = new AbortController();
    place.hub.fileFaults = [{ kind: "cut", after: 90_000 }];
    await failureOf(
      place.pull({ signal: controller.signal, onRetry: () => controller.abort() }, address),
    );
    await place.pull({}, address);
    expect(place.hub.fileRequests.map((r) => r.headers.range)).toEqual([undefined, undefined]);
    expect(content.equals(await readFile(place.path("corpus.jsonl")))).toBe(true);
  });

  it("keeps the query, which may be secret, out of its sentences", async () => {
    place.hub.everyFileFault = { kind: "status", status: 403 };
    const failure = await failureOf(place.pull({}, address));
    expect(failure.message).toContain("may not be read (status 403): check the address");
    expect(failure.message).not.toContain("secret");
  });
});
