import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Access,
  requireKnownHost,
  requireSafeBind,
  requireToken,
} from "../../src/http/access.js";
import { failureOf } from "../failure.js";

const SECRET = "a-secret-of-more-than-sixteen-characters";
const LOCAL: Access = { bind: "127.0.0.1", hosts: [], token: undefined };
const OPEN: Access = { bind: "0.0.0.0", hosts: ["search.example.org"], token: SECRET };

const known = (access: Access, headers: Record<string, string>) => () =>
  requireKnownHost(new Headers(headers), access);

describe("a server's host names", () => {
  it.each(["127.0.0.1:8765", "localhost", "localhost:1", "[::1]:8765", "LOCALHOST:80"])(
    "on loopback include %s",
    (host) => {
      expect(known(LOCAL, { host })).not.toThrow();
      expect(known(LOCAL, { host, origin: `http://${host}` })).not.toThrow();
    },
  );

  it.each([
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:8765",
    "evil.example@127.0.0.1",
    "127.0.0.1/evil",
    "192.168.1.7",
    "",
    "\u{fffd}",
  ])("on loopback do not include %j", (host) => {
    const headers = new Headers();
    // What no client can put into a header cannot arrive in one.
    if (/^[\x20-\x7e]+$/.test(host)) headers.set("host", host);
    expect(() => requireKnownHost(headers, LOCAL)).toThrow(/Host header/);
  });

  it.each(["null", "http://evil.example", "file://", "chrome-extension://abc", "not a url"])(
    "do not include the origin %s",
    (origin) => {
      expect(known(LOCAL, { host: "localhost", origin })).toThrow(/origin/);
    },
  );

  it("on a network include those allowed and numeric addresses, which cannot be rebound", () => {
    for (const host of ["search.example.org", "10.1.2.3:8765", "[fe80::1]:8765"]) {
      expect(known(OPEN, { host })).not.toThrow();
    }
    expect(known(OPEN, { host: "example.org" })).toThrow(/Host header/);
    expect(known(OPEN, { host: "10.1.2.3", origin: "https://example.org" })).toThrow(/origin/);
  });

  it("never throw anything but a refusal, whatever a header holds", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (host, origin) => {
        const headers = new Headers();
        for (const [name, value] of Object.entries({ host, origin })) {
          if (/^[\x20-\x7e]*$/.test(value)) headers.set(name, value);
        }
        try {
          requireKnownHost(headers, LOCAL);
        } catch (error) {
          expect(error).toMatchObject({ status: 403 });
        }
      }),
    );
  });
});

describe("the token", () => {
  const present = (authorization?: string) => () =>
    requireToken(new Headers(authorization === undefined ? {} : { authorization }), OPEN);

  it("lets in who presents it, and nobody else", () => {
    expect(present(`Bearer ${SECRET}`)).not.toThrow();
    expect(present(`bearer  ${SECRET} `)).not.toThrow();
    const others = [undefined, "", "Bearer", `Basic ${SECRET}`, SECRET, `Bearer ${SECRET}x`];
    for (const other of others) expect(present(other)).toThrow(/Present the token/);
  });

  it("is asked of nobody where there is none", () => {
    expect(() => requireToken(new Headers(), LOCAL)).not.toThrow();
  });

  it("is due where others can reach the server, unless that is waived", async () => {
    for (const bind of ["0.0.0.0", "::", "192.168.1.7", "search.example.org"]) {
      const access = { ...LOCAL, bind };
      const { exit, message } = await failureOf(() => requireSafeBind(access, false));
      expect({ exit, message }).toMatchObject({
        exit: "usage",
        message: expect.stringContaining("LEMMASCOPE_TOKEN") as string,
      });
      expect(() => requireSafeBind(access, true)).not.toThrow();
      expect(() => requireSafeBind({ ...access, token: SECRET }, false)).not.toThrow();
    }
    for (const bind of ["127.0.0.1", "localhost", "::1", "127.1.2.3"]) {
      expect(() => requireSafeBind({ ...LOCAL, bind }, false)).not.toThrow();
    }
  });

  it("must be long enough to be a secret", async () => {
    const { exit } = await failureOf(() => requireSafeBind({ ...LOCAL, token: "short" }, false));
    expect(exit).toBe("usage");
  });
});
