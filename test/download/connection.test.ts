import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { redirectTarget } from "../../src/download/connection.js";
import { networkFailure, writeFailure } from "../../src/download/failures.js";
import { RetryableFailure } from "../../src/network/retry.js";
import { ResponseBody } from "../../src/download/response-body.js";
import { StallWatch } from "../../src/download/stall-watch.js";

const url = new URL("https://hub.example/datasets/a/b?signature=secret");
const same = (error: unknown): Error => error as Error;
const coded = (code: string): Error => Object.assign(new Error("low-level words"), { code });

describe("redirectTarget", () => {
  it("reads whole and relative addresses", () => {
    expect(redirectTarget(url, "/api/resolve-cache/x?y").href).toBe(
      "https://hub.example/api/resolve-cache/x?y",
    );
    expect(redirectTarget(url, "https://cdn.example/x").href).toBe("https://cdn.example/x");
  });

  it.each([undefined, "", "http://", "file:///etc/passwd"])("refuses %j", (location) => {
    expect(() => redirectTarget(url, location)).toThrow(/a\/b redirects to no usable address/);
  });

  it("does not leave https", () => {
    expect(() => redirectTarget(url, "http://cdn.example/x")).toThrow(/from https to plain http/);
  });
});

describe("ResponseBody", () => {
  const oneMiB = 1 << 20;

  it("gives out all that arrived before it gives out the error", async () => {
    const stream = new Readable({ read: () => undefined });
    const body = new ResponseBody(stream, new StallWatch(1000, undefined), same);
    stream.push(Buffer.from("abc"));
    stream.push(Buffer.from("def"));
    await sleep(1);
    stream.destroy(new Error("cut"));
    let text = "";
    const reading = (async () => {
      for await (const bytes of body) text += Buffer.from(bytes).toString();
    })();
    await expect(reading).rejects.toThrow("cut");
    expect(text).toBe("abcdef");
  });

  it("makes a fast network wait for a slow reader, and does not call that a stall", async () => {
    let produced = 0;
    const stream = new Readable({
      read() {
        produced += oneMiB / 4;
        this.push(produced > 8 * oneMiB ? null : Buffer.alloc(oneMiB / 4));
      },
    });
    const watch = new StallWatch(30, undefined);
    const body = new ResponseBody(stream, watch, same);
    await sleep(200);
    expect(produced).toBeLessThan(2 * oneMiB);
    let length = 0;
    for await (const bytes of body) length += bytes.length;
    expect(length).toBe(8 * oneMiB);
    expect(watch.stalled).toBe(false);
  });
});

describe("networkFailure", () => {
  it.each([
    [
      "ENOTFOUND",
      /cannot fetch from hub\.example \(its name is not known\).*lemmascope index FILE/,
    ],
    ["ECONNRESET", /\(the connection was cut\): check the network and the proxy settings/],
    ["UND_ERR_CONNECT_TIMEOUT", /\(no answer in time\)/],
    ["ESTRANGE", /\(low-level words\)/],
  ])("takes %s for something that may pass", (code, message) => {
    const failure = networkFailure(coded(code), url);
    expect(failure).toBeInstanceOf(RetryableFailure);
    expect((failure as RetryableFailure).final.message).toMatch(message);
    expect((failure as RetryableFailure).final.message).not.toContain("secret");
  });

  it.each(["SELF_SIGNED_CERT_IN_CHAIN", "CERT_HAS_EXPIRED", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"])(
    "says what to do about %s, and does not try again",
    (code) => {
      const failure = networkFailure(coded(code), url);
      expect(failure).toMatchObject({ name: "UserError", exit: "unavailable" });
      expect(failure.message).toMatch(
        /certificate of hub\.example cannot be trusted.*NODE_EXTRA_CA/,
      );
    },
  );
});

describe("writeFailure", () => {
  it.each([
    ["ENOSPC", /^cannot write \/d\/x: the disk is full; free some space/],
    ["EACCES", /not permitted/],
    ["EROFS", /read-only/],
    ["EIO", /low-level words/],
  ])("explains %s", (code, message) => {
    const failure = writeFailure(coded(code), "/d/x");
    expect(failure.exit).toBe("io");
    expect(failure.message).toMatch(message);
  });
});
