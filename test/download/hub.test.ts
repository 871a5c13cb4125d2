import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { corpusBytes, FakeHub } from "./fake-hub.js";
import { failureOf, Workplace } from "./workplace.js";

describe("listing a data set", () => {
  let place: Workplace;
  beforeEach(async () => {
    place = await Workplace.open(
      { path: "README.md", content: Buffer.from("# corpus"), lfs: false },
      { path: "data/b.jsonl.gz", content: corpusBytes(300) },
      { path: "a.jsonl", content: corpusBytes(200), lfs: false },
      { path: "data/c.jsonl.br", content: corpusBytes(100) },
      { path: "data/d.parquet", content: corpusBytes(100) },
      { path: "meta.json", content: Buffer.from("{}"), lfs: false },
    );
  });
  afterEach(() => place.close());

  it("brings the JSON-lines files, compressed or not, and nothing else", async () => {
    const { files } = await place.pull();
    expect(files.map((file) => file.name)).toEqual([
      "a.jsonl",
      "data/b.jsonl.gz",
      "data/c.jsonl.br",
    ]);
    expect(files.every((file) => file.verified && file.fetched)).toBe(true);
    expect(await place.names()).toEqual(["a.jsonl", "data"]);
  });

  it("follows the pages of a long listing", async () => {
    place.hub.pageSize = 2;
    const { files } = await place.pull();
    expect(files).toHaveLength(3);
    expect(place.hub.requests.filter((r) => r.url.startsWith("/api/"))).toHaveLength(4);
  });

  it("brings only the folder or file that an address names", async () => {
    const at = `${place.hub.endpoint}/datasets/${place.hub.id}`;
    const folder = await place.pull({}, `${at}/tree/main/data`);
    expect(folder.files.map((file) => file.name)).toEqual(["data/b.jsonl.gz", "data/c.jsonl.br"]);
    const file = await place.pull({}, `${at}/blob/main/a.jsonl`);
    expect(file.files.map(({ name }) => name)).toEqual(["a.jsonl"]);
  });

  it("says what there is when no file can be used", async () => {
    place.hub.files = place.hub.files.filter((file) => !file.path.includes(".jsonl"));
    const failure = await failureOf(place.pull());
    expect(failure.exit).toBe("badInput");
    expect(failure.message).toMatch(
      /has no .jsonl.* it holds README.md, data\/d.parquet, meta.json$/,
    );
  });

  it.each([
    "../a.jsonl",
    "/etc/a.jsonl",
    "x/../../a.jsonl",
    "..\\a.jsonl",
    "C:a.jsonl",
    "a//b.jsonl",
  ])("refuses a listing that names %j, and fetches nothing", async (path) => {
    place.hub.files.push({ path, content: Buffer.from("x") });
    const failure = await failureOf(place.pull());
    expect(failure.exit).toBe("badInput");
    expect(failure.message).toContain("not a plain relative path");
    expect(place.hub.fileRequests).toHaveLength(0);
    expect(await place.names()).toEqual([]);
  });

  it("names the data set and the hub when it does not exist", async () => {
    const failure = await failureOf(place.pull({}, "Owner/misspelt"));
    expect(failure.exit).toBe("badInput");
    expect(failure.message).toBe(
      `no data set Owner/misspelt (revision main) at ${place.hub.endpoint}; check the id, which reads OWNER/NAME, and the revision`,
    );
  });

  it("tells a missing revision from a missing data set", async () => {
    place.hub.listingFaults = [
      { kind: "status", status: 404, headers: { "x-error-code": "RevisionNotFound" } },
    ];
    const failure = await failureOf(place.pull());
    expect(failure.message).toMatch(/^no such revision of data set Owner\/corpus-jsonl/);
  });

  it.each([401, 403])("mentions HF_TOKEN on status %i", async (status) => {
    place.hub.listingFaults = [{ kind: "status", status }];
    const failure = await failureOf(place.pull());
    expect(failure.exit).toBe("unavailable");
    expect(failure.message).toMatch(/private or is gated.*set HF_TOKEN to an access token/);
  });

  it("blames the token where one was sent", async () => {
    place.hub.listingFaults = [{ kind: "status", status: 403 }];
    const failure = await failureOf(place.pull({ env: { HF_TOKEN: "hf_x" } }));
    expect(failure.message).toContain("the access token in HF_TOKEN does not allow reading it");
  });

  it("recognizes a web page in place of a listing", async () => {
    const page = "<!doctype html><title>Please log in</title>";
    for (const type of ["text/html; charset=utf-8", "application/json"]) {
      place.hub.listingFaults = [{ kind: "body", body: page, type }];
      const failure = await failureOf(place.pull());
      expect(failure.message).toContain("web page instead of a file listing: check HF_ENDPOINT");
    }
  });

  it("reports JSON that is broken or of another shape", async () => {
    place.hub.listingFaults = [{ kind: "body", body: '[{"type":', type: "application/json" }];
    expect((await failureOf(place.pull())).message).toContain("broken JSON");
    const body = '[{"type":"file","path":"a.jsonl","size":-1,"oid":"x"}]';
    place.hub.listingFaults = [{ kind: "body", body, type: "application/json" }];
    expect((await failureOf(place.pull())).message).toMatch(
      /not what the hub's API promises \(0\./,
    );
  });

  it("notices a listing that leads back to itself", async () => {
    const headers = {
      link: `</api/datasets/${place.hub.id}/tree/main?recursive=true>; rel="next"`,
    };
    place.hub.listingFaults = [{ kind: "body", body: "[]", type: "application/json", headers }];
    expect((await failureOf(place.pull())).message).toContain("goes round in circles");
  });

  it("tries again after cuts, 429 and 500, waiting as long as Retry-After says", async () => {
    place.hub.listingFaults = [
      { kind: "status", status: 500 },
      { kind: "cut", after: 0 },
      { kind: "status", status: 429, headers: { "retry-after": "1" } },
      { kind: "status", status: 429, headers: { ratelimit: '"api";r=0;t=1' } },
    ];
    const waits: [string, number][] = [];
    const { files } = await place.pull({
      onRetry: ({ reason, delayMs }) => waits.push([reason, delayMs]),
    });
    expect(files).toHaveLength(3);
    expect(waits.map(([reason]) => reason)).toEqual([
      "status 500",
      "the connection was cut",
      "status 429",
      "status 429",
    ]);
    expect(waits.slice(2).map(([, delayMs]) => delayMs)).toEqual([1000, 1000]);
  });

  it("gives up after five failures in a row", async () => {
    place.hub.listingFaults = Array.from({ length: 9 }, () => ({ kind: "status", status: 503 }));
    const failure = await failureOf(place.pull());
    expect(failure.exit).toBe("unavailable");
    expect(failure.message).toMatch(/answered with status 503/);
    expect(place.hub.listingFaults).toHaveLength(4);
  });

  it("does not wait when the server asks for longer than anyone would", async () => {
    const headers = { "retry-after": "86400" };
    place.hub.listingFaults = [{ kind: "status", status: 429, headers }];
    expect((await failureOf(place.pull())).message).toMatch(/status 429.*try again later/);
  });

  it("names the host and the way around when nothing answers", async () => {
    const gone = await FakeHub.start();
    await gone.stop();
    const { endpoint } = gone;
    const failure = await failureOf(place.pull({ env: { HF_ENDPOINT: endpoint } }));
    expect(failure.exit).toBe("unavailable");
    expect(failure.message).toContain(`cannot fetch from ${new URL(endpoint).host}`);
    expect(failure.message).toContain("the connection was refused");
    expect(failure.message).toContain("lemmascope index FILE");
  });

  it("names the host whose name is not known", async () => {
    // The top-level domain is reserved never to resolve (RFC 6761, section 6.4).
    const failure = await failureOf(place.pull({ env: { HF_ENDPOINT: "http://hub.invalid" } }));
    expect(failure.message).toMatch(
      /cannot fetch from hub\.invalid \(its name (is not known|cannot)/,
    );
  });

  it("refuses a token that cannot be sent", async () => {
    const failure = await failureOf(place.pull({ env: { HF_TOKEN: "hf x\u00e9" } }));
    expect(failure.exit).toBe("usage");
    expect(failure.message).toContain("HF_TOKEN");
  });
});
