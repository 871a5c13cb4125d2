import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { UserError } from "../errors.js";
import { HttpProblem } from "./problem.js";

/** Who may use a server, and under which names it is known. */
export interface Access {
  /** The address that the server listens on. */
  readonly bind: string;
  /** Further host names under which clients may call it. */
  readonly hosts: readonly string[];
  /** What clients must present, where anything. */
  readonly token: string | undefined;
}

const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "::1"]);

/** Whether only programs of this machine can reach an address. */
export function isLoopback(address: string): boolean {
  return LOOPBACK_NAMES.has(address) || /^127(?:\.\d{1,3}){3}$/.test(address);
}

/**
 * Refuses to open a server to the network by accident.
 *
 * @param mayBeOpen whether the user waived the token.
 * @throws UserError `usage` for an address that others can reach without a token, and for a token that
 * is too short to be a secret.
 */
export function requireSafeBind({ bind, token }: Access, mayBeOpen: boolean): void {
  if (token !== undefined && token.length < 16) {
    throw new UserError(
      "usage",
      "The token has fewer than 16 characters: make a longer one, such as with openssl rand -hex 32.",
    );
  }
  if (token !== undefined || isLoopback(bind) || mayBeOpen) return;
  throw new UserError(
    "usage",
    `Others can reach ${bind}: set LEMMASCOPE_TOKEN to a secret that clients must present, or waive it with --no-token.`,
  );
}

/**
 * Refuses requests that a web page sent behind its reader's back. A page can make its own host name
 * point to this machine (DNS rebinding), but cannot hide that name from the Host header; and its
 * requests carry its origin.
 *
 * @throws HttpProblem 403
 */
export function requireKnownHost(headers: Headers, access: Access): void {
  const host = headers.get("host");
  if (host === null || !isKnown(`http://${host}`, access)) {
    throw new HttpProblem(
      403,
      "unknown_host",
      "The Host header names another server than this one: use its address, or start it with --allow-host.",
    );
  }
  const origin = headers.get("origin");
  if (origin !== null && !isKnown(origin, access)) {
    throw new HttpProblem(
      403,
      "unknown_origin",
      "Requests of this web page's origin are refused: start the server with --allow-host to allow them.",
    );
  }
}

/** @throws HttpProblem 401 where a token is due and the request has none, or another one. */
export function requireToken(headers: Headers, { token }: Access): void {
  if (token === undefined) return;
  const presented = /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1];
  // Digests have one length, so that comparing them takes one time.
  if (presented !== undefined && timingSafeEqual(digest(presented), digest(token))) return;
  throw new HttpProblem(401, "unauthorized", "Present the token: Authorization: Bearer TOKEN.", {
    "www-authenticate": "Bearer",
  });
}

/** Whether the host of an address is this server under one of its names, on whatever port. */
function isKnown(address: string, { bind, hosts }: Access): boolean {
  let name: string;
  try {
    const url = new URL(address);
    if (url.protocol !== "http:" && url.protocol !== "https:") return false;
    if (url.username !== "" || url.pathname !== "/") return false;
    name = url.hostname.replace(/^\[(.*)\]$/, "$1");
  } catch {
    return false;
  }
  if (isLoopback(name) || name === bind || hosts.includes(name)) return true;
  // No name service is asked for a numeric address, so that it cannot be rebound.
  return !isLoopback(bind) && isIP(name) !== 0;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
