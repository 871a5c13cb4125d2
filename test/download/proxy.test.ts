import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { corpusBytes } from "./fake-hub.js";
import { FakeProxy } from "./fake-proxy.js";
import { failureOf, Workplace } from "./workplace.js";

const content = corpusBytes(100_000);

describe("proxies", () => {
  let place: Workplace;
  let proxy: FakeProxy;
  beforeEach(async () => {
    place = await Workplace.open({ path: "corpus.jsonl", content });
    proxy = await FakeProxy.start();
  });
  afterEach(async () => {
    await proxy.stop();
    await place.close();
  });
  const address = (): string => `http://127.0.0.1:${proxy.port}`;

  it.each(["HTTP_PROXY", "http_proxy"])("are used for plain http when %s says so", async (name) => {
    await place.pull({ env: { [name]: address() } });
    expect(content.equals(await readFile(place.path("corpus.jsonl")))).toBe(true);
    expect(proxy.seen).toHaveLength(3);
    expect(proxy.seen[0]).toBe(
      `GET ${place.hub.endpoint}/api/datasets/${place.hub.id}/tree/main?recursive=true`,
    );
    expect(proxy.seen[2]).toMatch(new RegExp(`^GET ${place.hub.cdnOrigin}/`));
  });

  it("resume through a proxy, too", async () => {
    place.hub.fileFaults = [{ kind: "cut", after: 60_000 }];
    await place.pull({ env: { HTTP_PROXY: address() } });
    expect(content.equals(await readFile(place.path("corpus.jsonl")))).toBe(true);
  });

  it("are left aside for hosts that NO_PROXY names", async () => {
    await place.pull({ env: { HTTP_PROXY: address(), NO_PROXY: "example.org,127.0.0.1" } });
    expect(proxy.seen).toEqual([]);
  });

  it("are given the user name and password of their address", async () => {
    const withUser = `http://ada:l%20ve@127.0.0.1:${proxy.port}`;
    await place.pull({ env: { HTTP_PROXY: withUser } });
    const expected = `Basic ${Buffer.from("ada:l ve").toString("base64")}`;
    expect(new Set(proxy.authorizations)).toEqual(new Set([expected]));
    expect(place.hub.requests.map((r) => r.headers["proxy-authorization"])).not.toContain(expected);
  });

  it.each([403, 407])(
    "that refuse a tunnel for https with %i are named as the cause",
    async (status) => {
      proxy.connectStatus = status;
      const failure = await failureOf(
        place.pull({ env: { HF_ENDPOINT: "https://hub.invalid", HTTPS_PROXY: address() } }),
      );
      expect(proxy.seen).toEqual(["CONNECT hub.invalid:443"]);
      expect(failure.exit).toBe("unavailable");
      expect(failure.message).toContain(
        `the proxy answered ${status} instead of connecting to hub.invalid: check the proxy settings`,
      );
    },
  );

  it("that cannot reach an https host are asked again a few times", async () => {
    proxy.connectStatus = 502;
    const failure = await failureOf(
      place.pull({ env: { HF_ENDPOINT: "https://hub.invalid", HTTPS_PROXY: address() } }),
    );
    expect(proxy.seen).toHaveLength(5);
    expect(failure.message).toContain("cannot fetch from hub.invalid (the proxy answered 502)");
  });

  it("that do not answer lead to a hint at the proxy settings", async () => {
    const env = { HTTP_PROXY: address() };
    await proxy.stop();
    const failure = await failureOf(place.pull({ env }));
    proxy = await FakeProxy.start();
    expect(failure.message).toMatch(
      /the connection was refused\): check the network and the proxy/,
    );
  });

  it.each(["no url", "proxy:3128", "ftp://proxy"])("may not be %j", async (text) => {
    const failure = await failureOf(place.pull({ env: { HTTP_PROXY: text } }));
    expect(failure.exit).toBe("usage");
    expect(failure.message).toContain("is not the address of a proxy");
  });
});
